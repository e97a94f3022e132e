"""Settings that only this model has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.section import Section
from app.ui.parameter_fields import ParameterFields
from app.ui.theme import Theme


class ModelSettingsPanel(Section):
    """Shown only if the model has such settings; they can be reset together."""

    parameter_edited = Signal(str, object)
    reset_wanted = Signal(tuple)  # names of the parameters here

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Model settings", parent=parent)
        self.parameters = ParameterFields(theme, Panel.MODEL)
        self._reset = GhostButton(theme, "Reset", size="row")
        self._reset.setAccessibleName("Reset the model settings")
        self.add_action(self._reset)
        self.content.addWidget(self.parameters)
        self.parameters.edited.connect(self.parameter_edited)
        self._reset.clicked.connect(lambda: self.reset_wanted.emit(self.parameters.names()))

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        self.setVisible(self.parameters.show_draft(spec, draft, anew=anew))

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.parameters.show_problems(problems)

    def typed_problems(self) -> list[Problem]:
        return self.parameters.typed_problems()

    def focus_field(self, field: str) -> bool:
        return self.parameters.focus_field(field)

    def fields(self) -> tuple[str, ...]:
        return self.parameters.names()
