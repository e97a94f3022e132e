"""The segments of a transcript as rows of a list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.transcript import Segment
from app.ui.readouts import elapsed
from app.ui.text_search import Match

_NOWHERE = QModelIndex()


class TranscriptItemModel(QAbstractListModel):
    """Shows the segments it is given, which of them is heard now, and what a search found in them."""

    SEGMENT = Qt.ItemDataRole.UserRole + 1
    SPEAKER = Qt.ItemDataRole.UserRole + 2  # who begins to speak here; empty while somebody goes on
    IS_HEARD = Qt.ItemDataRole.UserRole + 3
    MATCHES = Qt.ItemDataRole.UserRole + 4  # of the search, in this segment
    MATCH = Qt.ItemDataRole.UserRole + 5  # the one that the search is at, if it is in this segment

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._starts_s: list[float] = []
        self._heard: int | None = None
        self._matches: Mapping[int, Sequence[Match]] = {}
        self._match: tuple[int, Match] | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self._segments

    @property
    def heard(self) -> int | None:
        """The row of the segment that is heard now."""
        return self._heard

    def show(self, segments: Sequence[Segment]) -> None:
        self.beginResetModel()
        self._segments = tuple(segments)
        self._starts_s = [segment.start_s for segment in self._segments]
        self._heard, self._matches, self._match = None, {}, None
        self.endResetModel()

    def show_position(self, seconds: float) -> bool:
        """Mark what is heard at a time; returns whether that is another segment than before."""
        row: int | None = bisect_right(self._starts_s, seconds) - 1
        if row is not None and (row < 0 or seconds >= max(self._segments[row].end_s, self._segments[row].start_s)):
            row = None  # before the first one, or between two
        if row == self._heard:
            return False
        before, self._heard = self._heard, row
        for each in (before, row):
            if each is not None:
                self._announce(each, each)
        return True

    def show_matches(self, matches: Mapping[int, Sequence[Match]], at: tuple[int, Match] | None) -> None:
        """Mark what a search found, by row, and where it is."""
        self._matches, self._match = matches, at
        if self._segments:
            self._announce(0, len(self._segments) - 1)

    # Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._segments)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._segments):
            return None
        row = index.row()
        segment = self._segments[row]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return segment.text.strip()
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(
                    part for part in (elapsed(segment.start_s), self._speaker(row), segment.text.strip()) if part
                )
            case self.SEGMENT:
                return segment
            case self.SPEAKER:
                return self._speaker(row)
            case self.IS_HEARD:
                return row == self._heard
            case self.MATCHES:
                return self._matches.get(row, ())
            case self.MATCH:
                return self._match[1] if self._match is not None and self._match[0] == row else None
        return None

    def _speaker(self, row: int) -> str:
        speaker = self._segments[row].speaker
        return speaker if row == 0 or self._segments[row - 1].speaker != speaker else ""

    def _announce(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, 0))
