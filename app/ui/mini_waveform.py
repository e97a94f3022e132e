"""A whole take in the width of a word: thin bars, louder is taller."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

BAR_PX = 2
PITCH_PX = 3


def bars_in(width_px: int) -> int:
    """How many bars fit."""
    return max(1, width_px // PITCH_PX)


def paint_mini_waveform(
    painter: QPainter,
    rect: QRectF,
    levels: Sequence[float],
    colour: QColor,
    played: tuple[float, QColor] | None = None,
) -> None:
    """Paint one bar a level, centred on the middle of the rectangle.

    Args:
        levels: 0.0 to 1.0; stretched or thinned to the bars that fit.
        played: Fraction from 0.0 to 1.0 that was heard, and the colour of its bars.
    """
    count = bars_in(int(rect.width()))
    middle, half = rect.center().y(), rect.height() / 2
    for bar in range(count):
        first = bar * len(levels) // count
        last = max(first + 1, (bar + 1) * len(levels) // count)
        level = max(levels[first:last], default=0.0)
        # A square root shows quiet tails that a linear scale would lose at this height.
        height = max(1.0, half * min(1.0, level) ** 0.5)
        heard = played is not None and bar < played[0] * count
        painter.fillRect(
            QRectF(rect.left() + bar * PITCH_PX, middle - height, BAR_PX, 2 * height),
            played[1] if heard and played is not None else colour,
        )
