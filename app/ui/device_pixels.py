"""Painting in whole device pixels, so that pictures and lines of a waveform are sharp at any ratio of the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter


@contextmanager
def device_pixels(painter: QPainter, origin: QPointF, ratio: float) -> Iterator[None]:
    """Inside, a unit is one device pixel, counted from the one that is nearest to `origin`.

    Args:
        origin: In the painter's own units.
        ratio: Device pixels for each of these.
    """
    painter.save()
    painter.translate(origin)
    painter.scale(1 / ratio, 1 / ratio)
    at = painter.deviceTransform().map(QPointF(0, 0))
    painter.translate(round(at.x()) - at.x(), round(at.y()) - at.y())  # a widget may begin in the midst of one
    try:
        yield
    finally:
        painter.restore()


def hairline(ratio: float) -> int:
    """How many device pixels a line of one pixel is wide."""
    return max(1, round(ratio))
