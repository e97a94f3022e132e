"""The lowest and highest sample and the RMS of every stretch of a file, in layers: quick to draw at any zoom.

Source: the layers are those of bbc/audiowaveform, 256 frames a point at the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.clipped_runs import ClippedRuns

BASE_FRAMES = 256
_COARSEST_POINTS = 512
_POINTS_A_COLUMN = 4  # at least; so a column is exact to a quarter of its width
_INT16_SCALE = np.float32(1 / (1 << 15))

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


class Columns(NamedTuple):
    """What to draw, each of shape (channels, columns), nominally -1 to 1; `rms` is never negative."""

    low: Floats
    high: Floats
    rms: Floats


class Points(NamedTuple):
    """A row of points, each of shape (channels, points): int16 for 16 bit files, which keeps them exact and small,
    else float32; `squares` is float32, the sum of the squares of the samples, of which full scale is 1."""

    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    squares: Floats

    @staticmethod
    def room(channels: int, points: int, sample_type: npt.DTypeLike) -> Points:
        """Memory for so many points; it costs nothing until something is put there."""
        shape = (channels, points)
        return Points(np.empty(shape, sample_type), np.empty(shape, sample_type), np.empty(shape, np.float32))

    @property
    def length(self) -> int:
        return int(self.low.shape[1])

    def part(self, first: int, after: int) -> Points:
        """Some of them; shares their memory."""
        return Points(*(each[:, first:after] for each in self))

    def put(self, first: int, points: Points) -> None:
        """Copy other points to a place in these."""
        for mine, theirs in zip(self, points, strict=True):
            mine[:, first : first + points.length] = theirs

    def followed_by(self, more: Points) -> Points:
        return Points(*(np.concatenate(pair, axis=1) for pair in zip(self, more, strict=True)))

    def pairs(self) -> Points:
        """Two neighbours become one; an odd last point is left out."""
        low, high, squares = (each[:, : self.length // 2 * 2] for each in self)
        return Points(
            np.minimum(low[:, 0::2], low[:, 1::2]),
            np.maximum(high[:, 0::2], high[:, 1::2]),
            np.add(squares[:, 0::2], squares[:, 1::2]),
        )


class Layer(NamedTuple):
    """One layer of the pyramid.

    Attributes:
        point_frames: How many frames a point stands for.
        whole: The points for which all of the layer below is there; nobody changes them any more.
        rest: One point for what comes after them, if anything does.
    """

    point_frames: int
    whole: Points
    rest: Points | None = None

    @property
    def length(self) -> int:
        return self.whole.length + (self.rest is not None)

    def part(self, first: int, after: int) -> Points:
        """Some points, the rest counted as the last one."""
        part = self.whole.part(first, after)
        return part if self.rest is None or after <= self.whole.length else part.followed_by(self.rest)

    def halved(self, whole: Points | None = None) -> Layer:
        """The layer above this one.

        Args:
            whole: Its whole points, if they are known.
        """
        odd = self.part(self.whole.length // 2 * 2, self.length)
        rest = odd if odd.length < 2 else odd.pairs()
        return Layer(self.point_frames * 2, whole or self.whole.pairs(), rest if rest.length else None)


class Peaks:
    """The lowest and highest sample and the RMS of every stretch of a file, or of what is known of it so far."""

    def __init__(
        self,
        frames: int,
        sample_rate_hz: int,
        base: Layer,
        *,
        above: Sequence[Points] = (),
        clipped: ClippedRuns | None = None,
    ) -> None:
        """Build the upper layers on the lowest.

        Args:
            frames: How many the points stand for: the length of the file, or what was read of it so far.
            sample_rate_hz: Of the file.
            base: One point for every `point_frames` begun.
            above: The whole points of the layers above it, as far as they are there.
            clipped: Where it is clipped.
        """
        self.frames = frames
        self.sample_rate_hz = sample_rate_hz
        self.clipped_runs = clipped or ClippedRuns.none(len(base.whole.low))
        self._layers = [base]
        for whole in above:
            self._layers.append(self._layers[-1].halved(whole))
        while self._layers[-1].length > _COARSEST_POINTS:
            self._layers.append(self._layers[-1].halved())

    @property
    def channels(self) -> int:
        return len(self._layers[0].whole.low)

    @property
    def base(self) -> Layer:
        return self._layers[0]

    def finest_within(self, points: int) -> Layer:
        """The lowest layer that has no more than so many points; the uppermost if all have more."""
        return next((layer for layer in self._layers if layer.length <= points), self._layers[-1])

    def point_frames(self, start: float, end: float, columns: int) -> int:
        """How many frames a point has in the layer that `columns` uses for this."""
        return self._layer_for((end - start) / columns).point_frames

    def columns(self, start: float, end: float, columns: int) -> Columns:
        """Reduce a stretch of the file to as many columns.

        A point that lies across an edge belongs to the column after it, so columns are exact to a quarter of
        their width, or to the frames of a point at the base where they are narrower than four of those;
        `columns_of_samples` is exact there.

        Args:
            start: First frame; may lie before the file.
            end: The frame after the last; may lie past what is there.
            columns: How many, at least 1.
        Returns:
            Columns outside of what is there are silent.
        Raises:
            ValueError: columns is below 1, or end isn't past start.
        """
        edges = _edges(start, end, columns)
        layer = self._layer_for((end - start) / columns)
        result = _silent(self.channels, columns)
        left, right = np.searchsorted(edges[1:], 0, "right"), np.searchsorted(edges[:-1], self.frames, "left")
        if left >= right or not self.frames:
            return result
        inside = slice(int(left), int(right))
        starts, ends = edges[left:right], edges[left + 1 : right + 1]
        first = np.clip(starts // layer.point_frames, 0, layer.length - 1).astype(np.intp)
        after = np.clip(ends // layer.point_frames, first + 1, layer.length).astype(np.intp)
        after[ends >= self.frames] = layer.length  # there is no column after the last frame
        at = first - first[0]
        part = layer.part(int(first[0]), int(after[-1]))
        result.low[:, inside] = _scaled(np.minimum.reduceat(part.low, at, axis=1))
        result.high[:, inside] = _scaled(np.maximum.reduceat(part.high, at, axis=1))
        sums = np.add.reduceat(part.squares, at, axis=1)
        counts = np.minimum(after * layer.point_frames, self.frames) - first * layer.point_frames
        result.rms[:, inside] = np.sqrt(sums / counts)
        return result

    def clipped(self, start: float, end: float, columns: int) -> Bools:
        """Which of the same columns hold clipped samples: shape (channels, columns). Exact at any zoom, unless
        `clipped_runs.is_exact` is false.

        Raises:
            ValueError: columns is below 1, or end isn't past start.
        """
        edges = _edges(start, end, columns)
        first = np.floor(edges[:-1]).astype(np.int64)
        return self.clipped_runs.touching(first, np.maximum(np.floor(edges[1:]).astype(np.int64), first + 1))

    def _layer_for(self, column_frames: float) -> Layer:
        fine_enough = [layer for layer in self._layers if layer.point_frames * _POINTS_A_COLUMN <= column_frames]
        return fine_enough[-1] if fine_enough else self._layers[0]


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


def _edges(start: float, end: float, columns: int) -> npt.NDArray[np.float64]:
    if columns < 1 or end <= start:
        raise ValueError(f"{columns} columns from {start} to {end}")
    edges: npt.NDArray[np.float64] = start + np.arange(columns + 1, dtype=np.float64) * ((end - start) / columns)
    return edges


def _scaled(values: npt.NDArray[Any]) -> Floats:
    scaled: Floats = values * _INT16_SCALE if values.dtype == np.int16 else values
    return scaled


def _silent(channels: int, columns: int) -> Columns:
    low, high, rms = np.zeros((3, channels, columns), np.float32)
    return Columns(low, high, rms)
