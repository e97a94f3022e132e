"""Paints the ruler above the lanes: ticks, labels, the brace of the loop and the cap of the playhead."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.ui.loop_region import LoopRegion
from app.ui.ruler_scale import ticks
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan

RULER_PX = 24
_QUARTER_TICK_PX, _NAMED_TICK_PX = 4, 8
_WIDEST_LABEL_PX = 160
_BRACE_PX, _GRIP_WIDTH_PX, _GRIP_HEIGHT_PX = 4, 7, 9


class TimeRuler:
    """Draws into a rectangle that somebody else owns; keeps nothing."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    @property
    def height_px(self) -> int:
        """In pixels, grown with the text."""
        return self._theme.px(RULER_PX)

    def paint_scale(self, painter: QPainter, place: QRectF, span: ViewSpan, sample_rate_hz: int) -> None:
        """Ticks with their labels; one that would be cut off at the right is left out."""
        theme = self._theme
        painter.setFont(theme.font("caption", medium=True))
        metrics = painter.fontMetrics()
        line = theme.line_height("caption")
        named, quarter = theme.color("line_control"), theme.color("line_field")
        top, bottom, left = round(place.top()), round(place.bottom()), round(place.left())
        last = round(place.width()) - 1
        widest = theme.px(_WIDEST_LABEL_PX)
        painter.setPen(theme.color("text3"))
        for tick in ticks(span, place.width(), sample_rate_hz, theme.text_scale):
            x = left + min(round(tick.x), last)
            if tick.label is None:
                # Whole numbers: Qt fills such rectangles many times faster.
                painter.fillRect(x, bottom - _QUARTER_TICK_PX, 1, _QUARTER_TICK_PX, quarter)
                continue
            painter.fillRect(x, bottom - _NAMED_TICK_PX, 1, _NAMED_TICK_PX, named)
            is_near_end = x + widest > left + last
            if not is_near_end or x + 4 + metrics.horizontalAdvance(tick.label) <= left + last:
                painter.drawText(QRect(x + 4, top - 1, widest, line), Qt.AlignmentFlag.AlignVCenter, tick.label)

    def paint_brace(self, painter: QPainter, place: QRectF, span: ViewSpan, region: LoopRegion) -> None:
        """A bar above the loop with a grip at each end that is in sight."""
        left = place.left() + span.x_of(region.start, place.width())
        right = place.left() + span.x_of(region.end, place.width())
        if right < place.left() or left > place.right():
            return
        accent = self._theme.color("accent")
        painter.save()
        painter.setClipRect(place.adjusted(-2, 0, 2, 0))
        bar = QRectF(round(left), place.bottom() - _BRACE_PX - 1, round(right) - round(left), _BRACE_PX)
        painter.fillRect(bar, accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = place.bottom() - _GRIP_HEIGHT_PX
        for x in (round(left) - 1, round(right) - _GRIP_WIDTH_PX + 1):
            painter.drawRoundedRect(QRectF(x, top, _GRIP_WIDTH_PX, _GRIP_HEIGHT_PX), 2, 2)
        painter.restore()

    def paint_cap(self, painter: QPainter, place: QRectF, x: float) -> None:
        """The head of the playhead, hanging over the pixel column that begins at `x`."""
        top = place.top() + 1
        cap = QPolygonF(
            [
                QPointF(x - 5, top),
                QPointF(x + 6, top),
                QPointF(x + 6, top + 5),
                QPointF(x + 0.5, top + 11),
                QPointF(x - 5, top + 5),
            ]
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("playhead"))
        painter.drawPolygon(cap)
        painter.restore()
