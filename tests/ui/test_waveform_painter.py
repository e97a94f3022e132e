from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtGui import QColor, QImage

from app.ui.lane_place import LanePlace
from app.ui.wave_scale import WaveScale
from app.ui.waveform_painter import LaneColumns, WaveColors, joined, mapped, wave_image

ENVELOPE, CORE, UNREAD, CLIPPED = (QColor(name) for name in ("#3c8796", "#a7e6f0", "#39434a", "#ff8a80"))
COLORS = WaveColors(ENVELOPE, CORE, UNREAD, CLIPPED)


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def painted(
    columns: LaneColumns, height: int = 100, top: int = 0, whole: int | None = None, scale: WaveScale = WaveScale.LINEAR
) -> QImage:
    width = len(columns.lowest)
    return wave_image([(columns, LanePlace(top, height))], (width, whole or height), COLORS, scale=scale)


def column(image: QImage, x: int) -> list[str]:
    return [image.pixelColor(x, y).name() if image.pixelColor(x, y).alpha() else "" for y in range(image.height())]


def drawn_rows(image: QImage, x: int) -> list[int]:
    return [y for y, pixel in enumerate(column(image, x)) if pixel]


def test_a_louder_column_is_taller() -> None:
    image = painted(LaneColumns(floats(-0.1, 0, -0.9), floats(0.1, 0, 0.9)))

    heights = [len(drawn_rows(image, x)) for x in range(3)]
    assert heights[0] == pytest.approx(10, abs=1)
    assert heights[2] == pytest.approx(88, abs=2)


def test_silence_is_a_line_in_the_middle() -> None:
    image = painted(LaneColumns(floats(0, 0), floats(0, 0), floats(0, 0)))

    assert drawn_rows(image, 0) == [LanePlace(0, 100).middle]


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
    st.sampled_from(WaveScale),
)
def test_nothing_leaves_its_lane_and_every_column_shows_something(
    middle: np.ndarray, reach: np.ndarray, height: int, scale: WaveScale
) -> None:
    columns = LaneColumns(middle - reach, middle + reach, np.abs(middle))
    image = painted(columns, height, top=5, whole=100, scale=scale)

    for x in range(17):
        drawn = drawn_rows(image, x)
        assert drawn
        assert drawn == list(range(drawn[0], drawn[-1] + 1))
        assert min(drawn) >= 5
        assert max(drawn) < 5 + height


def test_lanes_don_t_touch_each_other_s_pixels() -> None:
    loud, quiet = LaneColumns(floats(-1, -1), floats(1, 1)), LaneColumns(floats(0, 0), floats(0, 0))

    image = wave_image([(loud, LanePlace(0, 50)), (quiet, LanePlace(51, 49))], (2, 100), COLORS)

    assert drawn_rows(image, 1) == [*range(drawn_rows(image, 1)[0], 50), LanePlace(51, 49).middle]


def test_decibels_make_quiet_sound_visible() -> None:
    quiet = LaneColumns(floats(-0.01), floats(0.01), floats(0.005))

    in_decibels, in_proportion = painted(quiet, scale=WaveScale.DECIBELS), painted(quiet)

    assert len(drawn_rows(in_proportion, 0)) <= 3
    assert len(drawn_rows(in_decibels, 0)) == pytest.approx(100 * 20 / 60, abs=2)  # -40 of -60 dBFS
    assert column(in_decibels, 0).count(CORE.name()) == pytest.approx(100 * 14 / 60, abs=2)


@given(hnp.arrays(np.float32, 9, elements=st.floats(-2, 2, width=32)), st.sampled_from(WaveScale))
def test_many_samples_are_mapped_as_each_of_them(values: np.ndarray, scale: WaveScale) -> None:
    assert mapped(values, scale).tolist() == pytest.approx([scale.share(float(value)) for value in values], abs=1e-4)


def test_what_is_not_read_yet_is_a_quiet_line() -> None:
    image = painted(LaneColumns(floats(-0.5, 0, 0), floats(0.5, 0, 0), floats(0.2, 0, 0), read=2))

    middle = LanePlace(0, 100).middle
    assert column(image, 1)[middle] == CORE.name()
    assert [pixel for pixel in column(image, 2) if pixel] == [UNREAD.name()]
    assert column(image, 2)[middle] == UNREAD.name()


def test_clipped_columns_are_marked_at_both_edges_of_their_lane() -> None:
    clipped = np.array([False, True, False, False, False])
    image = painted(LaneColumns(*np.zeros((2, 5), np.float32), clipped=clipped), 60, top=20, whole=100)

    red = [[y for y, pixel in enumerate(column(image, x)) if pixel == CLIPPED.name()] for x in range(5)]
    assert red[1] == [20, 21, 22, 77, 78, 79]
    assert [bool(rows) for rows in red] == [False, True, True, False, False]


def test_a_picture_can_be_painted_over_an_old_one() -> None:
    old = painted(LaneColumns(floats(-1, -1), floats(1, 1)))

    new = wave_image([(LaneColumns(floats(0, 0), floats(0, 0)), LanePlace(0, 100))], (2, 100), COLORS, reuse=old)

    assert drawn_rows(new, 0) == [50]


def test_in_decibels_a_column_without_a_zero_crossing_reaches_the_line_of_silence() -> None:
    above, below = (
        painted(LaneColumns(floats(low), floats(low + 0.1), floats(0.45)), scale=WaveScale.DECIBELS)
        for low in (0.4, -0.5)
    )

    middle = LanePlace(0, 100).middle
    assert drawn_rows(above, 0)[-1] == drawn_rows(below, 0)[0] == middle
    assert column(above, 0)[middle - 1] == column(below, 0)[middle + 1] == CORE.name()
