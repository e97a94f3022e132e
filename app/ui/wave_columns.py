"""The visible part of a take, reduced to as many columns as there are device pixels.

Columns lie on a grid that begins with the take, not with the view: while the view scrolls they keep what they hold,
so that the wave moves and doesn't flicker. Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.ui.peak_columns import SampleBlock, needs_samples
from app.ui.view_span import ViewSpan
from app.ui.waveform_painter import Floats, LaneColumns

if TYPE_CHECKING:
    from app.audio.peaks import Peaks

_RMS_FROM_FRAMES = 4.0  # of fewer samples an RMS means little


@dataclass(frozen=True, slots=True)
class ColumnGrid:
    """Columns of equal width; column 0 begins with the take.

    Attributes:
        first: The number of the leftmost one in sight.
        frames: How many frames a column is wide.
        columns: How many are in sight.
    """

    first: int
    frames: float
    columns: int

    @classmethod
    def over(cls, span: ViewSpan, columns: int) -> ColumnGrid:
        """As many columns as nearly cover a span: they begin at most half a column beside it."""
        frames = span.length / max(columns, 1)
        return cls(round(span.start / frames), frames, max(columns, 1))

    @property
    def start(self) -> float:
        """The frame at which the leftmost begins."""
        return self.first * self.frames

    @property
    def end(self) -> float:
        return (self.first + self.columns) * self.frames

    def edges(self) -> npt.NDArray[np.float64]:
        """The frames at which columns begin, and at which the last one ends: shape (columns + 1,)."""
        return (self.first + np.arange(self.columns + 1, dtype=np.float64)) * self.frames


def lane_columns(
    peaks: Peaks, span: ViewSpan, columns: int, block: SampleBlock | None = None, *, line_px: float = 1.0
) -> list[LaneColumns]:
    """The visible part of each channel; from the samples themselves where the zoom is close and they are there.

    Args:
        line_px: How thick the line through single samples is, in columns.
    """
    grid = ColumnGrid.over(span, columns)
    read = None
    if peaks.frames < span.total:
        read = min(max(math.ceil((peaks.frames - grid.start) / grid.frames), 0), grid.columns)
    if block is not None and needs_samples(span, columns) and block.covers(span):
        low, high, rms = _of_samples(block, grid, line_px)
    else:
        low, high, rms = peaks.columns(grid.start, grid.end, grid.columns)
    clipped = peaks.clipped(grid.start, grid.end, grid.columns)
    return [LaneColumns(*lane, read) for lane in zip(low, high, rms, clipped, strict=True)]


def _of_samples(block: SampleBlock, grid: ColumnGrid, line_px: float) -> tuple[Floats, Floats, Floats]:
    """The lowest and the highest point, and the RMS, of the line that leads straight from sample to sample.

    Each result has shape (channels, columns). A column that is narrower than a sample shows its piece of the line,
    and of its thickness what reaches over from the sides: so columns pass into the drawn line without a jump.
    """
    last = block.samples.shape[1] - 1
    edges = np.clip(grid.edges() - block.start, 0, last)
    before = edges.astype(np.intp)
    part = slice(before[0], min(before[-1] + 2, last + 1))
    samples = block.samples[:, part]
    line = _line_at(samples, edges - part.start)
    low = np.minimum(line[:, :-1], line[:, 1:])
    high = np.maximum(line[:, :-1], line[:, 1:])
    rms = np.abs(line[:, :-1] + line[:, 1:]) / 2
    bounds = np.ceil(edges).astype(np.intp) - part.start
    holds = np.flatnonzero(bounds[1:] > bounds[:-1])
    if len(holds):
        at, counts = bounds[holds], bounds[holds + 1] - bounds[holds]
        inside = samples[:, : bounds[-1]]
        low[:, holds] = np.minimum(low[:, holds], np.minimum.reduceat(inside, at, axis=1))
        high[:, holds] = np.maximum(high[:, holds], np.maximum.reduceat(inside, at, axis=1))
        rms[:, holds] = np.sqrt(np.add.reduceat(inside * inside, at, axis=1) / counts.astype(np.float32))
    if grid.frames < 1:
        beside = (line_px - 1) / 4 * (1 - grid.frames) * grid.frames  # lines are rarely upright
        for side in (edges[:-1] - beside, edges[1:] + beside):
            at_side = _line_at(samples, np.clip(side - part.start, 0, samples.shape[1] - 1))
            np.minimum(low, at_side, out=low)
            np.maximum(high, at_side, out=high)
    if grid.frames < _RMS_FROM_FRAMES:
        share = min(max((_RMS_FROM_FRAMES - grid.frames) / (_RMS_FROM_FRAMES - 1), 0), 1)
        rms += (np.maximum(np.abs(low), np.abs(high)) - rms) * np.float32(share)
    return low, high, rms


def _line_at(samples: Floats, places: npt.NDArray[np.float64]) -> Floats:
    """The line through all samples at these places, in frames: shape (channels, places)."""
    before = places.astype(np.intp)
    after = np.minimum(before + 1, samples.shape[1] - 1)
    values: Floats = samples[:, before] + (samples[:, after] - samples[:, before]) * (places - before).astype(
        np.float32
    )
    return values
