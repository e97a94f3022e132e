"""Numbers as people write them, with their unit."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale

_TIGHT_UNITS = ("×", "x", "%", "°")


def people_locale() -> QLocale:
    """The user's locale; the one of a machine without any groups digits as English does."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale


def decimals_of(step: float | None) -> int:
    """How many digits after the point show every multiple of a step; two if there is no step."""
    if step is None:
        return 2
    for decimals in range(5):
        if math.isclose(step * 10**decimals, round(step * 10**decimals), abs_tol=1e-9):
            return decimals
    return 5


def number_text(value: float, *, decimals: int = 0, unit: str = "") -> str:
    """A number in the user's locale, with a real minus and its unit: "−2 st", "1.12×", "320 kbps"."""
    rounded = round(value, decimals) + 0.0
    text = people_locale().toString(rounded, "f", decimals).replace("-", "−")
    if not unit:
        return text
    return f"{text}{unit}" if unit in _TIGHT_UNITS else f"{text} {unit}"


def number_from(text: str, *, unit: str = "") -> float | None:
    """The number that somebody typed, with or without its unit; None if it is none, or not finite."""
    plain = text.strip().replace("−", "-")
    if unit and plain.casefold().endswith(unit.casefold()):
        plain = plain[: -len(unit)]
    plain = plain.strip().replace("\u00a0", "").replace(" ", "")
    value, understood = people_locale().toDouble(plain)
    if not understood:
        # A decimal point is understood in every locale.
        value, understood = QLocale.c().toDouble(plain)
    return float(value) if understood and math.isfinite(value) else None
