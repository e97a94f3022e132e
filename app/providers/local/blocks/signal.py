"""What every block agrees on: the sample rate, the array types, decibels, lengths."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 48_000

Mono: TypeAlias = npt.NDArray[np.float32]  # shape (frames,)
Stereo: TypeAlias = npt.NDArray[np.float32]  # shape (2, frames): channels first while it is being made
Curve: TypeAlias = npt.NDArray[np.float32]


def from_db(db: float) -> float:
    """Factor of a level in decibels."""
    return float(10.0 ** (db / 20.0))


def frames_of(seconds: float) -> int:
    """Length in frames, at least 1."""
    return max(1, round(seconds * SAMPLE_RATE_HZ))


def fast_length(frames: int) -> int:
    """The next length whose Fourier transform is quick: 2^n times 1, 3, 5 or 15."""
    best = 1 << (frames - 1).bit_length()
    for odd in (3, 5, 15):
        power = max(0, (-(-frames // odd) - 1).bit_length())
        best = min(best, odd << power)
    return best
