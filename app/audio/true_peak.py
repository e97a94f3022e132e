"""The true peak of ITU-R BS.1770: the highest point of the curve between the samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from app.audio.files import inspect, read_blocks

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


def true_peak_dbtp(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> float:
    """The true peak of a file; -inf for digital silence. Blocks; streams files of any length.

    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info = inspect(path)
    meter, sample_peak = TruePeak(info.sample_rate_hz, info.channels), 0.0
    for block in read_blocks(path, block_frames=max(1, _PIECE_SAMPLES // info.channels)):
        if cancelled():
            raise CancelledError
        meter.add(block)
        sample_peak = max(sample_peak, _highest(block))
    peak = max(meter.finish(), sample_peak)
    return 20.0 * math.log10(peak) if peak > 0 else -math.inf


def _highest(block: Floats) -> float:
    return float(max(block.max(), -block.min())) if block.size else 0.0
