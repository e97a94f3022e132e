"""Tiles of a file's spectrogram: made one by one from what of the file they show, and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from app.audio.decoding import Sound
from app.audio.files import decoding_errors, inspect, open_sound, reading
from app.audio.growing import GrowingSound, open_growing
from app.audio.spectrogram import ROWS, Analysis, Floats, Levels
from app.audio.spectrogram_grid import TILE_COLUMNS, Grid

_MOST_LANES, _FEWEST_LANES = 8, 2  # as the lanes of a waveform: of more channels only two are shown
_BLOCK_FRAMES = 1 << 16
_PART_FRAMES = 1 << 18  # what is in memory of a tile that shows minutes
_READ_ON_FRAMES = 1 << 16  # a gap so short is decoded: finding a place in an MP3 or a Vorbis file costs more
_KEPT_BYTES = 96 << 20


class TileKey(NamedTuple):
    """Which columns of the file: those from `number * TILE_COLUMNS` on."""

    grid: Grid
    number: int

    @property
    def start(self) -> int:
        """Its first frame."""
        return self.number * self.grid.tile_frames

    @property
    def reach(self) -> int:
        """After the last frame that it looks at."""
        return self.start + self.grid.tile_frames + self.grid.lead_in


class _Tile(NamedTuple):
    levels: Levels
    made_of: int | None


class TileMaker:
    """Makes tiles of one file, in any order, most cheaply in that of the file. For one thread; blocks.

    The file stays open until `close`, so that tiles that follow each other are read straight on.

    Attributes:
        frames: How long the file is; of one that grows, how much of it was there for the last tile.
    """

    def __init__(self, path: Path, *, is_growing: bool = False) -> None:
        """Open a file.

        Args:
            is_growing: It is a WAV that is still being written.
        Raises:
            BrokenAudio: It can't be decoded, or not before it is whole.
            StorageError: It is missing or can't be read.
        """
        self.path = path
        self.frames = 0 if is_growing else inspect(path).frames  # what a header says may be wrong
        self._closing = ExitStack()
        self._growing: GrowingSound | None = None
        self._sound: Sound | GrowingSound
        with reading(path):
            if is_growing:
                self._sound = self._growing = self._closing.enter_context(open_growing(path))
            else:
                self._sound = self._closing.enter_context(open_sound(path))
        channels = self._sound.channels
        self._rate_hz = self._sound.sample_rate_hz
        self._lanes = channels if channels <= _MOST_LANES else _FEWEST_LANES
        self._place = 0  # of the file
        self._kept = np.zeros((self._lanes, 0), np.float32)  # what was read last, for the next tile begins within it
        self._kept_from = 0
        self._analyses: dict[Grid, Analysis] = {}

    def close(self) -> None:
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def make(self, key: TileKey, *, cancelled: Callable[[], bool] = lambda: False) -> Levels:
        """The levels of a tile.

        However wide its columns are, all of the file is looked at: a click shows from any distance.

        Args:
            cancelled: Asked several times while it takes long.
        Returns:
            Shape (lanes, TILE_COLUMNS, ROWS), as of `Analysis.columns`; a lane for each channel, of more than
            eight for the first two. What lies outside the file, or isn't there yet, is silent.
        Raises:
            BrokenAudio: The file can't be decoded.
            StorageError: The file can't be read.
            concurrent.futures.CancelledError: `cancelled` said so.
        """
        grid = key.grid
        if self._growing is not None:
            self.frames = self._growing.frames
        analysis = self._analyses.get(grid) or self._analyses.setdefault(grid, Analysis(grid, self._rate_hz))
        levels = np.zeros((self._lanes, TILE_COLUMNS, ROWS), np.uint8)
        at_once = max(1, min(TILE_COLUMNS, _PART_FRAMES // grid.column_frames))
        for column in range(0, TILE_COLUMNS, at_once):
            if cancelled():
                raise CancelledError
            start = key.start + column * grid.column_frames - grid.lead_in
            if start >= self.frames:
                break
            samples = self._read(start, analysis.frames_for(at_once))
            for lane in range(self._lanes):
                levels[lane, column : column + at_once] = analysis.columns(samples[lane], at_once)
        return levels

    def _read(self, start: int, frames: int) -> Floats:
        """Shape (lanes, frames); silence before the file and after it."""
        found = np.zeros((self._lanes, frames), np.float32)
        have = max(start, 0)
        end = min(start + frames, self.frames)
        kept_to = self._kept_from + self._kept.shape[1]
        if self._kept_from <= have < kept_to:
            known = self._kept[:, have - self._kept_from : end - self._kept_from]
            found[:, have - start : have - start + known.shape[1]] = known
            have += known.shape[1]
        if have < end:
            with reading(self.path), decoding_errors():
                self._decode(have, found[:, have - start : end - start])
        self._kept, self._kept_from = found[:, : end - start], start  # there may be more after the end by then
        return found

    def _decode(self, start: int, out: Floats) -> None:
        if not self._place <= start <= self._place + _READ_ON_FRAMES:
            self._sound.seek(start)
            self._place = start
        while self._place < start:
            skipped = self._sound.read(start - self._place)
            if not len(skipped):
                return
            self._place += len(skipped)
        done = 0
        while done < out.shape[1]:
            block = self._sound.read(min(_BLOCK_FRAMES, out.shape[1] - done))
            if not len(block):
                return  # shorter than it says it is
            out[:, done : done + len(block)] = block[:, : self._lanes].T
            done += len(block)
            self._place += len(block)


class TileStore:
    """Tiles that were made; those that were not asked for longest go when there are more than fit."""

    def __init__(self, *, max_bytes: int = _KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._frames = 0
        self._tiles: OrderedDict[TileKey, _Tile] = OrderedDict()
        self._grids: dict[Grid, int] = {}

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles

    @property
    def grids(self) -> list[Grid]:
        """Those that there are tiles of."""
        return list(self._grids)

    @property
    def bytes(self) -> int:
        return self._bytes

    def grow(self, frames: int) -> None:
        """The sound is so long by now."""
        self._frames = frames

    def is_current(self, key: TileKey) -> bool:
        """Whether a tile is there that shows all of its place that has arrived by now."""
        tile = self._tiles.get(key)
        return tile is not None and (tile.made_of is None or tile.made_of >= min(self._frames, key.reach))

    def get(self, key: TileKey) -> Levels | None:
        """A tile, which counts as used from then on."""
        tile = self._tiles.get(key)
        if tile is None:
            return None
        self._tiles.move_to_end(key)
        return tile.levels

    def put(self, key: TileKey, levels: Levels, made_of: int | None = None) -> None:
        """Keep a tile; the newest one stays however large it is.

        Args:
            made_of: How many frames of a sound that grows were there for it; None for one that is whole.
        """
        self._drop(key)
        self._tiles[key] = _Tile(levels, made_of)
        self._bytes += levels.nbytes
        self._grids[key.grid] = self._grids.get(key.grid, 0) + 1
        while self._bytes > self._max_bytes and len(self._tiles) > 1:
            self._drop(next(iter(self._tiles)))

    def _drop(self, key: TileKey) -> None:
        tile = self._tiles.pop(key, None)
        if tile is None:
            return
        self._bytes -= tile.levels.nbytes
        self._grids[key.grid] -= 1
        if not self._grids[key.grid]:
            del self._grids[key.grid]
