"""The peak and the RMS of what goes to the sound card, noted without allocating anything."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from app.audio.player_events import Levels

Floats = npt.NDArray[np.float32]


class _Side:
    """What was noted since this side was last emptied."""

    def __init__(self) -> None:
        self.peaks = np.zeros(2, np.float32)
        self.squares = np.zeros(2, np.float64)
        self.frames = 0


class Meter:
    """Two sides: the sound card's thread writes on one while the player empties the other.

    What is written in the very moment of the change is told the next time, so no peak is lost.
    """

    def __init__(self, most_frames: int) -> None:
        self._sides = (_Side(), _Side())
        self._writing = 0
        self._scratch = np.zeros((most_frames, 2), np.float32)
        self._found = np.zeros(2, np.float32)

    def note(self, out: Floats) -> None:
        """Shape (n, 2), n at most `most_frames`."""
        side, scratch, found = self._sides[self._writing], self._scratch[: len(out)], self._found
        np.abs(out, out=scratch)
        np.maximum.reduce(scratch, axis=0, out=found)
        np.maximum(side.peaks, found, out=side.peaks)
        np.multiply(out, out, out=scratch)
        np.add.reduce(scratch, axis=0, out=found)
        np.add(side.squares, found, out=side.squares)
        side.frames += len(out)

    def take(self) -> Levels:
        """What was noted since this was last asked."""
        side = self._sides[self._writing]
        self._writing = 1 - self._writing
        frames = max(1, side.frames)
        left, right = (math.sqrt(float(square) / frames) for square in side.squares)
        levels = Levels((float(side.peaks[0]), float(side.peaks[1])), (left, right))
        side.peaks.fill(0.0)
        side.squares.fill(0.0)
        side.frames = 0
        return levels
