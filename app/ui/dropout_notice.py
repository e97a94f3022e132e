"""A quiet word that sound had gaps: how often samples came too late."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.painted_button import Look
from app.ui.readouts import counted
from app.ui.theme import Theme

_EXPLANATION = (
    "The sound had gaps: samples came too late for the output device. The files are whole; it happens where the "
    "computer or its disk is too busy. Close other programs, or choose another output device. Click to count anew."
)


class DropoutNotice(GhostButton):
    """Hidden until there is something to say; a click begins to count anew."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="triangle-alert", size="row", parent=parent)
        self._count = self._counted_from = 0
        self._is_short = False
        self.setToolTip(_EXPLANATION)
        self.setAccessibleDescription(_EXPLANATION)
        self.clicked.connect(self._count_anew)
        self.hide()

    def show_count(self, count: int) -> None:
        """How often it happened since the start of the app."""
        self._count = count
        self._refresh()

    def set_short(self, is_short: bool) -> None:
        """The number alone, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._refresh()

    @property
    def has_news(self) -> bool:
        """Whether it happened since it was last clicked away."""
        return self._count > self._counted_from

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return Look("text2", fill="pressed" if pressed else "hover" if hovered else None, icon="warn")

    def _count_anew(self) -> None:
        self._counted_from = self._count
        self._refresh()

    def _refresh(self) -> None:
        count = self._count - self._counted_from
        words = counted(count, "dropout")
        self.setText(f"{count:,}" if self._is_short else words)
        self.setAccessibleName(words)
        self.setVisible(self.has_news)
