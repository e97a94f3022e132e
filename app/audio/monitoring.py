"""Left alone, right alone or the mean of both on both sides, changed without a click."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.audio.glide import Ramp
from app.audio.player_events import Monitor

Floats = npt.NDArray[np.float32]


class Monitoring:
    """Applies a `Monitor` in place; crosses over to another one, and takes the next when that is over."""

    def __init__(self, ramp: Ramp, monitor: Monitor) -> None:
        self._ramp = ramp
        self._now = self._from = monitor
        self._done = ramp.frames
        self._crossing = np.zeros((ramp.frames, 2), np.float32)
        self._half = np.float32(0.5)

    def apply(self, out: Floats, wanted: Monitor) -> None:
        """Shape (n, 2)."""
        ramp = self._ramp
        if wanted is not self._now and self._done == ramp.frames:
            self._from, self._now, self._done = self._now, wanted, 0
        count = min(len(out), ramp.frames - self._done)
        if count > 0:
            end = self._done + count
            old, new = out[:count], self._crossing[:count]
            np.copyto(new, old)
            self._put(self._now, new)
            self._put(self._from, old)
            new *= ramp.rising[self._done : end]
            old *= ramp.falling[self._done : end]
            old += new
            self._done = end
        self._put(self._now, out[count:] if count > 0 else out)

    def _put(self, monitor: Monitor, out: Floats) -> None:
        left, right = out[:, 0], out[:, 1]
        if monitor is Monitor.LEFT:
            np.copyto(right, left)
        elif monitor is Monitor.RIGHT:
            np.copyto(left, right)
        elif monitor is Monitor.MONO:
            left *= self._half  # halved first: the mean of two large samples has to stay one
            right *= self._half
            left += right
            np.copyto(right, left)
