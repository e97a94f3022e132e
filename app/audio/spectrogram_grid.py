"""How finely a spectrogram is computed at a zoom: the width of a column and the length of the window.

A column is a power of two of frames wide and begins at a multiple of that, so what was computed for one place of the
view is of use wherever it scrolls to, and comes back when the zoom does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

TILE_COLUMNS = 128
_BASE_FRAMES, _BASE_RATE_HZ = 2_048, 48_000
_SHORTEST_BASE = 256
_SHORTEST_WINDOW = 64
# Columns at least so wide, in windows of 43 ms, are looked at through a window longer by such a power of two.
_LONGER = ((1 / 4, 1), (1 / 32, 0), (1 / 128, -1), (1 / 512, -2), (0.0, -3))
_NARROWEST = 1 / 1_024


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns that begin at multiples of `column_frames`; each tells what sounds within it.

    Attributes:
        column_frames: A power of two, at least 2.
        window_frames: How much sound one spectrum looks at, a power of two. Short where one looks closely, for time;
            long where one looks from afar, for frequency.
    """

    column_frames: int
    window_frames: int

    @classmethod
    def nearest(cls, pixel_frames: float, sample_rate_hz: int) -> Grid:
        """For pixels `pixel_frames` wide: one or two columns to a pixel, or the narrowest columns there are."""
        base = _base(sample_rate_hz)
        narrowest = max(2, round(base * _NARROWEST))
        column = max(narrowest, 1 << max(1, math.floor(math.log2(max(pixel_frames, 1.0)))))
        longer = next(power for share, power in _LONGER if column >= base * share)
        return cls(column, max(_SHORTEST_WINDOW, round(base * 2.0**longer)))

    @property
    def step_frames(self) -> int:
        """From one spectrum to the next: a column, or half a window where a column is wider than that."""
        return min(self.column_frames, self.window_frames // 2)

    @property
    def spectra(self) -> int:
        """How many spectra a column is made of; the loudest of them counts at each frequency."""
        return self.column_frames // self.step_frames

    @property
    def lead_in(self) -> int:
        """How many frames before a column its first spectrum begins, and after it its last one ends."""
        return (self.window_frames - self.step_frames) // 2

    @property
    def tile_frames(self) -> int:
        return self.column_frames * TILE_COLUMNS


def _base(sample_rate_hz: int) -> int:
    """The window of medium zoom: 43 ms, as a power of two of frames."""
    exact = _BASE_FRAMES * sample_rate_hz / _BASE_RATE_HZ
    return max(_SHORTEST_BASE, 1 << round(math.log2(max(exact, 1.0))))
