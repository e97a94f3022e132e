"""The min/max/RMS pyramid of a file, for drawing it at any zoom without reading it again.

The file is read once, in small blocks. A block is halved again and again (the lower of its left and right
half, and so on) until one value for each channel is left: several times faster than a minimum over 256.
Everything that reads a file blocks: call it off the GUI thread. `Peaks.columns` is quick.
Source: the pyramid is that of bbc/audiowaveform, 256 frames a point at the base.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.files import inspect, open_sound, read_blocks, reading
from app.domain.audio import BitDepth

BASE_FRAMES = 256
_POINTS_A_BLOCK = 256
_COARSEST_POINTS = 512
_INT16_SCALE = np.float32(1 / (1 << 15))

Floats = npt.NDArray[np.float32]


class Columns(NamedTuple):
    """What to draw, each of shape (channels, columns), nominally -1 to 1; `rms` is never negative."""

    low: Floats
    high: Floats
    rms: Floats


class _Level(NamedTuple):
    """One layer of the pyramid, each of shape (channels, points); `squares` are sums."""

    point_frames: int
    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    squares: Floats


class Peaks:
    """The lowest and highest sample and the RMS of every stretch of a file."""

    def __init__(
        self,
        frames: int,
        sample_rate_hz: int,
        low: npt.NDArray[Any],
        high: npt.NDArray[Any],
        squares: Floats,
    ) -> None:
        """Build the upper layers on the lowest.

        Args:
            frames: Length of the file.
            sample_rate_hz: Of the file.
            low: Shape (channels, points), one point for every `BASE_FRAMES` begun; int16 for 16 bit files
                (which keeps them exact and small), else float32.
            high: Likewise.
            squares: Likewise, float32: the sum of the squares of the samples (full scale is 1).
        """
        self.frames = frames
        self.sample_rate_hz = sample_rate_hz
        self._levels = [_Level(BASE_FRAMES, low, high, squares)]
        while self._levels[-1].low.shape[1] > _COARSEST_POINTS:
            self._levels.append(_halved(self._levels[-1]))

    @property
    def channels(self) -> int:
        return int(self._levels[0].low.shape[0])

    @property
    def base(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Floats]:
        """The lowest layer as it was given: low, high, squares."""
        level = self._levels[0]
        return level.low, level.high, level.squares

    def point_frames(self, start: float, end: float, columns: int) -> int:
        """How many frames a point has in the layer that `columns` uses for this."""
        return self._level_for((end - start) / columns).point_frames

    def columns(self, start: float, end: float, columns: int) -> Columns:
        """Reduce a stretch of the file to as many columns.

        A point that lies across an edge belongs to the column after it, so columns are exact to a quarter of
        their width, or to `BASE_FRAMES` where they are narrower than 1,024 frames; `columns_of_samples` is
        exact there.

        Args:
            start: First frame; may lie before the file.
            end: The frame after the last; may lie past the file.
            columns: How many, at least 1.
        Returns:
            Columns outside the file are silent.
        Raises:
            ValueError: columns is below 1, or end isn't past start.
        """
        if columns < 1 or end <= start:
            raise ValueError(f"{columns} columns from {start} to {end}")
        level = self._level_for((end - start) / columns)
        edges = start + np.arange(columns + 1) * ((end - start) / columns)
        inside = np.flatnonzero((edges[:-1] < self.frames) & (edges[1:] > 0))
        result = _silent(self.channels, columns)
        if not len(inside) or not self.frames:
            return result
        points = level.low.shape[1]
        first = np.clip(edges[inside] // level.point_frames, 0, points - 1).astype(np.intp)
        after = np.clip(edges[inside + 1] // level.point_frames, first + 1, points).astype(np.intp)
        after[edges[inside + 1] >= self.frames] = points  # there is no column after the last frame
        at = first - first[0]
        part = slice(first[0], after[-1])
        result.low[:, inside] = _scaled(np.minimum.reduceat(level.low[:, part], at, axis=1))
        result.high[:, inside] = _scaled(np.maximum.reduceat(level.high[:, part], at, axis=1))
        sums = np.add.reduceat(level.squares[:, part], at, axis=1)
        counts = np.minimum(after * level.point_frames, self.frames) - first * level.point_frames
        result.rms[:, inside] = np.sqrt(sums / counts)
        return result

    def _level_for(self, column_frames: float) -> _Level:
        fine_enough = [level for level in self._levels if level.point_frames * 4 <= column_frames]
        return fine_enough[-1] if fine_enough else self._levels[0]


class PeaksBuilder:
    """Takes the blocks of a file in order; what there is so far can be drawn meanwhile."""

    def __init__(self, channels: int, sample_rate_hz: int) -> None:
        self._channels = channels
        self._sample_rate_hz = sample_rate_hz
        self._frames = 0
        self._parts: list[tuple[npt.NDArray[Any], npt.NDArray[Any], Floats]] = []
        self._squares = np.empty(0, np.float32)

    def add(self, block: npt.NDArray[Any]) -> None:
        """Add a block, shape (n, channels), int16 or float32.

        All but the last must be a multiple of `BASE_FRAMES` long.
        """
        whole = len(block) // BASE_FRAMES
        if whole:
            self._add_points(np.ascontiguousarray(block[: whole * BASE_FRAMES]).reshape(whole, -1))
        rest = block[whole * BASE_FRAMES :]
        if len(rest):  # repeating the last frame changes neither minimum nor maximum
            padded = np.concatenate([rest, np.repeat(rest[-1:], BASE_FRAMES - len(rest), axis=0)])
            self._add_points(np.ascontiguousarray(padded).reshape(1, -1), len(rest))
        self._frames += len(block)

    def so_far(self) -> Peaks:
        """The peaks of the blocks that were added."""
        if not self._parts:
            nothing = np.zeros((self._channels, 0), np.float32)
            return Peaks(0, self._sample_rate_hz, nothing, nothing, nothing)
        low, high, squares = (np.ascontiguousarray(np.concatenate(each).T) for each in zip(*self._parts, strict=True))
        return Peaks(self._frames, self._sample_rate_hz, low, high, squares)

    def _add_points(self, rows: npt.NDArray[Any], frames_of_last: int = BASE_FRAMES) -> None:
        low = _fold(np.minimum, rows, self._channels)
        high = _fold(np.maximum, rows, self._channels)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            rows = np.nan_to_num(rows, nan=0.0, posinf=1.0, neginf=-1.0)
            low = _fold(np.minimum, rows, self._channels)
            high = _fold(np.maximum, rows, self._channels)
        if rows.size > len(self._squares):
            self._squares = np.empty(rows.size, np.float32)
        squares = self._squares[: rows.size].reshape(rows.shape)
        np.multiply(rows, rows, out=squares, dtype=np.float32)
        if frames_of_last < BASE_FRAMES:
            squares[-1, frames_of_last * self._channels :] = 0.0
        sums = _fold(np.add, squares, self._channels)
        if rows.dtype == np.int16:
            sums *= _INT16_SCALE * _INT16_SCALE
        self._parts.append((low, high, sums))


def build(
    path: Path,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Peaks:
    """Read a file once and reduce it.

    Args:
        path: The file.
        progress: Told the fraction that is done, many times.
        cancelled: Asked before each block.
    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info = inspect(path)
    # Reading integers from other encodings would cost their accuracy, or what lies above full scale.
    sample_type = "int16" if info.bit_depth is BitDepth.INT16 else "float32"
    builder = PeaksBuilder(info.channels, info.sample_rate_hz)
    done = 0
    with reading(path), open_sound(path) as sound:
        block = np.empty((_POINTS_A_BLOCK * BASE_FRAMES, info.channels), sample_type)
        while len(got := sound.read_into(block)):
            if cancelled():
                raise CancelledError
            builder.add(got)
            done += len(got)
            progress(min(1.0, done / max(1, info.frames)))
    return builder.so_far()


