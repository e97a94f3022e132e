"""What stands in the place of the waveform while takes are compared blind: the time and the playhead, nothing else."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.device_pixels import device_pixels, hairline
from app.ui.theme import Theme
from app.ui.time_ruler import TimeRuler
from app.ui.view_span import ViewSpan

_MS = 1_000
_NUDGE_MS, _LONG_NUDGE_MS = 10, 1_000
_CAP_PX = 7
_RADIUS_PX = 4
_WORDS = "The takes are hidden. Listen to A, B … with the number keys, and pick with Enter."


class BlindCover(QAbstractSlider):
    """A time line as long as the longest of the takes, so that no length tells which one plays.

    To assistive technology it is a slider with the position in milliseconds, as the waveform is.
    """

    seek_wanted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ruler = TimeRuler(theme)
        self._position_ms = 0
        self._length_ms = 1
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Position")
        self.setAccessibleDescription(f"In milliseconds. {_WORDS}")
        self.setProperty("ringRadius", _RADIUS_PX)
        self.valueChanged.connect(lambda value_ms: self.seek_wanted.emit(value_ms / _MS))
        theme.changed.connect(self.update)

    def show_length(self, seconds: float) -> None:
        """How long the longest take is."""
        self._length_ms = max(1, round(seconds * _MS))
        with QSignalBlocker(self):
            self.setRange(0, self._length_ms)
            self.setSingleStep(_NUDGE_MS)
            self.setPageStep(_LONG_NUDGE_MS)
        self.update()

    def show_position(self, seconds: float) -> None:
        """Move the playhead."""
        before, self._position_ms = self._x(), round(seconds * _MS)
        if before != (after := self._x()):
            for x in (before, after):
                self.update(x - _CAP_PX, 0, 2 * _CAP_PX + 1, self.height())

    def announce_position(self) -> None:
        """Tell assistive technology where the playhead is; too often would be a flood while playing."""
        with QSignalBlocker(self):
            self.setValue(self._position_ms)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step_ms = _LONG_NUDGE_MS if with_shift else _NUDGE_MS
        places = {
            Qt.Key.Key_Left: self._position_ms - step_ms,
            Qt.Key.Key_Right: self._position_ms + step_ms,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._length_ms,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            self._seek(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(self._span().frame_at(event.position().x(), self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, ratio = self._theme, QPainter(self), self.devicePixelRatioF()
        ruler = QRectF(0, 0, self.width(), self._ruler.height_px)
        area = QRectF(0, ruler.height(), self.width(), max(self.height() - ruler.height(), 1))
        fill_rounded(painter, area, _RADIUS_PX, theme.color("canvas"))
        self._ruler.paint_scale(painter, ruler, self._span(), _MS, ratio)
        column = min(round(self._x() * ratio), round(self.width() * ratio) - 1)
        self._ruler.paint_playhead(painter, ruler, column, ratio)
        line = hairline(ratio)
        with device_pixels(painter, area.topLeft(), ratio):
            height = round(area.height() * ratio)
            painter.fillRect(column - line, 0, 3 * line, height, theme.color("canvas"))
            painter.fillRect(column, 0, line, height, theme.color("playhead"))
        self._paint_words(painter, area)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        """On a ground of their own, so that the playhead passes behind them."""
        theme = self._theme
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(theme.font("body"))
        place = painter.boundingRect(area.adjusted(20, 8, -20, -8), flags, _WORDS)
        fill_rounded(painter, place.adjusted(-12, -6, 12, 6), _RADIUS_PX, theme.color("canvas"))
        painter.setPen(theme.color("text3"))
        painter.drawText(place, flags, _WORDS)

    def _seek(self, place_ms: float) -> None:
        self.seek_wanted.emit(min(max(place_ms, 0), self._length_ms) / _MS)

    def _span(self) -> ViewSpan:
        return ViewSpan.whole(self._length_ms)

    def _x(self) -> int:
        return min(round(self._span().x_of(self._position_ms, self.width())), self.width() - 1)
