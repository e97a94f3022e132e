from __future__ import annotations

from decimal import Decimal

import pytest

from app.cli.money import dollars


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("0.4", "$0.40"), ("0.4000", "$0.40"), ("12", "$12.00"), ("0.0237", "$0.0237"), ("1E+2", "$100.00")],
)
def test_amounts_are_exact_and_have_two_digits_at_least(amount, printed):
    assert dollars(Decimal(amount)) == printed
