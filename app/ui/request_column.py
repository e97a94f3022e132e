"""The left column: the panels that make up a request, built from the chosen model's spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest
from app.ui.audio_settings_panel import AudioSettingsPanel
from app.ui.controls.section import Section
from app.ui.model_settings_panel import ModelSettingsPanel
from app.ui.prompt_panel import PromptPanel
from app.ui.theme import Theme
from app.ui.voice_panel import Search, VoicePanel


class RequestColumn(QScrollArea):
    """Holds the draft; `draft_changed` says that the user changed it."""

    draft_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        spec: ModelSpec,
        *,
        understood: Callable[[ModelSpec, str], str],
        search_voices: Search,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._spec = spec
        self._draft = Draft()
        self.prompt = PromptPanel(theme, understood)
        self.voice = VoicePanel(theme, search_voices)
        self.model = ModelSettingsPanel(theme)
        self.audio = AudioSettingsPanel(theme)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self.sections().values():
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _connect(self) -> None:
        self.prompt.edited.connect(self._edit)
        self.audio.edited.connect(self._edit)
        self.voice.voice_chosen.connect(lambda voice: self._take(self._draft.with_voice(self._spec, voice)))
        self.voice.parameter_edited.connect(self._set_parameter)
        self.model.parameter_edited.connect(self._set_parameter)
        self.model.reset_wanted.connect(self._reset_parameters)

    # What is shown

    def sections(self) -> dict[str, Section]:
        """By the names under which their folding is kept."""
        return {"prompt": self.prompt, "voice": self.voice, "model": self.model, "audio": self.audio}

    @property
    def spec(self) -> ModelSpec:
        return self._spec

    @property
    def draft(self) -> Draft:
        return self._draft

    def request(self) -> GenerationRequest:
        """What Generate would ask for now."""
        return self._draft.request(self._spec)

    def show_model(self, spec: ModelSpec) -> None:
        """Build the panels for another model; what it can't use is kept."""
        self._spec = spec
        self._show()
        self.show_problems(())

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        self._show(anew=True)
        self.show_problems(())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say at each field what is wrong, and move the focus to the first of them."""
        by_field: Mapping[str, str] = {problem.field: problem.message for problem in reversed(problems)}
        panels = (self.prompt, self.voice, self.model, self.audio)
        for panel in panels:
            panel.show_problems(by_field)
        if problems:
            first = problems[0].field
            for panel in panels:
                if panel.focus_field(first):
                    panel.set_open(True)
                    break

    # Inside

    def _show(self, *, anew: bool = False) -> None:
        self.prompt.show_draft(self._spec, self._draft)
        self.voice.show_draft(self._spec, self._draft)
        if anew:
            self.voice.parameters.show_draft(self._spec, self._draft, anew=True)
        self.model.show_draft(self._spec, self._draft, anew=anew)
        self.audio.show_draft(self._spec, self._draft)

    def _edit(self, changes: dict[str, object]) -> None:
        self._take(replace(self._draft, **changes))  # type: ignore[arg-type]  # fields of the draft by name

    def _set_parameter(self, name: str, value: object) -> None:
        assert value is None or isinstance(value, str | int | float | bool)
        self._take(self._draft.with_value(self._spec, name, value))

    def _reset_parameters(self) -> None:
        self._take(self._draft.with_defaults(self._spec))
        self._show(anew=True)

    def _take(self, draft: Draft) -> None:
        self._draft = draft
        self.audio.show_draft(self._spec, draft)
        self.draft_changed.emit()
