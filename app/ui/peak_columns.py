"""What a waveform needs of a file: a stretch of it, reduced to as many columns as there are pixels.

Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.audio.peaks import BASE_FRAMES, Columns, Floats, columns_of_samples
from app.ui.view_span import ViewSpan
from app.ui.waveform_painter import LaneColumns

if TYPE_CHECKING:
    from app.audio.peaks import Peaks

_MOST_VISIBLE_SAMPLES = 1 << 19
_AROUND = 1.0  # samples are read this many spans to either side too, so that scrolling doesn't wait


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Single samples of a stretch of a file.

    Attributes:
        start: Frame of the file that comes first.
        samples: Shape (channels, frames).
    """

    start: int
    samples: Floats

    def covers(self, span: ViewSpan) -> bool:
        return self.start <= math.floor(span.start) and math.ceil(span.end) <= self.start + self.samples.shape[1]


def needs_samples(span: ViewSpan, columns: int) -> bool:
    """Whether a column is narrower than the finest peaks are, and few enough samples are in sight to reduce them
    for every frame that is painted."""
    return span.length / columns < BASE_FRAMES and span.length <= _MOST_VISIBLE_SAMPLES


def stretch_around(span: ViewSpan) -> tuple[int, int]:
    """The frames to read for a span: the first one, and how many."""
    start = max(0, math.floor(span.start - span.length * _AROUND))
    end = min(span.total, math.ceil(span.end + span.length * _AROUND))
    return start, end - start


def lane_columns(peaks: Peaks, span: ViewSpan, columns: int, block: SampleBlock | None = None) -> list[LaneColumns]:
    """The visible part of each channel; from the samples themselves where the zoom is close and they are there."""
    if block is not None and needs_samples(span, columns) and block.covers(span):
        found = _exact(block, span, columns)
    else:
        found = peaks.columns(span.start, span.end, columns)
    return [LaneColumns(*lane) for lane in zip(found.low, found.high, found.rms, strict=True)]


def mixed_columns(peaks: Peaks, columns: int, total: int) -> LaneColumns:
    """The whole file as one envelope over all channels.

    Args:
        total: Frames of the file; there may be peaks of only the first of them yet, the rest is silent.
    """
    found = peaks.columns(0, max(peaks.frames, total, 1), columns)
    return LaneColumns(np.min(found.low, axis=0), np.max(found.high, axis=0))


def _exact(block: SampleBlock, span: ViewSpan, columns: int) -> Columns:
    """Whole frames reduced to a few columns more than are visible, then cut where the span begins."""
    first, after = math.floor(span.start), math.ceil(span.end)
    visible = block.samples[:, first - block.start : after - block.start]
    columns_a_frame = columns / span.length
    around = columns_of_samples(visible, max(columns, round((after - first) * columns_a_frame)))
    cut = min(round((span.start - first) * columns_a_frame), around.low.shape[1] - columns)
    return Columns(*(part[:, cut : cut + columns] for part in around))
