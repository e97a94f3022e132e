"""A file dropped onto a part of the window: the part says what will happen, and then it is asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.drop_zone import files_of
from app.ui.theme import Theme

_MARGIN_PX, _RADIUS_PX = 10, 6


class FileDrop(QObject):
    """`brought` carries the files that were dropped onto a widget, or onto anything in it.

    Args:
        words_for: What would be done with some files; empty where they aren't taken.
    """

    brought = Signal(list)  # of Path

    def __init__(self, theme: Theme, target: QWidget, words_for: Callable[[list[Path]], str]) -> None:
        super().__init__(target)
        self._words_for = words_for
        self._target = target
        self._veil = _Veil(theme, target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                # What is dragged from the list itself is on its way to another app.
                files = files_of(event.mimeData()) if event.source() is None else []
                words = self._words_for(files) if files else ""
                if words:
                    event.acceptProposedAction()
                    self._veil.cover(self._target, words)
                    return True
            case QEvent.Type.DragLeave:
                self._veil.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self._veil.hide()
                event.acceptProposedAction()
                self.brought.emit(files_of(event.mimeData()))
                return True
        return super().eventFilter(watched, event)


class _Veil(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, target: QWidget, words: str) -> None:
        self._words = words
        self.setGeometry(target.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        margin = theme.px(_MARGIN_PX)
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        veil = theme.color("window")
        veil.setAlphaF(0.8)
        painter.fillRect(self.rect(), veil)
        fill_rounded(painter, area, theme.px(_RADIUS_PX), theme.color("accent_tint"), theme.color("accent"))
        painter.setFont(theme.font("body", medium=True))
        painter.setPen(theme.color("accent"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()
