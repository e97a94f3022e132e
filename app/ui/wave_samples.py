"""Which single samples a view needs, and when to ask for more of them.

Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

import math

import numpy as np

from app.audio.peaks import Floats
from app.ui.peak_columns import SampleBlock, needs_samples
from app.ui.view_span import ViewSpan

_LEAST_FRAMES = 1 << 15  # read at once: less is hardly quicker
_AROUND = 1.0  # spans to either side that are read too, so that scrolling doesn't wait
_SPARE = 0.5  # spans to either side that have to be left before more are asked for


def block_of(start: int, samples: Floats) -> SampleBlock:
    """Samples of a file, shape (channels, frames); what is no number is drawn as peaks have it."""
    if not np.isfinite(samples).all():
        samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return SampleBlock(start, samples)


def stretch_wanted(span: ViewSpan, columns: int, block: SampleBlock | None) -> tuple[int, int] | None:
    """The frames to read next, the first one and how many; None while those that are there are enough."""
    if not needs_samples(span, columns):
        return None
    if block is not None and block.covers(_wider(span, _SPARE)):
        return None
    wanted = _wider(span, max(_AROUND, (_LEAST_FRAMES / span.length - 1) / 2))
    start, end = math.floor(wanted.start), math.ceil(wanted.end)
    return start, end - start


def _wider(span: ViewSpan, share: float) -> ViewSpan:
    more = span.length * share
    return ViewSpan(max(span.start - more, 0.0), min(span.end + more, float(span.total)), span.total)
