"""Where the lanes of a waveform lie, and how many of its channels have room for one. Pure arithmetic."""

from __future__ import annotations

from typing import NamedTuple

from app.ui.wave_scale import HEADROOM

FEWEST_LANES, MOST_LANES = 2, 8


class LanePlace(NamedTuple):
    """Rows of a picture that belong to a lane, in device pixels."""

    top: int
    height: int

    @property
    def middle(self) -> int:
        """The row of zero."""
        return self.top + self.height // 2

    @property
    def reach(self) -> float:
        """How many rows full scale is away from the middle."""
        return max(self.height - 1, 0) / 2 * HEADROOM

    def row_of(self, share: float) -> int:
        """The row in which something lies that is `share` of full scale above the middle."""
        return int(self.middle + 0.5 - share * self.reach)


def places_in(height: int, lanes: int, gap: int) -> tuple[LanePlace, ...]:
    """Lanes of equal height below each other, with a gap between two; all lengths in device pixels."""
    each = max((height - gap * (lanes - 1)) // lanes, 1)
    return tuple(LanePlace(number * (each + gap), each) for number in range(lanes))


def lanes_for(channels: int, height_px: float, least_px: float) -> int:
    """How many lanes to show: all channels if each gets `least_px`, else the first two."""
    if channels <= FEWEST_LANES or (channels <= MOST_LANES and height_px / channels >= least_px):
        return max(channels, 1)
    return FEWEST_LANES
