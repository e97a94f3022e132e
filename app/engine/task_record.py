"""The one living copy of a task while this process holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace

from app.domain.errors import StorageError
from app.domain.task import Task, TaskState
from app.engine.discretion import discreet
from app.engine.pace import Clock
from app.engine.retry import Doubling, Setback
from app.storage.task_store import TaskStore

Step = Callable[[Task], Task]

_KEEP_TRYING = Doubling(0.5, 15.0)


class TaskRecord:
    """A task, its changes in single file: each is durable first, then everybody is told.

    What was begun is finished: a caller that is cancelled in the middle of a change leaves it running, so the
    copy here and the row on disk never part.

    Args:
        announce: Gets the task after each durable change; must not raise.
        is_troubled: Told of a change that the disk refuses and that is tried again, and None once it is in.
    """

    def __init__(
        self,
        task: Task,
        store: TaskStore,
        clock: Clock,
        announce: Callable[[Task], None],
        is_troubled: Callable[[StorageError | None], None],
    ) -> None:
        self._task = task
        self._in_the_rows: Task | None = task  # None while nobody knows: a write failed, and may have gone through
        self._store = store
        self._clock = clock
        self._announce = announce
        self._is_troubled = is_troubled
        self._has_trouble = False
        self._in_file = asyncio.Lock()
        self._writing: set[asyncio.Task[Task]] = set()

    @property
    def task(self) -> Task:
        return self._task

    @property
    def state(self) -> TaskState:
        return self._task.state

    async def change(self, step: Step, write: Callable[[Task], Awaitable[None]] | None = None) -> Task:
        """Move the task on by `step` and return it as it is then.

        Args:
            step: Given the task as it is when its turn has come, says what it becomes. A step that changes
                nothing writes nothing.
            write: How it is stored; `TaskStore.record` unless said otherwise.
        Raises:
            StorageError: it couldn't be stored, and nothing has changed.
        """
        return await self._to_its_end(self._change(step, write))

    async def keep(self, step: Step) -> Task:
        """Like `change`, for news that was paid for: a disk that refuses is asked again until it takes it."""
        return await self._to_its_end(self._keep(step))

    async def keep_meanwhile(self, step: Step) -> tuple[Task, asyncio.Future[Task]]:
        """Like `keep`, for the announcement of what won't wait: a disk that refuses is asked again meanwhile.

        Returns:
            The task as it is, or will be, and what to await before anything else is kept.
        """
        try:
            task = await self.change(step)
        except StorageError as error:
            self._tell_trouble(error)
            return discreet(step(self._task)), asyncio.ensure_future(self.keep(step))
        kept: asyncio.Future[Task] = asyncio.get_running_loop().create_future()
        kept.set_result(task)
        return task, kept

    async def wait_after(self, error: StorageError, failures: int) -> None:
        """Tell that the disk refuses, and wait until it makes sense to ask it again."""
        self._tell_trouble(error)
        await self._clock.sleep(_KEEP_TRYING.seconds(Setback(failures, error)))

    async def written(self) -> None:
        """Wait for changes whose callers are gone."""
        while self._writing:
            await asyncio.wait(self._writing)

    def abandon(self) -> None:
        """Give up changes that the disk still refuses; the process is about to end."""
        for writing in self._writing:
            writing.cancel()

    async def _to_its_end(self, change: Coroutine[None, None, Task]) -> Task:
        running = asyncio.ensure_future(change)
        self._writing.add(running)
        running.add_done_callback(self._writing.discard)
        return await asyncio.shield(running)

    async def _change(self, step: Step, write: Callable[[Task], Awaitable[None]] | None = None) -> Task:
        async with self._in_file:
            changed = discreet(step(self._task))
            if changed == self._task:
                return changed
            changed = replace(changed, updated_at=self._clock.now())
            before, self._in_the_rows = self._in_the_rows, None
            if write is not None:
                await write(changed)
            else:
                await self._store.record(changed, since=before)
            self._task = self._in_the_rows = changed
        if self._has_trouble:
            self._tell_trouble(None)
        self._announce(changed)
        return changed

    async def _keep(self, step: Step) -> Task:
        failures = 0
        while True:
            try:
                task = await self._change(step)
            except StorageError as error:
                failures += 1
                await self.wait_after(error, failures)
            else:
                return task

    def _tell_trouble(self, error: StorageError | None) -> None:
        self._has_trouble = error is not None
        self._is_troubled(error)
