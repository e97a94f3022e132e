"""What is left of the request column in a narrow window: a button for each of its parts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.painted_button import Look
from app.ui.theme import Theme

WIDTH_PX = 44
_BUTTON_PX, _BUTTON_HEIGHT_PX, _ICON_PX = 40, 44, 17
_PARTS = (
    ("prompt", "pencil", "Prompt", "Prompt", "Alt+1"),
    ("voice", "mic", "Voice", "Voice", "Alt+2"),
    ("audio", "file-audio", "Audio", "Audio settings", "Alt+3"),
)


class RequestRail(QWidget):
    """Stands at the left edge; a pressed part is `wanted`, pressed again it is no longer."""

    wanted = Signal(str)  # name of a part, or nothing

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._buttons: dict[str, _Part] = {}
        for name, icon, word, label, keys in _PARTS:
            button = _Part(theme, icon, word, label, keys)
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
            button.explain()

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
        self._column.setContentsMargins(px(1), px(8), px(2), px(8))
        self._column.setSpacing(px(6))
        self.update()


class _Part(GhostButton):
    """An icon above its word, so that nobody has to guess what is folded away here."""

    def __init__(self, theme: Theme, icon: str, word: str, label: str, keys: str) -> None:
        self._label, self._keys = label, keys
        super().__init__(theme, word, icon=icon, checkable=True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label)
        self.explain()

    def explain(self) -> None:
        """What pressing it does now."""
        verb = "Fold away" if self.isChecked() else "Show"
        self.setToolTip(f"{verb} the {self._label.lower()} ({self._keys})")
        self.setAccessibleDescription("Unfolded" if self.isChecked() else "Folded")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_BUTTON_PX), self._theme.px(_BUTTON_HEIGHT_PX))

    def _paint_content(self, painter: QPainter, look: Look) -> None:
        theme, side = self._theme, self._theme.px(_ICON_PX)
        font, line = theme.font("caption"), theme.line_height("caption")
        top = (self.height() - side - theme.px(2) - line) // 2
        ratio = self.devicePixelRatioF()
        picture = theme.pixmap(self.icon_name or "", look.icon_role, size=_ICON_PX, device_pixel_ratio=ratio)
        painter.drawPixmap((self.width() - side) // 2, top, picture)
        painter.setFont(font)
        painter.setPen(theme.color(look.text))
        words = QRectF(0, top + side + theme.px(2), self.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text())
