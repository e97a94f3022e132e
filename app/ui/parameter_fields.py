"""The parameters of a model that belong to one panel, one below the other."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.ui.parameter_field import ParameterField, field_width_px
from app.ui.theme import Theme


class ParameterFields(QWidget):
    """Built anew for another model; `edited` carries name and value.

    Args:
        panel: Whose; None for those that are only shown when asked for, which have a place of their own.
    """

    edited = Signal(str, object)

    def __init__(self, theme: Theme, panel: Panel | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._panel = panel
        self._spec: ModelSpec | None = None
        self._fields: dict[str, ParameterField] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> bool:
        """Show the parameters of this model; returns whether there are any.

        Args:
            anew: Take the values from the draft; else the fields keep what they show.
        """
        if spec is not self._spec or anew:
            self._spec = spec
            self._build(spec, draft)
        closed = draft.closed_by_others(spec)
        for name, field in self._fields.items():
            field.shut(closed.get(name, ""))
        self.setVisible(bool(self._fields))
        return bool(self._fields)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        for name, field in self._fields.items():
            field.show_problem(problems.get(name))

    def typed_problems(self) -> list[Problem]:
        """What was typed and couldn't be taken."""
        typed = ((name, field.typed_problem()) for name, field in self._fields.items())
        return [Problem(name, message) for name, message in typed if message is not None]

    def focus_field(self, field: str) -> bool:
        if field not in self._fields:
            return False
        self._fields[field].row.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def names(self) -> tuple[str, ...]:
        return tuple(self._fields)

    def _build(self, spec: ModelSpec, draft: Draft) -> None:
        for field in self._fields.values():
            self._column.removeWidget(field)
            field.hide()
            field.deleteLater()
        mine = [each for each in spec.parameters if (None if each.is_advanced else each.panel) is self._panel]
        width = max((field_width_px(self._theme, parameter) for parameter in mine), default=0.0)
        self._fields = {}
        for parameter in mine:
            value = draft.value_for(spec, parameter)
            field = ParameterField(self._theme, parameter, value, field_width=width, parent=self)
            field.edited.connect(lambda new, name=parameter.name: self.edited.emit(name, new))
            self._fields[parameter.name] = field
            self._column.addWidget(field)
