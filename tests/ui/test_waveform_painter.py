from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtGui import QColor, QImage

from app.ui.peak_columns import SampleBlock, lane_columns, needs_samples, stretch_around
from app.ui.view_span import ViewSpan
from app.ui.waveform_painter import LaneColumns, LanePlace, joined, wave_image

ENVELOPE, CORE = QColor("#3c8796"), QColor("#a7e6f0")


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def painted(columns: LaneColumns, height: int = 100, top: int = 0, whole: int | None = None) -> QImage:
    width = len(columns.lowest)
    place = LanePlace(top, height)
    return wave_image([(columns, place)], (width, whole or height), envelope=ENVELOPE, core=CORE)


def column(image: QImage, x: int) -> list[str]:
    return [image.pixelColor(x, y).name() if image.pixelColor(x, y).alpha() else "" for y in range(image.height())]


def test_a_louder_column_is_taller() -> None:
    image = painted(LaneColumns(floats(-0.1, 0, -0.9), floats(0.1, 0, 0.9)))

    heights = [sum(bool(pixel) for pixel in column(image, x)) for x in range(3)]
    assert heights[0] == 10
    assert heights[2] == pytest.approx(90, abs=2)


def test_silence_is_a_line() -> None:
    image = painted(LaneColumns(floats(0, 0), floats(0, 0), floats(0, 0)))

    assert [y for y, pixel in enumerate(column(image, 0)) if pixel] == [50]


def test_the_core_lies_inside_the_envelope() -> None:
    image = painted(LaneColumns(floats(-0.8), floats(0.8), floats(0.2)))

    drawn = column(image, 0)
    assert drawn.count(CORE.name()) == pytest.approx(20, abs=1)
    assert drawn[15] == ENVELOPE.name()
    assert drawn[50] == CORE.name()


def test_a_wave_above_zero_shows_no_core_below_it() -> None:
    image = painted(LaneColumns(floats(0.5), floats(0.6), floats(0.55)))

    assert all(not pixel for pixel in column(image, 0)[40:])


def test_a_steep_wave_has_no_gaps() -> None:
    low, high = joined(floats(-1, 0.9), floats(-0.9, 1))

    assert low[1] <= high[0]


@given(
    hnp.arrays(np.float32, 17, elements=st.floats(-4, 4, width=32)),
    hnp.arrays(np.float32, 17, elements=st.floats(0, 4, width=32)),
    st.integers(1, 90),
)
def test_nothing_leaves_its_lane(middle: np.ndarray, reach: np.ndarray, height: int) -> None:
    image = painted(LaneColumns(middle - reach, middle + reach, np.abs(middle)), height, top=5, whole=100)

    for x in range(17):
        drawn = [y for y, pixel in enumerate(column(image, x)) if pixel]
        assert drawn
        assert min(drawn) >= 5
        assert max(drawn) < 5 + height


def test_a_close_zoom_is_drawn_from_the_samples_themselves() -> None:
    samples = np.zeros((1, 1000), np.float32)
    samples[0, 500] = 0.75
    span = ViewSpan(450, 550, 1000)

    (lane,) = lane_columns(None, span, 200, SampleBlock(0, samples))  # type: ignore[arg-type]

    assert np.flatnonzero(lane.highest).tolist() == [100, 101]  # two pixels a frame
    assert lane.highest.max() == np.float32(0.75)


@given(st.floats(0, 900), st.floats(64, 100), st.integers(10, 300))
def test_samples_are_drawn_where_the_ruler_has_them(start: float, length: float, columns: int) -> None:
    span = ViewSpan(start, start + length, 1000)
    frame = int(start) + 30
    samples = np.zeros((1, 1000), np.float32)
    samples[0, frame] = 1.0

    (lane,) = lane_columns(None, span, columns, SampleBlock(0, samples))  # type: ignore[arg-type]

    assert len(lane.highest) == columns
    seen = np.flatnonzero(lane.highest)
    assert len(seen) > 0
    assert abs(seen[0] - span.x_of(frame, columns)) <= 2.0


def test_samples_are_asked_for_only_when_peaks_are_too_coarse() -> None:
    assert not needs_samples(ViewSpan(0, 48_000, 48_000), 100)
    assert needs_samples(ViewSpan(0, 4_800, 48_000), 100)
    assert not needs_samples(ViewSpan(0, 900_000, 10_000_000), 3_840)
    assert stretch_around(ViewSpan(100, 200, 1000)) == (0, 300)
