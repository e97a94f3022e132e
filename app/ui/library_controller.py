"""Brings the library into its panel, and keeps it true while tasks run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import TaskNotFound
from app.domain.request import GenerationRequest
from app.engine.library import Library
from app.engine.task_queue import TaskQueue
from app.storage.library_queries import Filter, LibraryQuery
from app.ui.background import Background
from app.ui.item_models.row_id import take_row, task_row
from app.ui.queue_panel import QueuePanel

if TYPE_CHECKING:
    from app.storage.library_index import LibraryRow

_GATHER_MS = 60  # changes that come together are read together
_HISTORY = 20
_FIRST_ROWS = 40  # as many as a large screen shows at once


class LibraryController(QObject):
    """Reads what the panel shows, off the GUI thread; a late answer to an earlier query is dropped."""

    emptied = Signal(bool)  # whether there is nothing in the whole library

    def __init__(
        self,
        library: Library,
        queue: TaskQueue,
        panel: QueuePanel,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._queue = queue
        self._panel = panel
        self._background = background
        self._numbers: dict[str, int] = {}
        self._changed: set[str] = set()
        self._moved: set[int] = set()
        self._query_is_due = False
        self._asked = 0
        self._shows_bin = False
        self._select_when_shown: tuple[str, int] | None = None
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._catch_up)
        panel.query_changed.connect(lambda _query: self.query_anew())
        panel.items.wanted.connect(lambda numbers: self._background.start(self._read(numbers)))
        self._stops: list[Callable[[], None]] = [
            library.changed.listen(self._on_changed),
            queue.live_changed.listen(self._on_live),
        ]

    def close(self) -> None:
        for stop in self._stops:
            stop()
        self._gather.stop()

    def query_anew(self) -> None:
        """Ask for the order and the counts again."""
        self._query_is_due = True
        self._catch_up()

    def select(self, task_id: str, take: int = 0) -> None:
        """Make a task or one of its takes the selected row, as soon as it is shown."""
        self._select_when_shown = (task_id, take)
        self.query_anew()

    def remember(self, task_id: str, take: int) -> None:
        """Select this row with the first answer; nothing happens if it is gone by then."""
        self._select_when_shown = (task_id, take)

    async def recent_prompts(self) -> list[str]:
        """The latest prompts, each once, the newest first."""
        numbers = await self._library.ids(LibraryQuery())
        rows = await self._library.rows(numbers[: 10 * _HISTORY])
        requests = [row.task.request for row in rows]
        prompts = (request.prompt for request in requests if isinstance(request, GenerationRequest))
        return list(dict.fromkeys(prompts))[:_HISTORY]

    # Changes

    def _on_changed(self, ids: Collection[str]) -> None:
        if ids:
            self._changed.update(ids)
            self._query_is_due = True
        else:
            self._panel.items.doubt_all()
            self._query_is_due = True
        if not self._gather.isActive():
            self._gather.start()

    def _on_live(self, task_id: str) -> None:
        number = self._numbers.get(task_id)
        if number is not None:
            self._moved.add(number)
            if not self._gather.isActive():
                self._gather.start()

    def _catch_up(self) -> None:
        moved, self._moved = self._moved, set()
        self._panel.items.refresh(moved)
        changed, self._changed = self._changed, set()
        if self._query_is_due or changed:
            is_due, self._query_is_due = self._query_is_due, False
            self._background.start(self._update(changed, is_due=is_due))

    async def _update(self, changed: Collection[str], *, is_due: bool) -> None:
        is_shown = await self._show_query() if is_due else False
        if changed:
            numbers = [await self._number(task_id) for task_id in changed]
            await self._read([number for number in numbers if number is not None])
        if is_shown:
            await self._select_wanted()

    async def _show_query(self) -> bool:
        """Show the answer to the query in force; False if a later question is on its way."""
        self._asked += 1
        asked, query = self._asked, self._panel.query
        numbers = await self._library.ids(query)
        first: Sequence[LibraryRow] = ()
        if asked == self._asked and query.filter is not Filter.BIN and not self._shows_bin:
            first = await self._rows(self._panel.items.unknown(numbers[:_FIRST_ROWS]))  # painted once, with its values
        if asked != self._asked:
            return False
        if numbers:  # these are what was asked for, and the counts can wait
            is_new = self._show(numbers, query, first)
            self._panel.show_rows(library_is_empty=False)
            if is_new:
                self._panel.table.viewport().repaint()  # before all are counted: both at once would take longer
        counts = await self._library.counts(query.text)
        if asked != self._asked:
            return False
        self._show(numbers, query)
        self._panel.show_counts(counts)
        is_empty = counts.get(Filter.ALL, 0) == 0 and not query.text and query.filter is not Filter.BIN
        self._panel.show_rows(library_is_empty=is_empty)
        self._panel.table.set_under_way(counts.get(Filter.PENDING, 0))
        self.emptied.emit(is_empty)
        return True

    def _show(self, numbers: Sequence[int], query: LibraryQuery, first: Sequence[LibraryRow] = ()) -> bool:
        """Whether the list is another one now."""
        items = self._panel.items
        if (query.filter is Filter.BIN) != self._shows_bin:
            self._shows_bin = query.filter is Filter.BIN
            items.doubt_all()  # the bin shows other takes of the same tasks
        if not items.shows(numbers):
            items.show(numbers, first)
            return True
        if first:
            items.fill(first)
        return False

    async def _number(self, task_id: str) -> int | None:
        if task_id not in self._numbers:
            try:
                self._numbers[task_id] = await self._library.number_of(task_id)
            except TaskNotFound:  # removed by another process meanwhile
                return None
        return self._numbers[task_id]

    async def _read(self, numbers: Collection[int]) -> None:
        if numbers:
            self._panel.items.fill(await self._rows(numbers))

    async def _rows(self, numbers: Collection[int]) -> Sequence[LibraryRow]:
        """Their values; none where the bin was opened or left meanwhile, since they are others there."""
        if not numbers:
            return ()
        from_bin = self._shows_bin
        rows = await self._library.rows(list(numbers), from_bin=from_bin)
        if from_bin != self._shows_bin:
            return ()
        for row in rows:
            self._numbers[row.task.id] = row.number
        return rows

    async def _select_wanted(self) -> None:
        """Select what was asked for; what the query leaves out is not waited for."""
        if self._select_when_shown is None:
            return
        (task_id, take), self._select_when_shown = self._select_when_shown, None
        number = await self._number(task_id)
        if number is None or self._panel.items.row_of_task(number) is None:
            return
        if take:
            await self._read([number])
            self._panel.items.set_open(number, True)
        self._panel.table.select(take_row(number, take) if take else task_row(number))
