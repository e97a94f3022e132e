"""Numbers, money and time as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audio import AudioFormat, AudioInfo
from app.ui import readouts

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.0"), (8.41, "0:08.4"), (59.96, "1:00.0"), (61, "1:01.0"), (3728.4, "1:02:08.4")]
)
def test_a_length_has_minutes_seconds_and_tenths(seconds, text):
    assert readouts.length(seconds) == text


@given(st.floats(0, 10**6))
def test_a_length_never_shows_sixty_seconds(seconds):
    assert ":60" not in readouts.length(seconds)


@pytest.mark.parametrize(("value", "text"), [(-18.06, "−18.1"), (0.0, "0.0"), (-0.04, "0.0"), (3.2, "3.2")])
def test_a_level_has_a_real_minus_and_no_negative_zero(value, text):
    assert readouts.level(value) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, "unknown"), (Decimal(0), "free"), (Decimal("0.0684"), "$0.068"), (Decimal("1234.5"), "$1,234.50")],
)
def test_a_bill_is_never_zero_when_it_is_unknown(amount, text):
    assert readouts.billed(amount) == text


def test_an_estimate_says_that_it_is_one():
    assert readouts.estimated(Decimal("0.0711")) == "about $0.07"
    assert readouts.estimated(None) == "price unknown"
    assert readouts.estimated_short(Decimal("0.0004")) == "≈ $0.0004"


def test_what_costs_next_to_nothing_is_not_shown_as_nothing():
    assert readouts.billed(Decimal("0.00031")) == "$0.0003"
    assert readouts.estimated(Decimal("0.000012")) == "about $0.00001"


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_an_age_is_as_short_as_it_can_be(age, text):
    assert readouts.ago(NOW - age, NOW) == text


def test_a_take_is_described_by_what_its_bytes_are():
    info = AudioInfo(AudioFormat.OPUS, 44100, 1, 44100)

    assert readouts.audio_line(info) == "Opus · 44.1 kHz · mono"


def test_the_most_that_something_costs_is_never_rounded_down():
    assert readouts.at_most(Decimal("0.941")) == "$0.95"
    assert readouts.at_most(Decimal("0.00001")) == "$0.0001"


def test_a_day_is_written_as_people_do():
    assert readouts.day("2026-11-08") == "8 Nov 2026"
    assert readouts.day("last week") == "last week"
