"""A sentence below a field: a quiet one, a warning, or what is wrong and what to do."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui.controls.label import Label
from app.ui.theme import Theme

_ICON_PX = 13


class NoteTone(Enum):
    """How loud a sentence is: the role of its words, and the icon before them."""

    HINT = ("text3", None)
    WARNING = ("warn", "triangle-alert")
    PROBLEM = ("err", "octagon-alert")


class NoteLine(QWidget):
    """An icon, the words, and then a colour, in this order; without words it takes no room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon: str | None = None
        self._tone = NoteTone.HINT
        self._sign = QLabel()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words = Label(theme, font="caption", role="text3", wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self.hide()
        self._refresh()
        theme.changed.connect(self._refresh)

    def say(self, text: str, tone: NoteTone = NoteTone.HINT, *, icon: str | None = None) -> None:
        """Show a sentence; an empty one hides the line.

        Args:
            icon: Instead of that of the tone.
        """
        self._tone, self._icon = tone, icon or tone.value[1]
        self._words.setText(text)
        self._words.set_role(tone.value[0])
        self.setVisible(bool(text))
        self._refresh()

    def text(self) -> str:
        return self._words.text()

    @property
    def tone(self) -> NoteTone:
        return self._tone

    def _refresh(self) -> None:
        self._row.setSpacing(self._theme.px(5))
        self._sign.setVisible(self._icon is not None)
        if self._icon is not None:
            ratio = self.devicePixelRatioF()
            picture = self._theme.pixmap(self._icon, self._tone.value[0], size=_ICON_PX, device_pixel_ratio=ratio)
            self._sign.setPixmap(picture)
