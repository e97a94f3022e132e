"""Another address than a service's own, for those who reach it through a server of theirs."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.base_url import base_url
from app.ui.controls.button import Button
from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.label import Label
from app.ui.controls.link import LinkButton
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

_B = TypeVar("_B", bound=QWidget)

_HINT = "A key of the keychain is sent there only once you say so."


class AddressEntry(QWidget):
    """A quiet line while the address is another one; a field once the user wants to change it.

    Args:
        service: The name people know it by.
        own: The service's own address; empty for a server that has none but the user's.
    """

    chosen = Signal(str)  # a usable address; empty for the service's own
    folded = Signal()  # the field was closed

    def __init__(self, theme: Theme, service: str, own: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._own = own
        self._address = own
        self._is_open = False
        self._line = Label(theme, font="small", role="text2", elide=True)
        self._change = _named(LinkButton(theme, "Change"), f"Change the address of {service}")
        self._reset = _named(LinkButton(theme, "Use the service’s own"), f"Use {service}’s own address")
        self.field = TextField(theme, f"Address of {service}", placeholder=own)
        self._take = _named(Button(theme, "Change address"), f"Change the address of {service}")
        self._cancel = _named(GhostButton(theme, "Cancel"), f"Keep the address of {service}")
        self._note = NoteLine(theme)
        self._quiet, self._fields, self._column = QWidget(), QWidget(), QVBoxLayout(self)
        self._quiet_row, self._field_row = QHBoxLayout(self._quiet), QHBoxLayout()
        self._field_column = QVBoxLayout(self._fields)
        self._lay_out()
        self._connect()
        self._refresh_sizes()
        self._refresh()

    def show_address(self, address: str) -> None:
        """Where the service is reached now."""
        self._address = address
        self._refresh()

    def open_field(self) -> None:
        self._is_open = True
        self.field.setText(self._address)
        self._show_problem("")
        self._refresh()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the address over; it doesn't reach the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.hasFocus():
            self._check()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._quiet_row.addWidget(self._line)
        self._quiet_row.addWidget(self._change)
        self._quiet_row.addWidget(self._reset)
        self._quiet_row.addStretch(1)
        self._field_row.addWidget(self.field, 1)
        self._field_row.addWidget(self._take)
        self._field_row.addWidget(self._cancel)
        self._field_column.addLayout(self._field_row)
        self._field_column.addWidget(self._note)
        for each in (self._quiet_row, self._field_column, self._column):
            each.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._quiet)
        self._column.addWidget(self._fields)

    def _connect(self) -> None:
        self._theme.changed.connect(self._refresh_sizes)
        self._change.clicked.connect(self.open_field)
        self._reset.clicked.connect(lambda: self._choose(self._own))
        self._take.clicked.connect(self._check)
        self._cancel.clicked.connect(self._fold)
        self.field.textEdited.connect(lambda _text: self._show_problem(""))

    def _check(self) -> None:
        typed = self.field.text().strip()
        try:
            address = base_url(typed) if typed or not self._own else self._own
        except ValueError as error:
            self._show_problem(str(error))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._choose(address)

    def _choose(self, address: str) -> None:
        has_changed = address != self._address
        self._fold()
        if has_changed:
            self.chosen.emit("" if address == self._own else address)

    def _fold(self) -> None:
        self._is_open = False
        self._refresh()
        self.folded.emit()

    def _show_problem(self, problem: str) -> None:
        self._note.say(problem or _HINT, NoteTone.PROBLEM if problem else NoteTone.HINT)
        self.field.set_error(problem)

    def _refresh(self) -> None:
        is_elsewhere = self._address != self._own
        self._line.setText(f"Reached at {self._address}")
        self._fields.setVisible(self._is_open)
        self._reset.setVisible(bool(self._own))
        self._quiet.setVisible(is_elsewhere and not self._is_open)
        self.setVisible(self._is_open or is_elsewhere)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._quiet_row.setSpacing(px(10))
        self._field_row.setSpacing(px(8))
        self._field_column.setSpacing(px(4))


def _named(button: _B, name: str) -> _B:
    button.setAccessibleName(name)
    return button
