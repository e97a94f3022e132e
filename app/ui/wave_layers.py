"""What other parts of the window may put on a waveform: pictures on its lanes, and handles that take the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.view_span import ViewSpan


class Depth(Enum):
    """How far down a layer lies; of two at the same depth the later one is above."""

    BELOW_WAVE = "below the wave"
    ABOVE_WAVE = "above the wave"
    ABOVE_PLAYHEAD = "above the playhead"


class Layer(Protocol):
    """Something that is painted on the lanes with every frame, so it keeps a picture and only puts it there."""

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        """Paint onto the lanes, which show `span` from their left edge to their right one.

        The painter is clipped to what has to be painted anew, and may be left in any state.
        """


class Grips(Protocol):
    """Handles on the lanes. Points and `area` (all lanes together) are in pixels of the waveform."""

    def cursor_at(self, point: QPointF, area: QRectF, span: ViewSpan) -> Qt.CursorShape | None:
        """The shape of the mouse's cursor over a handle; None where there is none."""

    def press(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        """The left button went down; True takes the mouse until `release`."""

    def drag(self, point: QPointF, area: QRectF, span: ViewSpan) -> None:
        """The mouse that was taken has moved."""

    def release(self) -> None:
        """The mouse that was taken is free again."""

    def double_click(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        """True: it was meant for a handle."""
