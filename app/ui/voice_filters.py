"""Narrows the list of voices: by words, and by language and gender where the voices differ in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.voice import Voice
from app.ui.controls.choice import Choice, ChoiceOption
from app.ui.controls.search_field import SearchField
from app.ui.languages import language_name
from app.ui.theme import Theme

_ANY = ""


class VoiceFilters(QWidget):
    """What is looked for; `changed` says that it is something else."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.search = SearchField(theme, "Search voices", placeholder="Search voices")
        self.languages = Choice(theme, "Language of the voices", [])
        self.genders = Choice(theme, "Gender of the voices", [])
        self._choices, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._choices.addWidget(self.languages, 11)
        self._choices.addWidget(self.genders, 10)
        self._column.addWidget(self.search)
        self._column.addLayout(self._choices)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.languages.hide()
        self.genders.hide()
        self.search.searched.connect(lambda _text: self.changed.emit())
        for choice in (self.languages, self.genders):
            choice.changed.connect(lambda _value: self.changed.emit())
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()

    def show_voices(self, voices: Sequence[Voice]) -> None:
        """Offer what these voices differ in; what was chosen stays where it still makes sense."""
        tags = {voice.languages[0] for voice in voices if voice.languages}
        names = sorted((language_name(tag), tag) for tag in tags)
        _offer(self.languages, "All languages", [ChoiceOption(tag, name, tag) for name, tag in names])
        genders = sorted({voice.gender for voice in voices if voice.gender})
        _offer(self.genders, "All genders", [ChoiceOption(each, each.capitalize()) for each in genders])

    def set_placeholder(self, text: str) -> None:
        self.search.setPlaceholderText(text)

    @property
    def are_set(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.text or self.language or self.gender)

    @property
    def text(self) -> str:
        return self.search.text().strip()

    @property
    def language(self) -> str | None:
        return self.languages.value() or None

    @property
    def gender(self) -> str | None:
        return self.genders.value() or None

    def _refresh_sizes(self) -> None:
        self._column.setSpacing(self._theme.px(6))
        self._choices.setSpacing(self._theme.px(6))


def _offer(choice: Choice, words_for_all: str, options: Collection[ChoiceOption]) -> None:
    kept = choice.value()
    choice.set_options([ChoiceOption(_ANY, words_for_all), *options])
    choice.set_value(kept if any(each.key == kept for each in options) else _ANY)
    choice.setVisible(len(options) > 1)
