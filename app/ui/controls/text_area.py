"""Several lines of text."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui.controls.text_field import set_problem_property
from app.ui.theme import Theme


class TextArea(QPlainTextEdit):
    """The prompt's editor: a larger font, Tab leaves it, a wide outline instead of the ring."""

    def __init__(self, theme: Theme, label: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(label)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("focusRing", False)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the text as wrong, or not."""
        set_problem_property(self, bool(problem))

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("prompt"))
        self.document().setDocumentMargin(self._theme.px(4))
