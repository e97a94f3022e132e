"""The list of the library: columns, keys, hover, folding, and the one timer that turns icons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.storage.library_queries import SortKey
from app.ui.item_models.library import LibraryItemModel, Row
from app.ui.item_models.row_id import take_of, task_of, task_row
from app.ui.item_models.row_text import COLUMNS, Column
from app.ui.library_header import HEIGHT_PX, LibraryHeader
from app.ui.row_delegate import Index, Liveliness, RowDelegate
from app.ui.theme import Theme

_WIDTHS_PX = {
    Column.ICON: 52,
    Column.FAVOURITE: 24,
    Column.STATE: 250,
    Column.MODEL: 146,
    Column.LENGTH: 66,
    Column.LOUDNESS: 62,
    Column.COST: 76,
    Column.WHEN: 74,
}
_NARROW_STATE_PX = 214
_NARROW_COST_PX = 88
_TIGHT_STATE_PX = 176
_NARROW_BELOW_PX = 840  # the list's own width when the window is under 1,180
_TIGHT_BELOW_PX = 640  # beside the prompt there is room for the state and the length only
_TURN_S, _PASS_S = 1.2, 1.6
_FRAMES_A_SECOND = 30


class LibraryTable(QTableView):
    """Tasks and takes as rows of 32 px; announces what the user does with them."""

    current_changed = Signal()  # another row is the current one, or its values have arrived
    activated_row = Signal()  # Enter or a double click on the current row
    sort_wanted = Signal(str, bool)  # SortKey, descending
    menu_wanted = Signal(object)  # global QPoint
    drag_begun = Signal()  # the selected rows are pulled at

    def __init__(self, theme: Theme, model: LibraryItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items = model
        self._live = Liveliness()
        self.row_delegate = RowDelegate(theme, self._live, self)
        self._header = LibraryHeader(theme, self)
        self._sort = (SortKey.WHEN, True)
        self._kept: tuple[int | None, set[int]] = (None, set())
        self._anchor: tuple[int, int] | None = None
        self._is_pulled = False
        self._room_px = 0
        self._turning = QTimer(self, interval=1000 // _FRAMES_A_SECOND)
        self._ticking = QTimer(self, interval=1000)
        self.is_stepping = False
        """Whether another row becomes the current one just now because somebody goes through the list by arrow keys."""
        self.setModel(model)
        self._set_up()
        self._connect()
        self._restyle()

    def _set_up(self) -> None:
        self.setAccessibleName("Library")
        self.setItemDelegate(self.row_delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self._header
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(COLUMNS.index(Column.PROMPT), QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(16)

    def _connect(self) -> None:
        self._theme.changed.connect(self._restyle)
        self._header.sectionClicked.connect(self._on_heading)
        self._items.modelAboutToBeReset.connect(self._keep_selection)
        self._items.modelReset.connect(self._restore_selection)
        self._items.modelReset.connect(self._restore_place)
        self._items.dataChanged.connect(self._on_data)
        self._turning.timeout.connect(self._turn)
        self._ticking.timeout.connect(self._tick)
        self.row_delegate.fold_clicked.connect(self.toggle_fold)
        self.doubleClicked.connect(self._on_double_click)

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(32))
        self._header.setFixedHeight(self._theme.px(HEIGHT_PX))
        self._show_sort()
        self._fit_columns()
        if self.isVisible():  # before the first paint Qt would make Python classes of all its widgets here: 5 ms
            self.viewport().update()

    # What is shown

    def current_row(self) -> Row | None:
        """The values of the current row; None without one, or while they are on their way."""
        index = self.currentIndex()
        return self._items.row(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[Row]:
        """The selected rows whose values are known, from top to bottom."""
        indexes = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return [row for row in (self._items.row(index.row()) for index in indexes) if row is not None]

    def visible_rows(self) -> list[Row]:
        """The rows in view whose values are known."""
        last = self.rowAt(self.viewport().height() - 1)
        shown = range(max(0, self.rowAt(0)), (last if last >= 0 else self._items.rowCount() - 1) + 1)
        return [row for row in map(self._items.row, shown) if row is not None]

    def select(self, row_id: int) -> bool:
        """Make a row the current and only selected one; False if it isn't shown."""
        row = self._items.row_of(row_id)
        if row is None:
            return False
        index = self._items.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)
        return True

    def step_off_selection(self) -> None:
        """Make the row below the selected ones the current one, or the one above: they are about to leave."""
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        if not chosen:
            return
        leaving = {
            task_of(row_id) for row_id in map(self._items.row_id, chosen) if row_id is not None and not take_of(row_id)
        }

        def stays(row: int) -> bool:
            row_id = self._items.row_id(row)
            return row_id is not None and row not in chosen and task_of(row_id) not in leaving

        below = (row for row in range(max(chosen) + 1, self._items.rowCount()) if stays(row))
        above = (row for row in range(min(chosen) - 1, -1, -1) if stays(row))
        row = next(below, next(above, None))
        row_id = self._items.row_id(row) if row is not None else None
        if row_id is not None:
            self.select(row_id)

    def set_sort(self, key: SortKey, *, descending: bool) -> None:
        self._sort = (key, descending)
        self._show_sort()

    def set_levels(self, take_id: str, levels: tuple[float, ...]) -> None:
        """Give a take its mini waveform."""
        self._live.levels[take_id] = levels
        self.viewport().update()

    def set_current_take(self, take_id: str | None) -> None:
        if take_id != self._live.current_take:
            self._live.current_take = take_id
            self.viewport().update()

    def set_playing(self, take_id: str | None, fraction: float = 0.0) -> None:
        """Show which take sounds, and how much of it was heard."""
        playing = None if take_id is None else (take_id, fraction)
        if playing != self._live.playing:
            self._live.playing = playing
            self.viewport().update()

    def set_under_way(self, count: int) -> None:
        """Keep the clocks of running rows going while there are any."""
        for timer in (self._turning, self._ticking):
            if (count > 0) != timer.isActive():
                timer.start() if count > 0 else timer.stop()
        if not count:
            self._live.angle = 0.0

    # Folding

    def toggle_fold(self, row: int) -> None:
        row_id = self._items.row_id(row)
        if row_id is not None:
            number = task_of(row_id)
            self._items.set_open(number, not self._items.is_open(number))

    def _fold_current(self, *, is_open: bool) -> None:
        row_id = self._items.row_id(self.currentIndex().row())
        if row_id is None:
            return
        number = task_of(row_id)
        if not is_open and take_of(row_id):
            self.select(task_row(number))
        self._items.set_open(number, is_open)

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        with self.row_delegate.frame():
            super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right:
                self._fold_current(is_open=True)
            case Qt.Key.Key_Left:
                self._fold_current(is_open=False)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
                self.activated_row.emit()
            case Qt.Key.Key_Up | Qt.Key.Key_Down if not event.modifiers():
                self.is_stepping = True
                super().keyPressEvent(event)
                self.is_stepping = False
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row that gets the focus with the list is also the selected one."""
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if self.isVisible():
            self.viewport().update()  # the accent edge is for a single selection only

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """What is dragged has to be made first, so the drag itself is for others to begin."""
        self._is_pulled = True
        self.drag_begun.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_pulled = False
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_pulled and event.buttons():
            return  # until the files hang at the pointer; Qt would select row after row
        self._is_pulled = False
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        where = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
            at = self._items.index(self.currentIndex().row(), COLUMNS.index(Column.PROMPT))
            where = self.viewport().mapToGlobal(self.visualRect(at).bottomLeft())
        self.menu_wanted.emit(where)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._room_px = event.size().width()  # of the viewport
        super().resizeEvent(event)
        self._fit_columns()

    def _hover(self, row: int) -> None:
        if row != self._live.hovered:
            self._live.hovered = row
            self.viewport().update()

    # Inside

    def _fit_columns(self) -> None:
        """A narrow list leaves out model and time, a tight one loudness and cost; the prompt's tooltip has them."""
        width, px = self._room_px, self._theme.px
        is_narrow, is_tight = width < px(_NARROW_BELOW_PX), width < px(_TIGHT_BELOW_PX)
        widths = dict(_WIDTHS_PX)
        hidden: set[Column] = set()
        if is_narrow:
            widths |= {Column.STATE: _NARROW_STATE_PX, Column.COST: _NARROW_COST_PX}
            hidden |= {Column.MODEL, Column.WHEN}
        if is_tight:
            widths |= {Column.STATE: _TIGHT_STATE_PX}
            hidden |= {Column.LOUDNESS, Column.COST}
        for at, column in enumerate(COLUMNS):
            if column in widths:
                self.setColumnWidth(at, px(widths[column]))
            if self.isColumnHidden(at) != (column in hidden):
                self.setColumnHidden(at, column in hidden)

    def _on_double_click(self, index: QModelIndex) -> None:
        """Plays; but two quick clicks on the arrow or the star are just that."""
        if COLUMNS[index.column()] not in (Column.ICON, Column.FAVOURITE):
            self.activated_row.emit()

    def _on_heading(self, section: int) -> None:
        key = COLUMNS[section].sort_key
        if key is None:
            self._show_sort()
            return
        current, descending = self._sort
        starts_descending = COLUMNS[section].is_number
        self._sort = (key, not descending if key is current else starts_descending)
        self._show_sort()
        self.sort_wanted.emit(self._sort[0].value, self._sort[1])

    def _show_sort(self) -> None:
        key, descending = self._sort
        column = next(column for column in COLUMNS if column.sort_key is key)
        self._header.show_sort(column, descending=descending)

    def _keep_selection(self) -> None:
        rows = {index.row() for index in self.selectionModel().selectedRows()}
        ids = {row_id for row_id in map(self._items.row_id, rows) if row_id is not None}
        current = self._items.row_id(self.currentIndex().row())
        if current is not None or ids:  # else what a search or filter hid is selected again when it comes back
            self._kept = (current, ids)
        top = self.rowAt(0)
        row_id = self._items.row_id(top)
        is_scrolled = self.verticalScrollBar().value() > 0
        self._anchor = (row_id, self.rowViewportPosition(top)) if is_scrolled and row_id is not None else None

    def _restore_place(self) -> None:
        """A list that is scrolled doesn't move under the pointer when rows come or go above."""
        self.executeDelayedItemsLayout()  # else Qt paints all rows first, lays them out, and paints them again
        row = self._items.row_of(self._anchor[0]) if self._anchor is not None else None
        if row is not None and self._anchor is not None:
            self.updateGeometries()
            height = self.verticalHeader().defaultSectionSize()
            self.verticalScrollBar().setValue(row * height - self._anchor[1])

    def _restore_selection(self) -> None:
        current, ids = self._kept
        chosen = QItemSelection()
        last = self._items.columnCount() - 1
        for row in (self._items.row_of(row_id) for row_id in ids):
            if row is not None:
                chosen.select(self._items.index(row, 0), self._items.index(row, last))
        row = self._items.row_of(current) if current is not None else None
        if row is not None:
            none = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._items.index(row, 0), none)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if row is None:
            self.current_changed.emit()

    def _on_data(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.currentIndex().row() <= last.row():
            self.current_changed.emit()

    def _turn(self) -> None:
        if self._theme.reduce_motion or not self.isVisible() or self.window().isMinimized():
            return
        self._live.angle = (self._live.angle + 360 / (_TURN_S * _FRAMES_A_SECOND)) % 360
        self._live.pass_fraction = (self._live.pass_fraction + 1 / (_PASS_S * _FRAMES_A_SECOND)) % 1.0
        self._update_visible(lambda row: self._items.words(row).turns, Column.ICON)
        self._update_visible(lambda row: self._items.words(row).is_unmeasured, None)

    def _tick(self) -> None:
        self._update_visible(lambda row: row.task.state.is_open, Column.STATE)

    def _update_visible(self, wanted: Callable[[Row], bool], column: Column | None) -> None:
        """Repaint one column, or all, of the tasks in view that are wanted."""
        last = self.rowAt(self.viewport().height() - 1)
        for number in range(max(0, self.rowAt(0)), (last if last >= 0 else self._items.rowCount() - 1) + 1):
            row = self._items.row(number)
            if row is None or row.take is not None or not wanted(row):
                continue
            if column is not None:
                self.update(self._items.index(number, COLUMNS.index(column)))
            else:
                top, height = self.rowViewportPosition(number), self.rowHeight(number)
                self.viewport().update(0, top, self.viewport().width(), height)
