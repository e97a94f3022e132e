"""The ledger as rows of a table: sums with their total, or the attempts that are still open in some way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.engine.ledger_view import LedgerTable, Line, why_held
from app.storage.ledger_entries import Grouping, LedgerEntry, Sum
from app.ui.readouts import UNKNOWN, counted

_NOWHERE = QModelIndex()
_MILL = Decimal("0.001")
_NO_PROJECT = "No project"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place.

    Attributes:
        role: Colour of the theme.
    """

    text: str
    is_number: bool = False
    role: str = "text"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row.

    Attributes:
        share: Of the largest row, 0.0 to 1.0, for a bar; None without one.
        is_total: It sums up the others.
        task_id: Of the task that it is about; empty for sums.
    """

    cells: tuple[Cell, ...]
    share: float | None = None
    is_total: bool = False
    task_id: str = ""


_SUM_HEADINGS = ("Billed", "Held", "Tasks", "Unknown cost")
_FIRST_HEADINGS = {Grouping.DAY: "Day", Grouping.SERVICE: "Service", Grouping.PROJECT: "Project"}
ENTRY_HEADINGS = ("Prompt", "Why", "Service", "Held", "Sent")


class LedgerItemModel(QAbstractTableModel):
    """Shows the rows it is given; the first column is words, and `ROW` has the whole row."""

    ROW = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings: tuple[str, ...] = ()
        self._rows: tuple[LedgerRow, ...] = ()

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        return self._rows

    def show(self, headings: Sequence[str], rows: Sequence[LedgerRow]) -> None:
        self.beginResetModel()
        self._headings, self._rows = tuple(headings), tuple(rows)
        self.endResetModel()

    def is_number(self, column: int) -> bool:
        """Whether a column is set to the right."""
        return any(row.cells[column].is_number for row in self._rows)

    # Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headings[section] if is_heading and section < len(self._headings) else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        cell = row.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return cell.text if index.column() == 0 else f"{self._headings[index.column()]}: {cell.text or 'none'}"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if cell.is_number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case self.ROW:
                return row
        return None


def headings_of(grouping: Grouping) -> tuple[str, ...]:
    return (_FIRST_HEADINGS[grouping], *_SUM_HEADINGS)


def rows_of_table(table: LedgerTable, service_name: Callable[[str], str]) -> list[LedgerRow]:
    """The lines, and their total at the end; no line, no total."""
    most = max((_weight(line.sum) for line in table.lines), default=Decimal(0))
    rows = [
        LedgerRow(
            (Cell(_name(line, table.grouping, service_name)), *_figures(line.sum)),
            share=float(_weight(line.sum) / most) if most else 0.0,
        )
        for line in table.lines
    ]
    return [*rows, LedgerRow((Cell("Total"), *_figures(table.total)), is_total=True)] if rows else []


def rows_of_entries(
    entries: Sequence[LedgerEntry], service_name: Callable[[str], str], local: Callable[[datetime], datetime]
) -> list[LedgerRow]:
    """What is held or of unknown cost, the newest first."""
    return [
        LedgerRow(
            (
                Cell(" ".join(entry.prompt.split())),
                Cell(why_open(entry), role="text2"),
                Cell(service_name(entry.provider), role="text2"),
                Cell(amount(entry.held) if entry.held else UNKNOWN, True, "text" if entry.held else "warn"),
                Cell(f"{local(entry.at):%d %b %H:%M}".lstrip("0"), True, "text2"),
            ),
            task_id=entry.task_id,
        )
        for entry in reversed(entries)
    ]


def why_open(entry: LedgerEntry) -> str:
    """Why an attempt is still open in some way."""
    if entry.is_settled:
        return "Given up, cost unknown"
    return why_held(entry)


def amount(value: Decimal) -> str:
    """`$43.591`, `$0.000` never: what is less than half a mill keeps its first digit."""
    if not value:
        return "$0"
    if value < _MILL:
        return f"${value.quantize(Decimal(1).scaleb(value.adjusted()), ROUND_HALF_UP):f}"
    return f"${value.quantize(_MILL, ROUND_HALF_UP):,f}"


def day_words(iso: str) -> str:
    """`Wed 25 Nov 2026`."""
    day = date.fromisoformat(iso)
    return f"{day:%a} {day.day} {day:%b %Y}"


def _name(line: Line, grouping: Grouping, service_name: Callable[[str], str]) -> str:
    match grouping:
        case Grouping.DAY:
            return day_words(line.key)
        case Grouping.SERVICE:
            return service_name(line.key)
        case Grouping.PROJECT:
            return line.key or _NO_PROJECT


def _figures(of: Sum) -> tuple[Cell, ...]:
    billed = Cell(UNKNOWN, True, "warn") if of.billed is None else Cell(amount(of.billed), True)
    held = Cell(amount(of.held) if of.held else "", True, "text2")
    unknown = Cell(counted(of.unknown, "task") if of.unknown else "", True, "warn")
    return billed, held, Cell(f"{of.tasks:,}", True, "text2"), unknown


def _weight(of: Sum) -> Decimal:
    return (of.billed or Decimal(0)) + of.held
