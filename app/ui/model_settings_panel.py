"""Settings that only this model has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.ui.controls.disclosure import Disclosure
from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.section import Section
from app.ui.parameter_fields import ParameterFields
from app.ui.theme import Theme


class ModelSettingsPanel(Section):
    """Shown only if the model has such settings; they can be reset together.

    What few people need is behind a fold, which opens by itself where something in it is set or wrong.
    """

    parameter_edited = Signal(str, object)
    reset_wanted = Signal(tuple)  # names of the parameters here

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Model settings", parent=parent)
        self._spec: ModelSpec | None = None
        self.parameters = ParameterFields(theme, Panel.MODEL)
        self.advanced = ParameterFields(theme, None)
        self._rare = Disclosure(theme, "Advanced")
        self._reset = GhostButton(theme, "Reset", size="row")
        self._reset.setAccessibleName("Reset the model settings")
        self.add_action(self._reset)
        self.content.addWidget(self.parameters)
        self.content.addWidget(self._rare)
        self._rare.content.addWidget(self.advanced)
        for fields in (self.parameters, self.advanced):
            fields.edited.connect(self.parameter_edited)
        self._reset.clicked.connect(lambda: self.reset_wanted.emit(self.fields()))

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        has_usual = self.parameters.show_draft(spec, draft, anew=anew)
        has_advanced = self.advanced.show_draft(spec, draft, anew=anew)
        self._rare.setVisible(has_advanced)
        self.setVisible(has_usual or has_advanced)
        if spec is not self._spec or anew:
            self._spec = spec
            hidden = (each for each in spec.parameters if each.is_advanced)
            self._rare.set_open(any(draft.value_for(spec, each) != each.default for each in hidden))

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.parameters.show_problems(problems)
        self.advanced.show_problems(problems)
        if any(name in problems for name in self.advanced.names()):
            self._rare.set_open(True)

    def typed_problems(self) -> list[Problem]:
        return [*self.parameters.typed_problems(), *self.advanced.typed_problems()]

    def focus_field(self, field: str) -> bool:
        if field in self.advanced.names():
            self._rare.set_open(True)
        return self.parameters.focus_field(field) or self.advanced.focus_field(field)

    def fields(self) -> tuple[str, ...]:
        return (*self.parameters.names(), *self.advanced.names())
