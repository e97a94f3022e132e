"""Setting up a server of one's own: a quiet row, and fields for its name, its address and a key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.controls.button import Button
from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.label import Label
from app.ui.controls.primary_button import PrimaryButton
from app.ui.controls.text_field import TextField
from app.ui.key_field import KeyField
from app.ui.service_row import INDENT_PX, NAME_PX, ServiceTile
from app.ui.theme import Theme

_NAME, _ADDRESS = "name", "base_url"
_LABEL_PX = 60
_WORDS = "Any OpenAI-compatible server."
_ELSEWHERE = "Plain http:// is for this computer alone."


class ServerEntry(QWidget):
    """`wanted` carries name and address as they were typed; the key is asked for once the server is there."""

    wanted = Signal(str, str)
    grown = Signal()  # the row needs another height
    opened = Signal()  # the fields are there: they should be seen

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_servers = False
        self._tile = ServiceTile(theme, "cloud")
        self._tile.set_quiet(True)
        self._name = Label(theme, "Own server", font="strong", elide=True)
        self._about = Label(theme, "OpenAI-compatible", font="caption", role="text3", elide=True)
        self._sign = QLabel()
        self._words = Label(theme, _WORDS, font="small", role="text2", wrap=True)
        self._open = Button(theme, "Set up")
        self._open.setAccessibleName("Set up a server of your own")
        self.name_field = TextField(theme, "Name of the server", placeholder="kokoro")
        self.address_field = TextField(theme, "Address of the server", placeholder="http://localhost:8880/v1")
        self.key_field = KeyField(theme, "the server")
        self.key_field.setPlaceholderText("only if it needs one")
        self._rows = {
            _NAME: FieldRow(theme, "Name", self.name_field, label_width=_LABEL_PX),
            _ADDRESS: FieldRow(theme, "Address", self.address_field, hint=_ELSEWHERE, label_width=_LABEL_PX),
            "key": FieldRow(theme, "Key", self.key_field, label_width=_LABEL_PX),
        }
        self._submit = PrimaryButton(theme, "Set up server", size="control")
        self._cancel = GhostButton(theme, "Cancel")
        self._cancel.setAccessibleName("Set up no server")
        self._fields = QWidget()
        self._line, self._title, self._state, self._sentence = (
            QHBoxLayout(),
            QVBoxLayout(),
            QVBoxLayout(),
            QHBoxLayout(),
        )
        self._buttons, self._form, self._column = QHBoxLayout(), QVBoxLayout(self._fields), QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self._fields.hide()
        self._refresh_sizes()

    def show_servers(self, has_servers: bool) -> None:
        """Whether any is set up already."""
        self._has_servers = has_servers
        self._refresh()

    def open_fields(self) -> None:
        self._fields.show()
        self._refresh()
        self.opened.emit()
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is wrong, and go to the first."""
        for field in (_ADDRESS, _NAME):
            self._rows[field].set_error(problems.get(field))
            if field in problems:
                self._rows[field].control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grown.emit()
        self.opened.emit()

    def take_key(self) -> str:
        """The key that was typed; it is in no field afterwards."""
        key = self.key_field.text().strip()
        self.key_field.forget()
        return key

    def fold(self) -> None:
        """What was typed is a server now, or given up."""
        had_focus = self._fields.isAncestorOf(self.window().focusWidget() or self)
        self.key_field.forget()
        for field in (self.name_field, self.address_field):
            field.setText("")
        for row in self._rows.values():
            row.set_error(None)
        self._open.show()
        if had_focus:
            self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fields.hide()
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sets up what was typed, Esc gives it up; neither reaches the dialog."""
        is_open = not self._fields.isHidden()
        if is_open and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._announce()
        elif is_open and event.key() == Qt.Key.Key_Escape:
            self.fold()
        else:
            super().keyPressEvent(event)

    def _announce(self) -> None:
        self.wanted.emit(self.name_field.text().strip(), self.address_field.text().strip())

    def _lay_out(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self._title.addWidget(self._name)
        self._title.addWidget(self._about)
        self._sentence.addWidget(self._sign, 0, top)
        self._sentence.addWidget(self._words, 1)
        self._state.addStretch(1)
        self._state.addLayout(self._sentence)
        self._state.addStretch(1)
        self._line.addWidget(self._tile, 0, top)
        self._line.addLayout(self._title)
        self._line.addLayout(self._state, 1)
        self._line.addWidget(self._open)
        self._line.setAlignment(self._title, top)
        for row in self._rows.values():
            self._form.addWidget(row)
        self._buttons.addWidget(self._submit)
        self._buttons.addWidget(self._cancel)
        self._buttons.addStretch(1)
        self._form.addLayout(self._buttons)
        self._column.addWidget(Divider(self._theme))
        self._column.addLayout(self._line)
        self._column.addWidget(self._fields)

    def _connect(self) -> None:
        self._theme.changed.connect(self._refresh_sizes)
        self._open.clicked.connect(self.open_fields)
        self._submit.clicked.connect(self._announce)
        self._cancel.clicked.connect(self.fold)
        for field, row in ((self.name_field, self._rows[_NAME]), (self.address_field, self._rows[_ADDRESS])):
            field.textEdited.connect(lambda _text, row=row: self._clear(row))

    def _clear(self, row: FieldRow) -> None:
        if row.error() is not None:
            row.set_error(None)
            self.grown.emit()

    def _refresh(self) -> None:
        self._open.setVisible(self._fields.isHidden())
        self._open.setText("Set up another" if self._has_servers else "Set up")
        self._words.setText(_WORDS if self._has_servers else f"Not set up. {_WORDS}")
        ratio = self.devicePixelRatioF()
        icon = "plus" if self._has_servers else "circle-dashed"
        self._sign.setPixmap(self._theme.pixmap(icon, "text3", size=14, device_pixel_ratio=ratio))
        self.grown.emit()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._line.setSpacing(px(12))
        self._line.setContentsMargins(0, px(10), 0, px(10))
        self._sentence.setSpacing(px(6))
        self._title.setSpacing(0)
        self._buttons.setSpacing(px(8))
        self._buttons.setContentsMargins(px(_LABEL_PX + 10), px(6), 0, 0)
        self._form.setSpacing(px(2))
        self._form.setContentsMargins(px(INDENT_PX), 0, 0, px(12))
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        for label in (self._name, self._about):
            label.setFixedWidth(px(NAME_PX))
        self._sign.setFixedHeight(self._theme.line_height("small"))
        self._refresh()
