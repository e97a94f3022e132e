from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.audio.spectrogram import ROWS, Levels
from app.audio.spectrogram_grid import TILE_COLUMNS, Grid
from app.audio.spectrogram_tiles import TileKey, TileStore
from app.ui.lane_place import LanePlace
from app.ui.spectrogram_picture import Frame, SpectrogramPicture
from app.ui.view_span import ViewSpan

RATE_HZ = 48_000
TOTAL = 480_000


def frame_of(start: float, end: float, *, width: int = 200, height: int = 64, lanes: int = 1) -> Frame:
    places = tuple(LanePlace(lane * (height + 1), height) for lane in range(lanes))
    return Frame(ViewSpan(start, end, TOTAL), width, places[-1].top + height, places)


def shade_of(column: int) -> int:
    """A level for every column that its neighbours don't have."""
    return 40 + column * 37 % 199


def tile_of(key: TileKey, lanes: int = 1) -> Levels:
    columns = [shade_of(key.number * TILE_COLUMNS + column) for column in range(TILE_COLUMNS)]
    levels = np.empty((lanes, TILE_COLUMNS, ROWS), np.uint8)
    levels[:] = np.array(columns, np.uint8)[None, :, None]
    return levels


def filled(frame: Frame, *, lanes: int = 1) -> SpectrogramPicture:
    store = TileStore()
    picture = SpectrogramPicture(store, RATE_HZ)
    for key in picture.missing(frame):
        store.put(key, tile_of(key, lanes))
    return picture


@given(start=st.floats(0, TOTAL - 500), pixel_frames=st.floats(4, 2_300), width=st.integers(1, 300), height=st.just(16))
@settings(max_examples=60)
def test_a_pixel_shows_the_louder_of_its_columns(start: float, pixel_frames: float, width: int, height: int) -> None:
    end = min(start + width * pixel_frames, float(TOTAL))
    frame = frame_of(start, end, width=width, height=height)
    grid = frame.grid(RATE_HZ)
    assume(frame.pixel_frames >= grid.column_frames)

    levels = filled(frame).levels(frame)

    for x in range(width):
        left, right = start + x * frame.pixel_frames, start + (x + 1) * frame.pixel_frames
        firsts, afters = (
            {math.ceil(edge / grid.column_frames - 0.5 + beside) for beside in (-1e-6, 1e-6)} for edge in (left, right)
        )
        allowed = {max(map(shade_of, range(first, after)), default=-1) for first in firsts for after in afters}
        assert int(levels[0, x]) in allowed


def test_closer_than_the_columns_levels_run_into_each_other() -> None:
    frame = frame_of(1_000, 1_008, width=80)
    assert frame.grid(RATE_HZ).column_frames == 2

    line = filled(frame).levels(frame)[0, :80].astype(int)

    first = 1_000 // 2
    assert [line[10 + 20 * column] for column in range(4)] == pytest.approx(
        [shade_of(first + column) for column in range(4)], abs=6
    )
    between = sorted((shade_of(first), shade_of(first + 1)))
    assert all(between[0] <= each <= between[1] for each in line[10:30])


def test_high_frequencies_are_at_the_top_of_each_lane() -> None:
    frame = frame_of(0, 20_000, height=64, lanes=2)
    store = TileStore()
    picture = SpectrogramPicture(store, RATE_HZ)
    for key in picture.missing(frame):
        tile = np.zeros((2, TILE_COLUMNS, ROWS), np.uint8)
        tile[0, :, ROWS - 1] = 200
        tile[1, :, 0] = 100
        store.put(key, tile)

    column = picture.levels(frame)[:, 50]

    assert {y: int(column[y]) for y in np.flatnonzero(column)} == {0: 200, 128: 100}


