"""How times and money stand in a column."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import overload


@overload
def time_text(value: datetime) -> str: ...
@overload
def time_text(value: None) -> None: ...
def time_text(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, always to the microsecond: texts sort as their times do."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


@overload
def time_of(text: str) -> datetime: ...
@overload
def time_of(text: None) -> None: ...
def time_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def money_text(value: Decimal | None) -> str | None:
    """All digits, no exponent."""
    return None if value is None else f"{value:f}"


def money_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
