"""A wave as its clip will sound: fainter in the fades, and marked where it is cut off.

Imports NumPy, so the window loads this module with the first edit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from app.audio.fading import envelope
from app.domain.clip_edit import ClipEdit
from app.ui.peak_columns import SampleBlock
from app.ui.view_span import ViewSpan
from app.ui.wave_columns import ColumnGrid
from app.ui.waveform_painter import Floats, LaneColumns

_BESIDE = 4  # frames: lines lead out of sight


def clip_columns(lanes: Sequence[LaneColumns], grid: ColumnGrid, edit: ClipEdit, total: int) -> list[LaneColumns]:
    """The columns of each channel with the fades of an edit of a take of so many frames."""
    edges = grid.edges()
    middles = (edges[:-1] + edges[1:]) / 2
    kept = (int(np.searchsorted(middles, edit.start)), int(np.searchsorted(middles, edit.end_in(total))))
    if not edit.is_faded:
        return [replace(lane, kept=kept) for lane in lanes]
    gains = _gains_at(middles, edit, total)
    return [
        replace(
            lane,
            lowest=lane.lowest * gains,
            highest=lane.highest * gains,
            rms=None if lane.rms is None else lane.rms * gains,
            kept=kept,
        )
        for lane in lanes
    ]


def clip_samples(block: SampleBlock, span: ViewSpan, edit: ClipEdit, total: int) -> SampleBlock:
    """The samples in sight, and some beside them, with the fades of an edit."""
    if not edit.is_faded:
        return block
    first = max(math.floor(span.start) - _BESIDE - block.start, 0)
    samples = block.samples[:, first : math.ceil(span.end) + _BESIDE - block.start]
    frames = block.start + first + np.arange(samples.shape[1], dtype=np.float64)
    return SampleBlock(block.start + first, samples * _gains_at(frames, edit, total))


def _gains_at(frames: npt.NDArray[np.float64], edit: ClipEdit, total: int) -> Floats:
    """What is cut off is drawn as it is."""
    start, end = edit.start, edit.end_in(total)
    gains = envelope(frames - start, end - start, edit.fade_in, edit.fade_out, edit.shape)
    gains[(frames < start) | (frames >= end)] = 1.0
    return gains
