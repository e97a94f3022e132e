"""Where words occur in a text, in the units in which Qt counts."""

from __future__ import annotations

import re
from typing import NamedTuple


class Match(NamedTuple):
    """A place in a text, in UTF-16 units as Qt counts."""

    start: int
    length: int


def matches(text: str, wanted: str) -> list[Match]:
    """Every place where some words stand, whatever their case, one after the other; none for an empty wish."""
    if not wanted:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, wanted.split())), re.IGNORECASE)
    return [_in_units(text, found.start(), found.end()) for found in pattern.finditer(text)]


def _in_units(text: str, start: int, end: int) -> Match:
    if text.isascii():
        return Match(start, end - start)
    return Match(_units(text[:start]), _units(text[start:end]))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
