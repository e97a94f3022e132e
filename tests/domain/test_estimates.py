"""What a request should cost is told before it is sent; unknown is a value of its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import Range
from app.domain.price import Price, PriceUnit
from app.domain.receipt import Estimate, dollars, exact_dollars
from app.domain.request import GenerationRequest

TIMED = ModelSpec("acme", "m", "M", (Kind.MUSIC,), max_takes=9, duration=Range(1, 60, 8))
UNTIMED = replace(TIMED, duration=None)


def costing(amount: str, unit: PriceUnit, spec: ModelSpec = TIMED) -> ModelSpec:
    return replace(spec, price=Price(Decimal(amount), unit))


def asked(prompt: str = "rain", **wishes: object) -> GenerationRequest:
    return GenerationRequest("acme", "m", prompt, **wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "request_", "expected"),
    [
        (costing("0.07", PriceUnit.REQUEST), asked(takes=4), "0.07"),
        (costing("0.01", PriceUnit.SECOND), asked(duration_s=2.5, takes=2), "0.050"),
        (costing("0.01", PriceUnit.SECOND), asked(), "0.08"),
        (costing("0.12", PriceUnit.MINUTE), asked(duration_s=30), "0.06"),
        (costing("0.001", PriceUnit.CHARACTER), asked("twelve chars", takes=2), "0.024"),
        (costing("0.07", PriceUnit.REQUEST, UNTIMED), asked(), "0.07"),
    ],
)
def test_a_price_is_counted_in_its_unit(spec, request_, expected):
    estimate = spec.estimate(request_)

    assert estimate.expected == estimate.most == Decimal(expected)
    assert estimate.is_known
    assert not estimate.is_free
    assert estimate.basis


def test_tenths_of_seconds_cost_exactly():
    assert costing("0.1", PriceUnit.SECOND).estimate(asked(duration_s=0.3)).expected == Decimal("0.03")


@pytest.mark.parametrize("unit", PriceUnit)
def test_what_is_free_is_free_whatever_its_length(unit):
    estimate = costing("0", unit, UNTIMED).estimate(asked())

    assert estimate.is_free
    assert estimate.expected == 0


@pytest.mark.parametrize(
    "spec", [TIMED, costing("1", PriceUnit.SECOND, UNTIMED), costing("1", PriceUnit.MINUTE, UNTIMED)]
)
def test_unknown_is_not_nothing(spec):
    estimate = spec.estimate(asked())

    assert estimate.expected is None
    assert estimate.most is None
    assert not estimate.is_known
    assert not estimate.is_free
    assert estimate.basis
    assert not Estimate().is_free


@given(some.sampled_from(PriceUnit), some.integers(1, 9), some.floats(1, 60))
def test_more_takes_never_cost_less(unit, takes, duration_s):
    spec = costing("0.013", unit)
    one, several = (spec.estimate(asked(takes=count, duration_s=duration_s)).expected for count in (1, takes))

    assert several >= one > 0
    assert several in (one, one * takes) or abs(several - one * takes) < Decimal("1e-7")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("40", "$40"),
        ("1234", "$1,234"),
        ("0.5", "$0.50"),
        ("0.068", "$0.068"),
        ("39.95", "$39.95"),
        ("0.000015", "$0.000015"),
    ],
)
def test_an_amount_is_written_as_briefly_as_it_can_be(amount: str, words: str) -> None:
    assert dollars(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("0.4", "$0.40"), ("0.4000", "$0.40"), ("12", "$12.00"), ("0.0237", "$0.0237"), ("1E+2", "$100.00")],
)
def test_exact_amounts_have_two_digits_at_least(amount: str, printed: str) -> None:
    assert exact_dollars(Decimal(amount)) == printed


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (Price(Decimal("0.4"), PriceUnit.MINUTE), "$0.40 a minute"),
        (Price(Decimal("0.00003"), PriceUnit.CHARACTER), "$0.00003 a character"),
        (Price(Decimal(0), PriceUnit.REQUEST), "free"),
    ],
)
def test_a_price_list_reads_like_money(price: Price, words: str) -> None:
    assert price.in_words == words
