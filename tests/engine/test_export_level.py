"""How much louder or quieter an export becomes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.export_settings import ExportSettings
from app.engine.export_level import Level, Measured, level_for

levels = st.floats(-60.0, 0.0)
wishes = st.sampled_from(["loudness_lufs", "momentary_lufs", "peak_dbfs", "gain_db"])


def level(measured: Measured, name: str = "Take 1", **wishes: float | None) -> Level:
    return level_for(measured, ExportSettings(**wishes), name=name)


@given(levels, levels, levels, st.floats(0.0, 3.0), levels, wishes, st.none() | levels)
def test_neither_what_is_wished_nor_the_true_peak_is_ever_passed(
    lufs: float, momentary: float, peak: float, over: float, wanted: float, wish: str, ceiling: float | None
) -> None:
    measured = Measured(lufs, momentary, peak, peak + over)

    found = level(measured, **{wish: wanted, "true_peak_dbtp": ceiling})

    before = {"loudness_lufs": lufs, "momentary_lufs": momentary, "peak_dbfs": peak, "gain_db": 0.0}[wish]
    limit = -1.0 if ceiling is None and wish.endswith("lufs") else ceiling
    assert limit is None or peak + over + found.gain_db <= limit + 1e-9
    assert before + found.gain_db <= wanted + 1e-9
    assert (
        found.remark
        or before + found.gain_db == pytest.approx(wanted, abs=0.06)
        or (wish == "peak_dbfs" and wanted == limit)
    )


@given(levels, levels)
def test_a_peak_alone_is_reached_exactly(peak: float, wanted: float) -> None:
    found = level(Measured(None, None, peak, peak + 0.4), peak_dbfs=wanted)

    assert peak + found.gain_db == pytest.approx(wanted)
    assert found.remark == ""


def test_a_peak_and_a_true_peak_of_the_same_level_set_the_true_peak() -> None:
    found = level(Measured(-20.0, -18.0, -6.0, -5.5), peak_dbfs=-1.0, true_peak_dbtp=-1.0)

    assert found == Level(4.5)


def test_a_true_peak_alone_only_turns_down() -> None:
    assert level(Measured(-20.0, -18.0, -6.0, -5.5), true_peak_dbtp=-1.0).gain_db == 0.0
    assert level(Measured(-9.0, -8.0, -0.2, 0.5), true_peak_dbtp=-1.0).gain_db == -1.5


def test_a_gain_is_held_by_a_true_peak_only_where_one_is_chosen() -> None:
    measured = Measured(-20.0, -18.0, -6.0, -5.5)

    free = level(measured, gain_db=12.0)
    held = level(measured, gain_db=12.0, true_peak_dbtp=-1.0)

    assert free == Level(12.0)
    assert held == Level(4.5, "Take 1 reaches a gain of 4.5 dB only: more would pass −1.0 dBTP.")


def test_silence_stays_silence() -> None:
    found = level(Measured(None, None, -math.inf, -math.inf), name="Take 3", loudness_lufs=-16.0)

    assert found == Level(0.0, "Take 3 is silent; its level stays.")


def test_what_is_too_short_for_a_loudness_is_only_kept_under_the_true_peak() -> None:
    wishes = {"loudness_lufs": -16.0, "true_peak_dbtp": -3.0}

    quiet = level(Measured(None, -23.0, -20.0, -20.0), **wishes)
    loud = level(Measured(None, -23.0, 0.0, 0.0), **wishes)

    assert (quiet.gain_db, loud.gain_db) == (0.0, -3.0)
    assert "too short" in quiet.remark
    assert "momentary" in quiet.remark


def test_what_is_too_faint_for_a_loudness_isnt_called_short() -> None:
    faint = level(Measured(None, None, -72.0, -72.0), name="Take 2", loudness_lufs=-16.0, true_peak_dbtp=-1.0)

    assert (faint.gain_db, faint.remark) == (0.0, "Take 2 is too faint for a loudness: only the ceiling counts.")


def test_a_level_that_cannot_be_reached_is_told_as_it_is() -> None:
    measured = Measured(-22.0, -20.0, -4.5, -4.0)

    integrated = level(measured, name="Take 2", loudness_lufs=-16.0, true_peak_dbtp=-1.0)
    momentary = level(measured, name="Take 2", momentary_lufs=-12.0)
    peak = level(measured, name="Take 2", peak_dbfs=-1.0, true_peak_dbtp=-3.0)

    assert integrated == Level(3.0, "Take 2 reaches −19.0 LUFS only: more would pass −1.0 dBTP.")
    assert momentary == Level(3.0, "Take 2 reaches −17.0 LUFS momentarily only: more would pass −1.0 dBTP.")
    assert peak == Level(1.0, "Take 2 reaches −3.5 dBFS only: more would pass −3.0 dBTP.")
