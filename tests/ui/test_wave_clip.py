"""The wave is drawn as its clip will sound."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.audio.fading import gains
from app.domain.clip_edit import ClipEdit
from app.domain.export_settings import FadeShape
from app.ui.lane_place import LanePlace
from app.ui.peak_columns import SampleBlock
from app.ui.view_span import ViewSpan
from app.ui.wave_clip import clip_columns, clip_samples
from app.ui.wave_columns import ColumnGrid
from app.ui.waveform_painter import LaneColumns, WaveColors, wave_image

TOTAL, COLUMNS = 100_000, 1_000
EDIT = ClipEdit(10_000, 90_000, 20_000, 10_000, FadeShape.LINEAR)


def full_scale() -> LaneColumns:
    ones = np.ones(COLUMNS, np.float32)
    return LaneColumns(-ones, ones, ones * np.float32(0.5))


def test_columns_become_fainter_as_the_sound_does_and_what_is_cut_off_stays() -> None:
    grid = ColumnGrid.over(ViewSpan.whole(TOTAL), COLUMNS)

    (lane,) = clip_columns([full_scale()], grid, EDIT, TOTAL)

    middles = (np.arange(COLUMNS) + 0.5) * 100
    expected = np.ones(COLUMNS)
    rising = (middles >= 10_000) & (middles < 30_000)
    falling = (middles >= 80_000) & (middles < 90_000)
    expected[rising] = (middles[rising] - 10_000) / 20_000
    expected[falling] = (89_999 - middles[falling]) / 10_000
    assert np.abs(lane.highest - expected).max() < 1e-4
    assert np.array_equal(lane.lowest, -lane.highest)
    assert lane.rms is not None
    assert np.allclose(lane.rms, lane.highest / 2)
    assert lane.kept == (100, 900)


@pytest.mark.parametrize("start", [0, 95_000])
def test_out_of_sight_of_the_clip_all_is_cut_off(start: int) -> None:
    span = ViewSpan(start, start + 5_000, TOTAL)

    (lane,) = clip_columns([full_scale()], ColumnGrid.over(span, COLUMNS), EDIT, TOTAL)

    assert lane.kept is not None
    assert lane.kept[1] == 0 or lane.kept[0] == COLUMNS
    assert np.array_equal(lane.highest, np.ones(COLUMNS, np.float32))


@pytest.mark.parametrize("shape", list(FadeShape), ids=lambda shape: shape.value)
def test_single_samples_in_sight_are_faded_as_they_will_be_written(shape: FadeShape) -> None:
    edit = ClipEdit(10_000, None, 1_000, 0, shape)
    block = SampleBlock(9_000, np.ones((2, 4_000), np.float32))
    span = ViewSpan(9_990.5, 11_010.5, TOTAL)

    shown = clip_samples(block, span, edit, TOTAL)

    assert shown.covers(span)
    at = shown.start + np.arange(shown.samples.shape[1])
    expected = np.ones(len(at))
    inside = (at >= 10_000) & (at < 11_000)
    expected[inside] = gains(shape, (at[inside] - 10_000) / 1_000)
    assert np.abs(shown.samples - expected).max() < 1e-6


def test_what_is_cut_off_is_grey() -> None:
    names = ("#00ff00", "#ffffff", "#777777", "#ff0000", "#333333", "#555555")
    grid = ColumnGrid.over(ViewSpan.whole(TOTAL), COLUMNS)
    (lane,) = clip_columns([full_scale()], grid, ClipEdit(10_000, 90_000), TOTAL)

    image = wave_image([(lane, LanePlace(0, 101))], (COLUMNS, 101), WaveColors(*map(QColor, names)))

    for x in (0, 99, 900, 999):
        assert (image.pixelColor(x, 5).name(), image.pixelColor(x, 50).name()) == ("#333333", "#555555")
    for x in (101, 500, 899):
        assert (image.pixelColor(x, 5).name(), image.pixelColor(x, 50).name()) == ("#00ff00", "#ffffff")
