"""The name of one row of the library: a task, or one of its takes, packed into an integer.

A hundred thousand rows are one array of 800 kB this way, and the database gives it in one query.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

_TAKE_BITS = 10
_TAKE_MASK = (1 << _TAKE_BITS) - 1


def task_row(number: int) -> int:
    """The row of a task, from its row number in the library."""
    return number << _TAKE_BITS


def task_rows(numbers: Iterable[int]) -> array[int]:
    """The rows of many tasks, in their order."""
    return array("q", [number << _TAKE_BITS for number in numbers])


def take_row(number: int, take: int) -> int:
    """The row of a take; `take` is its number in the task, 1 or more."""
    if not 1 <= take <= _TAKE_MASK:
        raise ValueError(f"a task has takes from 1 to {_TAKE_MASK}, not {take}")
    return number << _TAKE_BITS | take


def task_of(row_id: int) -> int:
    """The row number of the task."""
    return row_id >> _TAKE_BITS


def take_of(row_id: int) -> int:
    """The number of the take; 0 for the task itself."""
    return row_id & _TAKE_MASK
