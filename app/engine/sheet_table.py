"""A sheet of lines: its headings told apart from its rows, each row with the line that an editor shows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from app.domain.errors import RowProblem, SheetInvalid
from app.engine.sheet_text import SheetText, read_text, refusal

COLUMNS = (
    "id",
    "prompt",
    "provider",
    "model",
    "voice",
    "duration",
    "takes",
    "format",
    "sample_rate",
    "channels",
    "bitrate",
    "language",
    "speed",
    "seed",
    "negative_prompt",
    "reference",
)
"""Everything that a column may be called; besides `param.NAME`, and what is ignored."""

PARAMETER = "param."
MOST_ROWS = 10_000
_DELIMITERS = ",;\t"
_NEEDED = ("id", "prompt")
_LONGEST_CELL = 100_000
_LONGEST_HEADING, _MOST_COLUMNS = 60, 200
_EXCEL_SAYS = re.compile(r"\s*sep=(?P<delimiter>[,;|\t])\s*", re.IGNORECASE)
_SPACES = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row.

    Attributes:
        line: Where it begins, from 1, as an editor counts.
        cells: Trimmed, by the names of their columns; empty ones are left out.
    """

    line: int
    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.cells.get("id", "")

    def with_cell(self, column: str, text: str) -> SheetRow:
        """The row as it is with another text in one cell; an empty one is as if it weren't there."""
        cells = {name: value for name, value in self.cells.items() if name != column}
        return replace(self, cells={**cells, column: text.strip()} if text.strip() else cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with headings that we know.

    Attributes:
        columns: As they are named here, in the order of the sheet, without those that are ignored.
        has_bom: Whether a spreadsheet program wrote it, by the mark at its beginning.
        problems: Rows that can't be read as such, beside those that can.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    has_bom: bool = False
    problems: tuple[RowProblem, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """Read a sheet. Blocks.

    Raises:
        SheetInvalid: It isn't one, or not one that we can make anything of.
        StorageError: It can't be read.
    """
    return sheet_of(path, read_text(path))


def sheet_of(path: Path, source: SheetText) -> Sheet:
    """The table in a text. Comma, semicolon or tab part its cells, whichever makes sense of the headings.

    Raises:
        SheetInvalid: See `read_sheet`.
    """
    delimiter, skipped = _delimiter_of(source.text)
    records = _records(source.text, delimiter, skipped)
    headings = next(records, None)
    if headings is None:
        raise refusal(1, f"This sheet is empty. Its first line must name its columns, such as {', '.join(_NEEDED)}.")
    columns = _columns(*headings)
    rows, problems = [], []
    for line, cells in records:
        row, trouble = _row(line, cells, columns)
        problems += trouble
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise refusal(line, f"A sheet may have {MOST_ROWS:,} rows; this one has more. Split it into several.")
    if not rows and not problems:
        raise refusal(headings[0], "This sheet has no rows below its headings.")
    known = tuple(column for column in columns if column is not None)
    return Sheet(path, known, tuple(rows), source.has_bom, tuple(problems))


def column_of(heading: str) -> str | None:
    """What a heading names; None if it is to be ignored.

    Raises:
        ValueError: It names nothing; the text says what may have been meant.
    """
    trimmed = heading.strip()
    if not trimmed or trimmed.startswith("#") or trimmed.casefold() == "note":
        return None
    if trimmed.casefold().startswith(PARAMETER) and len(trimmed) > len(PARAMETER):
        return PARAMETER + trimmed[len(PARAMETER) :]
    name = _SPACES.sub("_", trimmed.casefold())
    if name in COLUMNS:
        return name
    near = get_close_matches(name, COLUMNS, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(COLUMNS)} and {PARAMETER}NAME."
    raise ValueError(f"There is no column “{_short(trimmed)}”. {hint} Begin it with # to have it ignored.")


def _delimiter_of(text: str) -> tuple[str, int]:
    """What parts the cells, and how many lines come before the headings."""
    first, _, _ = text.lstrip("\r\n").partition("\n")
    said = _EXCEL_SAYS.fullmatch(first.rstrip("\r"))
    if said is not None:
        blank = len(text) - len(text.lstrip("\r\n"))
        return said["delimiter"], 1 + text[:blank].count("\n")
    best = max(_DELIMITERS, key=lambda delimiter: _sense(text, delimiter))
    return best, 0


def _sense(text: str, delimiter: str) -> tuple[int, int]:
    """How much a delimiter makes of the headings: known columns, then columns at all."""
    try:
        _, headings = next(_records(text, delimiter, 0), (1, []))
    except SheetInvalid:
        return 0, 0
    known = 0
    for heading in headings:
        try:
            known += column_of(heading) is not None
        except ValueError:
            continue
    return known, len(headings)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't empty, each with the line where it begins."""
    lines = io.StringIO(text, newline="")
    for _ in range(skipped):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise refusal(line, _complaint(str(error))) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _complaint(reason: str) -> str:
    if "field larger" in reason or "unexpected end" in reason:
        return "A quotation mark that begins a cell in this row is never closed, or the cell is far too long."
    return 'A quotation mark in this row ends a cell in its middle. Double it ("") where it belongs to the text.'


def _short(heading: str) -> str:
    """Of a line that is no line of headings, as much as a message can bear."""
    return heading if len(heading) <= _LONGEST_HEADING else f"{heading[: _LONGEST_HEADING - 1]}…"


def _columns(line: int, headings: Sequence[str]) -> tuple[str | None, ...]:
    if len(headings) > _MOST_COLUMNS:
        raise refusal(line, f"A sheet may have {_MOST_COLUMNS} columns; this one has {len(headings):,}.")
    problems: list[RowProblem] = []
    columns: list[str | None] = []
    for heading in headings:
        column = None
        try:
            column = column_of(heading)
        except ValueError as error:
            problems.append(RowProblem(line, "", _short(heading.strip()), str(error)))
        if column is not None and column in columns:
            problems.append(RowProblem(line, "", column, f"The column “{column}” is there twice."))
        columns.append(column)
    for needed in _NEEDED:
        if needed not in columns:
            message = f"The column “{needed}” is missing. The first line must name the columns."
            problems.append(RowProblem(line, "", needed, message))
    if problems:
        raise SheetInvalid(problems)
    return tuple(columns)


def _row(line: int, cells: Sequence[str], columns: Sequence[str | None]) -> tuple[SheetRow, list[RowProblem]]:
    named = {
        column: cell.strip()
        for column, cell in zip(columns, cells, strict=False)
        if column is not None and cell.strip()
    }
    row = SheetRow(line, named)
    problems = []
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = f"This row has {len(cells)} cells, but there are {len(columns)} columns. Quote cells with delimiters."
        problems.append(RowProblem(line, row.id, "", message))
    for column, cell in named.items():
        if len(cell) > _LONGEST_CELL:
            message = f"A cell may have {_LONGEST_CELL:,} characters; this one has {len(cell):,}."
            problems.append(RowProblem(line, row.id, column, message))
    return row, problems
