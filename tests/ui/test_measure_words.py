"""Measures as people read them: what a number means is said wherever it isn't what the heading says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.measures import LoudnessBasis
from app.ui.measure_words import loudness, loudness_cell, loudness_range, summary, true_peak
from tests.fakes.measures import SHORT, measures_of

SILENT = replace(
    measures_of(None, None), momentary_max_lufs=None, short_term_max_lufs=None, head_silence_s=2.0, tail_silence_s=0.0
)


def test_what_was_measured_is_shown_with_its_unit() -> None:
    measures = measures_of(-18.04, -1.46)

    assert loudness(measures)[:2] == ("−18.0", "LUFS")
    assert true_peak(measures)[:2] == ("−1.5", "dBTP")
    assert loudness_range(measures)[:2] == ("5.8", "LRA, LU")


def test_what_is_not_measured_is_a_dash() -> None:
    assert [of(None).value for of in (loudness, true_peak, loudness_range)] == ["–"] * 3


def test_a_momentary_loudness_is_never_shown_as_an_integrated_one() -> None:
    assert loudness(SHORT)[:2] == ("−18.2", "LUFS M")
    assert loudness_cell(SHORT) == "M −18.2"
    assert "shorter than 400 ms" in loudness(SHORT).meaning


@pytest.mark.parametrize(("measures", "value"), [(SILENT, "−∞"), (measures_of(None, -75.0), "< −70")])
def test_silence_and_what_is_under_the_gate_are_told_apart(measures, value: str) -> None:
    assert measures.basis is LoudnessBasis.QUIET
    assert loudness(measures).value == loudness_cell(measures) == value
    assert "no integrated loudness" in loudness(measures).meaning


def test_digital_silence_has_no_peak() -> None:
    assert true_peak(SILENT).value == "−∞"


def test_all_measures_are_told_in_lines() -> None:
    assert summary(measures_of(-18.0, -1.5)).split("\n") == [
        "Integrated loudness: −18.0 LUFS",
        "Highest momentary loudness: −12.0 LUFS",
        "Highest short-term loudness: −15.0 LUFS",
        "Loudness range: 5.8 LU",
        "True peak: −1.5 dBTP, of the samples −1.7 dBFS",
        "Below −60.0 dBFS: 0.250 s at the start, 0.500 s at the end",
        "DC offset: 0.01 %",
    ]
    assert "Highest short-term loudness, with silence around it: −26.9 LUFS" in summary(SHORT)


def test_a_faint_offset_has_no_sign() -> None:
    assert "DC offset: 0.00 %" in summary(replace(SHORT, dc_offset=-0.00001))
    assert "DC offset: −0.40 %" in summary(replace(SHORT, dc_offset=-0.004))


@pytest.mark.parametrize(("true_peak_dbtp", "warns"), [(-0.1, False), (0.04, False), (0.1, True), (7.1, True)])
def test_a_true_peak_above_full_scale_warns_and_says_what_helps(true_peak_dbtp: float, *, warns: bool) -> None:
    shown = true_peak(measures_of(-10.0, true_peak_dbtp))

    assert shown.warns is warns
    assert ("ceiling" in shown.meaning) is warns
