"""The voices of a model as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.voice import Voice
from app.ui.plain_tooltip import plain

_NOWHERE = QModelIndex()
NO_LONGER_OFFERED = "No longer offered"


class VoiceItemModel(QAbstractListModel):
    """Shows the voices it is given, in their order, and what is known of each."""

    ID = Qt.ItemDataRole.UserRole + 1
    TRAITS = Qt.ItemDataRole.UserRole + 2
    VOICE = Qt.ItemDataRole.UserRole + 3
    IS_FAVOURITE = Qt.ItemDataRole.UserRole + 4
    IS_GONE = Qt.ItemDataRole.UserRole + 5
    IS_SOUNDING = Qt.ItemDataRole.UserRole + 6
    IS_FETCHING = Qt.ItemDataRole.UserRole + 7

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voices: tuple[Voice, ...] = ()
        self._rows: dict[str, int] = {}
        self._gone: str | None = None
        self._favourites: frozenset[str] = frozenset()
        self._sounding: str | None = None
        self._is_fetching = False

    def show(self, voices: Sequence[Voice], gone: str | None = None) -> None:
        """
        Args:
            gone: The id of the one among them that is no longer offered.
        """
        self.beginResetModel()
        self._voices, self._gone = tuple(voices), gone
        self._rows = {voice.id: row for row, voice in reversed(list(enumerate(self._voices)))}
        self.endResetModel()

    @property
    def has_samples(self) -> bool:
        """Whether any of them can be heard."""
        return any(voice.sample for voice in self._voices)

    def show_favourites(self, voice_ids: frozenset[str]) -> None:
        changed, self._favourites = voice_ids ^ self._favourites, voice_ids
        self._repaint(*changed)

    def show_sounding(self, voice_id: str | None, *, is_fetching: bool = False) -> None:
        """Which voice is heard, or will be once its sample is there."""
        before, self._sounding, self._is_fetching = self._sounding, voice_id, is_fetching
        self._repaint(before, voice_id)

    def index_of(self, voice_id: str | None) -> QModelIndex:
        """Where a voice stands; invalid if it isn't shown."""
        row = self._rows.get(voice_id) if voice_id is not None else None
        return self.index(row, 0) if row is not None else QModelIndex()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._voices)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._voices):
            return None
        voice = self._voices[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return voice.name
            case Qt.ItemDataRole.ToolTipRole:
                about = f"{voice.name} ({voice.id})" if voice.name != voice.id else voice.name
                return plain("\n".join(part for part in (about, self._traits(voice)) if part))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(voice)
            case self.VOICE:
                return voice
            case self.ID:
                return voice.id
            case self.TRAITS:
                return self._traits(voice)
            case _:
                return self._mark(voice, role)

    def _mark(self, voice: Voice, role: int) -> bool | None:
        match role:
            case self.IS_FAVOURITE:
                return voice.id in self._favourites
            case self.IS_GONE:
                return voice.id == self._gone
            case self.IS_SOUNDING:
                return voice.id == self._sounding
            case self.IS_FETCHING:
                return voice.id == self._sounding and self._is_fetching
        return None

    def _traits(self, voice: Voice) -> str:
        if voice.id == self._gone:
            return NO_LONGER_OFFERED
        language = voice.languages[0] if voice.languages else ""
        return " · ".join(part for part in (language, voice.gender, voice.traits) if part)

    def _spoken(self, voice: Voice) -> str:
        favourite = "favourite" if voice.id in self._favourites else ""
        sample = "playing" if voice.id == self._sounding else "has a sample" if voice.sample else ""
        return ", ".join(part for part in (voice.name, favourite, self._traits(voice), sample) if part)

    def _repaint(self, *voice_ids: str | None) -> None:
        for index in map(self.index_of, voice_ids):
            if index.isValid():
                self.dataChanged.emit(index, index)
