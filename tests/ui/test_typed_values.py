"""What people type is understood as they mean it, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.readouts import length
from app.ui.typed_values import parsed_amount, parsed_length, parsed_seed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4", 4), ("4.5 s", 4.5), ("4,5", 4.5), ("0:04.5", 4.5), ("1:02", 62), ("1:00:01", 3601), (" 7s ", 7)],
)
def test_lengths_are_typed_in_many_ways(text, seconds):
    assert parsed_length(text) == seconds


@pytest.mark.parametrize("text", ["", "long", "1:2:3:4", "-1", "nan", "inf", "1::2"])
def test_what_is_no_length_is_refused(text):
    assert parsed_length(text) is None


@given(st.integers(0, 100_000))
def test_a_shown_length_is_understood_when_it_is_typed_back(tenths):
    assert parsed_length(length(tenths / 10)) == pytest.approx(tenths / 10)


@pytest.mark.parametrize(("text", "seed"), [("12", 12), ("84,120,733", 84120733), (" 0 ", 0)])
def test_seeds_may_be_grouped(text, seed):
    assert parsed_seed(text) == seed


@pytest.mark.parametrize("text", ["", "-1", "1.5", "twelve", "٣"])
def test_what_is_no_seed_is_refused(text):
    assert parsed_seed(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("40", "40"), ("$40", "40"), ("2.50", "2.50"), ("2,5", "2.5"), ("1,000", "1000"), ("$1,234,567.5", "1234567.5")],
)
def test_amounts_are_typed_in_many_ways(text, amount):
    assert parsed_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "-3", "free", "1e5", "1.2.3", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(text):
    assert parsed_amount(text) is None


@given(st.decimals(0, 10**9, places=2))
def test_every_amount_is_understood_as_python_writes_it(amount):
    assert parsed_amount(f"{amount:,}") == amount
