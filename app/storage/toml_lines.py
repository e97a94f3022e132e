"""On which line of a TOML text a key stands. Python's parser keeps no lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]

_TABLES = re.compile(r"\s*\[\[\s*([^\]]+?)\s*\]\]\s*(#.*)?$")
_TABLE = re.compile(r"\s*\[\s*([^\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_LONG_STRING = re.compile("\"\"\"|'''")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line (from 1) of a key, or of the nearest thing around it that has a line of its own.

    Args:
        path: Keys, and indices of arrays of tables: `("model", 1, "duration", "step")`.
    """
    best: int | None = None
    best_length = 0
    for line, found in _places(text):
        length = _common(found, tuple(path))
        if length > best_length:
            best, best_length = line, length
    return best


def _places(text: str) -> Iterator[tuple[int, Path]]:
    """Every header and key with its line. Keys inside arrays and inline tables have the line of their owner."""
    table: Path = ()
    last_index: dict[Path, int] = {}
    is_in_string = False
    for line, content in enumerate(text.splitlines(), start=1):
        quotes = len(_LONG_STRING.findall(content))
        if is_in_string:
            is_in_string = quotes % 2 == 0
            continue
        is_in_string = quotes % 2 == 1
        if header := _TABLES.match(content):
            *outer, name = _PART.findall(header[1]) or [""]
            place = (*_resolved(outer, last_index), _bare(name))
            last_index[place] = last_index.get(place, -1) + 1
            table = (*place, last_index[place])
            yield line, table
        elif header := _TABLE.match(content):
            table = _resolved(_PART.findall(header[1]), last_index)
            yield line, table
        elif key := _KEY.match(content):
            yield line, (*table, *map(_bare, _PART.findall(key[1])))


def _resolved(names: Sequence[str], last_index: dict[Path, int]) -> Path:
    """A header's names, each array of tables with the index of its latest member."""
    place: Path = ()
    for name in names:
        place = (*place, _bare(name))
        if place in last_index:
            place = (*place, last_index[place])
    return place


def _bare(name: str) -> str:
    return name.strip("\"'")


def _common(found: Path, wanted: Path) -> int:
    """How far two paths agree, where the found one leads nowhere else."""
    if len(found) > len(wanted) or found != wanted[: len(found)]:
        return 0
    return len(found)
