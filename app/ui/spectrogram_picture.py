"""Puts tiles together to what a waveform’s lanes show of a spectrogram, one level for each device pixel.

Imports NumPy, so the window loads this module when a spectrogram is first wanted and not at its start.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from app.audio.spectrogram import ROWS, Levels
from app.audio.spectrogram_grid import TILE_COLUMNS, Grid
from app.audio.spectrogram_tiles import TileKey, TileStore
from app.ui.lane_place import LanePlace
from app.ui.view_span import ViewSpan

_Mask = npt.NDArray[np.bool_]
_Numbers = npt.NDArray[np.intp]
_KEPT_STRIPS = 256
_QUIET_SHARE, _LOUD_SHARE = 0.02, 0.9995
_TURNED_COLUMNS = 64  # at once, so that what is read and what is written stay in the cache


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be seen: which frames, and how many device pixels there are for them."""

    span: ViewSpan
    width: int
    height: int
    lanes: tuple[LanePlace, ...]

    @property
    def pixel_frames(self) -> float:
        return self.span.length / self.width

    def grid(self, sample_rate_hz: int) -> Grid:
        """The columns that are right for this zoom."""
        return Grid.nearest(self.pixel_frames, sample_rate_hz)

    def tiles(self, grid: Grid) -> range:
        """Numbers of the tiles in sight, those at the edges that colours run into included."""
        half = grid.column_frames / 2
        last = max(min(self.span.end + half, self.span.total) - 1, 0)
        first = min(max(self.span.start - half, 0), last)
        return range(int(first // grid.tile_frames), int(last // grid.tile_frames) + 1)


class _Strip(NamedTuple):
    """A tile, and what it looks like on lanes of some height, shape (TILE_COLUMNS, height)."""

    tile: Levels
    levels: Levels


class SpectrogramPicture:
    """Draws from a store of tiles. What isn't there is taken from coarser or finer tiles of the same place."""

    def __init__(self, store: TileStore, sample_rate_hz: int) -> None:
        self._store = store
        self._rate_hz = sample_rate_hz
        self._strips: OrderedDict[TileKey, _Strip] = OrderedDict()
        self._strips_of: tuple[int, tuple[LanePlace, ...]] | None = None

    def grow(self, frames: int) -> None:
        """The sound is so long by now: what shows less of its place has to be made anew."""
        self._store.grow(frames)

    def missing(self, frame: Frame) -> list[TileKey]:
        """Which tiles in sight have to be made, from left to right; then those that would be scrolled to next."""
        grid = frame.grid(self._rate_hz)
        seen = frame.tiles(grid)
        last = (frame.span.total - 1) // grid.tile_frames
        beside = [number for number in (seen.stop, seen.start - 1) if 0 <= number <= last]
        wanted = [TileKey(grid, number) for number in (*seen, *beside)]
        return [key for key in wanted if not self._store.is_current(key)]

    def levels(self, frame: Frame) -> Levels:
        """The stored levels behind every pixel, shape (height, stride); the stride is a multiple of four.

        Where a pixel is wider than a column, the louder one of its columns counts; where it is narrower, levels
        run into each other.
        """
        grid = frame.grid(self._rate_hz)
        strips = self._side_by_side(frame, grid)
        begin = frame.tiles(grid).start * TILE_COLUMNS
        edges = (frame.span.start + np.arange(frame.width + 1) * frame.pixel_frames) / grid.column_frames - begin
        if frame.pixel_frames >= grid.column_frames:
            # A column belongs to the pixel that holds its middle: one or two to a pixel.
            owned = np.ceil(edges - 0.5).astype(np.intp)
            pixels = strips[np.clip(owned[:-1], 0, len(strips) - 1)]
            np.maximum(pixels, strips[np.clip(owned[1:] - 1, 0, len(strips) - 1)], out=pixels)
        else:
            pixels = _between(strips, (edges[:-1] + edges[1:]) / 2 - 0.5)
        return _turned(pixels)

    def image(self, frame: Frame) -> QImage:
        """The levels as an image that waits for its colour table."""
        levels = self.levels(frame)
        image = QImage(levels.data, frame.width, frame.height, levels.shape[1], QImage.Format.Format_Indexed8)
        return image.copy()  # `levels` may go

    def unknown(self, frame: Frame) -> list[tuple[int, int]]:
        """Stretches of pixels that no tile of any zoom tells of, each from its first to after its last."""
        grid = frame.grid(self._rate_hz)
        lacking = [
            self._sources(key)[1] if (key := TileKey(grid, number)) not in self._store else np.zeros(TILE_COLUMNS, bool)
            for number in frame.tiles(grid)
        ]
        changes = np.flatnonzero(np.diff(np.concatenate([[False], *lacking, [False]]).astype(np.int8)))
        begin = frame.tiles(grid).start * TILE_COLUMNS
        edges = ((begin + changes) * grid.column_frames - frame.span.start) / frame.pixel_frames
        pixels = [int(each) for each in np.clip(np.rint(edges), 0, frame.width)]
        return [(left, right) for left, right in zip(pixels[::2], pixels[1::2], strict=True) if left < right]

    def is_known(self, frame: Frame, at_frame: float) -> bool:
        """Whether what is shown at a frame of the sound is of this zoom."""
        grid = frame.grid(self._rate_hz)
        return TileKey(grid, int(at_frame // grid.tile_frames)) in self._store

    def loudest(self, frame: Frame, at_frame: float) -> tuple[float, int] | None:
        """Where the loudest frequency is at a frame of the sound; None if that isn't known at this zoom.

        Returns:
            How far up the axis, 0 to 1, and its stored level; of all lanes the loudest.
        """
        grid = frame.grid(self._rate_hz)
        tile = self._store.get(TileKey(grid, int(at_frame // grid.tile_frames)))
        if tile is None:
            return None
        levels = tile[:, int(at_frame // grid.column_frames) % TILE_COLUMNS].max(axis=0)
        row = int(levels.argmax())
        return (row + 0.5) / ROWS, int(levels[row])

    def extremes(self, frame: Frame) -> tuple[int, int] | None:
        """The stored levels that hardly anything of what sounds lies below, and above."""
        counts = np.bincount(self.levels(frame).ravel(), minlength=256)
        counts[0] = 0
        total = int(counts.sum())
        if not total:
            return None
        below = np.cumsum(counts) / total
        return int(np.searchsorted(below, _QUIET_SHARE)), int(np.searchsorted(below, _LOUD_SHARE))

    def _side_by_side(self, frame: Frame, grid: Grid) -> Levels:
        """All columns of the tiles in sight, shape (columns, height)."""
        seen = frame.tiles(grid)
        whole = np.zeros((len(seen) * TILE_COLUMNS, frame.height), np.uint8)
        for place, number in enumerate(seen):
            key = TileKey(grid, number)
            part = whole[place * TILE_COLUMNS : (place + 1) * TILE_COLUMNS]
            strip = self._strip(frame, key)
            if strip is not None:
                part[:] = strip
            else:
                self._stand_in(frame, key, part)
        return whole

    def _stand_in(self, frame: Frame, key: TileKey, out: Levels) -> None:
        """What other zooms know of a tile’s place."""
        sources, _lacking = self._sources(key)
        for source, of_it, columns in sources:
            strip = self._strip(frame, source)
            if strip is not None:
                out[of_it] = strip[columns % TILE_COLUMNS]

    def _sources(self, key: TileKey) -> tuple[list[tuple[TileKey, _Mask, _Numbers]], _Mask]:
        """Tiles of other zooms for a place, the nearest zoom first and a coarser one before a finer.

        Returns:
            Of each tile the columns of the place that it tells of, and their numbers in its own grid; and the
            columns that no tile tells of.
        """
        middles = key.start + (np.arange(TILE_COLUMNS) + 0.5) * key.grid.column_frames
        lacking = np.ones(TILE_COLUMNS, bool)
        found: list[tuple[TileKey, _Mask, _Numbers]] = []

        def distance(grid: Grid) -> tuple[float, bool]:
            steps = math.log2(grid.column_frames / key.grid.column_frames)
            return abs(steps), steps < 0

        for grid in sorted(self._store.grids, key=distance):
            columns = (middles // grid.column_frames).astype(np.intp)
            for number in sorted(set((columns[lacking] // TILE_COLUMNS).tolist())):
                source = TileKey(grid, number)
                if source in self._store:
                    of_it = lacking & (columns // TILE_COLUMNS == number)
                    found.append((source, of_it, columns[of_it]))
                    lacking &= ~of_it
            if not lacking.any():
                break
        return found, lacking

    def _strip(self, frame: Frame, key: TileKey) -> Levels | None:
        """A tile in the height and order of the lanes, shape (TILE_COLUMNS, height); None where there is none."""
        if self._strips_of != (frame.height, frame.lanes):
            self._strips.clear()
            self._strips_of = (frame.height, frame.lanes)
        tile = self._store.get(key)
        known = self._strips.get(key)
        if known is not None and (tile is None or tile is known.tile):
            self._strips.move_to_end(key)
            return known.levels
        if tile is None:
            return None
        strip = np.zeros((TILE_COLUMNS, frame.height), np.uint8)
        for levels, place in zip(tile, frame.lanes, strict=False):
            strip[:, place.top : place.top + place.height] = _scaled(levels, place.height)[:, ::-1]
        self._strips[key] = _Strip(tile, strip)
        while len(self._strips) > _KEPT_STRIPS:
            self._strips.popitem(last=False)
        return strip


def _scaled(levels: Levels, height: int) -> Levels:
    """Rows made as many as there are pixels: the loudest of several, or something between two."""
    lines = np.ascontiguousarray(levels.T)
    if height >= ROWS:
        return _between(lines, np.linspace(0.5, height - 0.5, height) * (ROWS / height) - 0.5).T
    first = np.arange(height) * ROWS // height
    last = np.arange(1, height + 1) * ROWS // height - 1
    scaled = lines[first]
    for step in range(1, math.ceil(ROWS / height)):
        np.maximum(scaled, lines[np.minimum(first + step, last)], out=scaled)
    return scaled.T


def _between(lines: Levels, places: npt.NDArray[np.float64]) -> Levels:
    """Lines at fractional places, mixed of the two neighbours."""
    last = len(lines) - 1
    inside = np.clip(places, 0, last)
    before = np.minimum(inside.astype(np.intp), max(last - 1, 0))
    share = ((inside - before) * 256).astype(np.uint16)[:, None]
    mixed = lines[before] * (256 - share)
    mixed += lines[np.minimum(before + 1, last)] * share
    mixed >>= 8
    return mixed.astype(np.uint8)


def _turned(pixels: Levels) -> Levels:
    """Columns to lines, each as long as an image wants it: a multiple of four bytes."""
    width, height = pixels.shape
    lines = np.empty((height, (width + 3) // 4 * 4), np.uint8)
    for left in range(0, width, _TURNED_COLUMNS):
        part = pixels[left : left + _TURNED_COLUMNS]
        lines[:, left : left + len(part)] = part.T
    return lines
