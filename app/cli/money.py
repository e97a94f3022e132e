"""Amounts as the command line prints them: exact, and with two digits at least."""

from __future__ import annotations

from decimal import Decimal

_CENT = Decimal("0.01")


def dollars(amount: Decimal) -> str:
    """`$0.40`, `$0.0237`, `$12.00`."""
    cents = amount.quantize(_CENT)
    return f"${cents if cents == amount else amount.normalize():f}"
