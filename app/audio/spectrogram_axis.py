"""The frequency axis of a spectrogram: logarithmic above 500 Hz, flattening out below it.

A purely logarithmic axis would give the three octaves up to 320 Hz a third of the height, where a window of 40 ms
can tell no more than a few frequencies apart. The place of a frequency is log(1 + f / 500 Hz), from 40 Hz to 20 kHz
or to what the file can hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LOWEST_HZ, HIGHEST_HZ = 40.0, 20_000.0
_CORNER_HZ = 500.0


@dataclass(frozen=True, slots=True)
class FrequencyAxis:
    """From `low_hz` at 0 to `high_hz` at 1."""

    low_hz: float
    high_hz: float

    @classmethod
    def of(cls, sample_rate_hz: int) -> FrequencyAxis:
        """The axis of a file: it ends at half the sample rate where that is lower."""
        return cls(LOWEST_HZ, min(HIGHEST_HZ, sample_rate_hz / 2))

    def share_of(self, hz: float) -> float:
        """How far up a frequency lies, 0 to 1 inside the axis."""
        low, high = _bent(self.low_hz), _bent(self.high_hz)
        return (_bent(max(hz, 0.0)) - low) / (high - low)

    def hz_at(self, share: float) -> float:
        """The frequency so far up."""
        low, high = _bent(self.low_hz), _bent(self.high_hz)
        return _CORNER_HZ * math.expm1(low + share * (high - low))


def _bent(hz: float) -> float:
    return math.log1p(hz / _CORNER_HZ)
