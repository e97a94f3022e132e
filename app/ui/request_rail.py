"""What is left of the request column in a narrow window: a button for each of its parts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.controls.ghost_button import IconButton
from app.ui.theme import Theme

WIDTH_PX = 44
_PARTS = (("prompt", "pencil", "Prompt"), ("voice", "mic", "Voice"), ("audio", "file-audio", "Audio settings"))


class RequestRail(QWidget):
    """Stands at the left edge; a pressed part is `wanted`, pressed again it is no longer."""

    wanted = Signal(str)  # name of a part, or nothing

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._buttons: dict[str, IconButton] = {}
        for name, icon, label in _PARTS:
            button = IconButton(theme, icon, label, checkable=True, size=32, icon_size=17)
            button.toggled.connect(lambda is_on, name=name: self._on_toggled(name, is_on=is_on))
            self._buttons[name] = button
            self._column.addWidget(button)
        self._column.addStretch(1)
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)

    def show_part(self, name: str) -> None:
        """Mark the part that is open, or none; announces nothing."""
        for each, button in self._buttons.items():
            blocked = button.blockSignals(True)
            button.setChecked(each == name)
            button.blockSignals(blocked)
            button.update()

    def offer(self, name: str, is_there: bool) -> None:
        """A part that the chosen model lacks has no button."""
        self._buttons[name].setVisible(is_there)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color("line"))
        painter.end()

    def _on_toggled(self, name: str, *, is_on: bool) -> None:
        self.show_part(name if is_on else "")
        self.wanted.emit(name if is_on else "")

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.setFixedWidth(px(WIDTH_PX))
        self._column.setContentsMargins(px(5), px(8), px(7), px(8))
        self._column.setSpacing(px(6))
        self.update()
