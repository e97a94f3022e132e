"""Who speaks: the voices of the model, found by name and language, and how they speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.domain.voice import Voice
from app.ui.controls.button import Button
from app.ui.controls.choice import Choice
from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.controls.section import Section
from app.ui.item_models.voices import VoiceItemModel
from app.ui.parameter_fields import ParameterFields
from app.ui.theme import Theme
from app.ui.voice_list import VoiceList

_EVERY_LANGUAGE = ""
Search = Callable[[Sequence[Voice], str, str | None], tuple[Voice, ...]]


class VoicePanel(Section):
    """Shown only if the model has voices or settings of a voice."""

    voice_chosen = Signal(str)
    parameter_edited = Signal(str, object)
    language_edited = Signal(dict)
    reload_wanted = Signal()

    def __init__(self, theme: Theme, search: Search, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Voice", parent=parent)
        self._theme = theme
        self._search_voices = search
        self._voices: tuple[Voice, ...] = ()
        self._chosen: str | None = None
        self._search = SearchField(theme, "Search voices", placeholder="Search voices")
        self._language = Choice(theme, "Language of the voices", [])
        self._list = VoiceList(theme)
        self._trouble = Label(theme, font="small", role="text2", wrap=True)
        self._again = Button(theme, "Try again")
        self._chooser = QWidget()
        self.parameters = ParameterFields(theme, Panel.VOICE)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        px = self._theme.px
        column = QVBoxLayout(self._chooser)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self._search)
        column.addWidget(self._language)
        column.addWidget(self._list)
        column.addWidget(self._trouble)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._list.setFixedHeight(px(28 * 6 + 2))
        self.content.addWidget(self._chooser)
        self.content.addWidget(self.parameters)

    def _connect(self) -> None:
        self._search.searched.connect(lambda _text: self._show_list())
        self._language.changed.connect(lambda _language: self._show_list())
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self.parameters.edited.connect(self.parameter_edited)
        self._again.clicked.connect(self.reload_wanted)

    # What is shown

    def show_draft(self, spec: ModelSpec, draft: Draft) -> None:
        has_parameters = self.parameters.show_draft(spec, draft)
        self.setVisible(spec.has_voices or has_parameters)
        self._chooser.setVisible(spec.has_voices)
        self._chosen = draft.voice_for(spec)
        self._show_chosen()

    def show_voices(self, voices: Sequence[Voice]) -> None:
        """The voices of the chosen model, as its provider lists them."""
        self._voices = tuple(voices)
        languages = sorted({voice.languages[0] for voice in voices if voice.languages})
        kept = self._language.value()
        options = [(_EVERY_LANGUAGE, "All languages"), *((each, each) for each in languages)]
        self._language.set_options(options)
        self._language.set_value(kept if kept in languages else _EVERY_LANGUAGE)
        self._language.setVisible(len(languages) > 1)
        self._trouble.hide()
        self._again.hide()
        self._show_list()

    def show_trouble(self, text: str) -> None:
        """Say why there is no list of voices."""
        self._trouble.setText(text)
        self._trouble.show()
        self._again.show()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.parameters.show_problems(problems)
        problem = problems.get("voice")
        self._trouble.setText(problem or "")
        self._trouble.set_role("err" if problem else "text2")
        self._trouble.setVisible(problem is not None)
        self._again.setVisible(False)

    def focus_field(self, field: str) -> bool:
        if field == "voice":
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return self.parameters.focus_field(field)

    # Inside

    def _show_list(self) -> None:
        found = self._search_voices(self._voices, self._search.text(), self._language.value() or None)
        with QSignalBlocker(self._list.selectionModel()):
            self._list.items.show(found)
        self._show_chosen()

    def _show_chosen(self) -> None:
        index = self._list.items.index_of(self._chosen)
        with QSignalBlocker(self._list.selectionModel()):
            if index.isValid():
                self._list.setCurrentIndex(index)
            else:
                self._list.clearSelection()
        self._list.viewport().update()
        if index.isValid():
            self._list.scrollTo(index)
        chosen = next((voice for voice in self._voices if voice.id == self._chosen), None)
        self.set_note(chosen.name if chosen is not None else "")

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        voice = current.data(VoiceItemModel.ID)
        if voice is not None and voice != self._chosen:
            self._chosen = voice
            self.voice_chosen.emit(voice)
