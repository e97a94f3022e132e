"""Paints the ruler above the lanes: ticks, labels, the brace of the loop and the cap of the playhead."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF, QStaticText

from app.ui.device_pixels import device_pixels, hairline
from app.ui.loop_region import LoopRegion
from app.ui.ruler_scale import ticks
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan

RULER_PX = 24
_QUARTER_TICK_PX, _NAMED_TICK_PX = 4, 8
_MOST_TEXTS = 512
_LABEL_GAP_PX = 4
_OUT_OF_SIGHT_PX = 100
_CAP_WIDTH_PX, _CAP_HEIGHT_PX = 11, 11
_BRACE_PX, _GRIP_WIDTH_PX, _GRIP_HEIGHT_PX = 4, 7, 9


class TimeRuler:
    """Draws into a rectangle that somebody else owns; keeps how its labels are laid out."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._texts: dict[str, QStaticText] = {}
        theme.changed.connect(self._texts.clear)

    @property
    def height_px(self) -> int:
        """In pixels, grown with the text."""
        return self._theme.px(RULER_PX)

    def paint_scale(self, painter: QPainter, place: QRectF, span: ViewSpan, sample_rate_hz: int, ratio: float) -> None:
        """Ticks with their labels; one that would be cut off at the right is left out.

        Args:
            ratio: Device pixels for one pixel: ticks are whole ones.
        """
        theme = self._theme
        found = ticks(span, place.width(), sample_rate_hz, theme.text_scale)
        named, quarter = theme.color("line_control"), theme.color("line_field")
        bottom, line = round(place.height() * ratio), hairline(ratio)
        last = round(place.width() * ratio) - line
        tall, short = round(_NAMED_TICK_PX * ratio), round(_QUARTER_TICK_PX * ratio)
        with device_pixels(painter, place.topLeft(), ratio):
            for x, label in found:
                high, color = (short, quarter) if label is None else (tall, named)
                # Whole numbers: Qt fills such rectangles many times faster.
                painter.fillRect(min(round(x * ratio), last), bottom - high, line, high, color)
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        top, right = place.top(), place.right()
        for x, label in found:
            if label is not None:
                left = round(place.left() + x) + _LABEL_GAP_PX
                text = self._text_of(label)
                if left + text.size().width() < right:
                    painter.drawStaticText(QPointF(left, top), text)

    def _text_of(self, label: str) -> QStaticText:
        """A label, laid out once for the many frames that show it."""
        text = self._texts.get(label)
        if text is None:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            text = QStaticText(label)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            text.prepare(font=self._theme.font("caption", medium=True))
            self._texts[label] = text
        return text

    def paint_brace(self, painter: QPainter, place: QRectF, span: ViewSpan, region: LoopRegion, ratio: float) -> None:
        """A bar above the loop with a grip at each end that is in sight."""
        # Where the borders are on the lanes: on whole device pixels.
        width = round(place.width() * ratio)
        left, right = (round(span.x_of(end, width)) / ratio + place.left() for end in (region.start, region.end))
        if right < place.left() or left > place.right():
            return
        # Qt counts pixels in 32 bits; an end that is hours away from a few samples isn't within these.
        left, right = max(left, place.left() - _OUT_OF_SIGHT_PX), min(right, place.right() + _OUT_OF_SIGHT_PX)
        accent = self._theme.color("accent")
        painter.save()
        painter.setClipRect(place.adjusted(-2, 0, 2, 0))
        bar = QRectF(left, place.bottom() - _BRACE_PX - 1, right - left, _BRACE_PX)
        painter.fillRect(bar, accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = place.bottom() - _GRIP_HEIGHT_PX
        for x in (left - 1, right - _GRIP_WIDTH_PX + 1):
            painter.drawRoundedRect(QRectF(x, top, _GRIP_WIDTH_PX, _GRIP_HEIGHT_PX), 2, 2)
        painter.restore()

    def paint_playhead(self, painter: QPainter, place: QRectF, column: int, ratio: float) -> None:
        """The head of the playhead and the line below it, in a device pixel column."""
        line, theme = hairline(ratio), self._theme
        with device_pixels(painter, place.topLeft(), ratio):
            hidden = round(_CAP_HEIGHT_PX / 2 * ratio)
            painter.fillRect(column, hidden, line, round(place.height() * ratio) - hidden, theme.color("playhead"))
        middle, top = place.left() + (column + line / 2) / ratio, place.top() + 1
        half, shoulder = _CAP_WIDTH_PX / 2, _CAP_HEIGHT_PX / 2
        cap = QPolygonF(
            [
                QPointF(middle - half, top),
                QPointF(middle + half, top),
                QPointF(middle + half, top + shoulder),
                QPointF(middle, top + _CAP_HEIGHT_PX),
                QPointF(middle - half, top + shoulder),
            ]
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("playhead"))
        painter.drawPolygon(cap)
        painter.restore()
