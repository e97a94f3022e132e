"""Percent more or less than usual, as the factor that people read: 12 is 1.12×."""

from __future__ import annotations

from app.ui.controls.numbers import number_from, number_text

_SIGNS = ("×", "x")


def factor_text(percent: float) -> str:
    """`1.12×` for 12, `0.50×` for −50."""
    return number_text(1 + percent / 100, decimals=2, unit="×")


def parsed_factor(text: str) -> float | None:
    """The percent of a typed factor: `1.12×`, `1.12x` and `1.12` are 12; None if it isn't one.

    A number without a sign means what the field shows, a factor; percent are meant where a % is typed: `12 %`.
    """
    plain = text.strip().casefold()
    if plain.endswith("%"):
        return number_from(plain.removesuffix("%").strip().removeprefix("+"))
    for sign in _SIGNS:
        plain = plain.removesuffix(sign)
    factor = number_from(plain)
    return None if factor is None else round((factor - 1) * 100, 6)
