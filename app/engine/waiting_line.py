"""Who waits at one provider, and in which order they are let in."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class WaitingLine(Generic[T]):
    """Two files, each first come, first served: somebody sits and waits for the first, so it goes before the second.

    The first is for clicks on Generate, the second for a sheet of many rows and for what an earlier run left. A
    person makes a few clicks a minute at the most, so the second moves on all the same.
    """

    def __init__(self) -> None:
        self._first: dict[str, T] = {}
        self._second: dict[str, T] = {}
        self._positions: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def join(self, task_id: str, entry: T, *, goes_first: bool) -> None:
        (self._first if goes_first else self._second)[task_id] = entry
        self._positions = None

    def step_out(self, task_id: str) -> bool:
        """Leave no gap; False for one who isn't here."""
        self._positions = None
        return any(file.pop(task_id, None) is not None for file in (self._first, self._second))

    def next(self) -> tuple[str, T] | None:
        """Take out whoever is next."""
        file = self._first or self._second
        if not file:
            return None
        self._positions = None
        task_id = next(iter(file))
        return task_id, file.pop(task_id)

    def position(self, task_id: str) -> int | None:
        """1 is next; None for one who isn't here."""
        if self._positions is None:  # once for all rows that ask between two moves
            self._positions = {waiter: place for place, waiter in enumerate((*self._first, *self._second), 1)}
        return self._positions.get(task_id)
