from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.audio.spectrogram import FLOOR_DBFS, ROWS, STEP_DB, Analysis
from app.audio.spectrogram_axis import FrequencyAxis
from app.audio.spectrogram_grid import Grid
from tests.audio.conftest import Floats

RATES_HZ = (8_000, 22_050, 44_100, 48_000, 96_000, 192_000)
RATE_HZ = 48_000


def sine(hz: float, level_dbfs: float, frames: int, rate_hz: int, *, turn: float = 0.0) -> Floats:
    turns = np.arange(frames, dtype=np.float64) * (hz / rate_hz) + turn
    samples: Floats = (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * turns)).astype(np.float32)
    return samples


def analysis_of(pixel_frames: float, rate_hz: int = RATE_HZ) -> Analysis:
    return Analysis(Grid.nearest(pixel_frames, rate_hz), rate_hz)


def dbfs(levels: np.ndarray) -> np.ndarray:
    return levels * STEP_DB + FLOOR_DBFS


@given(
    rate_hz=st.sampled_from(RATES_HZ),
    pixel_frames=st.floats(1, 20_000),
    place=st.floats(0, 1),
    level=st.floats(-70, 0),
    turn=st.floats(0, 1),
)
@settings(max_examples=150)
@example(rate_hz=48_000, pixel_frames=300, place=0.5, level=0.0, turn=0.0)
def test_a_sine_reads_its_own_level_at_its_own_frequency(
    rate_hz: int, pixel_frames: float, place: float, level: float, turn: float
) -> None:
    analysis = analysis_of(pixel_frames, rate_hz)
    axis = FrequencyAxis.of(rate_hz)
    bin_hz = rate_hz / analysis.grid.window_frames
    lowest, highest = max(60.0, 6 * bin_hz), min(19_500.0, rate_hz / 2 - 6 * bin_hz)  # clear of its own mirror
    hz = lowest + (highest - lowest) * place**3

    found = analysis.decibels(sine(hz, level, analysis.frames_for(1), rate_hz, turn=turn), 1)[0]

    row = int(found.argmax())
    assert found[row] == pytest.approx(level, abs=0.1)
    half_a_bin = abs(axis.share_of(hz + bin_hz / 2) - axis.share_of(hz - bin_hz / 2)) * ROWS / 2
    assert abs(row + 0.5 - axis.share_of(hz) * ROWS) <= max(1.0, half_a_bin + 0.5)


@pytest.mark.parametrize("bins", [9.5, 60.5, 300.5, 500.5, 800.5])
@pytest.mark.parametrize("turn", [0.0, 0.25])
def test_halfway_between_two_bins_a_sine_reads_its_level_too(bins: float, turn: float) -> None:
    analysis = analysis_of(300)
    assert analysis.grid.window_frames == 2_048

    found = analysis.decibels(sine(bins * RATE_HZ / 2_048, -12, analysis.frames_for(1), RATE_HZ, turn=turn), 1)

    assert found.max() == pytest.approx(-12, abs=0.1)


def test_levels_are_kept_in_half_decibels() -> None:
    analysis = analysis_of(300)

    found = analysis.columns(sine(1_000, -20.1, analysis.frames_for(1), RATE_HZ), 1)

    assert dbfs(found.max()) == -20.0


def test_beside_a_tone_nothing_is_shown_that_is_not_there() -> None:
    analysis = analysis_of(300)

    found = analysis.decibels(sine(4_321, 0.0, analysis.frames_for(1), RATE_HZ), 1)[0]

    axis = FrequencyAxis.of(RATE_HZ)
    middles = [axis.hz_at((row + 0.5) / ROWS) for row in range(ROWS)]
    beside = [level for level, hz in zip(found, middles, strict=True) if abs(hz - 4_321) > 150]
    assert max(beside) < -90


def test_two_tones_stand_apart() -> None:
    analysis = analysis_of(300)
    frames = analysis.frames_for(1)

    found = analysis.decibels(sine(400, -6, frames, RATE_HZ) + sine(700, -40, frames, RATE_HZ), 1)[0]

    axis = FrequencyAxis.of(RATE_HZ)
    row_of = {hz: math.floor(axis.share_of(hz) * ROWS) for hz in (400, 550, 700)}
    assert found[row_of[400]] == pytest.approx(-6, abs=0.5)
    assert found[row_of[700]] == pytest.approx(-40, abs=0.5)
    assert found[row_of[550]] < -70


