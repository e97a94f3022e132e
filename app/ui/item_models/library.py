"""The library as flat rows: tasks, and the takes of open tasks under them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from app.domain.take import Take
from app.ui.item_models.row_id import take_of, take_row, task_of, task_row, task_rows
from app.ui.item_models.row_text import COLUMNS, CellText, Column, Surroundings, spoken, words_of
from app.ui.plain_tooltip import plain
from app.ui.task_words import StateWords

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Live
    from app.storage.library_index import LibraryRow

_NOWHERE = QModelIndex()
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
_CACHED_ROWS = 600
_FEW_LOOKUPS = 4  # so many rows are found by looking through all, before it is worth it to note where each is
_READ_AROUND = 40  # rows read before and after one that is missing: a page up or down is there already


class Role(IntEnum):
    """Custom data of a row."""

    ROW = Qt.ItemDataRole.UserRole + 1
    CELL = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Row:
    """What a delegate draws.

    Attributes:
        take: None for the task's own row.
        is_open: Its takes are shown below it.
    """

    number: int
    task: Task
    take: Take | None
    is_open: bool
    live: Live | None
    position: int | None


class LibraryItemModel(QAbstractTableModel):
    """Shows the rows of a query; changes none. Values arrive in windows from the database thread.

    `wanted` carries the row numbers of tasks whose values are needed; `fill` brings them.
    """

    wanted = Signal(list)

    def __init__(
        self,
        live_of: Callable[[str], Live | None],
        position_of: Callable[[str], int | None],
        model_label: Callable[[str, str], str],
        now: Callable[[], datetime],
        is_paused: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live_of = live_of
        self._position_of = position_of
        self._surroundings = Surroundings(model_label, now, is_paused)
        self._rows = array("q")
        self._tasks = array("q")
        self._places: dict[int, int] | None = None
        self._lookups = 0
        self._open: set[int] = set()
        self._values: OrderedDict[int, Task] = OrderedDict()
        self._missing: set[int] = set()
        self._stale: set[int] = set()
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._ask_for_missing)

    # What is shown

    def show(self, numbers: Sequence[int], known: Iterable[LibraryRow] = ()) -> None:
        """Replace the order by the row numbers of these tasks; open tasks stay open.

        Args:
            known: Values that were read for it: it is painted once, with them.
        """
        self.beginResetModel()
        self._keep(known)
        self._tasks = array("q", numbers)
        if self._open:
            rows = array("q")
            for number in numbers:
                rows.append(task_row(number))
                rows.extend(self._take_rows(number))
            self._rows = rows
        else:
            self._rows = task_rows(numbers)
        self._forget_places()
        self.endResetModel()

    def shows(self, numbers: Sequence[int]) -> bool:
        """Whether these tasks are shown already, in this order."""
        return self._tasks == array("q", numbers)

    def unknown(self, numbers: Iterable[int]) -> list[int]:
        """Those of some tasks whose values are not here, or in doubt."""
        return [number for number in numbers if number not in self._values or number in self._stale]

    def fill(self, rows: Iterable[LibraryRow]) -> None:
        """Take over values that were read, and repaint where they are shown."""
        changed = self._keep(rows)
        for number in changed & self._open:
            self._show_takes(number)
        self.refresh(changed)

    def _keep(self, rows: Iterable[LibraryRow]) -> set[int]:
        kept = set()
        for row in rows:
            self._values[row.number] = row.task
            self._values.move_to_end(row.number)
            self._missing.discard(row.number)
            self._stale.discard(row.number)
            kept.add(row.number)
        while len(self._values) > max(_CACHED_ROWS, len(kept)):
            self._stale.discard(self._values.popitem(last=False)[0])
        return kept

    def refresh(self, numbers: Collection[int]) -> None:
        """Repaint the rows of these tasks, one `dataChanged` per run of neighbouring rows."""
        first_rows = sorted(row for row in map(self.row_of_task, numbers) if row is not None)
        run: tuple[int, int] | None = None
        for first in first_rows:
            last = first + self._takes_shown(first)
            if run is not None and first <= run[1] + 1:
                run = (run[0], max(run[1], last))
                continue
            if run is not None:
                self._announce(*run)
            run = (first, last)
        if run is not None:
            self._announce(*run)

    def doubt_all(self) -> None:
        """Read all values anew as they are drawn; until they come, the known ones are shown."""
        self._stale = set(self._values)
        if self._rows:
            self._announce(0, len(self._rows) - 1)

    def seek_credit(self, provider: str) -> None:
        """The user goes to add credit at a service: what failed there for want of it can be tried again."""
        self._surroundings.credit_sought[provider] = self._surroundings.now()
        if self._rows:
            self._announce(0, len(self._rows) - 1)

    # Folding

    def is_open(self, number: int) -> bool:
        return number in self._open

    def set_open(self, number: int, is_open: bool) -> None:
        """Show or hide the takes of a task."""
        if is_open == (number in self._open):
            return
        if is_open:
            self._open.add(number)
            self._show_takes(number)
        else:
            self._open.discard(number)
            self._hide_takes(number)
        self.refresh([number])

    def _take_rows(self, number: int) -> list[int]:
        task = self._values.get(number) if number in self._open else None
        return [take_row(number, take.number) for take in task.takes] if task is not None else []

    def _show_takes(self, number: int) -> None:
        """Bring the rows below an open task in line with its takes."""
        at = self.row_of_task(number)
        if at is None:
            return
        wanted = self._take_rows(number)
        # Row by row: the takes that stay keep their place, and with it the selection.
        for row in range(at + self._takes_shown(at), at, -1):
            if self._rows[row] not in wanted:
                self.beginRemoveRows(_NOWHERE, row, row)
                del self._rows[row]
                self._forget_places()
                self.endRemoveRows()
        for row, row_id in enumerate(wanted, at + 1):
            if row >= len(self._rows) or self._rows[row] != row_id:
                self.beginInsertRows(_NOWHERE, row, row)
                self._rows.insert(row, row_id)
                self._forget_places()
                self.endInsertRows()

    def _hide_takes(self, number: int) -> None:
        at = self.row_of_task(number)
        shown = self._takes_shown(at) if at is not None else 0
        if at is None or not shown:
            return
        self.beginRemoveRows(_NOWHERE, at + 1, at + shown)
        del self._rows[at + 1 : at + 1 + shown]
        self._forget_places()
        self.endRemoveRows()

    def _takes_shown(self, row: int) -> int:
        number, count = task_of(self._rows[row]), 0
        while row + count + 1 < len(self._rows) and task_of(self._rows[row + count + 1]) == number:
            count += 1
        return count

    # Finding rows

    def row_id(self, row: int) -> int | None:
        """The name of a row that holds for good, for the selection."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, row_id: int) -> int | None:
        if self._places is None:
            self._lookups += 1
            if self._lookups <= _FEW_LOOKUPS:
                try:
                    return self._rows.index(row_id)
                except ValueError:
                    return None
            self._places = {name: row for row, name in enumerate(self._rows)}
        return self._places.get(row_id)

    def _forget_places(self) -> None:
        self._places, self._lookups = None, 0

    def row_of_task(self, number: int) -> int | None:
        return self.row_of(task_row(number))

    def row(self, row: int) -> Row | None:
        """The values of a row, or None while they are on their way."""
        row_id = self.row_id(row)
        if row_id is None:
            return None
        number, take_number = task_of(row_id), take_of(row_id)
        task = self._values.get(number)
        if task is None or number in self._stale:
            self._missing.add(number)
            if not self._ask.isActive():
                self._ask.start()
        if task is None:
            return None
        take = next((take for take in task.takes if take.number == take_number), None)
        live = self._live_of(task.id)
        return Row(number, task, take, number in self._open, live, self._position_of(task.id))

    def words(self, row: Row) -> StateWords:
        """Icon, words and next step of a row."""
        return words_of(row, self._surroundings)

    def cell(self, column: Column, row: Row) -> CellText:
        """What a row says in a column."""
        return column.of(row, self._surroundings)

    def _ask_for_missing(self) -> None:
        rows = [row for row in map(self.row_of_task, self._missing) if row is not None]
        self._missing.clear()
        if not rows:
            return
        window = self._rows[max(0, min(rows) - _READ_AROUND) : max(rows) + _READ_AROUND]
        numbers = dict.fromkeys(map(task_of, window))
        self.wanted.emit(self.unknown(numbers))

    # Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.value
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.explanation or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row(index.row())
        if row is None:
            return None
        column = COLUMNS[index.column()]
        match role:
            case Role.ROW:
                return row
            case Role.CELL:
                return self.cell(column, row)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                cell = self.cell(column, row)
                return (plain(cell.tooltip) or None) if role == Qt.ItemDataRole.ToolTipRole else cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                whole = column is Column.PROMPT
                return spoken(row, self._surroundings) if whole else self.cell(column, row).text
        return None

    def _announce(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
