"""Several lines of text with their label above, a counter at its right, and what is wrong below."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.text_area import TextArea
from app.ui.theme import Theme


class TallField(QWidget):
    """`edited` carries the text as the user types it.

    Args:
        least, most: Characters; the counter says how many are missing or too many.
    """

    edited = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        name: str = "",
        text: str = "",
        placeholder: str = "",
        hint: str = "",
        least: int | None = None,
        most: int | None = None,
        height: float = 96,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = height
        self._least, self._most = least, most
        self._hint_text = hint
        self._problem = ""
        self._label = Label(theme, label, font="label", role="text2", elide=True)
        self._count = Label(theme, font="caption", role="text3")
        self.control = TextArea(theme, name or label, placeholder=placeholder)
        self._label.setBuddy(self.control)
        self._note = NoteLine(theme)
        self._head = QHBoxLayout()
        self._head.addWidget(self._label, 1)
        self._head.addWidget(self._count)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.control)
        self._column.addWidget(self._note)
        self.set_text(text)
        self.control.textChanged.connect(self._on_text)
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)

    def text(self) -> str:
        return self.control.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text that isn't the user's; announces nothing."""
        if self.text() != text:
            with QSignalBlocker(self.control):
                self.control.setPlainText(text)
        self._refresh()

    def set_hint(self, text: str) -> None:
        """Quiet words below; empty for none."""
        self._hint_text = text
        self._refresh()

    def set_error(self, problem: str | None) -> None:
        """Say what is wrong and what to do; None when all is well."""
        self._problem = problem or ""
        self._refresh()

    def error(self) -> str | None:
        return self._problem or None

    def _on_text(self) -> None:
        self.edited.emit(self.text())
        self._refresh()

    def _refresh(self) -> None:
        length = len(self.text())
        over = length - self._most if self._most is not None else 0
        missing = self._least - length if self._least is not None and length else 0
        if over > 0:
            self._count.setText(f"{over:,} too many")
        elif missing > 0:
            self._count.setText(f"{missing:,} more needed")
        else:
            self._count.setText(f"{length:,} of {self._most:,}" if self._most is not None else "")
        self._count.set_role("err" if over > 0 else "text3")
        self._count.setVisible(bool(self._count.text()))
        self.control.set_error(over > 0 or bool(self._problem))
        self._note.say(self._problem or self._hint_text, NoteTone.PROBLEM if self._problem else NoteTone.HINT)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.control.setFixedHeight(px(self._height))
        self._column.setContentsMargins(0, px(4), 0, px(4))
        self._column.setSpacing(px(4))
        self._head.setSpacing(px(8))
