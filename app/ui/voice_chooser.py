"""Choosing a voice: found by words and filters in a list, or named by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.model_spec import ModelSpec
from app.domain.voice import Voice
from app.engine.voice_library import favourites_first
from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.item_models.voices import VoiceItemModel
from app.ui.theme import Theme
from app.ui.voice_filters import VoiceFilters
from app.ui.voice_list import ROW_PX, VoiceList
from app.ui.voice_trouble import VoiceTrouble, WhyNoVoices

_SHOWN_VOICES = 6
_LOADING = "Loading the voices…"
Search = Callable[[Sequence[Voice], str, str | None, str | None], tuple[Voice, ...]]


class VoiceChooser(QWidget):
    """Announces wishes; shows the voices that it is given, favourites first.

    A voice that is marked stays where it is until the list is shown anew, so that nothing moves under the pointer.
    """

    chosen = Signal(str)  # id; empty for the model's own
    changed = Signal()  # another voice is chosen, or more is known of it
    reload_wanted = Signal()
    keys_wanted = Signal()
    sample_wanted = Signal(object)  # Voice
    favourite_wanted = Signal(str, bool)  # id, whether it shall be one

    def __init__(self, theme: Theme, search: Search, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._search = search
        self._voices: tuple[Voice, ...] = ()
        self._favourites: frozenset[str] = frozenset()
        self._voice: str | None = None
        self._called = ""
        self._spec: ModelSpec | None = None
        self.filters = VoiceFilters(theme)
        self.list = VoiceList(theme)
        self.trouble = VoiceTrouble(theme)
        self._remark = Label(theme, font="small", role="text2", wrap=True)
        self._use_typed = Button(theme, "")
        self._column = QVBoxLayout(self)
        for part in (self.filters, self.list, self.trouble, self._remark, self._use_typed):
            self._column.addWidget(part)
        for part in (self.trouble, self._remark, self._use_typed):
            part.hide()
        self._problem = ""
        self._shown_rows = _SHOWN_VOICES
        self._connect()
        self._refresh_sizes()

    def _connect(self) -> None:
        self.filters.changed.connect(self._show_list)
        # Not the current row: that moves already when the list gets the focus.
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.sample_wanted.connect(self.sample_wanted)
        self.list.favourite_wanted.connect(self.favourite_wanted)
        self.trouble.typed.connect(self._choose)
        self.trouble.reload_wanted.connect(self.reload_wanted)
        self.trouble.keys_wanted.connect(self.keys_wanted)
        self._use_typed.clicked.connect(lambda: self._choose(self.filters.text))
        self._theme.changed.connect(self._refresh_sizes)

    # What is shown

    def show_chosen(self, spec: ModelSpec, voice: str | None, name: str = "") -> None:
        """The voice that this model speaks with.

        Args:
            name: What it was called when it was chosen: said where the service doesn't list it any more.
        """
        is_other = spec is not self._spec or voice != self._voice
        self._spec, self._voice = spec, voice
        self._called = name
        self.filters.set_placeholder("Search, or type a voice id" if spec.takes_any_voice else "Search voices")
        if is_other:
            self._show_list()

    def show_loading(self) -> None:
        """The voices are on their way; those of another model must not be chosen meanwhile."""
        self._voices = ()
        self.list.say_while_empty(_LOADING)
        self._show_parts(has_list=True)
        self._show_list()

    def show_voices(self, voices: Sequence[Voice], favourites: frozenset[str]) -> None:
        """The voices of the chosen model, in the order of the service."""
        self._voices, self._favourites = tuple(voices), favourites
        self.list.say_while_empty("")
        self.list.items.show_favourites(favourites)
        self.filters.show_voices(self._voices)
        self.trouble.explain(None)
        self._show_parts(has_list=bool(voices))
        self._show_list()

    def show_trouble(self, why: WhyNoVoices) -> None:
        """Say why there is no list; stays until there is one."""
        self._voices = ()
        self.list.say_while_empty("")
        self.trouble.explain(why)
        self._show_parts(has_list=False)
        self._show_list()

    def show_favourites(self, favourites: frozenset[str]) -> None:
        """Mark these, each where it is."""
        self._favourites = favourites
        self.list.items.show_favourites(favourites)

    def show_sounding(self, voice: str | None, *, is_fetching: bool) -> None:
        self.list.items.show_sounding(voice, is_fetching=is_fetching)

    def show_problem(self, problem: str | None) -> None:
        """What is wrong with the choice."""
        self._problem = problem or ""
        self.trouble.show_problem(problem)
        self._say_remark()

    @property
    def voice(self) -> str | None:
        """The id of the chosen voice."""
        return self._voice

    @property
    def name(self) -> str:
        """Of the chosen voice, as people read it; its id while nobody knows better."""
        otherwise = self._called or self._voice
        known = next((voice.name for voice in self._voices if voice.id == self._voice), otherwise)
        return known or ""

    def take_focus(self) -> None:
        if self.trouble.isHidden():
            self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.trouble.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search into the list, to the chosen voice or the first that was found."""
        if event.key() == Qt.Key.Key_Down and self.filters.search.hasFocus() and self.list.items.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.selectionModel().hasSelection():
                self.list.setCurrentIndex(self.list.items.index(0, 0))
            return
        super().keyPressEvent(event)

    # Inside

    def _show_parts(self, *, has_list: bool) -> None:
        """The list, or the field for an id. What appears does so before the rest goes, so the focus can move over."""
        focused = self.focusWidget()
        had_focus = focused is not None and focused.hasFocus()
        self.trouble.setVisible(not has_list)
        if had_focus and not has_list and not self.trouble.isAncestorOf(focused):
            self.trouble.take_focus()
        self.filters.setVisible(has_list)
        self.list.setVisible(has_list)
        if had_focus and has_list and not self.list.hasFocus():
            self.filters.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_list(self) -> None:
        filters, gone = self.filters, self._gone()
        found = self._search(self._voices, filters.text, filters.language, filters.gender)
        rows = favourites_first(found, self._favourites)
        if gone and not filters.are_set:
            rows = (Voice(gone, self._called or gone, self._voices[0].provider), *rows)
        takes_any = self._spec is not None and self._spec.takes_any_voice
        with QSignalBlocker(self.list.selectionModel()):
            self.list.items.show(rows, None if takes_any else gone)
        self._fit_list()
        self._mark_chosen()
        self._say_remark()
        self._offer_typed()

    def _fit_list(self) -> None:
        """As high as all voices need, whatever is looked for: the list must not move while somebody types."""
        count = len(self._voices) + bool(self._gone())
        if count:  # else it stays as it is while they load
            self._shown_rows = min(_SHOWN_VOICES, count)
        self.list.setFixedHeight(self._theme.px(ROW_PX) * self._shown_rows + 2)

    def _gone(self) -> str | None:
        """The chosen voice, if the list that is there doesn't have it."""
        is_listed = any(voice.id == self._voice for voice in self._voices)
        return self._voice if self._voice and self._voices and not is_listed else None

    def _mark_chosen(self) -> None:
        """Mark the chosen voice, without choosing it once more."""
        index = self.list.items.index_of(self._voice)
        selection = self.list.selectionModel()
        with QSignalBlocker(selection):
            selection.clear()
            if index.isValid():
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.viewport().update()
        if index.isValid():
            self.list.scrollTo(index)
        self.trouble.show_chosen(self._voice)
        self.changed.emit()

    def _offer_typed(self) -> None:
        """A voice that isn't listed can be named, where the model takes any."""
        typed = self.filters.text
        is_listed = any(voice.id == typed for voice in self._voices)
        is_offered = self._spec is not None and self._spec.takes_any_voice and bool(typed and self._voices)
        self._use_typed.setText(f"Use “{typed}”")
        self._use_typed.setVisible(is_offered and not is_listed and typed != self._voice)

    def _say_remark(self) -> None:
        """One line below the list: what is wrong with the choice, or that nothing matches."""
        takes_any = self._spec is not None and self._spec.takes_any_voice
        is_nothing = bool(self._voices) and not self.list.items.rowCount() and not takes_any
        self._remark.setText(self._problem or ("No voice matches." if is_nothing else ""))
        self._remark.set_role("err" if self._problem else "text2")
        self._remark.setVisible(bool(self._remark.text()))

    def _on_selected(self) -> None:
        selected = self.list.selectionModel().selectedIndexes()
        voice: Voice | None = selected[0].data(VoiceItemModel.VOICE) if selected else None
        if voice is not None and voice.id != self._voice:
            self._voice, self._called = voice.id, voice.name
            self.chosen.emit(voice.id)
            self.list.viewport().update()
            self._offer_typed()
            self.changed.emit()

    def _choose(self, voice: str) -> None:
        """A voice by its id, as it was typed."""
        self._voice = voice or (self._spec.default_voice if self._spec is not None else None)
        self._called = ""
        self.chosen.emit(voice)
        if self._voices:
            self._show_list()
        else:
            self.changed.emit()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(0, 0, 0, px(10))
        self._column.setSpacing(px(6))
        self._fit_list()
