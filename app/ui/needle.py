"""The movement of a level meter's bar: how peak, held peak and mean of one channel go up and down."""

from __future__ import annotations

import math
from collections import deque

FLOOR_DBFS = -60.0
FALL_DB_PER_S = 20.0
HOLD_S = 1.5
RMS_S = 0.3
FULL_SCALE = 32_767 / 32_768
"""From here on a sample counts as clipped: the highest that 16 bits have."""


def height_share(dbfs: float) -> float:
    """Share of the bar's height that a level fills, 0.0 to 1.0; quiet sounds get less room than loud ones."""
    return math.pow(max(0.0, (min(dbfs, 0.0) - FLOOR_DBFS) / -FLOOR_DBFS), 1.35)


def dbfs_of(amplitude: float) -> float:
    """The level of a sample, 1.0 is 0 dBFS; at least the meter's floor."""
    return max(FLOOR_DBFS, 20 * math.log10(amplitude)) if amplitude > 0 else FLOOR_DBFS


class Needle:
    """One channel: the peak rises at once and falls 20 dB a second, its highest stays for 1.5 s, the mean is that of
    the last 300 ms (a sine of full scale reads −3 dBFS)."""

    def __init__(self) -> None:
        self.peak_dbfs = FLOOR_DBFS
        self.held_dbfs = FLOOR_DBFS
        self.rms_dbfs = FLOOR_DBFS
        self.is_clipping = False
        self._hold_left_s = 0.0
        self._energies: deque[tuple[float, float]] = deque()  # seconds, mean square of them

    def advance(self, peak: float, rms: float, elapsed_s: float) -> None:
        """Take in the highest sample of the last `elapsed_s` seconds and their root mean square; 1.0 is full scale."""
        fallen = FALL_DB_PER_S * elapsed_s
        self.is_clipping = peak >= FULL_SCALE
        self.peak_dbfs = max(dbfs_of(peak), self.peak_dbfs - fallen, FLOOR_DBFS)
        self._hold_left_s -= elapsed_s
        if self.peak_dbfs >= self.held_dbfs:
            self.held_dbfs, self._hold_left_s = self.peak_dbfs, HOLD_S
        elif self._hold_left_s <= 0:
            self.held_dbfs = max(self.peak_dbfs, self.held_dbfs - fallen)
        self._energies.append((elapsed_s, rms * rms))
        self.rms_dbfs = dbfs_of(math.sqrt(self._mean_square()))

    @property
    def is_at_rest(self) -> bool:
        return self.held_dbfs <= FLOOR_DBFS and self.rms_dbfs <= FLOOR_DBFS

    def _mean_square(self) -> float:
        """Over the newest 300 ms; what is older is forgotten."""
        left_s, energy = RMS_S, 0.0
        for used, (seconds, mean_square) in enumerate(reversed(self._energies), start=1):
            energy += mean_square * min(seconds, left_s)
            left_s -= seconds
            if left_s <= 0:
                while len(self._energies) > used:
                    self._energies.popleft()
                break
        return energy / RMS_S
