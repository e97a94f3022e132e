"""What a waveform needs of a file besides its peaks: single samples; and all of it as one envelope.

Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.audio.peaks import BASE_FRAMES, Floats
from app.audio.pyramid import columns_of_samples
from app.ui.view_span import ViewSpan
from app.ui.waveform_painter import LaneColumns

if TYPE_CHECKING:
    from app.audio.peaks import Peaks

_MOST_VISIBLE_SAMPLES = 1 << 19


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


def mixed_columns(peaks: Peaks, columns: int, total: int, samples: Floats | None = None) -> LaneColumns:
    """The whole file as one envelope over all channels.

    Args:
        total: Frames of the file; there may be peaks of only the first of them yet.
        samples: Those of the whole file, shape (channels, frames), which a short one is drawn of: the peaks of 50 ms
            would be a staircase.
    """
    frames = max(peaks.frames, total, 1)
    if samples is not None and samples.shape[1] == frames and frames / columns < BASE_FRAMES:
        found = columns_of_samples(samples, columns)
    else:
        found = peaks.columns(0, frames, columns)
    read = None if peaks.frames >= total else math.ceil(peaks.frames * columns / frames)
    clipped = np.logical_or.reduce(peaks.clipped(0, frames, columns), axis=0)
    return LaneColumns(np.min(found.low, axis=0), np.max(found.high, axis=0), clipped=clipped, read=read)
