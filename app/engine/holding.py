"""The tasks that this process holds: started, waited for, and let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from app.domain.errors import AppError, StorageError
from app.domain.provider import AudioProvider
from app.domain.task import Task, TaskState
from app.engine.gear import Gear
from app.engine.held_task import HeldTask
from app.engine.intake import provider_of
from app.engine.locking import Locking
from app.engine.retry import in_words
from app.engine.slots import Slots
from app.engine.task_record import TaskRecord
from app.engine.task_runner import TaskRunner
from app.engine.wishes import WishWatch
from app.storage.locks import TaskLock
from app.storage.task_store import Wish

_BUG = "This task stopped because of a fault in the app. Restart to carry on; the log says more."


class Holding:
    """Runs tasks from the moment their locks are taken until these are given back.

    Args:
        tell: Gets every task after each durable change of it.
        obey: Does what another process wishes for a task that is held here.
        on_bug: Gets what ended a runner and is no AppError; the event loop's handler unless given.
    """

    def __init__(
        self,
        *,
        providers: Mapping[str, AudioProvider],
        gear: Gear,
        slots: Slots,
        locking: Locking,
        tell: Callable[[Task], None],
        obey: Callable[[str, Wish], Awaitable[None]],
        on_bug: Callable[[BaseException], None] | None,
    ) -> None:
        self._providers = providers
        self._gear = gear
        self._slots = slots
        self._locking = locking
        self._tell = tell
        self._on_bug = on_bug
        self._held: dict[str, HeldTask] = {}
        self._watch = WishWatch(gear.store, gear.clock, gear.pace.wishes_s, lambda: self._held.keys(), obey)
        self._watching: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self._is_closing = False

    def __contains__(self, task_id: str) -> bool:
        return task_id in self._held

    def __iter__(self) -> Iterator[HeldTask]:
        return iter(tuple(self._held.values()))

    def get(self, task_id: str) -> HeldTask | None:
        return self._held.get(task_id)

    def position(self, task_id: str) -> int | None:
        """How many tasks are let in at the provider before this one has been: 1 is next; None unless it waits."""
        held = self._held.get(task_id)
        return self._slots.position(held.provider, task_id) if held is not None else None

    def start(self, task: Task, lock: TaskLock) -> None:
        """Hold a task from now on. The lock is given back when it is at rest."""
        held: HeldTask
        provider = provider_of(self._providers, task.request.provider)
        gear = self._gear
        record = TaskRecord(task, gear.store, gear.clock, self._tell, lambda error: self._trouble(held, error))
        runner = TaskRunner(record, provider, gear, self._slots)
        held = HeldTask(record, runner, lock)
        self._held[task.id] = held
        if self._is_closing:  # it stays as it is until the next start
            runner.stop()
        elif task.state is not TaskState.QUEUED:
            gear.live.begin(task.id)
        held.driver = asyncio.ensure_future(self._drive(held))
        held.driver.add_done_callback(partial(self._driven, held))
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch.watch())
            self._watching.add_done_callback(self._report_bug)

    async def take_on(self, task_id: str) -> bool:
        """Run an open task that nobody holds; one that was moved on before its lock was ours is let go."""
        if task_id in self._held or self._is_closing:
            return False
        lock = await self._locking.take(task_id)
        if lock is None:
            return False
        is_started = False
        try:
            task = await self._gear.store.task(task_id)
            if task.state.is_open and task.request.provider in self._providers:
                self.start(task, lock)
                is_started = True
        finally:
            if not is_started:
                await self._locking.release([lock])
        return is_started

    def look_closely(self) -> None:
        """Tasks were taken up that may have wishes from before."""
        self._watch.look_closely()

    def note_move(self) -> None:
        """Something changed that somebody may wait for."""
        self._moved.set()

    async def until_rest(self, task_ids: Collection[str]) -> None:
        """Until each is at rest: over, uncertain, paused, or held up for longer than patience lasts."""
        while any(self._is_moving(task_id) for task_id in task_ids):
            self._moved.clear()
            await self._moved.wait()

    async def until_idle(self) -> None:
        """Until no task is held."""
        while self._held:
            self._moved.clear()
            await self._moved.wait()

    async def close(self, submit_grace_s: float) -> None:
        """Stop the loops; see `TaskQueue.close`."""
        self._is_closing = True
        if self._watching is not None:
            self._watching.cancel()
        for held in self:
            held.runner.stop()
        drivers = [held.driver for held in self if held.driver is not None]
        if drivers:
            await self._gear.clock.wait(drivers, submit_grace_s)
        for held in self:
            held.runner.abandon()
        if drivers:
            await asyncio.wait(drivers)
        await self._slots.close()

    async def _drive(self, held: HeldTask) -> AppError | None:
        task_id = held.record.task.id
        try:
            return await held.runner.run()
        finally:
            try:
                await self._slots.leave(held.provider, task_id)
            finally:
                await self._locking.release([held.lock])
            if self._held.get(task_id) is held:  # with the lock free, it may have been taken up again
                del self._held[task_id]
            self._moved.set()

    def _driven(self, held: HeldTask, driver: asyncio.Task[AppError | None]) -> None:
        """A driver ended: what is left to show."""
        self._report_bug(driver)
        live, task_id = self._gear.live, held.record.task.id
        if task_id in self._held:
            return  # taken up again meanwhile: another driver shows it
        if driver.cancelled():
            live.forget(task_id)
        elif driver.exception() is not None:
            live.show_paused(task_id, _BUG)
        elif (error := driver.result()) is not None:
            live.show_paused(task_id, in_words(error))
        else:
            live.forget(task_id)

    def _report_bug(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and self._on_bug is not None:
            self._on_bug(error)
        elif error is not None:
            context = {"message": "a task stopped", "exception": error, "task": task}
            asyncio.get_running_loop().call_exception_handler(context)

    def _trouble(self, held: HeldTask, error: StorageError | None) -> None:
        """News that was paid for can't be written, or now it could."""
        held.is_troubled = error is not None
        self._gear.live.show_words(held.record.task.id, in_words(error) if error is not None else "")

    def _is_moving(self, task_id: str) -> bool:
        """Whether waiting for a task makes sense."""
        held = self._held.get(task_id)
        if held is None or held.is_stalled:
            return False
        if self._slots.position(held.provider, task_id) is None:
            return True
        inside = self._slots.inside(held.provider)  # a queue behind tasks that are all held up doesn't move either
        return not inside or any(not other.is_stalled for other in map(self._held.get, inside) if other)
