"""Tones of known levels, as the test signals of the EBU are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.audio.conftest import Floats


def tone(
    level_dbfs: float, seconds: float, *, frequency_hz: float = 1_000, rate_hz: int = 48_000, channels: int = 2
) -> Floats:
    """A sine whose peaks are at the level, shape (frames, channels), the same in all channels."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    samples = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * time_s)
    return np.repeat(samples.astype(np.float32)[:, None], channels, axis=1)


def parts(levels: Sequence[tuple[float, float]]) -> Floats:
    """Tones of (dBFS, seconds) one after the other, in stereo."""
    return np.concatenate([tone(level, seconds) for level, seconds in levels])
