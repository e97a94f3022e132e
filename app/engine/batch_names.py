"""What the files of a row are called: its id, made safe, with a number where there are several takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.errors import RowProblem
from app.domain.take import Take, TakeState
from app.domain.task import Task
from app.engine.file_names import folded, safe_name
from app.engine.sheet_table import SheetRow

_MOST_BYTES = 200  # leaves room for numbers and suffixes


def stem_of(row_id: str) -> str:
    """The name without number and suffix; an id that is a good name stays as it is."""
    return safe_name(row_id, fallback="", max_bytes=_MOST_BYTES)


def name_of(stem: str, number: int, takes: int) -> str:
    """`ID`, or `ID_01` where there are several takes; without a suffix."""
    return stem if takes == 1 and number == 1 else f"{stem}_{number:02d}"


def id_problems(rows: Iterable[SheetRow]) -> list[RowProblem]:
    """Rows without an id, with one that is no name, or with one that another row has too."""
    problems: list[RowProblem] = []
    first: dict[str, SheetRow] = {}
    stems: dict[str, SheetRow] = {}
    for row in rows:
        complaint = None
        stem = stem_of(row.id)
        if not row.id:
            complaint = "This row has no id. Files are named by it."
        elif row.id in first:
            complaint = f"The id “{row.id}” is used in line {first[row.id].line} already. Give each row its own."
        elif not stem:
            complaint = f"No file can be named “{row.id}”. Use letters and digits."
        elif (other := stems.get(folded(stem))) is not None:
            complaint = (
                f"The files of “{row.id}” would have the same names as those of “{other.id}” in line {other.line}."
            )
        first.setdefault(row.id, row)
        stems.setdefault(folded(stem), row)
        if complaint is not None:
            problems.append(RowProblem(row.line, row.id, "id", complaint))
    return problems


def name_clashes(rows: Iterable[tuple[SheetRow, int]]) -> list[RowProblem]:
    """Rows whose numbered files would take the names of another row's: `A` with two takes, and `A_01`.

    Args:
        rows: Each with its number of takes.
    """
    problems: list[RowProblem] = []
    names: dict[str, SheetRow] = {}
    for row, takes in rows:
        for number in range(1, takes + 1):
            other = names.setdefault(folded(name_of(stem_of(row.id), number, takes)), row)
            if other is not row:
                message = f"The files of “{row.id}” would have the names of those of “{other.id}” in line {other.line}."
                problems.append(RowProblem(row.line, row.id, "id", message))
                break
    return problems


def take_numbers(tasks: Sequence[Task]) -> Mapping[str, int]:
    """Numbers of the stored takes of one row's tasks, by their ids: from 1, as asked for as far as that goes."""
    numbers: dict[str, int] = {}
    late: list[Take] = []
    before = 0
    for task in tasks:
        for take in task.takes:
            if take.state is not TakeState.STORED or take.is_binned:
                continue
            if take.number <= task.request.takes:
                numbers[take.id] = before + take.number
            else:  # a later try brought it
                late.append(take)
        before += task.request.takes
    used = set(numbers.values())
    for take in late:
        number = next(number for number in range(1, before + len(late) + len(used) + 2) if number not in used)
        used.add(number)
        numbers[take.id] = number
    return numbers
