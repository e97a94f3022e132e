"""Volume that glides from one value to another over a few milliseconds, without allocating anything."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.audio.track import CHANNELS

Floats = npt.NDArray[np.float32]


class Ramp:
    """The straight line that fades and glides follow, and room to reckon in; shared by all of one sound card.

    It is written out for both channels: where NumPy has to stretch one of two arrays, it makes a copy first.

    Attributes:
        rising: Shape (frames, 2), above 0.0 up to 1.0.
        falling: What is missing to 1.0.
        scratch: As large; whoever uses it is done with it before anybody else begins.
    """

    def __init__(self, frames: int) -> None:
        self.frames = max(1, frames)
        line = np.arange(1, self.frames + 1, dtype=np.float32) / np.float32(self.frames)
        self.rising: Floats = np.repeat(line[:, None], CHANNELS, axis=1)
        self.falling: Floats = np.float32(1) - self.rising
        self.scratch: Floats = np.zeros((self.frames, CHANNELS), np.float32)


class Glide:
    """A volume factor. At 1.0 samples are left as they are, bit for bit."""

    def __init__(self, ramp: Ramp, value: float = 1.0) -> None:
        self._ramp = ramp
        self.jump_to(value)

    def jump_to(self, value: float) -> None:
        self._now = self._from = self._to = value
        self._done = self._ramp.frames  # frames of the glide that are over: all of them

    def apply(self, out: Floats, target: float) -> None:
        """Scale frames in place, on the way to the target or there."""
        ramp = self._ramp
        if target != self._to:
            self._from, self._to, self._done = self._now, target, 0
        count = min(len(out), ramp.frames - self._done)
        if count > 0:
            factors = ramp.scratch[:count]
            np.multiply(ramp.rising[self._done : self._done + count], self._to - self._from, out=factors)
            np.add(factors, self._from, out=factors)
            out[:count] *= factors
            out = out[count:]
            self._done += count
            self._now = self._to if self._done == ramp.frames else float(factors[-1, 0])
        if self._now != 1.0:
            out *= self._now
