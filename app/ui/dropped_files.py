"""What files that are dropped onto the window are for, told while they are still held above it."""

from __future__ import annotations

from pathlib import Path

_SHEETS = (".csv", ".tsv")


def is_sheet(files: list[Path]) -> bool:
    """Whether it is one sheet of lines."""
    return len(files) == 1 and files[0].suffix.casefold() in _SHEETS


def words_for_library(files: list[Path]) -> str:
    """The library takes recordings, too."""
    return words_for_sheet(files) or "Drop a recording to transcribe it"


def words_for_sheet(files: list[Path]) -> str:
    """Empty for anything else."""
    return "Drop the sheet to import its lines" if is_sheet(files) else ""
