"""A slider that shows where its default is, and how far the value has moved from it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_HANDLE, _HANDLE_PRESSED = 14, 16
_GROOVE = 3
_TICK = 12


class Slider(QSlider):
    """A horizontal slider over whole positions. The handle goes where one presses; the wheel needs the focus.

    `reset` is a double click. Without a default the fill starts at the left, and there is no tick.
    """

    reset = Signal()

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._default: int | None = None
        self.setAccessibleName(label)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._refresh_from_theme)

    def set_default(self, position: int | None) -> None:
        """Where the tick stands; None for no tick."""
        self._default = position
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(24))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.setSliderPosition(self._position_at(event.position().x()))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._position_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, color = self._theme.px, self._theme.color
        middle = self.height() / 2
        groove = px(_GROOVE)
        bar = QRectF(0, middle - groove / 2, self.width(), groove)
        enabled = self.isEnabled()
        if enabled:
            fill_rounded(painter, bar, groove / 2, color("raised"), color("line_control"), width=0.5)
        else:
            fill_rounded(painter, bar, groove / 2, color("line"))
        x = self._x_of(self.sliderPosition())
        start = 0.0 if self._default is None else self._x_of(self._default)
        if enabled and x != start:
            left, right = min(x, start), max(x, start)
            fill_rounded(painter, QRectF(left, bar.top(), right - left, groove), groove / 2, color("accent"))
        if self._default is not None:
            tick = px(_TICK)
            role = "line_control" if enabled else "line"
            painter.fillRect(QRectF(round(start), middle - tick / 2, 1, tick), color(role))
        self._paint_handle(painter, QPointF(x, middle), enabled=enabled)

    def _paint_handle(self, painter: QPainter, middle: QPointF, *, enabled: bool) -> None:
        color = self._theme.color
        size = self._theme.px(_HANDLE_PRESSED if self.isSliderDown() else _HANDLE)
        outline = "line" if not enabled else "text" if self.underMouse() else "line_control"
        painter.setPen(QPen(color(outline), 1))
        painter.setBrush(color("panel"))
        painter.drawEllipse(middle, size / 2 + 0.5, size / 2 + 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("text" if enabled else "disabled")))
        painter.drawEllipse(middle, size / 2 - 2, size / 2 - 2)

    def _inset(self) -> float:
        return self._theme.px(_HANDLE_PRESSED) / 2 + 1

    def _x_of(self, position: int) -> float:
        span = max(self.maximum() - self.minimum(), 1)
        room = self.width() - 2 * self._inset()
        return self._inset() + room * (position - self.minimum()) / span

    def _position_at(self, x: float) -> int:
        room = max(self.width() - 2 * self._inset(), 1)
        share = min(max((x - self._inset()) / room, 0.0), 1.0)
        return self.minimum() + round(share * (self.maximum() - self.minimum()))

    def _refresh_from_theme(self) -> None:
        self.updateGeometry()
        self.update()
