"""A small handle in the corner of the selection, by which it is dragged into another program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication

from app.ui.controls.painting import fill_rounded
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan

_SIZE_PX, _MARGIN_PX, _ICON_PX, _RADIUS_PX = 24.0, 4.0, 14, 4.0
_PLATE = 0.85  # how opaque


class DragChip(QObject):
    """A layer and grips for the waveform; `drag_begun` once the pointer pulls at it.

    Args:
        region: What is selected of the take, if that can be handed over.
        device_pixel_ratio: Of the waveform.
    """

    drag_begun = Signal()

    def __init__(
        self,
        theme: Theme,
        region: Callable[[], LoopRegion | None],
        device_pixel_ratio: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._region = region
        self._ratio = device_pixel_ratio
        self._pressed_at: QPointF | None = None

    def place(self, area: QRectF, span: ViewSpan) -> QRectF | None:
        """Where it is; None where nothing is selected, or too little is in sight of it."""
        region, px = self._region(), self._theme.px
        if region is None:
            return None
        left = max(area.left() + span.x_of(region.start, area.width()), area.left())
        right = min(area.left() + span.x_of(region.end, area.width()), area.right())
        size, margin = px(_SIZE_PX), px(_MARGIN_PX)
        if right - left < size + 2 * margin:
            return None
        return QRectF(right - size - margin, area.top() + margin, size, size)

    # the mouse

    def cursor_at(self, point: QPointF, area: QRectF, span: ViewSpan) -> Qt.CursorShape | None:
        place = self.place(area, span)
        return Qt.CursorShape.OpenHandCursor if place is not None and place.contains(point) else None

    def press(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        place = self.place(area, span)
        if place is None or not place.contains(point):
            return False
        self._pressed_at = point
        return True

    def drag(self, point: QPointF, _area: QRectF, _span: ViewSpan) -> None:
        at = self._pressed_at
        if at is not None and (point - at).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.drag_begun.emit()

    def release(self) -> None:
        self._pressed_at = None

    def double_click(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        place = self.place(area, span)
        return place is not None and place.contains(point)

    # painting

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        place = self.place(lanes[0].united(lanes[-1]), span) if lanes else None
        if place is None:
            return
        theme = self._theme
        plate = QColor(theme.color("raised"))
        plate.setAlphaF(_PLATE)
        fill_rounded(painter, place, theme.px(_RADIUS_PX), plate, theme.color("line_control"))
        icon = theme.pixmap("grip-vertical", "text", size=_ICON_PX, device_pixel_ratio=self._ratio())
        side = theme.px(_ICON_PX)
        painter.drawPixmap(QPointF(place.center().x() - side / 2, place.center().y() - side / 2), icon)
