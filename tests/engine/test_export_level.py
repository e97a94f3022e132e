"""How much louder or quieter an export becomes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.export_level import level_for

levels = st.floats(-60.0, 0.0)


@given(levels, levels, levels, st.none() | levels)
def test_neither_loudness_nor_peak_is_ever_passed(
    measured: float, peak: float, wanted: float, ceiling: float | None
) -> None:
    level = level_for(measured, peak, wanted_lufs=wanted, peak_dbfs=ceiling, name="Take 1")

    assert peak + level.gain_db <= (-1.0 if ceiling is None else ceiling) + 1e-9
    assert measured + level.gain_db <= wanted + 1e-9
    assert level.remark or measured + level.gain_db == pytest.approx(wanted, abs=0.06)


@given(levels, levels)
def test_a_peak_alone_is_reached_exactly(peak: float, wanted: float) -> None:
    level = level_for(None, peak, wanted_lufs=None, peak_dbfs=wanted, name="Take 1")

    assert peak + level.gain_db == pytest.approx(wanted)
    assert level.remark == ""


def test_silence_stays_silence() -> None:
    level = level_for(None, -math.inf, wanted_lufs=-16.0, peak_dbfs=None, name="Take 3")

    assert (level.gain_db, level.remark) == (0.0, "Take 3 is silent; its level stays.")


def test_what_is_too_short_for_a_loudness_is_only_kept_under_the_peak() -> None:
    quiet = level_for(None, -20.0, wanted_lufs=-16.0, peak_dbfs=-3.0, name="Take 1")
    loud = level_for(None, 0.0, wanted_lufs=-16.0, peak_dbfs=-3.0, name="Take 1")

    assert (quiet.gain_db, loud.gain_db) == (0.0, -3.0)
    assert "too short" in quiet.remark


def test_a_loudness_that_cannot_be_reached_is_told_as_it_is() -> None:
    level = level_for(-22.0, -4.0, wanted_lufs=-16.0, peak_dbfs=-1.0, name="Take 2")

    assert level.gain_db == pytest.approx(3.0)
    assert level.remark == "Take 2 reaches −19.0 LUFS only: more would pass −1.0 dBTP."
