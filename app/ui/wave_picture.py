"""The wave of a visible part as one picture: columns from afar, a line through single samples from close by.

Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.domain.clip_edit import WHOLE, ClipEdit
from app.ui.device_pixels import hairline
from app.ui.lane_place import LanePlace
from app.ui.sample_line import draw_samples, is_line, line_px
from app.ui.view_span import ViewSpan
from app.ui.wave_clip import clip_columns, clip_samples
from app.ui.wave_columns import ColumnGrid, lane_columns
from app.ui.wave_scale import WaveScale
from app.ui.waveform_painter import WaveColors, mark_clipped, transparent, wave_image

if TYPE_CHECKING:
    from app.audio.peaks import Peaks
    from app.ui.peak_columns import SampleBlock

__all__ = ["WaveColors", "wave_picture"]


def wave_picture(
    peaks: Peaks,
    block: SampleBlock | None,
    span: ViewSpan,
    places: Sequence[LanePlace],
    size: tuple[int, int],
    colors: WaveColors,
    *,
    scale: WaveScale,
    ratio: float,
    edit: ClipEdit = WHOLE,
    reuse: QImage | None = None,
) -> QImage:
    """Draw the channels into their places.

    Args:
        block: Single samples, if there are any; they are used where the zoom is close enough.
        places: One for each channel that is on show.
        size: Of the picture, in device pixels.
        ratio: Device pixels for one pixel of the design.
        edit: What is cut and faded: it is drawn as it will sound.
        reuse: A picture that isn't needed any more.
    """
    width, _height = size
    if block is not None and is_line(span, width, ratio) and block.covers(span):
        image, pixels = transparent(size, reuse)
        shown = block if edit.is_plain else clip_samples(block, span, edit, span.total)
        draw_samples(image, shown, span, places, colors.core, scale=scale, ratio=ratio)
        grid = ColumnGrid.over(span, width)
        for clipped, place in zip(peaks.clipped(grid.start, grid.end, width), places, strict=False):
            mark_clipped(clipped, place, pixels, colors.clipped, hairline(ratio))
        return image
    columns = lane_columns(peaks, span, width, block, line_px=line_px(ratio))
    if not edit.is_plain:
        columns = clip_columns(columns, ColumnGrid.over(span, width), edit, span.total)
    lanes = list(zip(columns, places, strict=False))
    return wave_image(lanes, size, colors, scale=scale, thickness=hairline(ratio), reuse=reuse)
