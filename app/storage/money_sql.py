"""Exact sums of money in SQL, which has no decimals: amounts are added up as whole billionths of a dollar.

What doesn't fit (more than nine digits behind the point, a thousand dollars) is left to us, and is as exact.
Adding up here rather than row by row keeps the database thread from asking for the interpreter a thousand times.
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = 9
_MOST = 1_000  # dollars: nine million receipts of it are still a number for SQLite
_LEAST = Decimal(1).scaleb(-_DIGITS)


def units(column: str) -> str:
    """The amount of a column in billionths; nothing where it is NULL."""
    fraction = f"substr(substr({column}, instr({column} || '.', '.') + 1) || '{'0' * _DIGITS}', 1, {_DIGITS})"
    return f"coalesce(CAST({column} AS INTEGER) * {10**_DIGITS} + CAST({fraction} AS INTEGER), 0)"


def fits(column: str) -> str:
    """The condition that `units` is exact, and that very many such amounts can be added up."""
    digits = f"length({column}) - instr({column} || '.', '.')"
    return f"({column} IS NULL OR ({digits} <= {_DIGITS} AND CAST({column} AS INTEGER) < {_MOST}))"


def amount_of(sum_of_units: int) -> Decimal:
    """The dollars that so many billionths are, without zeros at the end."""
    amount = Decimal(sum_of_units) * _LEAST
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()


HELD_UNITS = f"CASE WHEN is_settled THEN 0 ELSE max({units('reserved')} - {units('billed')}, 0) END"
"""Of a receipt: the most that can still come on top of what was told."""

FITS = f"({fits('reserved')} AND {fits('billed')})"
"""The condition that a receipt can be added up here."""
