"""How high a sample is drawn: in proportion to its value, or to its level in decibels."""

from __future__ import annotations

import math
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

FLOOR_DBFS = -60.0
HEADROOM = 0.98  # share of half a lane that full scale takes
_GUIDES_DBFS = {
    "linear": ((-6.0,), (-3.0, -6.0, -12.0), (-3.0, -6.0, -9.0, -12.0, -20.0)),
    "decibels": (
        (-30.0,),
        (-20.0, -40.0),
        (-12.0, -24.0, -36.0, -48.0),
        (-6.0, -12.0, -18.0, -24.0, -30.0, -36.0, -42.0, -48.0),
    ),
}


class WaveScale(Enum):
    """Either is symmetrical: what lies below zero is drawn as what lies above it."""

    LINEAR = "linear"
    DECIBELS = "decibels"

    def share(self, amplitude: float) -> float:
        """How far from the middle of a lane a sample lies: 0 is the middle, 1 is full scale. Keeps the sign."""
        if self is WaveScale.LINEAR or amplitude == 0:
            return amplitude
        height = max(0.0, 1 - 20 * math.log10(abs(amplitude)) / FLOOR_DBFS)
        return math.copysign(height, amplitude)

    @lru_cache(maxsize=64)  # asked with every frame; a scale lives as long as the app
    def guides(self, half_px: float, apart_px: float) -> tuple[Guide, ...]:
        """The levels that are worth a line, as many as there is room for.

        Args:
            half_px: How high full scale is above the middle.
            apart_px: How far two labels have to lie apart, and the lowest from the middle.
        """
        for levels in reversed(_GUIDES_DBFS[self.value]):
            found = tuple(Guide(level, self.share(10 ** (level / 20))) for level in levels)
            heights = [1.0, *(guide.share for guide in found), 0.0]
            if all((above - below) * half_px >= apart_px for above, below in pairwise(heights)):
                return found
        return ()


class Guide(NamedTuple):
    """A level and how far from the middle it is drawn, from 0 to 1."""

    dbfs: float
    share: float

    @property
    def label(self) -> str:
        return f"−{abs(self.dbfs):g}"
