"""The left column: the panels that make up a request, built from the chosen model's spec."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest, InputFile
from app.ui.audio_settings_panel import AudioSettingsPanel
from app.ui.clip_changes import ClipChange, ClipHistory, clips_of, new_numbers
from app.ui.controls.order import tab_as_laid_out
from app.ui.controls.section import Section
from app.ui.model_settings_panel import ModelSettingsPanel
from app.ui.parameter_fields import ParameterFields
from app.ui.prompt_panel import PromptPanel
from app.ui.reference_facts import ReferenceFacts
from app.ui.theme import Theme
from app.ui.voice_panel import VoicePanel

if TYPE_CHECKING:
    from app.ui.voice_chooser import Search

_SEEN_AROUND_PX = 40


class RequestColumn(QScrollArea):
    """Holds the draft; `draft_changed` says that the user changed it."""

    draft_changed = Signal()
    clips_changed = Signal(object)  # ClipChange by the user; not what is taken back or made again
    play_wanted = Signal(object)  # Path of a clip
    rebuilt = Signal()  # the panels are those of another model

    def __init__(
        self,
        theme: Theme,
        spec: ModelSpec,
        *,
        understood: Callable[[ModelSpec, str], str],
        search_voices: Search,
        facts: ReferenceFacts,
        draft: Draft | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec = spec
        self._draft = draft or Draft()
        self._clip_history = ClipHistory()
        self.prompt = PromptPanel(theme, understood)
        self.voice = VoicePanel(theme, search_voices, facts)
        self.model = ModelSettingsPanel(theme)
        self.audio = AudioSettingsPanel(theme)
        self._panels = (self.prompt, self.voice, self.model, self.audio)
        self._lay_out()
        self._connect()
        self._show(anew=True)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self._panels:
            column.addWidget(section)
        self._panels[-1].set_line(shown=False)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Request")

    def _connect(self) -> None:
        for panel in self._panels:
            panel.parameter_edited.connect(self._set_parameter)
        for panel in (self.prompt, self.voice, self.audio):
            panel.edited.connect(self._edit)
        self.voice.voice_chosen.connect(self._choose_voice)
        self.voice.voice_learned.connect(self._learn_voice)
        self.model.reset_wanted.connect(self._reset_parameters)
        self.prompt.takes_edited.connect(lambda takes: self._take(self._draft.with_takes(self._spec, takes)))
        self.prompt.plan_edited.connect(lambda plan: self._take(self._draft.with_plan(self._spec, plan)))
        self.prompt.plan_wanted.connect(self._want_plan)
        references, text = self.voice.references, self.prompt.text
        references.changed.connect(self._change_references)
        references.insert_wanted.connect(text.insert_clip)
        references.play_wanted.connect(self.play_wanted)
        text.files_brought.connect(references.add)
        text.renaming_undone.connect(lambda change: self._follow_names(change, back=True))
        text.renaming_redone.connect(lambda change: self._follow_names(change, back=False))

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

    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the request from being sent, also what was typed and couldn't be taken."""
        typed = [problem for panel in self._panels for problem in panel.typed_problems()]
        fields = {problem.field for problem in typed}
        request = self.request()
        one = replace(request, takes=min(request.takes, self._spec.max_takes))  # as the engine will split it
        checked = [problem for problem in self._spec.check(one) if problem.field not in fields]
        # From top to bottom, so that the first one is the first that people see.
        order = [field for panel in self._panels for field in panel.fields()]
        places = {field: place for place, field in enumerate(order)}
        return tuple(sorted((*typed, *checked), key=lambda problem: places.get(problem.field, len(order))))

    def commit_typing(self) -> None:
        """Take what is being typed into a field right now, as leaving it would."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            return
        if isinstance(focused, QAbstractSpinBox):
            focused.interpretText()
        elif isinstance(focused, QLineEdit):
            focused.editingFinished.emit()

    def show_model(self, spec: ModelSpec) -> None:
        """Build the panels for another model; what it can't use is kept."""
        self._spec = spec
        self._show()
        self.show_problems(())

    def show_draft(self, draft: Draft) -> None:
        self.show_request(self._spec, draft)

    def show_request(self, spec: ModelSpec, draft: Draft) -> None:
        """Build the panels for a model, and fill in what is asked of it."""
        self._spec, self._draft = spec, draft
        self._clip_history.forget()
        self._show(anew=True)
        self.show_problems(())

    def show_problems(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Say at each field what is wrong; returns the problems that have no field here."""
        by_field = {problem.field: problem.message for problem in reversed(problems)}
        for panel in self._panels:
            panel.show_problems(by_field)
        known = {field for panel in self._panels for field in panel.fields()}
        return tuple(problem for problem in problems if problem.field not in known)

    def undo_clips(self, change: ClipChange | None = None) -> bool:
        """Take back a change of the clips, with their names in the prompt.

        Args:
            change: None is the latest one.
        Returns:
            False if there is none, or it was taken back before.
        """
        wanted = change or self._clip_history.next(back=True)
        if wanted is None or not self._clip_history.can_undo(wanted):
            return False
        self._step_clips(wanted, back=True)
        return True

    def redo_clips(self) -> bool:
        """Make the change again that was taken back last; False if there is none."""
        change = self._clip_history.next(back=False)
        if change is not None:
            self._step_clips(change, back=False)
        return change is not None

    def _step_clips(self, change: ClipChange, *, back: bool) -> None:
        if self.prompt.text.step_renaming(change, back=back):
            return  # the text has told already
        self._clip_history.step(change, back=back)
        before = self._draft.references
        after = change.made(before, back=back)
        self._put_references(after, ClipChange(before, after))

    def go_to(self, field: str) -> None:
        """Unfold the panel of a field, and move the focus there."""
        for panel in self._panels:
            if field in panel.fields():
                panel.set_open(True)
                panel.focus_field(field)
                self._show_focused()
                return

    def go_to_section(self, name: str) -> None:
        """Unfold a section and move the focus to its first field; nothing if the model has no such section."""
        section = self.sections()[name]
        if section.isHidden():
            return
        section.set_open(True)
        for panel in self._panels:
            if panel is section:
                any(map(panel.focus_field, panel.fields()))
        self._show_focused()

    def _show_focused(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, self._theme.px(_SEEN_AROUND_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._room_px = event.size().width()  # of the viewport; to ask for that itself costs the first paint 5 ms
        super().resizeEvent(event)
        self.prompt.set_room(self._room_px, self.height())
        self.audio.set_room(self._room_px)

    # Inside

    def _show(self, *, anew: bool = False) -> None:
        for panel in self._panels:
            panel.show_draft(self._spec, self._draft, anew=anew)
        tab_as_laid_out(self._panels)
        self._show_clips()
        self._show_warnings()
        self.rebuilt.emit()

    def _edit(self, changes: dict[str, object]) -> None:
        self._take(replace(self._draft, **changes))  # type: ignore[arg-type]  # fields of the draft by name

    def _choose_voice(self, voice: str) -> None:
        self._take(self._draft.with_voice(self._spec, voice, self.voice.chooser.name))

    def _learn_voice(self) -> None:
        """The list knows what the chosen voice is called: kept for when it is no longer there."""
        chosen, name = self._draft.voices.get(f"{self._spec.provider}/{self._spec.id}"), self.voice.chooser.name
        if chosen and self.voice.chooser.voice == chosen and name != chosen:
            self._draft = self._draft.with_voice(self._spec, chosen, name)

    def _set_parameter(self, name: str, value: object) -> None:
        assert value is None or isinstance(value, str | int | float | bool)
        self._take(self._draft.with_value(self._spec, name, value))

    def _reset_parameters(self, names: tuple[str, ...]) -> None:
        self._take(self._draft.with_defaults(self._spec, names))
        self.model.show_draft(self._spec, self._draft, anew=True)
        tab_as_laid_out(self._panels)

    def _want_plan(self, is_wanted: bool) -> None:
        self._take(self._draft.with_plan_wanted(self._spec, is_wanted=is_wanted))
        self.prompt.show_draft(self._spec, self._draft)

    def _change_references(self, references: tuple[InputFile, ...]) -> None:
        """The clips first, then their names in the prompt: undoing the names brings the clips back."""
        change = ClipChange(self._draft.references, references)
        self._clip_history.add(change)
        self._put_references(references, change)
        self.clips_changed.emit(change)

    def _put_references(self, references: tuple[InputFile, ...], change: ClipChange) -> None:
        numbers = new_numbers(self._draft.references, references)
        self._take(replace(self._draft, references=references))
        self.prompt.text.rename_clips(numbers, len(clips_of(references)), change)

    def _follow_names(self, change: ClipChange, *, back: bool) -> None:
        """The names of the clips in the prompt were taken back, or taken back again: the clips go with them."""
        self._clip_history.step(change, back=back)
        self._take(replace(self._draft, references=change.made(self._draft.references, back=back)))

    def _take(self, draft: Draft) -> None:
        before, self._draft = self._draft, draft
        if draft.audio != before.audio:
            self.audio.show_draft(self._spec, draft)
        if draft.references != before.references:
            self.voice.show_references(self._spec, draft)
            self._show_clips()
        if draft.closed_by_others(self._spec) != before.closed_by_others(self._spec):
            self._show_closed()
        self.prompt.follow(self._spec, draft)
        self._show_warnings()
        self.draft_changed.emit()

    def _show_clips(self) -> None:
        """What the prompt may call them."""
        references = self._spec.references
        mention = references.mention if references.max_clips else ""
        self.prompt.text.show_clips(mention, self.voice.references.names, takes_files=references.is_any)

    def _show_warnings(self) -> None:
        """What may be meant otherwise, quietly at its field."""
        warnings = {warning.field: warning.message for warning in reversed(self._spec.warnings(self.request()))}
        self.prompt.show_warning(warnings.get("prompt"))
        self.voice.references.show_warning(warnings.get("references"))

    def _show_closed(self) -> None:
        """What is set may close other fields, or open them again."""
        closed = self._draft.closed_by_others(self._spec)
        self.prompt.show_closed(closed)
        self.voice.references.shut(closed.get("references", ""))
        for fields in self.findChildren(ParameterFields):
            fields.show_draft(self._spec, self._draft)
