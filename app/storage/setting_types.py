"""How one setting is written in TOML and on a command line, and which values it may have."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.domain.parameter_spec import number, one_of

NONE = "none"
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(frozen=True, slots=True)
class SettingType:
    """
    Attributes:
        of_text: A word of a command line -> what TOML would hold; ValueError with a sentence.
        of_toml: What TOML holds -> the value; ValueError with a sentence.
        to_toml: The value -> what TOML holds.
    """

    of_text: Callable[[str], Any]
    of_toml: Callable[[Any], Any]
    to_toml: Callable[[Any], Any] = lambda value: value

    def text(self, value: Any) -> str:
        """As a command line shows it, and takes it back."""
        if value is None:
            return NONE
        plain = self.to_toml(value)
        return str(plain).lower() if isinstance(plain, bool) else str(plain)


def whole_number(least: int, most: int) -> SettingType:
    must = f"It must be a whole number from {least:,} to {most:,}."

    def of_toml(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(must)
        return value

    def of_text(text: str) -> int:
        # Not `int`: it would take `1_0`, other scripts' digits, and hours for a million digits.
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20):
            raise ValueError(must)
        return int(text)

    return SettingType(of_text, of_toml)


def decimal_number(least: float, most: float) -> SettingType:
    lowest = "silence (-inf)" if least == -math.inf else number(least)
    must = f"It must be a number from {lowest} to {number(most)}."

    def of_toml(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise ValueError(must)  # noqa: TRY004 - what a file holds is a value, whatever its type
        try:
            plain = float(value)
        except OverflowError as error:
            raise ValueError(must) from error
        if not least <= plain <= most:  # also refuses "not a number"
            raise ValueError(must)
        return plain

    def of_text(text: str) -> float:
        try:
            return float(text)
        except ValueError as error:
            raise ValueError(must) from error

    return SettingType(of_text, of_toml)


def yes_or_no() -> SettingType:
    must = "It must be true or false."

    def of_toml(value: Any) -> bool:
        if value is not True and value is not False:
            raise ValueError(must)
        return value

    def of_text(text: str) -> bool:
        if text.lower() not in _YES + _NO:
            raise ValueError(must)
        return text.lower() in _YES

    return SettingType(of_text, of_toml)


def choice(values: Sequence[str], make: Callable[[str], Any] = str) -> SettingType:
    """One of some words; `make` turns it into the value, such as a member of an enum."""
    must = f"It must be {one_of(values)}."

    def of_toml(value: Any) -> Any:
        if value not in values:
            raise ValueError(must)
        return make(value)

    return SettingType(str, of_toml, str)


def words(check: Callable[[str], str] = str) -> SettingType:
    """Any text that `check` lets pass, in the form in which it returns it."""

    def of_toml(value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise ValueError("It must be a text.")
        if not value.isprintable():
            raise ValueError("It must not contain control characters.")
        return check(value)

    return SettingType(str, of_toml)


def folder() -> SettingType:
    plain = words()
    return SettingType(
        of_text=str,
        of_toml=lambda value: Path(plain.of_toml(value)).expanduser().absolute(),
        to_toml=str,
    )


def money() -> SettingType:
    """US dollars; in TOML a number, or digits in quotes, which is how they are written."""
    must = "It must be an amount in US dollars, such as 40 or 2.50."

    def of_toml(value: Any) -> Decimal:
        try:
            amount = Decimal(str(value))
        except InvalidOperation as error:
            raise ValueError(must) from error
        if not amount.is_finite() or not 0 <= amount <= 1_000_000:
            raise ValueError(must)
        return amount

    return SettingType(str, of_toml, lambda amount: f"{amount:f}")


def optional(inner: SettingType) -> SettingType:
    """Also `none`; in TOML, where there is no such thing, the key is absent."""

    def of_text(text: str) -> Any:
        return None if text.lower() in (NONE, "") else inner.of_text(text)

    def of_toml(value: Any) -> Any:
        return None if value is None else inner.of_toml(value)

    def to_toml(value: Any) -> Any:
        return None if value is None else inner.to_toml(value)

    return SettingType(of_text, of_toml, to_toml)
