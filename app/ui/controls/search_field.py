"""A field to search in: looks a moment after the last letter."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.ghost_button import IconButton
from app.ui.controls.primary_button import key_hint_text
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

PAUSE_MS = 120


class SearchField(TextField):
    """`searched` carries the text, trimmed, once for each that differs; Enter and clearing don't wait.

    Esc clears a text; without one it is left to the window.
    """

    searched = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        placeholder: str = "Search",
        key_hint: str = "",
        pause_ms: int = PAUSE_MS,
        parent: QWidget | None = None,
    ) -> None:
        self._key_hint = key_hint_text(key_hint) if key_hint else ""
        super().__init__(theme, label, placeholder=placeholder, icon="search", parent=parent)
        self._last = ""
        self._clear = IconButton(theme, "x", "Clear search", size=24, icon_size=14, parent=self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.hide()
        self._clear.clicked.connect(self._on_clear)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)  # the usual one takes up to a twentieth more
        self._pause.timeout.connect(self._announce)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self._announce)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._on_clear()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._clear.sizeHint()
        self._clear.setGeometry(
            QRect(
                self.width() - side.width() - 2,
                (self.height() - side.height()) // 2,
                side.width(),
                side.height(),
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key_hint and not self.text():
            painter = QPainter(self)
            painter.setFont(self._theme.font("caption"))
            painter.setPen(self._theme.color("text3"))
            room = self.rect().adjusted(0, 0, -self._theme.px(9), 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key_hint)

    def _right_room(self) -> int:
        hint = QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._key_hint)
        return max(hint, self._theme.px(20))

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._pause.start()
        else:
            self._announce()

    def _on_clear(self) -> None:
        self.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self) -> None:
        self._pause.stop()
        wanted = self.text().strip()
        if wanted != self._last:
            self._last = wanted
            self.searched.emit(wanted)
