"""The dashed place where files are added: by a click, or by dropping them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_NOTICE_MS = 4000


def files_of(data: QMimeData) -> list[Path]:
    """The local files that were dropped or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(PaintedButton):
    """A click announces a wish to choose files; dropped ones are `brought`."""

    brought = Signal(list)  # of Path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", Shape(30, 8, radius=6, icon_size=14, font="small"), icon="plus", parent=parent)
        self._words = ""
        self._is_over = False
        self._has_notice = False
        self._until = QTimer(self)
        self._until.setSingleShot(True)
        self._until.setInterval(_NOTICE_MS)
        self._until.timeout.connect(self._end_notice)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """What can be added here."""
        self._words = words
        if not self._has_notice:
            self.setText(words)
        self.setAccessibleName(words)

    def say(self, notice: str) -> None:
        """Why nothing was added; shown for four seconds."""
        self._has_notice = True
        self.setText(notice)
        self.setAccessibleDescription(notice)
        self.set_icon("octagon-alert")
        self._until.start()

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if self._is_over:
            return Look("accent", fill="accent_tint", outline="accent")
        if self._has_notice:
            return Look("err", outline="err")
        is_lit = hovered or pressed
        return Look("text" if is_lit else "text2", fill="hover" if is_lit else None, outline="line_control")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()
            self._show_over(is_over=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._show_over(is_over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(is_over=False)
        self.brought.emit(files_of(event.mimeData()))
        event.acceptProposedAction()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = self.look(hovered=self.underMouse() and self.isEnabled(), pressed=self.isDown())
        painter = QPainter(self)
        fill_rounded(
            painter,
            QRectF(self.rect()),
            self._theme.px(6),
            self._theme.color(look.fill) if look.fill is not None else None,
            self._theme.color(look.outline or "line_control"),
            dashed=not self._is_over,
        )
        self._paint_content(painter, look)

    def _show_over(self, *, is_over: bool) -> None:
        self._is_over = is_over
        self.update()

    def _end_notice(self) -> None:
        self._has_notice = False
        self.setText(self._words)
        self.setAccessibleDescription("")
        self.set_icon("plus")
