"""The handle that a take is dragged by into another program."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_RADIUS_PX = 5
_NAME = "Drag to DAW"
_TOOLTIP = "Drag into a DAW or a folder. A click, or Ctrl+C, copies the file."
_NO_TAKE = "Select a take first"


class DragHandle(PaintedButton):
    """Dashed, with a grip. `drag_begun` when the pointer pulls at it; a click, also by keyboard, is `clicked`."""

    drag_begun = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _NAME, Shape(32, 12), icon="grip-vertical", parent=parent)
        self._pressed_at: QPointF | None = None
        self._is_pulled = False
        self.setAccessibleName(_NAME)
        self.show_usable(is_usable=False)

    def show_usable(self, *, is_usable: bool, reason: str = _NO_TAKE) -> None:
        """Whether there is something to drag, else why not."""
        self.setEnabled(is_usable)
        self.setToolTip(_TOOLTIP if is_usable else reason)
        self.setAccessibleDescription(self.toolTip())
        self._refresh_cursor()

    def show_words(self, *, has_room: bool) -> None:
        """The grip alone where there is no room for more."""
        self.setText(_NAME if has_room else "")
        self.updateGeometry()

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled", outline="line")
        fill = "pressed" if pressed else "raised" if hovered else None
        return Look("text", fill=fill, outline="line_control", icon="text2")

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self._refresh_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pressed_at
        if self._is_pulled:
            return
        if at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif (event.position() - at).manhattanLength() >= QApplication.startDragDistance():
            self._is_pulled = True
            self.drag_begun.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_pulled:
            self.setDown(False)  # where it is let go isn't a click
        self._pressed_at, self._is_pulled = None, False
        super().mouseReleaseEvent(event)
        self._refresh_cursor()

    def _refresh_cursor(self) -> None:
        if not self.isEnabled():
            self.unsetCursor()
        else:
            is_held = self._pressed_at is not None
            self.setCursor(Qt.CursorShape.ClosedHandCursor if is_held else Qt.CursorShape.OpenHandCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        is_lit = self.isEnabled() and (self.underMouse() or self.isDown())
        look = self.look(hovered=is_lit, pressed=self.isDown())
        painter = QPainter(self)
        fill_rounded(
            painter,
            QRectF(self.rect()),
            self._theme.px(_RADIUS_PX),
            self._theme.color(look.fill) if look.fill is not None else None,
            self._theme.color(look.outline or "line_control"),
            dashed=not is_lit,
        )
        self._paint_content(painter, look)
