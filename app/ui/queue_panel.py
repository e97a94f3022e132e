"""The library and queue: filters, search, the list, and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.take import Take, TakeState
from app.domain.task_state import TaskState
from app.storage.library_queries import Filter, LibraryQuery, SortKey
from app.ui.item_models.library import LibraryItemModel, Row
from app.ui.library_head import LibraryHead
from app.ui.library_table import LibraryTable
from app.ui.list_empty_state import ListEmptyState
from app.ui.task_words import RowAction
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.engine.live import Live

_AGAIN = (TaskState.FAILED, TaskState.CANCELLED)


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
    settle_wanted = Signal(list)  # task ids: they cost nothing, says the user
    cancel_wanted = Signal(list)
    project_wanted = Signal(list)  # task ids: move them to a project
    delete_wanted = Signal(list, list)  # task ids, take ids
    restore_wanted = Signal(list, list)  # from the bin: task ids, take ids
    reuse_wanted = Signal(str)  # task id: its prompt and settings back into the panels
    export_wanted = Signal(list)  # take ids
    drag_begun = Signal(list)  # take ids: the selected rows are pulled at
    copy_wanted = Signal(list)  # take ids
    note_wanted = Signal(str)  # take id
    transcribe_wanted = Signal(str)  # take id
    services_wanted = Signal(str, str)  # provider, the kind of failure that its key is about
    credit_wanted = Signal(str)  # provider
    rating_wanted = Signal(list, int)  # take ids, 0 to 5

    def __init__(
        self,
        theme: Theme,
        *,
        live_of: Callable[[str], Live | None],
        position_of: Callable[[str], int | None],
        model_label: Callable[[str, str], str],
        now: Callable[[], datetime],
        is_paused: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = LibraryQuery()
        self.items = LibraryItemModel(live_of, position_of, model_label, now, is_paused, self)
        self.table = LibraryTable(theme, self.items, self)
        self.head = LibraryHead(theme, self)
        self.empty = ListEmptyState(theme, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self._connect()
        self._show_query()

    def _connect(self) -> None:
        self.head.filter_wanted.connect(self.set_filter)
        self.head.searched.connect(lambda text: self._change(replace(self._query, text=text)))
        self.table.sort_wanted.connect(self.set_sort)
        self.table.current_changed.connect(self.selection_changed)
        self.table.activated_row.connect(self.play_wanted)
        self.table.menu_wanted.connect(self._open_menu)
        self.table.drag_begun.connect(lambda: self.drag_begun.emit([take.id for take in self.selected_takes()]))
        self.table.row_delegate.favourite_clicked.connect(self._on_star)
        self.table.row_delegate.action_clicked.connect(self._on_row_action)
        self.empty.clear_search_wanted.connect(self.clear_search)
        self._theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("window"))
        painter.end()

    # What is shown

    @property
    def query(self) -> LibraryQuery:
        return self._query

    def show_query(self, query: LibraryQuery) -> None:
        """Take over a query from elsewhere, such as the last start; announces nothing."""
        self._query = query
        self.head.show_text(query.text)
        self._show_query()

    def show_counts(self, counts: Mapping[Filter, int]) -> None:
        self.head.show_counts(counts)

    def show_rows(self, *, library_is_empty: bool) -> None:
        """Show the list, or why there is nothing in it. Call after the item model got its rows."""
        self.head.show_library_is_empty(library_is_empty)
        if self.items.rowCount():
            self._stack.setCurrentWidget(self.table)
            return
        had_focus = self.table.hasFocus()
        self.empty.show_reason(self._query, library_is_empty=library_is_empty)
        self._stack.setCurrentWidget(self.empty)
        if had_focus:  # the keys of the window go on working
            self.empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        self.head.focus_search()

    def focus_list(self) -> None:
        """Move the focus to the list, or to what stands in its place."""
        shown = self.table if self.items.rowCount() else self.empty
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def search(self, text: str) -> None:
        """Look for something among all tasks, as if it had been typed."""
        self.head.show_text(text)
        self._change(replace(self._query, text=text, filter=Filter.ALL))
        self.focus_list()

    def clear_search(self) -> None:
        self.head.show_text("")
        self._change(replace(self._query, text=""))
        self.focus_list()

    def set_filter(self, key: Filter) -> None:
        self._change(replace(self._query, filter=key))

    def set_sort(self, key: SortKey, descending: bool) -> None:
        self._change(replace(self._query, sort=SortKey(key), descending=descending))

    # Wishes about the selection, for menus and shortcuts alike

    def current_take(self) -> Take | None:
        """The take that the selection stands for: its own, or the favourite or first of its task."""
        row = self.table.current_row()
        return take_of_row(row) if row is not None else None

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
        """Into the bin; in the bin, back from it. The row below becomes the current one."""
        rows = self.table.selected_rows()
        tasks = {row.task.id for row in rows if row.take is None}
        takes = [row.take.id for row in rows if row.take is not None and row.task.id not in tasks]
        if not tasks and not takes:
            return
        self.table.step_off_selection()
        wanted = self.restore_wanted if self.shows_bin else self.delete_wanted
        wanted.emit(sorted(tasks), takes)

    @property
    def shows_bin(self) -> bool:
        return self._query.filter is Filter.BIN

    def cancel_selected(self) -> None:
        ids = list(dict.fromkeys(row.task.id for row in self.table.selected_rows() if row.task.state.is_open))
        if ids:
            self.cancel_wanted.emit(ids)

    def retry_selected(self) -> None:
        ids = list(dict.fromkeys(row.task.id for row in self.table.selected_rows() if row.task.state in _AGAIN))
        if ids:
            self.retry_wanted.emit(ids)

    def file_selected(self) -> None:
        """Ask which project the selected tasks belong to."""
        ids = list(dict.fromkeys(row.task.id for row in self.table.selected_rows()))
        if ids:
            self.project_wanted.emit(ids)

    def settle_selected(self) -> None:
        ids = self._open_in_cost()
        if ids:
            self.settle_wanted.emit(ids)

    @property
    def can_settle(self) -> bool:
        """Whether something may be held for good for one of the selected tasks."""
        return bool(self._open_in_cost())

    def decide_selected(self) -> None:
        row = self.table.current_row()
        if row is not None and row.task.state is TaskState.UNCERTAIN:
            self.decide_wanted.emit(row.task.id)

    def act_on_current(self, wanted: RowAction | None = None) -> None:
        """Do what the button inside the current row offers, or another thing that the row can have done."""
        action = wanted or self.current_action()
        if action is not None:
            self._on_row_action(self.table.currentIndex().row(), action.value)

    def current_action(self) -> RowAction | None:
        """What the button inside the current row offers."""
        return next(iter(self.current_actions()), None)

    def current_actions(self) -> tuple[RowAction, ...]:
        """What the current row can have done: what its button offers, then what there is no room for in the row."""
        row = self.table.current_row()
        words = self.items.words(row) if row is not None else None
        offered = (words.action, words.other) if words is not None else ()
        return tuple(action for action in offered if action is not None)

    def export_selected(self) -> None:
        takes = self.selected_takes()
        if takes:
            self.export_wanted.emit([take.id for take in takes])

    def copy_selected(self) -> None:
        takes = self.selected_takes()
        if takes:
            self.copy_wanted.emit([take.id for take in takes])

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

    def transcribe_current(self) -> None:
        take = self.current_take()
        if take is not None and take.state is TakeState.STORED:
            self.transcribe_wanted.emit(take.id)

    # Inside

    def _change(self, query: LibraryQuery) -> None:
        if query != self._query:
            self._query = query
            self.query_changed.emit(query)
        self._show_query()

    def _show_query(self) -> None:
        self.head.show_filter(self._query.filter)
        self.table.set_sort(self._query.sort, descending=self._query.descending)

    def _open_in_cost(self) -> list[str]:
        from app.engine.decisions import is_cost_open  # late: no row is selected before the first paint

        tasks = {row.task.id: row.task for row in self.table.selected_rows()}
        return [task.id for task in tasks.values() if is_cost_open(task)]

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
            case RowAction.FETCH if row.task.state is TaskState.FINISHED:
                self.retry_wanted.emit([row.task.id])
            case RowAction.FETCH | RowAction.CHECK_AGAIN:
                self.check_wanted.emit(row.task.id)
            case RowAction.EDIT:
                self.reuse_wanted.emit(row.task.id)
            case RowAction.DECIDE:
                self.decide_wanted.emit(row.task.id)
            case RowAction.ADD_KEY | RowAction.OPEN_SERVICES:
                self.services_wanted.emit(row.task.request.provider, row.task.failure.kind if row.task.failure else "")
            case RowAction.ADD_CREDIT:
                self.items.seek_credit(row.task.request.provider)
                self.credit_wanted.emit(row.task.request.provider)

    def _open_menu(self, where: QPoint) -> None:
        from app.ui.row_menu import RowMenu  # late: see late_parts

        if self.table.selected_rows():
            RowMenu(self).popup(where)


def take_of_row(row: Row) -> Take | None:
    """The take that a row stands for: its own, or the favourite or first stored one of its task."""
    if row.take is not None:
        return row.take
    stored = [take for take in row.task.takes if take.state is TakeState.STORED]
    return next((take for take in stored if take.is_favourite), stored[0] if stored else None)
