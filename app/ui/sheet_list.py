"""The list of a sheet's rows, with a control in each wrong one to mend it there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.voice import Voice
from app.ui.controls.choice import Choice
from app.ui.controls.painting import fill_rounded
from app.ui.controls.row_table import RowTable
from app.ui.controls.text_field import TextField
from app.ui.item_models.sheet import CELL_OF, Index, SheetColumn, SheetItemModel, SheetLine
from app.ui.theme import Theme

_ROW_PX, _HEAD_PX = 32, 30
_LEAST_ROWS, _MOST_ROWS = 4, 12
_BESIDES_PX = 330  # what the dialog shows above and below the list
_EDGE_PX, _ICON_PX = 10, 14
_WIDTHS_PX = {
    SheetColumn.LINE: 84,
    SheetColumn.VOICE: 94,
    SheetColumn.TAKES: 52,
    SheetColumn.PRICE: 76,
    SheetColumn.STATE: 164,
}
_NUMBERS = (SheetColumn.TAKES, SheetColumn.PRICE)
_MOST_VOICES = 200


class SheetList(QFrame):
    """Shows lines; `mended` carries the line number in the sheet, the column and the new text of a cell.

    Attributes:
        items: What is shown.
    """

    mended = Signal(int, str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._expected = 0
        self.items = SheetItemModel(self)
        self.table = _Table(theme, self.items, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.addWidget(self.table)
        self.table.mended.connect(self.mended)
        theme.changed.connect(self._fit)

    def expect(self, rows: int) -> None:
        """Be as high as so many lines need, before they come: what is open by then wouldn't fit its place any more."""
        self._expected = rows
        self._fit()

    def show_lines(self, lines: Sequence[SheetLine], voices: Sequence[Voice], *, has_voices: bool) -> None:
        """Other lines, or their new states.

        Args:
            voices: To choose from where one is wrong; without any it is typed.
        """
        self.table.voices = voices
        self.items.show(lines, has_voices=has_voices)
        self._fit()
        self.table.refresh_menders()

    def _fit(self) -> None:
        px = self._theme.px
        room = (self.screen().availableGeometry().height() - px(_BESIDES_PX + _HEAD_PX)) // px(_ROW_PX)
        rows = min(max(self.items.rowCount(), self._expected, _LEAST_ROWS), max(min(room, _MOST_ROWS), _LEAST_ROWS))
        self.setMinimumHeight(px(_HEAD_PX + rows * _ROW_PX + 8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        area = QRectF(self.rect())
        fill_rounded(QPainter(self), area, self._theme.px(6), color("window"), color("line_field"))


class _Table(RowTable):
    """Rows of one height; a wrong one has its control while the whole row is in view.

    The controls lie above the table, in its frame: screen readers see the cells of a table and nothing in them.
    """

    mended = Signal(int, str, str)

    def __init__(self, theme: Theme, items: SheetItemModel, parent: QWidget) -> None:
        super().__init__("Lines of the sheet", parent)
        self._theme = theme
        self._items = items
        self._frame = parent
        self.voices: Sequence[Voice] = ()
        self._menders: dict[int, tuple[SheetLine, QWidget]] = {}
        self.setModel(items)
        self.setItemDelegate(_Delegate(theme, self))
        self._head = _Header(theme, self)
        self.setHorizontalHeader(self._head)
        self._head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._head.setSectionResizeMode(SheetColumn.TEXT, QHeaderView.ResizeMode.Stretch)
        self.verticalScrollBar().valueChanged.connect(self.refresh_menders)
        items.modelReset.connect(self._forget_menders)
        self._head.sectionResized.connect(lambda *_: self.refresh_menders())
        theme.changed.connect(self._restyle)
        self._restyle()

    def refresh_menders(self) -> None:
        """A control for each wrong row in view; rows that left it, or are right, lose theirs."""
        last = self.rowAt(self.viewport().height() - 1)
        shown = range(max(0, self.rowAt(0)), (last if last >= 0 else self._items.rowCount() - 1) + 1)
        mended: int | None = None
        for row in [row for row in self._menders if row not in shown or self._is_other(row)]:
            is_other = self._is_other(row)
            if self._take_away(row):
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                mended = row if is_other else None
        for row in shown:
            line = self._items.line(row)
            if line.problem is not None and line.problem.column and row not in self._menders:
                self._menders[row] = (line, self._control(line, line.problem.column))
        for row, (line, control) in self._menders.items():
            self._put_in_place(row, line, control)
        if mended is not None:  # a mended cell hands the focus to the next one, however far below it is
            self.go_to_problem(mended)

    def _put_in_place(self, row: int, line: SheetLine, control: QWidget) -> None:
        cell = self.visualRect(self._items.index(row, _place_of(line)))
        is_whole = self.viewport().rect().contains(cell)
        px = self._theme.px
        height = control.sizeHint().height()
        corner = self.viewport().mapTo(self._frame, cell.topLeft())
        control.setGeometry(
            corner.x() + px(3), corner.y() + (cell.height() - height) // 2, cell.width() - px(9), height
        )
        control.setVisible(is_whole)

    def go_to_problem(self, at: int = 0) -> None:
        """Show the first wrong row from one row on, or else the first of all, with the focus in its control."""
        row = self._items.problem_from(at)
        if row is None:
            return
        self.scrollTo(self._items.index(row, 0))
        self.setCurrentIndex(self._items.index(row, 0))
        self.refresh_menders()
        if row in self._menders:
            self.window().setProperty("ringsNext", True)
            self._menders[row][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to what has to be mended from here on, and never reaches the button that spends money."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_to_problem(max(0, self.currentIndex().row()))
            event.accept()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh_menders()

    def _is_other(self, row: int) -> bool:
        kept, _ = self._menders[row]
        line = self._items.line(row)
        return line.problem != kept.problem or line.row != kept.row

    def _control(self, line: SheetLine, column: str) -> QWidget:
        number, value = line.row.line, line.row.cells.get(column, "")
        label = f"{line.row.id or f'Line {number}'}: {column.replace('_', ' ')}"
        about = line.problem.message if line.problem is not None else ""
        if column == "voice" and self.voices:
            choice = Choice(self._theme, label, placeholder=value or "No voice", parent=self._frame)
            choice.set_options([(voice.id, voice.name) for voice in self.voices[:_MOST_VOICES]])
            choice.set_error(about)
            choice.setToolTip(about)
            choice.changed.connect(lambda key: self.mended.emit(number, column, key))
            return choice
        field = _CellField(self._theme, label, text=value, placeholder=column.replace("_", " "), parent=self._frame)
        field.set_error(about)
        field.setToolTip(about)
        field.setAccessibleDescription(about)
        field.editingFinished.connect(lambda: self._on_typed(field, number, column, value))
        return field

    def _on_typed(self, field: TextField, number: int, column: str, before: str) -> None:
        if field.text().strip() != before:
            self.mended.emit(number, column, field.text())

    def _take_away(self, row: int) -> bool:
        """Remove the control of a row; returns whether it had the focus."""
        _, control = self._menders.pop(row)
        had_focus = control.hasFocus()
        control.hide()
        control.deleteLater()  # it may be the one that is just speaking
        return had_focus

    def _forget_menders(self) -> None:
        for _, control in self._menders.values():
            control.hide()
            control.deleteLater()
        self._menders.clear()

    def _restyle(self) -> None:
        px = self._theme.px
        self.verticalHeader().setDefaultSectionSize(px(_ROW_PX))
        self._head.setFixedHeight(px(_HEAD_PX))
        for column, width in _WIDTHS_PX.items():
            self.setColumnWidth(column, px(width))
        self.viewport().update()


class _CellField(TextField):
    """Enter ends the typing, and never reaches the button that spends money."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class _Header(QHeaderView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setAccessibleName("Columns")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(_HEAD_PX))

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme = self._theme
        painter.save()
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        text = self.model().headerData(logical, Qt.Orientation.Horizontal)
        painter.drawText(_inner(theme, rect), _side(SheetColumn(logical)), str(text))
        painter.restore()


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect, column = self._theme, QRect(option.rect), SheetColumn(index.column())
        line: SheetLine = index.data(SheetItemModel.LINE)
        is_wrong = line.problem is not None
        painter.save()
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "err_tint" if is_wrong else "sel" if is_selected else "window"
        painter.fillRect(rect, theme.color(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        painter.setFont(theme.font("label"))
        role = "text2" if column is SheetColumn.LINE else "text3" if line.is_quiet else "text"
        inner = _inner(theme, rect)
        if column is SheetColumn.STATE:
            role = "err" if is_wrong else "text2" if line.is_quiet else "text"
            icon_role = "err" if is_wrong else "text3" if line.is_quiet else "text2"
            ratio = painter.device().devicePixelRatioF()
            icon = theme.pixmap(line.state[0], icon_role, size=_ICON_PX, device_pixel_ratio=ratio)
            side = theme.px(_ICON_PX)
            painter.drawPixmap(QRect(inner.left(), inner.center().y() - side // 2 + 1, side, side), icon)
            inner = inner.adjusted(side + theme.px(6), 0, 0, 0)
        painter.setPen(theme.color(role))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, inner.width())
        if _is_covered(line, column):
            text = ""  # its control lies here
        painter.drawText(inner, _side(column), text)
        painter.restore()


def _is_covered(line: SheetLine, column: SheetColumn) -> bool:
    problem = line.problem
    return problem is not None and bool(problem.column) and _place_of(line) is column


def _place_of(line: SheetLine) -> SheetColumn:
    """Where the control of a wrong row lies."""
    column = line.problem.column if line.problem is not None else ""
    return CELL_OF.get(column, SheetColumn.TEXT)


def _inner(theme: Theme, rect: QRect) -> QRect:
    return rect.adjusted(theme.px(_EDGE_PX), 0, -theme.px(_EDGE_PX // 2), 0)


def _side(column: SheetColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
