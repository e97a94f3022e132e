"""The waveform's place while there is nothing to draw."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_RADIUS_PX = 4


class EmptyWell(QWidget):
    """A dark area with a sentence in its middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_rounded(painter, QRectF(self.rect()), _RADIUS_PX, self._theme.color("canvas"))
        painter.setFont(self._theme.font("body"))
        painter.setPen(self._theme.color("text3"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(20, 8, -20, -8), flags, self._text)
