"""Tasks at rest that nobody runs, moved by what a user decides about them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.domain.errors import TaskBusy
from app.domain.task import Task
from app.engine import decisions
from app.engine.carrying_through import carried_through
from app.engine.holding import Holding
from app.engine.live import LiveBoard
from app.engine.locking import Locking
from app.storage.locks import TaskLock
from app.storage.task_store import TaskStore

Step = Callable[[Task], Task]


class Resting:
    """Takes the lock of a task, moves it, and has it run or lets it rest again.

    Begun is finished: were the lock given back because a caller went away, what is still being written would come over
    whatever the next holder has written by then.

    Args:
        tell: Gets every task after its change is durable.

    Raises:
        RequestInvalid: From every method, where the step doesn't fit the task.
        TaskBusy: From every method, where another process holds it, or its last answer is still awaited.
    """

    def __init__(
        self, store: TaskStore, locking: Locking, holding: Holding, live: LiveBoard, tell: Callable[[Task], None]
    ) -> None:
        self._store = store
        self._locking = locking
        self._holding = holding
        self._live = live
        self._tell = tell

    async def take_up(self, task_id: str, step: Step) -> Task:
        """Move a task and run it: somebody waits for it."""
        return await carried_through(self._take_up(task_id, step))

    async def fail(self, task_id: str) -> Task:
        """Move an uncertain task to where it is given up."""
        return await carried_through(self._decide(task_id, decisions.marked_as_failed, self._store.record))

    async def settle_as_free(self, task_id: str) -> Task:
        """Let go of what is held for a task whose service doesn't tell what it cost."""
        return await carried_through(self._decide(task_id, decisions.settled_as_free, self._store.settle_as_free))

    async def _take_up(self, task_id: str, step: Step) -> Task:
        lock = await self._lock(task_id)
        try:
            before = await self._store.task(task_id)
            task = step(before)
            await self._store.clear_wishes([task_id])  # one from before this decision must not undo it
            if task != before:
                await self._store.record(task)
        except BaseException:
            await self._locking.release([lock])
            raise
        self._tell(task)
        self._holding.start(task, lock, goes_first=True)
        return task

    async def _decide(self, task_id: str, step: Step, write: Callable[[Task], Awaitable[None]]) -> Task:
        lock = await self._lock(task_id)
        try:
            await write(step(await self._store.task(task_id)))
            task = await self._store.task(task_id)
        finally:
            await self._locking.release([lock])
        self._live.forget(task_id)
        self._tell(task)
        return task

    async def _lock(self, task_id: str) -> TaskLock:
        lock = await self._locking.take(task_id)
        if lock is None:
            what = "its last answer is still awaited" if task_id in self._holding else "another Cuesmith runs it"
            raise TaskBusy(f"Task {task_id} can't be changed now: {what}.")
        return lock
