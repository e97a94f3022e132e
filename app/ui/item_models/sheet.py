"""The rows of a sheet as people read them before they start it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.errors import RowProblem
from app.domain.receipt import FREE, dollars
from app.engine.batch_plan import PlannedRow, Step
from app.engine.sheet_table import SheetRow
from app.ui import readouts

_END = re.compile(r"[.;:] ")

Index = QModelIndex | QPersistentModelIndex

_STEPS = {
    Step.NEW: ("plus", "New"),
    Step.RETRY: ("rotate-ccw", "Failed, tried again"),
    Step.OPEN: ("loader-circle", "Under way"),
    Step.UNCERTAIN: ("circle-question-mark", "Needs your decision"),
    Step.UNCHANGED: ("check", "Unchanged, skipped"),
}


class SheetColumn(IntEnum):
    """Left to right."""

    LINE = 0
    VOICE = 1  # or the length, in a sheet without voices
    TEXT = 2
    TAKES = 3
    PRICE = 4
    STATE = 5


CELL_OF = {"id": SheetColumn.LINE, "voice": SheetColumn.VOICE, "takes": SheetColumn.TAKES, "prompt": SheetColumn.TEXT}
"""Where a problem's column is shown; every other one is mended in the place of the text, under its own name."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row with what is known of it: planned, or wrong."""

    row: SheetRow
    planned: PlannedRow | None = None
    problem: RowProblem | None = None

    @property
    def state(self) -> tuple[str, str]:
        """An icon and a few words."""
        if self.problem is not None or self.planned is None:
            return "octagon-alert", _short(self.problem)
        if self.planned.step is Step.CHANGED:
            return "refresh-cw", _what_changed(self.planned)
        return _STEPS[self.planned.step]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happens to it."""
        return self.problem is None and self.planned is not None and self.planned.step is Step.UNCHANGED

    @property
    def price(self) -> str:
        """`$0.006`, `free`, `unknown`; a dash where nothing is sent."""
        if self.planned is None or self.problem is not None or not self.planned.due:
            return readouts.NOT_MEASURED
        known = [each.expected for each in self.planned.due if each.expected is not None]
        if len(known) < len(self.planned.due):
            return readouts.UNKNOWN
        total = sum(known, Decimal(0))
        return "free" if total == FREE else dollars(total)

    def text(self, column: SheetColumn, *, has_voices: bool) -> str:
        """What a cell shows."""
        request = self.planned.checked.request if self.planned is not None else None
        cells = self.row.cells
        match column:
            case SheetColumn.LINE:
                return self.row.id or f"line {self.row.line}"
            case SheetColumn.VOICE if has_voices:
                return self._voice()
            case SheetColumn.VOICE:
                seconds = request.duration_s if request is not None else None
                return cells.get("duration", "") if seconds is None else readouts.length(seconds)
            case SheetColumn.TEXT:
                return " ".join(cells.get("prompt", "").split())
            case SheetColumn.TAKES:
                return cells.get("takes", "") if request is None else str(request.takes)
            case SheetColumn.PRICE:
                return self.price
            case _:
                return self.state[1]

    def _voice(self) -> str:
        if self.planned is None:
            return self.row.cells.get("voice", "")
        wanted = self.planned.checked.request.voice or ""
        return next((voice.name for voice in self.planned.checked.spec.voices if voice.id == wanted), wanted)


class SheetItemModel(QAbstractTableModel):
    """Shows lines; changes none."""

    LINE = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[SheetLine] = ()
        self._has_voices = True

    def show(self, lines: Sequence[SheetLine], *, has_voices: bool) -> None:
        """Other lines, or the same ones with other states; the place in the list is kept where their number is."""
        is_same = len(lines) == len(self._lines) and has_voices == self._has_voices
        if not is_same:
            self.beginResetModel()
        self._lines, self._has_voices = lines, has_voices
        if not is_same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(SheetColumn) - 1))

    def line(self, row: int) -> SheetLine:
        return self._lines[row]

    def problem_from(self, at: int) -> int | None:
        """The first row from there on that has to be mended, or else the first of all."""
        wrong = [row for row, line in enumerate(self._lines) if line.problem is not None]
        return next((row for row in wrong if row >= at), wrong[0] if wrong else None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(SheetColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        second = "Voice" if self._has_voices else "Length"
        return ("Line", second, "Text" if self._has_voices else "Prompt", "Takes", "Price", "State")[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], SheetColumn(index.column())
        if role == self.LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text(column, has_voices=self._has_voices)
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.problem.message if line.problem is not None else line.row.cells.get("prompt", "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            heading = self.headerData(column, Qt.Orientation.Horizontal)
            return f"{heading}: {line.text(column, has_voices=self._has_voices)}"
        return None


def _short(problem: RowProblem | None) -> str:
    """The problem in a few words; the whole sentence is in the tooltip."""
    if problem is None:
        return "Can’t be sent"
    if problem.column == "voice" and (problem.message.startswith(("There is no voice", "The voice must be"))):
        return "No such voice"
    return _END.split(problem.message, maxsplit=1)[0].removesuffix(".")


def _what_changed(row: PlannedRow) -> str:
    before, now = row.before, row.checked.request
    assert before is not None
    if before.prompt != now.prompt:
        return "Text changed"
    if (before.provider, before.model) != (now.provider, now.model):
        return "Model changed"
    return "Voice changed" if before.voice != now.voice else "Settings changed"
