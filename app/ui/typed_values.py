"""What people type into fields, read as values."""

from __future__ import annotations

import math
import re
from decimal import Decimal

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_AMOUNT = re.compile(r"\d+([.,]\d*)?|[.,]\d+")


def parsed_length(text: str) -> float | None:
    """A typed length in seconds: `4`, `4.5 s`, `0:04.5`, `1:02`; None if it isn't one."""
    parts = text.strip().removesuffix("s").strip().replace(",", ".").split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) > 3 or any(number < 0 or not math.isfinite(number) for number in numbers):
        return None
    seconds = 0.0
    for number in numbers:
        seconds = seconds * 60 + number
    return seconds


def parsed_seed(text: str) -> int | None:
    """A typed seed; thousands may be grouped. None if nothing or no whole number was typed."""
    figures = text.strip().replace(",", "").replace(" ", "")
    return int(figures) if figures.isascii() and figures.isdecimal() else None


def parsed_amount(text: str) -> Decimal | None:
    """A typed amount of dollars: `40`, `$1,000`, `2.50`, `2,5`; None if it isn't one."""
    figures = text.strip().removeprefix("$").strip()
    if _GROUPED.fullmatch(figures):
        return Decimal(figures.replace(",", ""))
    if _AMOUNT.fullmatch(figures):
        return Decimal(figures.replace(",", "."))
    return None
