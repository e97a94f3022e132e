"""The library and queue: filters, search, the list, and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.engine.live import Live
from app.storage.library_index import Filter, LibraryQuery, SortKey
from app.ui.controls.chip import FilterChip
from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.item_models.library import LibraryItemModel, Row
from app.ui.library_table import LibraryTable
from app.ui.list_empty_state import ListEmptyState
from app.ui.task_words import RowAction
from app.ui.theme import Theme

_CHIPS = (
    (Filter.ALL, "All", None),
    (Filter.PENDING, "Pending", None),
    (Filter.DONE, "Done", None),
    (Filter.FAILED, "Failed", None),
    (Filter.FAVOURITES, "", "star"),
    (Filter.NEEDS_YOU, "Needs you", "circle-question-mark"),
)


class QueuePanel(QWidget):
    """Shows the tasks and takes of a query; announces what the user wants done with them."""

    query_changed = Signal(object)  # LibraryQuery
    selection_changed = Signal()
    play_wanted = Signal()
    favourite_wanted = Signal(object, bool)  # take ids, is favourite
    retry_wanted = Signal(list)  # task ids
    fetch_wanted = Signal(str)  # take id
    check_wanted = Signal(str)  # task id: ask the service again
    decide_wanted = Signal(str)
    cancel_wanted = Signal(list)
    delete_wanted = Signal(list, list)  # task ids, take ids
    reuse_wanted = Signal(str)  # task id: its prompt and settings back into the panels
    export_wanted = Signal(list)  # take ids
    note_wanted = Signal(str)  # take id
    rating_wanted = Signal(list, int)  # take ids, 0 to 5

    def __init__(
        self,
        theme: Theme,
        *,
        live_of: Callable[[str], Live | None],
        position_of: Callable[[str], int | None],
        model_label: Callable[[str, str], str],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = LibraryQuery()
        self.items = LibraryItemModel(live_of, position_of, model_label, now, self)
        self.table = LibraryTable(theme, self.items, self)
        self._chips: dict[Filter, FilterChip] = {}
        self._search = SearchField(theme, "Search the library", placeholder="Search", key_hint="Ctrl F", parent=self)
        self.empty = ListEmptyState(theme, self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show_query()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        px = self._theme.px
        head.setContentsMargins(px(14), 0, px(12), 0)
        head.setSpacing(px(4))
        head.addWidget(Label(self._theme, "Library", font="strong", parent=self))
        head.addSpacing(px(8))
        for key, text, icon in _CHIPS:
            chip = FilterChip(self._theme, text, icon=icon, needs_you=key is Filter.NEEDS_YOU, parent=self)
            chip.setAccessibleName(f"Filter: {text or 'Favourites'}")
            chip.setToolTip("Favourites" if not text else "")
            chip.setVisible(key is not Filter.NEEDS_YOU)
            chip.toggled.connect(lambda is_on, key=key: self._on_chip(key, is_on=is_on))
            self._chips[key] = chip
            head.addWidget(chip)
        head.addStretch(1)
        self._search.setMinimumWidth(px(120))
        self._search.setMaximumWidth(px(232))
        head.addWidget(self._search, 2)
        bar = QWidget(self)
        bar.setFixedHeight(px(44))
        bar.setLayout(head)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._search.searched.connect(self._on_searched)
        self.table.sort_wanted.connect(self._on_sort)
        self.table.current_changed.connect(self.selection_changed)
        self.table.activated_row.connect(self.play_wanted)
        self.table.menu_wanted.connect(self._open_menu)
        self.table.row_delegate.favourite_clicked.connect(self._on_star)
        self.table.row_delegate.action_clicked.connect(self._on_row_action)
        self.empty.clear_search_wanted.connect(self.clear_search)

    # What is shown

    @property
    def query(self) -> LibraryQuery:
        return self._query

    def show_query(self, query: LibraryQuery) -> None:
        """Take over a query from elsewhere, such as the last start; announces nothing."""
        self._query = query
        self._search.setText(query.text)
        self._show_query()

    def show_counts(self, counts: Mapping[Filter, int]) -> None:
        for key, chip in self._chips.items():
            chip.set_count(counts.get(key, 0))
        self._chips[Filter.NEEDS_YOU].setVisible(counts.get(Filter.NEEDS_YOU, 0) > 0)

    def show_rows(self, *, library_is_empty: bool) -> None:
        """Show the list, or why there is nothing in it. Call after the item model got its rows."""
        if self.items.rowCount():
            self._stack.setCurrentWidget(self.table)
            return
        self.empty.show_reason(self._query, library_is_empty=library_is_empty)
        self._stack.setCurrentWidget(self.empty)

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear_search(self) -> None:
        self._search.clear()
        self._on_searched("")

    def set_filter(self, key: Filter) -> None:
        self._change(LibraryQuery(self._query.text, key, self._query.sort, self._query.descending))

    # Wishes about the selection, for menus and shortcuts alike

    def current_take(self) -> Take | None:
        """The take that the selection stands for: its own, or the favourite or first of its task."""
        row = self.table.current_row()
        return take_of_row(row) if row is not None else None

    def selected_tasks(self) -> list[Task]:
        return list({row.task.id: row.task for row in self.table.selected_rows() if row.take is None}.values())

    def selected_takes(self) -> list[Take]:
        """Chosen takes; a chosen task stands for all of its stored ones."""
        takes: dict[str, Take] = {}
        for row in self.table.selected_rows():
            for take in (row.take,) if row.take is not None else row.task.takes:
                if take.state is TakeState.STORED:
                    takes[take.id] = take
        return list(takes.values())

    def toggle_favourite(self) -> None:
        rows = self.table.selected_rows()
        takes = [take for take in map(take_of_row, rows) if take is not None]
        if takes:
            self.favourite_wanted.emit([take.id for take in takes], not all(take.is_favourite for take in takes))

    def delete_selected(self) -> None:
        rows = self.table.selected_rows()
        tasks = {row.task.id for row in rows if row.take is None}
        takes = [row.take.id for row in rows if row.take is not None and row.task.id not in tasks]
        if tasks or takes:
            self.delete_wanted.emit(sorted(tasks), takes)

    def cancel_selected(self) -> None:
        ids = list(dict.fromkeys(row.task.id for row in self.table.selected_rows() if row.task.state.is_open))
        if ids:
            self.cancel_wanted.emit(ids)

    def retry_selected(self) -> None:
        again = (TaskState.FAILED, TaskState.CANCELLED)
        ids = list(dict.fromkeys(row.task.id for row in self.table.selected_rows() if row.task.state in again))
        if ids:
            self.retry_wanted.emit(ids)

    def export_selected(self) -> None:
        takes = self.selected_takes()
        if takes:
            self.export_wanted.emit([take.id for take in takes])

    def reuse_selected(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.reuse_wanted.emit(row.task.id)

    def rate_selected(self, rating: int) -> None:
        takes = self.selected_takes()
        if takes:
            self.rating_wanted.emit([take.id for take in takes], rating)

    def note_selected(self) -> None:
        take = self.current_take()
        if take is not None:
            self.note_wanted.emit(take.id)

    # Inside

    def _change(self, query: LibraryQuery) -> None:
        if query != self._query:
            self._query = query
            self.query_changed.emit(query)
        self._show_query()

    def _show_query(self) -> None:
        for key, chip in self._chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(key is self._query.filter)
            chip.update()
        self.table.set_sort(self._query.sort, descending=self._query.descending)

    def _on_chip(self, key: Filter, *, is_on: bool) -> None:
        """One filter is always on; pressing it again shows everything."""
        self.set_filter(key if is_on else Filter.ALL)
        self._show_query()

    def _on_searched(self, text: str) -> None:
        self._change(LibraryQuery(text, self._query.filter, self._query.sort, self._query.descending))

    def _on_sort(self, key: str, descending: bool) -> None:
        self._change(LibraryQuery(self._query.text, self._query.filter, SortKey(key), descending))

    def _on_star(self, at: int) -> None:
        row = self.items.row(at)
        take = take_of_row(row) if row is not None else None
        if take is not None:
            self.favourite_wanted.emit([take.id], not take.is_favourite)

    def _on_row_action(self, at: int, action: str) -> None:
        row = self.items.row(at)
        if row is None:
            return
        match RowAction(action):
            case RowAction.RETRY:
                self.retry_wanted.emit([row.task.id])
            case RowAction.FETCH if row.take is not None:
                self.fetch_wanted.emit(row.take.id)
            case RowAction.FETCH | RowAction.CHECK_AGAIN:
                self.check_wanted.emit(row.task.id)
            case RowAction.DECIDE:
                self.decide_wanted.emit(row.task.id)

    def _open_menu(self, where: QPoint) -> None:
        rows = self.table.selected_rows()
        if not rows:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        takes = self.selected_takes()
        states = {row.task.state for row in rows}
        entries: tuple[tuple[str, str, Callable[[], None], bool], ...] = (
            ("Play", "Space", self.play_wanted.emit, bool(takes)),
            ("Favourite", "F", self.toggle_favourite, bool(takes)),
            ("Note…", "N", self.note_selected, bool(takes)),
            ("Export…", "Ctrl+E", self.export_selected, bool(takes)),
            ("", "", self.update, True),
            ("Use prompt and settings again", "Ctrl+Shift+R", self.reuse_selected, True),
            ("Retry", "Ctrl+R", self.retry_selected, bool(states & {TaskState.FAILED, TaskState.CANCELLED})),
            ("Cancel", "Ctrl+.", self.cancel_selected, any(state.is_open for state in states)),
            ("", "", self.update, True),
            ("Move to the bin", "Del", self.delete_selected, True),
        )
        for text, keys, act, is_possible in entries:
            if not text:
                menu.addSeparator()
                continue
            action = QAction(f"{text}\t{keys}", menu)
            action.setEnabled(is_possible)
            action.triggered.connect(lambda _checked=False, act=act: act())
            menu.addAction(action)
        menu.popup(where)


def take_of_row(row: Row) -> Take | None:
    """The take that a row stands for: its own, or the favourite or first stored one of its task."""
    if row.take is not None:
        return row.take
    stored = [take for take in row.task.takes if take.state is TakeState.STORED]
    return next((take for take in stored if take.is_favourite), stored[0] if stored else None)
