"""From where to where a part of a take goes, in seconds, and a cross to forget it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.controls.divider import Divider
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.theme import Theme


class PartReadout(QWidget):
    """
    Args:
        title: What the part is, such as Selection.
        clearing: What the cross does.
    """

    clear_wanted = Signal()

    def __init__(self, theme: Theme, title: str, clearing: str) -> None:
        super().__init__()
        self._line = Divider(theme, vertical=True, length=28)
        self._value = Label(theme, "", font="small", medium=True)
        clear = IconButton(theme, "x", clearing, size=24, icon_size=14)
        clear.clicked.connect(self.clear_wanted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        self._title = Label(theme, title, font="caption", role="text3")
        words.addWidget(self._title)
        words.addWidget(self._value)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._line, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(theme.px(7))
        row.addLayout(words)
        row.addWidget(clear)

    def show_title(self, title: str) -> None:
        """The part is something else now."""
        self._title.setText(title)

    def show_part(self, start_s: float, end_s: float) -> None:
        self._value.setText(f"{start_s:.3f} – {end_s:.3f} s")

    def show_words(self, words: str) -> None:
        """Something else than two times."""
        self._value.setText(words)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._value.text()
