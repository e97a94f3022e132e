"""Asks for the name of a project: a new one, or one of the earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from app.domain.errors import RequestInvalid
from app.domain.project import project_name
from app.ui.controls.chip import SuggestionChip
from app.ui.controls.flow_layout import FlowLayout
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.theme import Theme

_MOST_CHIPS = 8
_CHIP_TEXT_PX = 180


class ProjectDialog(Dialog):
    """`chosen` carries the name once; the dialog is closed by then.

    Args:
        verb: On the button.
        verb_without: On the button while no name is typed; empty where a name is needed.
        projects: Earlier ones, offered below the field.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        verb: str,
        *,
        projects: Sequence[str],
        verb_without: str = "",
        name: str = "",
        parent: QWidget,
    ) -> None:
        super().__init__(theme, title, width=440, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._verb, self._verb_without = verb, verb_without
        self.field = TextField(theme, "Project", text=name, placeholder="Name of the project", selects_on_click=True)
        self._note = NoteLine(theme)
        self._earlier = QWidget()
        chips = FlowLayout(theme.px(6))
        self._earlier.setLayout(chips)
        metrics = QFontMetrics(theme.font("small", medium=True))
        for each in projects[:_MOST_CHIPS]:
            short = metrics.elidedText(each, Qt.TextElideMode.ElideRight, theme.px(_CHIP_TEXT_PX))
            chip = SuggestionChip(theme, short.replace("&", "&&"))
            chip.setAccessibleName(each)
            chip.clicked.connect(lambda _checked=False, name=each: self._take(name))
            chips.addWidget(chip)
        self._earlier.setVisible(bool(projects))
        self.body.setSpacing(theme.px(8))
        for part in (self.field, self._note, self._earlier):
            self.body.addWidget(part)
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        self._accept = self.add_button(verb, primary=True)
        self._accept.clicked.connect(self._on_accept)
        self.field.textChanged.connect(lambda _text: self._refresh())
        self._refresh()
        self.field.setFocus()
        self.field.selectAll()

    def _take(self, name: str) -> None:
        self.field.setText(name)
        self._on_accept()

    def _name(self) -> str | None:
        """What is typed; None, with the reason at the field, where it can't be a name."""
        try:
            return project_name(self.field.text())
        except RequestInvalid as refused:
            self._note.say(refused.problems[0].message, NoteTone.PROBLEM)
            return None

    def _refresh(self) -> None:
        self._note.say("", NoteTone.HINT)
        name = self._name()
        self.field.set_error(name is None)
        self._accept.setText(self._verb if name or not self._verb_without else self._verb_without)
        self.set_primary_enabled(name is not None and bool(name or self._verb_without))

    def _on_accept(self) -> None:
        name = self._name()
        if name is not None and (name or self._verb_without) and self.isVisible():
            self.accept()
            self.chosen.emit(name)
