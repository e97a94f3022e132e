"""Collects the points of a file in order; what is there so far can be drawn meanwhile."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.audio.clipped_runs import ClippedRunsFinder, FullScale, Runs, full_scale_of
from app.audio.pyramid import BASE_FRAMES, Layer, Peaks, Points
from app.audio.reduction import Reduction

_FIRST_POINTS = 1_024


class PeaksBuilder:
    """What it gave away is never changed.

    Args:
        frames: How long the file is as far as is known; it may become longer.
        sample_type: What its samples are read as: int16 or float32.
        full_scale: At which samples are clipped.
    """

    def __init__(
        self,
        channels: int,
        sample_rate_hz: int,
        *,
        frames: int = 0,
        sample_type: npt.DTypeLike = np.float32,
        full_scale: FullScale | None = None,
        with_rms: bool = True,
    ) -> None:
        self.channels = channels
        self._sample_rate_hz = sample_rate_hz
        self._sample_type = sample_type
        self._with_rms = with_rms
        self._reduction = Reduction(channels, with_rms=with_rms)
        self._finder = ClippedRunsFinder(channels, full_scale or full_scale_of("FLOAT", sample_type))
        self._frames = 0
        self._points = 0
        self._base = Points.room(channels, -(-frames // BASE_FRAMES), sample_type)
        self._above: list[Points] = []
        self._is_raised_to = 0

    def add(self, block: npt.NDArray[Any]) -> None:
        """Add the next block, shape (n, channels).

        All but the last must be a multiple of `BASE_FRAMES` long.
        """
        points = self._reduction.points_of(block)
        self.append(points, len(block), self.search(block, points, self._frames))

    def reduction(self) -> Reduction:
        """One for another thread."""
        return Reduction(self.channels, with_rms=self._with_rms)

    def search(self, block: npt.NDArray[Any], points: Points, start: int) -> list[Runs]:
        """Where a block is clipped; for `append`. Changes nothing: any thread may ask."""
        return self._finder.search(block, points.low, points.high, BASE_FRAMES, start)

    def append(self, points: Points, frames: int, clipped: list[Runs]) -> None:
        """Add what was made of the next block."""
        if self._points + points.length > self._base.length:
            room = max(_FIRST_POINTS, 2 * self._base.length, self._points + points.length)
            larger = Points.room(self.channels, room, self._sample_type)
            larger.put(0, self._base.part(0, self._points))
            self._base, self._above, self._is_raised_to = larger, [], 0
        self._base.put(self._points, points)
        self._finder.add(clipped)
        self._points += points.length
        self._frames += frames

    def so_far(self) -> Peaks:
        """The peaks of the blocks that were added."""
        self._raise()
        base = Layer(BASE_FRAMES, self._base.part(0, self._points))
        above = [layer.part(0, self._points >> level) for level, layer in enumerate(self._above, 1)]
        return Peaks(self._frames, self._sample_rate_hz, base, above=above, clipped=self._finder.so_far())

    def _raise(self) -> None:
        """Bring the layers above up to date: only whole points, which stay as they are."""
        if not self._above:
            levels = max(0, self._base.length.bit_length() - _FIRST_POINTS.bit_length() + 1)
            rooms = (self._base.length >> level for level in range(1, levels + 1))
            self._above = [Points.room(self.channels, room, self._sample_type) for room in rooms]
        below = self._base
        for level, layer in enumerate(self._above, 1):
            first, after = self._is_raised_to >> level, self._points >> level
            layer.put(first, below.part(2 * first, 2 * after).pairs())
            below = layer
        self._is_raised_to = self._points