def samples(path: Path, start: int, frames: int) -> Floats:
    """Decode a short stretch for drawing single samples.

    Returns:
        Shape (channels, n); n is smaller than `frames` at the end of the file.
    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
    """
    blocks = list(read_blocks(path, start, frames))
    if not blocks:
        return np.zeros((inspect(path).channels, 0), np.float32)
    return np.ascontiguousarray(np.concatenate(blocks).T)


def columns_of_samples(block: Floats, columns: int) -> Columns:
    """Reduce samples themselves to columns, exactly; for a zoom closer than the pyramid is.

    Args:
        block: Shape (channels, frames), at least one frame.
        columns: How many, at least 1. More columns than frames repeat frames.
    """
    frames = block.shape[1]
    edges = np.arange(columns + 1) * frames // columns
    first, after = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
    sums = np.add.reduceat(block * block, first, axis=1)
    return Columns(
        np.minimum.reduceat(block, first, axis=1),
        np.maximum.reduceat(block, first, axis=1),
        np.sqrt(sums / (after - first).astype(np.float32)),
    )


def _fold(lower: np.ufunc, rows: npt.NDArray[Any], channels: int) -> npt.NDArray[Any]:
    """Halve rows of interleaved frames until one frame is left: shape (points, channels)."""
    width = rows.shape[1]
    while width > channels:
        width //= 2
        rows = lower(rows[:, :width], rows[:, width:])
    return rows


def _halved(level: _Level) -> _Level:
    def fold(pairwise: np.ufunc, values: npt.NDArray[Any], filler: npt.NDArray[Any] | None) -> Any:
        if values.shape[1] % 2:
            last = values[:, -1:] if filler is None else filler
            values = np.concatenate([values, last], axis=1)
        return pairwise(values[:, 0::2], values[:, 1::2])

    nothing = np.zeros((len(level.squares), 1), np.float32)
    return _Level(
        level.point_frames * 2,
        fold(np.minimum, level.low, None),
        fold(np.maximum, level.high, None),
        fold(np.add, level.squares, nothing),
    )


def _scaled(values: npt.NDArray[Any]) -> Floats:
    scaled: Floats = values * _INT16_SCALE if values.dtype == np.int16 else values
    return scaled


def _silent(channels: int, columns: int) -> Columns:
    low, high, rms = np.zeros((3, channels, columns), np.float32)
    return Columns(low, high, rms)
