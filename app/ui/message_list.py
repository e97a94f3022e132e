"""All messages since the start, in a list above the message bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.controls.label import Label
from app.ui.message_log import Message
from app.ui.theme import Theme

_WIDTH_PX, _MOST_ROWS, _ROW_PX = 560, 12, 28


class MessageList(QFrame):
    """A popup with the newest message on top; Esc or a click elsewhere closes it."""

    def __init__(self, theme: Theme, messages: Sequence[Message], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = QListWidget()
        self._rows.setAccessibleName("Messages")
        self._rows.setWordWrap(True)
        self._rows.setSpacing(theme.px(2))
        self._rows.setFont(theme.font("small"))
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows.setIconSize(theme.pixmap("info", size=14).size())
        for message in messages:
            said_at = message.said_at.astimezone()
            row = QListWidgetItem(f"{said_at:%H:%M}   {message.text}")
            row.setIcon(theme.icon(message.icon_name, message.tone.role, size=14))
            self._rows.addItem(row)
        self._rows.setCurrentRow(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(10), theme.px(8), theme.px(4), theme.px(8))
        column.setSpacing(theme.px(6))
        column.addWidget(Label(theme, "Messages" if messages else "No messages yet", font="strong"))
        column.addWidget(self._rows)
        self._rows.setVisible(bool(messages))
        self.setFocusProxy(self._rows)

    @property
    def texts(self) -> list[str]:
        """Every row as it reads."""
        return [self._rows.item(row).text() for row in range(self._rows.count())]

    def open_above(self, bar: QWidget) -> None:
        """Stand on the left end of the bar."""
        px = self._theme.px
        rows = min(self._rows.count(), _MOST_ROWS)
        width = min(px(_WIDTH_PX), bar.window().width())
        height = px(46) + (rows * px(_ROW_PX) if rows else 0)
        corner = bar.mapToGlobal(QPoint(px(6), -height - px(4)))
        self.setGeometry(corner.x(), corner.y(), width, height)
        self.show()
        self._rows.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("line_field"))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
