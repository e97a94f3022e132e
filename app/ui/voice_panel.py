"""Who speaks: the voices of the model, clips to go by, and how they speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.domain.voice import Voice
from app.ui.controls.button import Button
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.controls.section import Section
from app.ui.item_models.voices import VoiceItemModel
from app.ui.parameter_fields import ParameterFields
from app.ui.reference_clips import ReferenceClips
from app.ui.reference_facts import ReferenceFacts
from app.ui.theme import Theme
from app.ui.voice_list import ROW_PX, VoiceList

_ANY = ""
_SHOWN_VOICES = 6
Search = Callable[[Sequence[Voice], str, str | None], tuple[Voice, ...]]


class VoicePanel(Section):
    """Shown only if the model has voices, languages, settings of a voice or files to go by, or has some to keep."""

    edited = Signal(dict)  # fields of the draft and their new values
    voice_chosen = Signal(str)
    parameter_edited = Signal(str, object)
    reload_wanted = Signal()

    def __init__(self, theme: Theme, search: Search, facts: ReferenceFacts, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Voice", parent=parent)
        self._theme = theme
        self._search_voices = search
        self._voices: tuple[Voice, ...] = ()
        self._chosen: str | None = None
        self._spec: ModelSpec | None = None
        self._why_none = ""
        self._search = SearchField(theme, "Search voices", placeholder="Search voices")
        self._filter = Choice(theme, "Language of the voices", [])
        self._list = VoiceList(theme)
        self._trouble = Label(theme, font="small", role="text2", wrap=True)
        self._again = Button(theme, "Try again")
        self._use_typed = Button(theme, "")
        self.references = ReferenceClips(theme, facts)
        self._chooser = QWidget()
        self._chooser_column = QVBoxLayout(self._chooser)
        self._language = Choice(theme, "Language", [])
        self._language_row = FieldRow(theme, "Language", self._language)
        self.parameters = ParameterFields(theme, Panel.VOICE)
        self._lay_out()
        self._connect()
        self._refresh_sizes()

    def _lay_out(self) -> None:
        column = self._chooser_column
        for widget in (self._search, self._filter, self._list, self._trouble, self._use_typed):
            column.addWidget(widget)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self._chooser, self.references, self._language_row, self.parameters):
            self.content.addWidget(part)
        self._filter.hide()
        self._trouble.hide()
        self._again.hide()
        self._use_typed.hide()

    def _connect(self) -> None:
        self._search.searched.connect(lambda _text: self._show_list())
        self._use_typed.clicked.connect(lambda: self._choose(self._search.text().strip()))
        self._filter.changed.connect(lambda _language: self._show_list())
        # Not the current row: that moves already when the list gets the focus.
        self._list.selectionModel().selectionChanged.connect(self._on_selected)
        self._language.changed.connect(lambda tag: self.edited.emit({"language": tag or None}))
        self.parameters.edited.connect(self.parameter_edited)
        self._again.clicked.connect(self.reload_wanted)
        self._theme.changed.connect(self._refresh_sizes)

    # What is shown

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        has_parameters = self.parameters.show_draft(spec, draft, anew=anew)
        speaks_as_told = bool(spec.languages) and not spec.has_voices
        has_files = spec.references.is_any or bool(draft.references)
        self.setVisible(spec.has_voices or has_parameters or speaks_as_told or has_files)
        self.set_title("Voice" if spec.has_voices or has_parameters or speaks_as_told else "References")
        self._chooser.setVisible(spec.has_voices)
        self._language_row.setVisible(speaks_as_told)
        if spec is not self._spec:
            self._spec = spec
            self._language.set_options([(_ANY, "As the text"), *((tag, tag) for tag in spec.languages)])
        self._language.set_value(draft.language if draft.language in spec.languages else _ANY)
        self._chosen = draft.voice_for(spec)
        typing = "Search, or type a voice id" if spec.takes_any_voice else "Search voices"
        self._search.setPlaceholderText(typing)
        self.show_references(spec, draft)
        self.references.shut(draft.closed_by_others(spec).get("references", ""))
        self._show_chosen()
        self._offer_typed()

    def show_references(self, spec: ModelSpec, draft: Draft) -> None:
        """The files that go along now."""
        self.references.show_files(spec, draft.references)
        self._show_note()

    def show_voices(self, voices: Sequence[Voice]) -> None:
        """The voices of the chosen model, as its provider lists them."""
        self._voices = tuple(voices)
        languages = sorted({voice.languages[0] for voice in voices if voice.languages})
        kept = self._filter.value()
        self._filter.set_options([(_ANY, "All languages"), *((each, each) for each in languages)])
        self._filter.set_value(kept if kept in languages else _ANY)
        self._filter.setVisible(len(languages) > 1)
        self._why_none = ""
        self._list.setVisible(bool(self._voices))
        self._show_list()

    def show_trouble(self, text: str) -> None:
        """Say why there is no list of voices; stays until there is one."""
        self._why_none = text
        self._show_trouble(None)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.parameters.show_problems(problems)
        self._language_row.set_error(problems.get("language"))
        self._show_trouble(problems.get("voice"))
        self.references.show_problem(problems.get("references"))

    def typed_problems(self) -> list[Problem]:
        return [*self.references.typed_problems(), *self.parameters.typed_problems()]

    def fields(self) -> tuple[str, ...]:
        return ("voice", "references", "language", *self.parameters.names())

    def focus_field(self, field: str) -> bool:
        if field == "voice" and self._chooser.isVisibleTo(self):
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        if field == "references":
            return self.references.focus()
        if field == "language" and self._language_row.isVisibleTo(self):
            self._language.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return self.parameters.focus_field(field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search into the list, to the chosen voice or the first that was found."""
        if event.key() == Qt.Key.Key_Down and self._search.hasFocus() and self._list.items.rowCount():
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self._list.selectionModel().hasSelection():
                self._list.setCurrentIndex(self._list.items.index(0, 0))
            return
        super().keyPressEvent(event)

    # Inside

    def _show_list(self) -> None:
        found = self._search_voices(self._voices, self._search.text(), self._filter.value() or None)
        with QSignalBlocker(self._list.selectionModel()):
            self._list.items.show(found)
        self._show_chosen()
        self._show_trouble(None)
        self._offer_typed()

    def _show_chosen(self) -> None:
        """Mark the chosen voice, without choosing it once more."""
        index = self._list.items.index_of(self._chosen)
        selection = self._list.selectionModel()
        with QSignalBlocker(selection):
            selection.clear()
            if index.isValid():
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._list.viewport().update()
        if index.isValid():
            self._list.scrollTo(index)
        self._show_note()

    def _show_note(self) -> None:
        """At the right of the heading: the chosen voice, and how many clips of how many."""
        name = next((voice.name for voice in self._voices if voice.id == self._chosen), self._chosen)
        parts = (name if not self._chooser.isHidden() else "", self.references.note)
        self.set_note(" · ".join(part for part in parts if part))

    def _offer_typed(self) -> None:
        """A voice that isn't listed can be named, where the model takes any."""
        typed = self._search.text().strip()
        is_listed = any(voice.id == typed for voice in self._voices)
        is_offered = self._spec is not None and self._spec.takes_any_voice and bool(typed)
        self._use_typed.setText(f"Use “{typed}”")
        self._use_typed.setVisible(is_offered and not is_listed and typed != self._chosen)

    def _show_trouble(self, problem: str | None) -> None:
        """One line below the list: what is wrong with the choice, why there is no list, or that nothing matches."""
        text = problem or self._why_none
        takes_any = self._spec is not None and self._spec.takes_any_voice
        if not text and self._voices and not self._list.items.rowCount() and not takes_any:
            text = "No voice matches."
        self._trouble.setText(text)
        self._trouble.set_role("err" if problem else "text2")
        self._trouble.setVisible(bool(text))
        self._again.setVisible(bool(self._why_none) and not problem)

    def _on_selected(self) -> None:
        chosen = self._list.selectionModel().selectedIndexes()
        voice = chosen[0].data(VoiceItemModel.ID) if chosen else None
        if voice is not None and voice != self._chosen:
            self._chosen = voice
            self.voice_chosen.emit(voice)
            self._list.viewport().update()
            self._show_note()

    def _choose(self, voice: str) -> None:
        """A voice by its id, as it was typed."""
        self._chosen = voice
        self.voice_chosen.emit(voice)
        self._show_chosen()
        self._offer_typed()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._chooser_column.setContentsMargins(0, 0, 0, px(10))
        self._chooser_column.setSpacing(px(6))
        self._list.setFixedHeight(px(ROW_PX) * _SHOWN_VOICES + 2)
