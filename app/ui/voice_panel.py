"""Who speaks: the voices of the model, clips to go by, and how they speak."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.section import Section
from app.ui.languages import language_name
from app.ui.parameter_fields import ParameterFields
from app.ui.reference_clips import ReferenceClips
from app.ui.reference_facts import ReferenceFacts
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.voice_chooser import Search, VoiceChooser

_ANY = ""


class VoicePanel(Section):
    """Shown only if the model has voices, languages, settings of a voice or files to go by, or has some to keep."""

    edited = Signal(dict)  # fields of the draft and their new values
    voice_chosen = Signal(str)  # id; empty for the model's own
    voice_learned = Signal()  # more is known of the chosen one
    parameter_edited = Signal(str, object)

    def __init__(self, theme: Theme, search: Search, facts: ReferenceFacts, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Voice", parent=parent)
        self._theme = theme
        self._search = search
        self._spec: ModelSpec | None = None
        self._voice: tuple[str | None, str] = None, ""  # id and name of the chosen one
        self.references = ReferenceClips(theme, facts)
        self._language = Choice(theme, "Language", [])
        self._language_row = FieldRow(theme, "Language", self._language)
        self.parameters = ParameterFields(theme, Panel.VOICE)
        for part in (self.references, self._language_row, self.parameters):
            self.content.addWidget(part)
        self._language.changed.connect(lambda tag: self.edited.emit({"language": tag or None}))
        self.parameters.edited.connect(self.parameter_edited)

    @cached_property
    def chooser(self) -> VoiceChooser:
        """Made when it is first wanted: a model that has no voices is shown 6 ms sooner for that."""
        from app.ui.voice_chooser import VoiceChooser  # late: see second_parts

        chooser = VoiceChooser(self._theme, self._search)
        chooser.hide()
        self.content.insertWidget(0, chooser)
        if self._spec is not None:
            chooser.show_chosen(self._spec, *self._voice)
        chooser.chosen.connect(self.voice_chosen)
        chooser.changed.connect(self._show_note)
        chooser.changed.connect(self.voice_learned)
        return chooser

    @property
    def _chooser_so_far(self) -> VoiceChooser | None:
        made: VoiceChooser | None = vars(self).get("chooser")
        return made

    # What is shown

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        has_parameters = self.parameters.show_draft(spec, draft, anew=anew)
        speaks_as_told = bool(spec.languages) and (not spec.has_voices or spec.default_language is not None)
        has_files = spec.references.is_any or bool(draft.references)
        self.setVisible(spec.has_voices or has_parameters or speaks_as_told or has_files)
        self.set_title("Voice" if spec.has_voices or has_parameters or speaks_as_told else "References")
        self._language_row.setVisible(speaks_as_told)
        if spec is not self._spec:
            self._spec = spec
            self._language.set_options(_language_options(spec))
        is_offered = draft.language in spec.languages and draft.language != spec.default_language
        self._language.set_value(draft.language if is_offered and draft.language else _ANY)
        self.show_references(spec, draft)
        self.references.shut(draft.closed_by_others(spec).get("references", ""))
        self._voice = draft.voice_for(spec), draft.voice_name_for(spec)
        chooser = self.chooser if spec.has_voices else self._chooser_so_far
        if chooser is not None:
            chooser.setVisible(spec.has_voices)
            chooser.show_chosen(spec, *self._voice)
        self._show_note()

    def show_references(self, spec: ModelSpec, draft: Draft) -> None:
        """The files that go along now."""
        self.references.show_files(spec, draft.references)
        self._show_note()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.parameters.show_problems(problems)
        self._language_row.set_error(problems.get("language"))
        if self._chooser_so_far is not None:
            self._chooser_so_far.show_problem(problems.get("voice"))
        self.references.show_problem(problems.get("references"))

    def typed_problems(self) -> list[Problem]:
        return [*self.references.typed_problems(), *self.parameters.typed_problems()]

    def fields(self) -> tuple[str, ...]:
        return ("voice", "references", "language", *self.parameters.names())

    def focus_field(self, field: str) -> bool:
        chooser = self._chooser_so_far
        if field == "voice" and chooser is not None and chooser.isVisibleTo(self):
            chooser.take_focus()
            return True
        if field == "references":
            return self.references.focus()
        if field == "language" and self._language_row.isVisibleTo(self):
            self._language.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return self.parameters.focus_field(field)

    def _show_note(self) -> None:
        """At the right of the heading: the chosen voice, and how many clips of how many."""
        chooser = self._chooser_so_far
        name = chooser.name if chooser is not None and not chooser.isHidden() else ""
        self.set_note(" · ".join(part for part in (name, self.references.note) if part))


def _language_options(spec: ModelSpec) -> list[tuple[str, str]]:
    """What is sent where none is chosen stands first, by its name if it is always the same."""
    usual = spec.default_language
    others = sorted((language_name(tag), tag) for tag in spec.languages if tag != usual)
    return [(_ANY, language_name(usual) if usual else "As the text"), *((tag, name) for name, tag in others)]
