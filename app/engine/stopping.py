"""Cancel many tasks as one act, wherever they are held; and take back what of it was never sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import StorageError
from app.domain.provider import AudioProvider
from app.domain.task import Task, TaskState
from app.engine import decisions
from app.engine.carrying_through import carried_through
from app.engine.held_task import HeldTask
from app.engine.holding import Holding
from app.engine.live import LiveBoard
from app.engine.locking import Locking
from app.engine.recovery import recovery_for
from app.engine.turns import in_turns
from app.storage.locks import TaskLock
from app.storage.task_store import TaskStore, Wish

_OPEN = frozenset(state for state in TaskState if state.is_open)

Step = Callable[[Task], Task]


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """What could be stopped, in all processes.

    Attributes:
        waiting: Ids of tasks that haven't left.
        under_way: Ids of those that have.
        billable: How many of these are at services that can't be stopped and may still bill them.
    """

    waiting: tuple[str, ...] = ()
    under_way: tuple[str, ...] = ()
    billable: int = 0

    def __len__(self) -> int:
        return len(self.waiting) + len(self.under_way)


@dataclass(frozen=True, slots=True)
class Stopped:
    """What one stop did.

    Attributes:
        waiting: Ids of tasks that were cancelled before they left: they can be queued again as if nothing had been.
        under_way: Ids of tasks that were cancelled after they had left.
        elsewhere: Ids of tasks that another process holds; it obeys within a second.
        billable: How many of those under way are at services that can't be stopped and may still bill them.
    """

    waiting: tuple[str, ...] = ()
    under_way: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    billable: int = 0

    def __len__(self) -> int:
        return len(self.waiting) + len(self.under_way) + len(self.elsewhere)


class Stopping:
    """Stops tasks of this process, of others, and of none.

    Args:
        tell: Gets every task after its change is durable.
    """

    def __init__(
        self,
        store: TaskStore,
        locking: Locking,
        holding: Holding,
        live: LiveBoard,
        providers: Mapping[str, AudioProvider],
        tell: Callable[[Task], None],
    ) -> None:
        self._store = store
        self._locking = locking
        self._holding = holding
        self._live = live
        self._providers = providers
        self._tell = tell

    async def open_tasks(self) -> OpenTasks:
        """What there is to stop."""
        tasks = await self._store.tasks(_OPEN, with_binned=True, with_bodies=False)
        under_way = [task for task in tasks if task.state is not TaskState.QUEUED]
        return OpenTasks(
            tuple(task.id for task in tasks if task.state is TaskState.QUEUED),
            tuple(task.id for task in under_way),
            sum(map(self.is_billable, under_way)),
        )

    def is_billable(self, task: Task) -> bool:
        """Whether a task is on its way at a service that may bill it."""
        if task.state not in (TaskState.SUBMITTING, TaskState.RUNNING):
            return False
        provider = self._providers.get(task.request.provider)
        return provider is None or not recovery_for(provider, task.attempt).is_unbilled

    async def stop(self, task_ids: Collection[str], *, under_way: bool) -> Stopped:
        """Cancel tasks; those that are over stay as they are.

        Args:
            under_way: Also those that have left. They go on at their services and may be billed; what comes of them
                is still written down.
        Raises:
            StorageError: it couldn't be written; those it couldn't be written for go on.
        """
        step = decisions.cancelled if under_way else decisions.cancelled_if_waiting
        in_line = self._holding.withdraw(task_ids)
        # Begun is finished: a caller that goes away must not leave a task cancelled on the disk and running here.
        stopped = await carried_through(self._stop_waiting(in_line)) if in_line else []
        withdrawn = frozenset(task.id for task in stopped)
        elsewhere = []
        for task_id in task_ids:
            if task_id in withdrawn:
                continue
            if task_id in self._holding:
                stopped += await self._stop_running(task_id, step)
            else:
                elsewhere.append(task_id)
        freed, busy = await carried_through(self._stop_resting(elsewhere, step)) if elsewhere else ([], [])
        if busy:
            await self._store.wish(busy, Wish.CANCEL if under_way else Wish.CANCEL_IF_WAITING)
        stopped += freed
        waiting = tuple(task.id for task in stopped if task.state is TaskState.QUEUED)
        sent = tuple(task.id for task in stopped if task.state is not TaskState.QUEUED)
        return Stopped(waiting, sent, tuple(busy), sum(map(self.is_billable, stopped)))

    async def obey(self, wishes: Mapping[str, Wish]) -> None:
        """Do what other processes wish for tasks that are held here."""
        for wish in Wish:
            wanted = [task_id for task_id, wished in wishes.items() if wished is wish and task_id in self._holding]
            if wanted:
                await self.stop(wanted, under_way=wish is Wish.CANCEL)

    async def queue_again(self, task_ids: Sequence[str]) -> list[str]:
        """Take back the stop of tasks that never left; they wait in their old order.

        Returns:
            The ids of those that wait again.
        """
        return await carried_through(self._queue_again(task_ids))

    async def _queue_again(self, task_ids: Sequence[str]) -> list[str]:
        await self._store.clear_wishes(task_ids)  # who hasn't obeyed yet needn't
        locks = {lock.name: lock for lock in await self._locking.take_each(task_ids) if lock is not None}
        try:
            tasks = await self._store.tasks_with_ids(tuple(locks))
            stopped = filter(decisions.was_stopped_before_it_left, tasks)
            again = [decisions.queued_again(task) async for task in in_turns(stopped)]
            await self._store.record_all(again)
            async for task in in_turns(again):
                self._tell(task)
                self._holding.start(task, locks.pop(task.id))
        finally:
            await self._locking.release(list(locks.values()))
        return [task.id for task in again]

    async def _stop_waiting(self, withdrawn: Sequence[HeldTask]) -> list[Task]:
        """Those that waited here for a place: as they were before."""
        try:
            cancelled = [decisions.cancelled(held.task) async for held in in_turns(withdrawn)]
            await self._store.record_all(cancelled)
        except StorageError:
            for held in withdrawn:
                self._holding.start(held.task, held.lock)
            raise
        try:
            async for task in in_turns(cancelled):
                self._live.forget(task.id)
                self._tell(task)
        finally:
            await self._locking.release([held.lock for held in withdrawn])
        return [held.task for held in withdrawn]

    async def _stop_running(self, task_id: str, step: Step) -> list[Task]:
        """One that has its place here; the list is empty if it was over, or had left."""
        held = self._holding.get(task_id)
        if held is None or held.run is None:
            return []
        before = held.task
        after = await held.run.record.change(step)
        if after.state is not TaskState.CANCELLED:
            return []
        await held.run.runner.call_off()
        return [] if before.state is TaskState.CANCELLED else [before]

    async def _stop_resting(self, task_ids: Sequence[str], step: Step) -> tuple[list[Task], list[str]]:
        """Those that this process doesn't hold: as they were before, and the ids of those that another one holds."""
        locks: list[TaskLock | None] = await self._locking.take_each(task_ids)
        free = [lock for lock in locks if lock is not None]
        try:
            tasks = await self._store.tasks_with_ids([lock.name for lock in free])
            moved = [(task, step(task)) async for task in in_turns(tasks)]
            changed = [(before, after) for before, after in moved if after != before]
            await self._store.record_all([after for _, after in changed])
        finally:
            await self._locking.release(free)
        async for before, after in in_turns(changed):
            self._live.forget(before.id)
            self._tell(after)
        return [before for before, _ in changed], [
            task_id for task_id, lock in zip(task_ids, locks, strict=True) if lock is None
        ]
