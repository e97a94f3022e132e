"""Beside the mouse: time, frequency and level of what it points at in a spectrogram, with a crosshair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.audio.spectrogram import FLOOR_DBFS
from app.ui.controls.painting import fill_rounded
from app.ui.readouts import MINUS, length
from app.ui.spectrogram_layer import Reading
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan

_LINE_ALPHA = 0.55
_BESIDE_PX, _PADDING_PX, _HEIGHT_PX = 8, 8, 22


class SpectrogramReadout:
    """A layer above everything else on the lanes; shows nothing while the mouse is elsewhere."""

    def __init__(self, theme: Theme, reading_at: Callable[[QPointF], Reading | None]) -> None:
        self._theme = theme
        self._reading_at = reading_at
        self._point: QPointF | None = None

    def point_at(self, point: QPointF | None) -> None:
        """The mouse has moved, or left."""
        self._point = point

    @property
    def text(self) -> str:
        """What it says now; empty when it says nothing."""
        found = None if self._point is None else self._reading_at(self._point)
        return "" if found is None else reading_text(found)

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:  # noqa: ARG002 - a layer has it
        text, point = self.text, self._point
        lane = next((each for each in lanes if point is not None and each.contains(point)), None)
        if not text or point is None or lane is None:
            return
        line = QColor(Qt.GlobalColor.white)
        line.setAlphaF(_LINE_ALPHA)
        pen = QPen(line, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        x, y = int(point.x()) + 0.5, int(point.y()) + 0.5
        painter.drawLine(QPointF(x, lane.top()), QPointF(x, lane.bottom()))
        painter.drawLine(QPointF(lane.left(), y), QPointF(lane.right(), y))
        self._paint_text(painter, lanes[0].united(lanes[-1]), point, text)

    def _paint_text(self, painter: QPainter, area: QRectF, point: QPointF, text: str) -> None:
        theme = self._theme
        painter.setFont(theme.font("caption", medium=True))
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * theme.px(_PADDING_PX)
        height, beside = theme.px(_HEIGHT_PX), theme.px(_BESIDE_PX)
        fits_right = point.x() + beside + width <= area.right()
        fits_below = point.y() + beside + height <= area.bottom()
        left = point.x() + beside if fits_right else point.x() - beside - width
        top = point.y() + beside if fits_below else point.y() - beside - height
        box = QRectF(round(max(left, area.left())), round(max(top, area.top())), width, height)
        fill_rounded(painter, box, 4, theme.color("panel"), theme.color("line_field"))
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def reading_text(found: Reading) -> str:
    """`0:05.620   3.1 kHz   −41 dB`"""
    return "   ".join((length(found.seconds, places=3), _frequency(found.hz), _level(found.dbfs)))


def loudest_text(found: Reading) -> str:
    """`At the playhead 440 Hz is loudest, with −23 dB.`"""
    if found.dbfs is None or found.dbfs <= FLOOR_DBFS:
        return f"At the playhead everything is {_level(FLOOR_DBFS)}."
    return f"At the playhead {_frequency(found.hz)} is loudest, with {_level(found.dbfs)}."


def _frequency(hz: float) -> str:
    return f"{hz:.0f} Hz" if hz < 999.5 else f"{hz / 1_000:.1f} kHz"


def _level(dbfs: float | None) -> str:
    if dbfs is None:
        return "… dB"
    if dbfs <= FLOOR_DBFS:
        return f"below {MINUS}{-FLOOR_DBFS:.0f} dB"
    return f"{MINUS if round(dbfs) < 0 else ''}{abs(dbfs):.0f} dB"
