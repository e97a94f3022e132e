"""Runs a planned sheet: what is missing or changed is queued at once, what is there is taken up or handed over."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from app.domain.errors import Problem, RequestInvalid, SpendingCeilingReached, TaskBusy
from app.domain.receipt import exact_dollars
from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.batch_plan import BatchPlan, Defaults, PlannedRow
from app.engine.batch_planner import BatchPlanner
from app.engine.breathing import Breathing
from app.engine.clicks import tasks_of_click
from app.engine.delivering import Deliverer
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.storage.deliveries import Deliveries, Wanted, want
from app.storage.disk_failures import as_storage_errors
from app.storage.sheet_rows import SheetRowKey, SheetRows, remember
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore

_LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Begun:
    """A sheet on its way.

    Attributes:
        task_ids: Of all its rows, by the ids of the rows.
        elsewhere: Tasks that another process runs.
    """

    task_ids: dict[str, tuple[str, ...]]
    elsewhere: frozenset[str] = frozenset()

    @property
    def all_tasks(self) -> list[str]:
        return [task_id for ids in self.task_ids.values() for task_id in ids]


class Batches:
    """Sheets of lines: planned, priced, queued, waited for.

    Attributes:
        planner: Says what a sheet comes to.
        deliverer: Writes the files.
    """

    def __init__(
        self,
        *,
        planner: BatchPlanner,
        rows: SheetRows,
        deliveries: Deliveries,
        deliverer: Deliverer,
        queue: TaskQueue,
        store: TaskStore,
        files: TakeFiles,
        spending: Spending,
        now: Callable[[], datetime],
    ) -> None:
        self.planner = planner
        self.deliverer = deliverer
        self._rows = rows
        self._deliveries = deliveries
        self._queue = queue
        self._store = store
        self._files = files
        self._spending = spending
        self._now = now

    async def last_folder(self, sheet: str) -> Path | None:
        """Where the files of a sheet went the last time."""
        folder = await self._deliveries.folder_of(sheet)
        return None if folder is None else Path(folder)

    async def last_defaults(self, sheet: str) -> Defaults | None:
        """The model, takes and format that most rows of a sheet were asked for with the last time.

        With them, what an earlier run made is found again; None for a sheet that nobody has run.
        """
        known = await self._rows.known(sheet, [])
        tasks = await self._rows.tasks(list(known.latest.values()))
        return await asyncio.to_thread(_most_common, tasks.values())

    async def refuse_over_ceilings(
        self, plan: BatchPlan, most: Decimal | None, *, accepts_unknown_price: bool = False
    ) -> None:
        """Refuse a whole sheet before anything of it is queued.

        Args:
            most: What all of it may cost, in US dollars.
        Raises:
            SpendingCeilingReached: A limit would be passed, or nobody knows whether it would.
        """
        estimates, totals = await asyncio.to_thread(lambda: (plan.estimates, plan.totals))
        if most is not None and totals.most > most:
            raise SpendingCeilingReached(
                f"This sheet may cost {exact_dollars(totals.most)}, more than the {exact_dollars(most)} that it may."
                " Nothing was sent."
            )
        await self._spending.refuse_over_ceilings(estimates, most, accepts_unknown_price=accepts_unknown_price)

    async def begin(
        self,
        plan: BatchPlan,
        folder: Path,
        *,
        project: str = "",
        most: Decimal | None = None,
        accepts_unknown_price: bool = False,
    ) -> Begun:
        """Queue what is missing in one transaction, note where the takes are wanted, and take up what has stopped.

        What is uncertain is left to the user. Nothing is sent of a sheet that another process begins meanwhile.

        Args:
            folder: Absolute, and there.
            most: As in `refuse_over_ceilings`.
        Raises:
            RequestInvalid: A file that goes along has changed since it was looked at.
            SpendingCeilingReached, StorageError: Nothing was queued.
            TaskBusy: Another process has begun the same sheet; planned anew, its rows are found.
        """
        assert not plan.problems, "a sheet with problems is not begun"
        await self.refuse_over_ceilings(plan, most, accepts_unknown_price=accepts_unknown_price)
        made, breathing = {}, Breathing()
        for row in plan.rows:
            if row.is_made:
                made[row.row.id] = await self._tasks_of(row, project, accepts_unknown_price=accepts_unknown_price)
                await breathing.breathe()
        clicks = {row.row.id: made[row.row.id][0].click_id if row.is_made else row.click_id for row in plan.rows}
        present = await self._present(folder, [row for row in plan.rows if not row.is_made])
        now = self._now()

        def also(connection: sqlite3.Connection) -> None:
            remember(connection, ((_key(plan, row), clicks[row.row.id] or "", row.click_id) for row in plan.rows), now)
            want(connection, (_wanted(plan, row, folder, clicks[row.row.id] or "") for row in plan.rows), present)

        await self._queue.add_all([task for tasks in made.values() for task in tasks], also, click_ceiling=most)
        self.deliverer.start()
        elsewhere = await self._take_up([task for row in plan.rows if not row.is_made for task in row.tasks])
        ids = {row.row.id: tuple(task.id for task in made.get(row.row.id, row.tasks)) for row in plan.rows}
        return Begun(ids, elsewhere)

    async def wait(self, begun: Begun) -> None:
        """Until every task is at rest, also those that other processes run; see `TaskQueue.wait`."""
        everything = begun.all_tasks
        elsewhere = set(begun.elsewhere)
        while True:
            await self._queue.wait([task_id for task_id in everything if task_id not in elsewhere])
            open_now = await self._open(elsewhere)
            elsewhere = set(await self._take_up(open_now))
            if self._queue.is_paused or not open_now:
                return
            if elsewhere:
                await asyncio.sleep(_LOOK_EVERY_S)

    async def tasks(self, begun: Begun) -> list[Task]:
        """The tasks as they are on the disk, in the order of the rows."""
        found = {task.id: task for task in await self._store.tasks_with_ids(begun.all_tasks, with_bodies=False)}
        return [found[task_id] for task_id in begun.all_tasks if task_id in found]

    async def files_of(self, tasks: Iterable[Task], folder: Path) -> dict[str, Path]:
        """Where takes were written to in a folder, by their ids."""
        names = await self._deliveries.names(str(folder), [take.id for task in tasks for take in task.takes])
        return {take: folder / name for take, name in names.items()}

    async def _tasks_of(self, row: PlannedRow, project: str, *, accepts_unknown_price: bool) -> list[Task]:
        checked = row.checked
        clips = tuple([await self._files.adopt_input(replace(f, sha256=None)) for f in checked.request.references])
        if clips != checked.request.references:
            message = f"A file of row {row.row.id} has changed since it was looked at. Try again."
            raise RequestInvalid([Problem("reference", message)])
        return tasks_of_click(
            checked.requests,
            checked.spec,
            checked.estimates,
            project,
            self._now(),
            accepts_unknown_price=accepts_unknown_price,
        )

    async def _present(self, folder: Path, rows: Sequence[PlannedRow]) -> frozenset[str]:
        """Takes whose files are in the folder, whatever was done to these since."""
        take_ids = [take.id for row in rows for task in row.tasks for take in task.takes]
        if not take_ids:
            return frozenset()
        names = await self._deliveries.names(str(folder), take_ids)
        holders = await self._deliveries.holders(str(folder))
        mine = {take: name for take, name in names.items() if holders.get(name) == take}
        there = await asyncio.to_thread(_names_in, folder)
        return frozenset(take for take, name in mine.items() if name in there)

    async def _take_up(self, tasks: Sequence[Task]) -> frozenset[str]:
        """Carry on what is open and try again what failed, each by the rules of the queue.

        Returns:
            Open tasks that are run elsewhere.
        """
        open_ids = [task.id for task in tasks if task.state.is_open]
        elsewhere = set(open_ids) - set(await self._queue.carry_on(open_ids))
        for task in tasks:
            if task.state not in (TaskState.FAILED, TaskState.CANCELLED) and not _lacks_takes(task):
                continue
            try:
                await self._queue.retry(task.id)
            except TaskBusy:
                elsewhere.add(task.id)
            except RequestInvalid:
                continue  # there is nothing to try again: it stays as it is, and is told as such
        return frozenset(elsewhere)

    async def _open(self, task_ids: Collection[str]) -> list[Task]:
        tasks = await self._store.tasks_with_ids(task_ids, with_bodies=False)
        return [task for task in tasks if task.state.is_open]


def _most_common(clicks: Iterable[Sequence[Task]]) -> Defaults | None:
    asked = Counter(
        (request.provider, request.model, sum(task.request.takes for task in tasks), request.audio.format)
        for tasks in clicks
        if isinstance(request := tasks[0].request, GenerationRequest)
    )
    return Defaults(*asked.most_common(1)[0][0]) if asked else None


def _key(plan: BatchPlan, row: PlannedRow) -> SheetRowKey:
    return SheetRowKey(plan.sheet, row.row.id, row.checked.fingerprint)


def _wanted(plan: BatchPlan, row: PlannedRow, folder: Path, click_id: str) -> Wanted:
    return Wanted(plan.sheet, row.row.id, str(folder), click_id, row.checked.stem, row.row.line)


def _lacks_takes(task: Task) -> bool:
    """Whether a finished task has takes that may still be had."""
    is_short = any(take.state is not TakeState.STORED for take in task.takes)
    return task.state is TaskState.FINISHED and task.failure is not None and is_short


def _names_in(folder: Path) -> frozenset[str]:
    with as_storage_errors(folder):
        return frozenset(entry.name for entry in folder.iterdir())
