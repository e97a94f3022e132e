from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from app.ui.lane_place import LanePlace
from app.ui.peak_columns import SampleBlock
from app.ui.sample_line import draw_samples, is_line, polygon
from app.ui.view_span import ViewSpan
from app.ui.wave_scale import WaveScale
from app.ui.waveform_painter import transparent

WIDTH, HEIGHT = 400, 101
PLACE = LanePlace(0, HEIGHT)


def drawn(samples: np.ndarray, span: ViewSpan, *, ratio: float = 1.0, scale: WaveScale = WaveScale.LINEAR) -> QImage:
    image, _pixels = transparent((WIDTH, HEIGHT))
    block = SampleBlock(0, samples.astype(np.float32)[None, :])
    draw_samples(image, block, span, [PLACE], QColor("#ffffff"), scale=scale, ratio=ratio)
    return image


def ink(image: QImage, x: int) -> np.ndarray:
    """How much of each pixel of a column is covered, 0 to 1."""
    return np.array([image.pixelColor(x, y).alphaF() for y in range(image.height())])


def middle_of_ink(image: QImage, x: int) -> float:
    column = ink(image, x)
    return float((column * np.arange(len(column))).sum() / column.sum())


@given(st.integers(0, 30), st.floats(-1, 1), st.sampled_from(WaveScale))
def test_a_dot_lies_exactly_on_its_sample(frame: int, value: float, scale: WaveScale) -> None:
    samples = np.full(60, value)

    image = drawn(samples, ViewSpan(10, 42, 60), scale=scale)

    x = int(ViewSpan(10, 42, 60).x_of(10 + frame, WIDTH))
    assert middle_of_ink(image, x) == pytest.approx(PLACE.middle - scale.share(value) * PLACE.reach, abs=0.6)


def test_the_line_between_two_samples_is_straight() -> None:
    samples = np.zeros(40)
    samples[20] = 1.0

    image = drawn(samples, ViewSpan(10, 30, 40))  # 20 px a sample

    for share in (0.25, 0.5, 0.75):
        x = int(ViewSpan(10, 30, 40).x_of(19 + share, WIDTH))
        assert middle_of_ink(image, x) == pytest.approx(PLACE.middle - share * PLACE.reach, abs=1.5)


def test_samples_close_together_have_no_dots() -> None:
    samples = np.zeros(400)

    close, apart = drawn(samples, ViewSpan(0, 100, 400)), drawn(samples, ViewSpan(0, 20, 400))

    def heights(image: QImage) -> set[int]:
        return {int((ink(image, x) > 0.5).sum()) for x in range(20, 380)}

    assert len(heights(close)) == 1
    assert len(heights(apart)) > 1


def test_the_line_leads_out_of_sight_at_both_ends() -> None:
    image = drawn(np.full(100, 0.5), ViewSpan(20.4, 40.6, 100))

    assert ink(image, 0).any()
    assert ink(image, WIDTH - 1).any()


def test_it_ends_with_the_last_sample() -> None:
    image = drawn(np.full(20, 0.5), ViewSpan.whole(20))

    assert ink(image, 19 * 20).any()
    assert not ink(image, WIDTH - 5).any()


def test_one_sample_is_a_dot() -> None:
    image = drawn(np.array([0.5]), ViewSpan.whole(1))

    assert ink(image, 0).any()
    assert not ink(image, 20).any()


def test_a_sharper_screen_gets_a_thicker_line() -> None:
    span = ViewSpan(0, 30, 400)

    plain, sharp = (ink(drawn(np.zeros(400), span, ratio=ratio), 7).sum() for ratio in (1.0, 2.0))

    assert 1.0 <= plain < 2.0 <= sharp < 4.0


def test_columns_become_a_line_at_two_pixels_a_sample_of_any_screen() -> None:
    assert is_line(ViewSpan(0, 500, 1000), 1000, 1.0)
    assert not is_line(ViewSpan(0, 501, 1000), 1000, 1.0)
    assert not is_line(ViewSpan(0, 500, 1000), 1000, 2.0)


def test_points_are_handed_over_as_they_are() -> None:
    points = polygon(np.array([1.5, 2.0]), np.array([3.0, -4.5], np.float32))

    assert [(point.x(), point.y()) for point in points] == [(1.5, 3.0), (2.0, -4.5)]
    assert len(polygon(np.empty(0), np.empty(0, np.float32))) == 0