@pytest.mark.parametrize("samples", [0.0, float("nan"), float("inf"), float("-inf")])
def test_silence_and_what_is_no_number_are_the_floor(samples: float) -> None:
    analysis = analysis_of(300)

    found = analysis.columns(np.full(analysis.frames_for(3), samples, np.float32), 3)

    assert found.shape == (3, ROWS)
    assert not found.any()


def test_one_sample_that_is_no_number_does_not_spoil_the_rest() -> None:
    analysis = analysis_of(300)
    tone = sine(1_000, -20, analysis.frames_for(1), RATE_HZ)
    tone[0] = np.nan  # where the window is nearly shut

    found = analysis.decibels(tone, 1)

    assert found.max() == pytest.approx(-20, abs=0.1)


@pytest.mark.parametrize("level", [6.0, 60.0, 120.0, 700.0])
def test_above_full_scale_is_the_highest_level(level: float) -> None:
    analysis = analysis_of(300)

    found = analysis.columns(sine(1_000, level, analysis.frames_for(1), RATE_HZ), 1)

    assert dbfs(found.max()) == min(level, 7.5)


@given(
    rate_hz=st.sampled_from(RATES_HZ), pixel_frames=st.floats(1, 300_000), column=st.integers(0, 9), at=st.floats(0, 1)
)
@settings(max_examples=60)
def test_a_click_is_seen_in_its_own_column_however_wide_that_is(
    rate_hz: int, pixel_frames: float, column: int, at: float
) -> None:
    analysis = analysis_of(pixel_frames, rate_hz)
    grid = analysis.grid
    columns = 10 if grid.column_frames < 10_000 else column + 2
    samples = np.zeros(analysis.frames_for(columns), np.float32)
    within = min(math.floor(at * grid.column_frames), grid.column_frames - 1)
    samples[grid.lead_in + column * grid.column_frames + within] = 1.0

    found = analysis.columns(samples, columns).max(axis=1)

    assert found.max() > 0
    # Two windows see a click halfway between them alike, even where they belong to two columns.
    assert found[column] == found.max()


def test_a_far_column_shows_the_loudest_of_its_spectra() -> None:
    analysis = analysis_of(40_000)
    grid = analysis.grid
    assert grid.spectra > 8
    samples = np.zeros(analysis.frames_for(2), np.float32)
    beep = sine(1_000, -10, grid.window_frames, RATE_HZ)
    begin = grid.lead_in + grid.column_frames + 3 * grid.step_frames
    samples[begin : begin + len(beep)] = beep

    found = analysis.decibels(samples, 2).max(axis=1)

    assert found[0] < FLOOR_DBFS
    assert found[1] == pytest.approx(-10, abs=2.5)  # a window may stand half a step beside it


def test_one_looks_through_shorter_windows_the_closer_one_looks() -> None:
    windows = [Grid.nearest(pixel_frames, RATE_HZ).window_frames for pixel_frames in (1, 3, 9.6, 60, 300, 900, 80_000)]

    assert windows == [256, 256, 512, 1024, 2048, 4096, 4096]


@given(rate_hz=st.sampled_from(RATES_HZ), pixel_frames=st.floats(0.01, 1e7))
def test_a_pixel_has_one_or_two_columns_or_the_narrowest_there_are(rate_hz: int, pixel_frames: float) -> None:
    grid = Grid.nearest(pixel_frames, rate_hz)

    narrowest = Grid.nearest(0.01, rate_hz).column_frames
    assert grid.column_frames == narrowest or 1 <= pixel_frames / grid.column_frames < 2
    assert grid.column_frames == grid.step_frames * grid.spectra


@given(rate_hz=st.sampled_from((1_000, *RATES_HZ)), share=st.floats(0, 1))
def test_the_axis_leads_to_frequencies_and_back(rate_hz: int, share: float) -> None:
    axis = FrequencyAxis.of(rate_hz)

    assert axis.share_of(axis.hz_at(share)) == pytest.approx(share, abs=1e-9)
    assert axis.hz_at(0) == pytest.approx(40)
    assert axis.hz_at(1) == pytest.approx(min(20_000, rate_hz / 2))
