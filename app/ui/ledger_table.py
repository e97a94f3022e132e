"""The table of the ledger: words at the left, figures at the right, and a bar that compares the rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.controls.painting import fill_rounded
from app.ui.controls.row_table import RowTable
from app.ui.item_models.ledger import Cell, LedgerItemModel, LedgerRow
from app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROW_PX, _HEAD_PX = 30, 28
_EDGE_PX, _GAP_PX = 12, 10
_MOST_WORDS_PX = 180  # of a column of words beside the first one


class LedgerTable(RowTable):
    """Shows a `LedgerItemModel`; `task_wanted` carries the id of a task when its row is chosen."""

    task_wanted = Signal(str)

    def __init__(self, theme: Theme, items: LedgerItemModel, parent: QWidget | None = None) -> None:
        super().__init__("Ledger", parent)
        self._theme = theme
        self._items = items
        self.setModel(items)
        self.setItemDelegate(_Cells(theme, self))
        self.setHorizontalHeader(_Headings(theme, items, self))
        self.doubleClicked.connect(self._on_chosen)
        items.modelReset.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()

    def chosen_task(self) -> str:
        """The task that the current row is about; empty for none."""
        row = self.currentIndex().data(LedgerItemModel.ROW)
        return row.task_id if isinstance(row, LedgerRow) else ""

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._on_chosen(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_chosen(self, index: QModelIndex) -> None:
        row = index.data(LedgerItemModel.ROW)
        if isinstance(row, LedgerRow) and row.task_id:
            self.task_wanted.emit(row.task_id)

    def _fit(self) -> None:
        """Every column as wide as it needs; the first one takes what is left."""
        px = self._theme.px
        self.verticalHeader().setDefaultSectionSize(px(_ROW_PX))
        header = self.horizontalHeader()
        header.setFixedHeight(px(_HEAD_PX))
        header.setMinimumSectionSize(px(20))
        columns = self._items.columnCount()
        metrics, heads = QFontMetrics(self._theme.font("small", bold=True)), QFontMetrics(self._theme.font("caption"))
        taken = 0
        for column in range(1, columns):
            texts = [row.cells[column].text for row in self._items.rows[:200]]
            heading = str(self._items.headerData(column, Qt.Orientation.Horizontal))
            width = max([heads.horizontalAdvance(heading) + px(4), *map(metrics.horizontalAdvance, texts)])
            if not self._items.is_number(column):
                width = min(width, px(_MOST_WORDS_PX))
            width += 2 + px(_GAP_PX) + (px(_EDGE_PX) if column == columns - 1 else px(_GAP_PX))
            self.setColumnWidth(column, width)
            taken += width
        if columns:
            self.setColumnWidth(0, max(self.viewport().width() - taken, px(120)))


class _Headings(QHeaderView):
    def __init__(self, theme: Theme, items: LedgerItemModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._items = items
        self.setAccessibleName("Columns")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme = self._theme
        painter.save()
        painter.fillRect(rect, theme.color("window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        is_number = bool(self._items.rows) and self._items.is_number(logical)
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        heading = str(self._items.headerData(logical, Qt.Orientation.Horizontal))
        inner = _inner(theme, rect, logical, self._items.columnCount())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, heading)
        painter.restore()


class _Cells(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(LedgerItemModel.ROW)
        if not isinstance(row, LedgerRow):
            return
        theme, rect = self._theme, option.rect
        painter.save()
        painter.setClipRect(rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, theme.color("sel" if is_selected else "panel" if row.is_total else "window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        inner = _inner(theme, rect, index.column(), index.model().columnCount())
        if index.column() == 0 and row.share:
            self._paint_bar(painter, inner, row.share)
        self._paint_text(painter, inner, row.cells[index.column()], bold=row.is_total)
        painter.restore()

    def _paint_bar(self, painter: QPainter, inner: QRect, share: float) -> None:
        px = self._theme.px
        bar = QRectF(inner.left() - px(6), inner.top() + px(4), 0, inner.height() - px(9))
        bar.setWidth(max((inner.width() + px(6)) * share, px(6)))
        fill_rounded(painter, bar, px(3), self._theme.color("accent_tint"))

    def _paint_text(self, painter: QPainter, inner: QRect, cell: Cell, *, bold: bool) -> None:
        painter.setFont(self._theme.font("small", bold=bold))
        painter.setPen(self._theme.color(cell.role))
        side = Qt.AlignmentFlag.AlignRight if cell.is_number else Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)


def _inner(theme: Theme, rect: QRect, column: int, columns: int) -> QRect:
    left = theme.px(_EDGE_PX) if column == 0 else theme.px(_GAP_PX)
    right = theme.px(_EDGE_PX) if column == columns - 1 else theme.px(_GAP_PX)
    return rect.adjusted(left, 0, -right, -1)
