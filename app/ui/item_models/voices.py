"""The voices of a model as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.voice import Voice

_NOWHERE = QModelIndex()


class VoiceItemModel(QAbstractListModel):
    """Shows the voices it is given, in their order."""

    ID = Qt.ItemDataRole.UserRole + 1
    TRAITS = Qt.ItemDataRole.UserRole + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voices: tuple[Voice, ...] = ()

    def show(self, voices: Sequence[Voice]) -> None:
        self.beginResetModel()
        self._voices = tuple(voices)
        self.endResetModel()

    def index_of(self, voice_id: str | None) -> QModelIndex:
        """Where a voice stands; invalid if it isn't shown."""
        row = next((row for row, voice in enumerate(self._voices) if voice.id == voice_id), -1)
        return self.index(row, 0) if row >= 0 else QModelIndex()

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
                return f"{voice.name} ({voice.id})"
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (voice.name, _traits(voice)) if part)
            case self.ID:
                return voice.id
            case self.TRAITS:
                return _traits(voice)
        return None


def _traits(voice: Voice) -> str:
    language = voice.languages[0] if voice.languages else ""
    return " · ".join(part for part in (language, voice.gender, voice.traits) if part)
