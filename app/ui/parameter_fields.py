"""The parameters of a model that belong to one panel, one below the other."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.ui.parameter_field import ParameterField
from app.ui.theme import Theme


class ParameterFields(QWidget):
    """Built anew for another model; `edited` carries name and value."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, panel: Panel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._panel = panel
        self._spec: ModelSpec | None = None
        self._fields: dict[str, ParameterField] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> bool:
        """Show the parameters of this model; returns whether there are any."""
        if spec is not self._spec or anew:
            self._spec = spec
            self._build(spec, draft)
        self.setVisible(bool(self._fields))
        return bool(self._fields)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        for name, field in self._fields.items():
            field.show_problem(problems.get(name))

    def focus_field(self, field: str) -> bool:
        if field not in self._fields:
            return False
        self._fields[field].row.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _build(self, spec: ModelSpec, draft: Draft) -> None:
        for field in self._fields.values():
            self._column.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._fields = {}
        for parameter in spec.parameters:
            if parameter.panel is not self._panel:
                continue
            field = ParameterField(self._theme, parameter, draft.value_for(spec, parameter), self)
            field.edited.connect(lambda value, name=parameter.name: self.edited.emit(name, value))
            self._fields[parameter.name] = field
            self._column.addWidget(field)
