"""The cells of one row as what is asked of a model, each problem at its column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import Problem
from app.domain.parameter_spec import one_of
from app.engine.request_building import Asked, decimal_point
from app.engine.sheet_table import PARAMETER, SheetRow

T = TypeVar("T")

# Spreadsheets show the result of a formula, and a text that begins with = is one.
_EXCEL_ERRORS = frozenset({"#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"})
_WHOLE = re.compile(r"(?P<digits>[+-]?\d+)(?:[.,]0)?")  # spreadsheets turn 2 into 2.0
_LONGEST_NUMBER = 30
_COLUMN_OF_FIELD = {"references": "reference", "param": "", "task": "", "plan": ""}


def asked_of(row: SheetRow, folder: Path) -> tuple[Asked, list[Problem]]:
    """What a row asks for, and what of it can't be read.

    Args:
        folder: Where relative paths of its reference files begin: the sheet's own.
    """
    cells = row.cells
    problems = [
        Problem(column, f"The spreadsheet wrote its error {cell} instead of a text. Begin such a text with '.")
        for column, cell in cells.items()
        if cell in _EXCEL_ERRORS
    ]

    def read(column: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(cells[column]) if column in cells else None
        except ValueError as error:
            problems.append(Problem(column, str(error)))
            return None

    asked = Asked(
        prompt=cells.get("prompt", ""),
        takes=read("takes", _whole),
        duration_s=read("duration", _seconds),
        seed=read("seed", _whole),
        negative_prompt=cells.get("negative_prompt"),
        voice=cells.get("voice"),
        language=cells.get("language"),
        speed=cells.get("speed"),
        audio=AudioSettings(
            read("format", _format), read("sample_rate", _whole), read("channels", _whole), read("bitrate", _whole)
        ),
        parameters=tuple((name.removeprefix(PARAMETER), text) for name, text in _parameters_in(cells)),
        references=tuple(folder / part.strip() for part in cells.get("reference", "").split("|") if part.strip()),
    )
    return asked, problems


def column_for(field: str, row: SheetRow) -> str:
    """The column that a field of a request is set by."""
    if f"{PARAMETER}{field}" in row.cells:
        return f"{PARAMETER}{field}"
    return _COLUMN_OF_FIELD.get(field, field)


def _parameters_in(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in cells.items() if name.startswith(PARAMETER)]


def _whole(text: str) -> int:
    match = _WHOLE.fullmatch(text)
    if match is None or len(text) > _LONGEST_NUMBER:
        raise ValueError(f"This must be a whole number; it is {_short(text)}.")
    return int(match["digits"])


def _seconds(text: str) -> float:
    try:
        seconds = float(decimal_point(text))
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise ValueError(f"The length must be seconds, such as 2.5; it is {_short(text)}.")
    return seconds


def _format(text: str) -> AudioFormat:
    try:
        return AudioFormat(text.casefold().removeprefix("."))
    except ValueError as error:
        known = one_of([each.value for each in AudioFormat])
        raise ValueError(f"The format must be {known}; it is {_short(text)}.") from error


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NUMBER else f"{text[: _LONGEST_NUMBER - 1]}…"