@pytest.mark.parametrize("height", [3, 100, ROWS, 700])
def test_every_row_is_seen_in_lanes_of_any_height(height: int) -> None:
    frame = frame_of(0, 20_000, height=height)
    grid = frame.grid(RATE_HZ)
    for row in (0, 100, 333, ROWS - 1):
        store = TileStore()
        tile = np.zeros((1, TILE_COLUMNS, ROWS), np.uint8)
        tile[0, :, row] = 200
        store.put(TileKey(grid, 0), tile)

        column = SpectrogramPicture(store, RATE_HZ).levels(frame)[:, 50]

        assert column.max() >= 100
        place = height - 1 - int(column.argmax())
        assert abs((place + 0.5) / height - (row + 0.5) / ROWS) <= 1 / min(height, ROWS)


def test_what_is_missing_is_asked_for_from_left_to_right_and_then_what_is_beside() -> None:
    frame = frame_of(100_000, 200_000)
    grid = frame.grid(RATE_HZ)
    store = TileStore()
    store.put(TileKey(grid, 3), np.zeros((1, TILE_COLUMNS, ROWS), np.uint8))

    missing = SpectrogramPicture(store, RATE_HZ).missing(frame)

    assert grid == Grid(256, 2_048)
    assert [key.number for key in missing] == [4, 5, 6, 7, 2]


def test_at_the_ends_of_the_sound_nothing_is_asked_for_beside() -> None:
    frame = frame_of(0, TOTAL)
    store = TileStore()

    missing = SpectrogramPicture(store, RATE_HZ).missing(frame)

    assert [key.number for key in missing] == list(range(math.ceil(TOTAL / missing[0].grid.tile_frames)))


@pytest.mark.parametrize("factor", [1 / 8, 1 / 2, 2, 8])
def test_until_a_tile_is_there_other_zooms_stand_in(factor: float) -> None:
    frame = frame_of(0, 51_200)
    grid = frame.grid(RATE_HZ)
    other = Grid(round(grid.column_frames * factor), 2_048)
    store = TileStore()
    picture = SpectrogramPicture(store, RATE_HZ)
    middle = 25_600
    number = middle // other.tile_frames
    tile = np.zeros((1, TILE_COLUMNS, ROWS), np.uint8)
    tile[:, :, :] = 30
    tile[0, middle // other.column_frames % TILE_COLUMNS] = 99
    store.put(TileKey(other, number), tile)

    line = picture.levels(frame)[0, :200]

    bright = np.flatnonzero(line == 99) if factor >= 1 else np.flatnonzero(line >= 30)
    assert len(bright) > 0
    assert bright.min() * 256 - other.tile_frames <= middle <= bright.max() * 256 + other.tile_frames
    assert picture.missing(frame)


def test_what_no_zoom_knows_is_told_in_pixels() -> None:
    frame = frame_of(0, 51_200)
    store = TileStore()
    picture = SpectrogramPicture(store, RATE_HZ)
    assert picture.unknown(frame) == [(0, 200)]

    store.put(TileKey(Grid(512, 4_096), 0), np.zeros((1, TILE_COLUMNS, ROWS), np.uint8))  # 65,536 frames
    assert picture.unknown(frame) == []
    assert picture.unknown(frame_of(0, 102_400)) == [(128, 200)]

    store.put(TileKey(Grid(512, 4_096), 1), np.zeros((1, TILE_COLUMNS, ROWS), np.uint8))
    assert picture.unknown(frame_of(0, 102_400)) == []


def test_the_levels_worth_a_colour_leave_silence_out() -> None:
    frame = frame_of(0, 20_000)
    store = TileStore()
    picture = SpectrogramPicture(store, RATE_HZ)
    assert picture.extremes(frame) is None
    for key in picture.missing(frame):
        tile = np.zeros((1, TILE_COLUMNS, ROWS), np.uint8)
        tile[:, :, 100:] = np.linspace(50, 150, ROWS - 100).astype(np.uint8)
        store.put(key, tile)

    low, high = picture.extremes(frame) or (0, 0)

    assert 50 <= low <= 65
    assert 145 <= high <= 150
