"""Single samples: straight lines from one to the next, and a dot for each once there is room.

Imports NumPy, so the window loads this module with the first take.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.ui.lane_place import LanePlace
from app.ui.peak_columns import SampleBlock
from app.ui.view_span import ViewSpan
from app.ui.wave_scale import WaveScale
from app.ui.waveform_painter import Floats, mapped

LINE_FROM_PX = 2.0  # from one sample to the next; closer together they are columns
DOTS_FROM_PX = 6.0
_THICK_PX = 1.4  # of the line, in pixels of the design
_EVEN_FROM_PX = 4.0  # closer together, a line is drawn less often: it is as steep as it is long
_DOT_PX, _LARGEST_DOT_PX, _LARGEST_FROM_PX = 3.0, 5.0, 24.0
# A line of one device pixel is drawn several times side by side: a thicker pen would make one outline of all of it,
# which takes a hundred times as long.
_TWICE = ((-0.3, -0.42), (0.3, 0.42))
_FOUR_TIMES = ((-0.5, 0.0), (0.5, 0.0), (0.0, -0.5), (0.0, 0.5))


def is_line(span: ViewSpan, columns: int, ratio: float) -> bool:
    """Whether samples lie so far apart that the line between them can be seen."""
    return columns / span.length >= LINE_FROM_PX * ratio


def line_px(ratio: float) -> float:
    """How thick the line is where it takes over from columns, in device pixels."""
    return ratio + _THICK_PX - 1


def draw_samples(
    image: QImage,
    block: SampleBlock,
    span: ViewSpan,
    places: Sequence[LanePlace],
    color: QColor,
    *,
    scale: WaveScale = WaveScale.LINEAR,
    ratio: float = 1.0,
) -> None:
    """Draw the visible samples, and the lines that lead out of sight, into a picture as wide as the view.

    Args:
        ratio: Device pixels for one pixel of the design.
    """
    first = max(math.floor(span.start) - 1, block.start)
    after = min(math.ceil(span.end) + 2, block.start + block.samples.shape[1])
    px_per_sample = image.width() / span.length
    # Half a pixel to the right: a sample lies in the middle of the column that the playhead stands in.
    x = (np.arange(first, after) - span.start) * px_per_sample + 0.5
    visible = block.samples[:, first - block.start : after - block.start]
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for samples, place in zip(visible, places, strict=False):
            painter.setClipRect(QRect(0, place.top, image.width(), place.height))
            points = polygon(x, place.middle + 0.5 - mapped(samples, scale) * np.float32(place.reach))
            painter.setPen(QPen(color, 1))
            for dx, dy in _passes(px_per_sample, ratio):
                painter.drawPolyline(points.translated(dx, dy))
            if px_per_sample >= DOTS_FROM_PX * ratio:
                painter.setPen(QPen(color, _dot_px(px_per_sample / ratio) * ratio, c=Qt.PenCapStyle.RoundCap))
                painter.drawPoints(points)


def polygon(x: npt.NDArray[np.float64], y: Floats) -> QPolygonF:
    """Points as Qt wants them, without a Python object for each."""
    points = QPolygonF()
    points.resize(len(x))
    if len(x):
        memory = shiboken6.VoidPtr(points.data(), len(x) * 16, True)  # type: ignore[call-arg, arg-type]
        both = np.frombuffer(memory, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
        both[:, 0], both[:, 1] = x, y
    return points


def _passes(px_per_sample: float, ratio: float) -> list[tuple[float, float]]:
    """Where to draw the line, so that all together are as thick as it should be; in device pixels."""
    if px_per_sample >= _EVEN_FROM_PX * ratio:
        return _beside(_FOUR_TIMES, ratio * _THICK_PX - 1)
    return _beside(_TWICE, line_px(ratio) - 1)


def _beside(offsets: Sequence[tuple[float, float]], more_px: float) -> list[tuple[float, float]]:
    return [(x * more_px, y * more_px) for x, y in offsets]


def _dot_px(px_per_sample: float) -> float:
    """Dots grow with the distance between them."""
    grown = (px_per_sample - DOTS_FROM_PX) / (_LARGEST_FROM_PX - DOTS_FROM_PX)
    return _DOT_PX + (_LARGEST_DOT_PX - _DOT_PX) * min(max(grown, 0.0), 1.0)
