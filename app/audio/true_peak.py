"""The true peak of ITU-R BS.1770: the highest point of the curve between the samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

OVERSAMPLING = 4
_PIECE_SAMPLES = 1 << 16  # what comes out is four times as long, and should stay near the processor

Floats = npt.NDArray[np.float32]


class TruePeak:
    """Takes the blocks of a file in order, shape (n, channels)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._channels = channels
        self._piece_frames = max(1, _PIECE_SAMPLES // channels)
        self._peak = 0.0
        self._resampler = soxr.ResampleStream(rate_hz, rate_hz * OVERSAMPLING, channels, dtype="float32", quality="HQ")

    def add(self, block: Floats) -> None:
        for start in range(0, len(block), self._piece_frames):
            piece = self._resampler.resample_chunk(block[start : start + self._piece_frames])
            self._peak = max(self._peak, _highest(piece))

    def finish(self) -> float:
        """The highest absolute value between the samples, full scale is 1. Nothing can be added afterwards."""
        rest = self._resampler.resample_chunk(np.zeros((0, self._channels), np.float32), last=True)
        return max(self._peak, _highest(rest))


def _highest(block: Floats) -> float:
    return float(max(block.max(), -block.min())) if block.size else 0.0
