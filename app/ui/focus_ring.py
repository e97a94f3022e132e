"""The ring around whatever has the keyboard, drawn over the window: no control has to leave room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QMenu,
    QWidget,
)
from shiboken6 import isValid

if TYPE_CHECKING:
    from app.ui.theme import Theme

_GAP, _WIDTH = 1, 2
_DEFAULT_RADIUS = 5
_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange})


class FocusRing(QObject):
    """Follows the keyboard focus through all windows.

    Shown after Tab, arrows or a shortcut, and always around text fields. A widget with the dynamic property
    `focusRing` set to False draws its own; `ringRadius` is the radius of its corners; `ringTarget` set to
    True puts the ring around the parent, of which the widget is a part. A window with `ringsNext` set to True shows it
    around whatever gets the focus next, however that comes: where a dialog has put it, nobody has pressed a key yet.
    """

    def __init__(self, theme: Theme, app: QApplication) -> None:
        super().__init__(theme)
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._frames: dict[QWidget, _Frame] = {}
        app.focusChanged.connect(self._on_focus_changed)
        theme.changed.connect(self._place)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Move with the target; nothing is kept from anybody."""
        if event.type() in _MOVES:
            self._place()
        return False

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._target = None
        if now is not None and self._wants_ring(now):
            self._target = now.parentWidget() if now.property("ringTarget") else now
            ancestor: QWidget | None = self._target
            while ancestor is not None:
                ancestor.installEventFilter(self)
                self._watched.append(ancestor)
                ancestor = None if ancestor.isWindow() else ancestor.parentWidget()
        self._place()

    def _wants_ring(self, widget: QWidget) -> bool:
        window = widget.window()
        is_next = bool(window.property("ringsNext")) and widget is not window
        if is_next:
            window.setProperty("ringsNext", False)
        if widget.property("focusRing") is False or isinstance(widget, QMenu | QAbstractItemView) or widget.isWindow():
            return False
        is_keyboard = window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        return isinstance(widget, QLineEdit) or is_next or is_keyboard

    def _place(self) -> None:
        self._frames = {w: f for w, f in self._frames.items() if isValid(w) and isValid(f)}
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            for frame in self._frames.values():
                frame.hide()
            return
        window = target.window()
        for other, frame in self._frames.items():
            if other is not window:
                frame.hide()
        if window not in self._frames:
            self._frames[window] = _Frame(self._theme, window)
        self._frames[window].surround(target)


class _Frame(QWidget):
    """The painted ring of one window; the mouse goes through it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._ring = QRect()
        self._radius = 0.0
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def surround(self, target: QWidget) -> None:
        """Go around a widget, cut off where the area that scrolls it ends."""
        window = target.window()
        around = _GAP + _WIDTH
        ring = QRect(target.mapTo(window, QPoint(0, 0)), target.size()).adjusted(-around, -around, around, around)
        visible = ring & window.rect()
        parent = target.parentWidget()
        while parent is not None and not parent.isWindow():
            holder = parent.parentWidget()
            if isinstance(holder, QAbstractScrollArea) and holder.viewport() is parent:
                visible &= QRect(parent.mapTo(window, QPoint(0, 0)), parent.size())
            parent = holder
        if visible.isEmpty():
            self.hide()
            return
        radius = target.property("ringRadius")
        self._radius = self._theme.px(_DEFAULT_RADIUS if radius is None else radius) + _GAP + _WIDTH / 2
        self._ring = ring.translated(-visible.topLeft())
        self.setGeometry(visible)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), _WIDTH))
        half = _WIDTH / 2
        painter.drawRoundedRect(QRectF(self._ring).adjusted(half, half, -half, -half), self._radius, self._radius)
