"""The tasks that this process holds: started, waited for, and let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from app.domain.errors import AppError, StorageError
from app.domain.provider import AudioProvider
from app.domain.task import Task, TaskState
from app.engine.gear import Gear
from app.engine.held_task import HeldTask, Run
from app.engine.intake import provider_of
from app.engine.locking import Locking
from app.engine.retry import in_words
from app.engine.slots import Slots
from app.engine.task_record import TaskRecord
from app.engine.task_runner import TaskRunner
from app.engine.turns import in_turns
from app.engine.wishes import WishWatch
from app.storage.locks import TaskLock
from app.storage.task_store import Wish

_BUG = "This task stopped because of a fault in the app. Restart to carry on; the log says more."


class Holding:
    """Runs tasks from the moment their locks are taken until these are given back.

    Args:
        tell: Gets every task after each durable change of it.
        obey: Does what another process wishes for tasks that are held here.
        look: Called when another process has written.
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
        obey: Callable[[Mapping[str, Wish]], Awaitable[None]],
        look: Callable[[], Awaitable[None]],
        on_bug: Callable[[BaseException], None] | None,
    ) -> None:
        self._providers = providers
        self._gear = gear
        self._slots = slots
        self._locking = locking
        self._tell = tell
        self._on_bug = on_bug
        self._held: dict[str, HeldTask] = {}
        self._watch = WishWatch(gear.store, gear.clock, gear.pace.wishes_s, lambda: self._held.keys(), obey, look)
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

    def start(self, task: Task, lock: TaskLock, *, goes_first: bool = False) -> None:
        """Hold a task from now on. The lock is given back when it is at rest.

        Args:
            goes_first: Somebody has just asked for it, and waits; see `WaitingLine`.
        """
        held = HeldTask(task, lock)
        self._held[task.id] = held
        if task.state is TaskState.QUEUED and not self._is_closing:
            self._slots.join(held.provider, task.id, partial(self._run, held), goes_first=goes_first)
        else:
            self._run(held)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch.watch())
            self._watching.add_done_callback(self._report_bug)

    async def take_on(self, task_ids: Sequence[str]) -> list[str]:
        """Run those open tasks that nobody holds, in this order; one that was moved on before its lock was ours is let
        go. Returns who runs."""
        wanted = [task_id for task_id in task_ids if task_id not in self._held]
        if self._is_closing or not wanted:
            return []
        locks = {lock.name: lock for lock in await self._locking.take_each(wanted) if lock is not None}
        started: list[str] = []
        try:
            async for task in in_turns(await self._gear.store.tasks_with_ids(tuple(locks))):
                if task.state.is_open and task.request.provider in self._providers:
                    self.start(task, locks.pop(task.id))
                    self._tell(task)
                    started.append(task.id)
        finally:
            await self._locking.release(list(locks.values()))
        self._watch.look_closely()  # there may be wishes from before
        return started

    def withdraw(self, task_ids: Iterable[str]) -> list[HeldTask]:
        """Let go of those that wait for a place; the caller has their locks then."""
        withdrawn = [
            held
            for held in map(self._held.get, task_ids)
            if held is not None and self._slots.step_out(held.provider, held.id)
        ]
        for held in withdrawn:
            del self._held[held.id]
        self._moved.set()
        return withdrawn

    def note_move(self) -> None:
        """Something changed that somebody may wait for."""
        self._moved.set()

    async def until_rest(self, task_ids: Collection[str]) -> None:
        """Until each is at rest: over, uncertain, paused, or held up for longer than patience lasts."""
        moving: str | None = None
        while True:
            if moving is None or not self._is_moving(moving):  # of a thousand, most moves concern another one
                moving = next((task_id for task_id in task_ids if self._is_moving(task_id)), None)
            if moving is None:
                return
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
        await self._locking.release([held.lock for held in self.withdraw(tuple(self._held))])
        for run in self._runs():
            run.runner.stop()
        drivers = [run.driver for run in self._runs()]
        if drivers:
            await self._gear.clock.wait(drivers, submit_grace_s)
        for run in self._runs():
            run.runner.abandon()
        if drivers:
            await asyncio.wait(drivers)
        await self._slots.close()
        await self._gear.departures.close()

    def _runs(self) -> list[Run]:
        return [held.run for held in self if held.run is not None]

    def _run(self, held: HeldTask, no_place: StorageError | None = None) -> None:
        """It has its place, or needs none, or there is none to be had."""
        gear, task = self._gear, held.taken
        record = TaskRecord(task, gear.store, gear.clock, self._tell, lambda error: self._trouble(held, error))
        runner = TaskRunner(record, provider_of(self._providers, held.provider), gear, self._slots)
        if self._is_closing:  # it stays as it is until the next start
            runner.stop()
        elif held.has_left:
            gear.live.begin(held.id)
        driver = asyncio.ensure_future(self._drive(held, runner, no_place))
        held.run = Run(record, runner, driver)
        driver.add_done_callback(partial(self._driven, held))

    async def _drive(self, held: HeldTask, runner: TaskRunner, no_place: StorageError | None) -> AppError | None:
        task_id = held.id
        try:
            return no_place or await runner.run()
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
        live, task_id = self._gear.live, held.id
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
        self._gear.live.show_words(held.id, in_words(error) if error is not None else "")

    def _is_moving(self, task_id: str) -> bool:
        """Whether waiting for a task makes sense."""
        held = self._held.get(task_id)
        if held is None or held.is_stalled or (self._gear.departures.is_paused and not held.has_left):
            return False
        if self._slots.position(held.provider, task_id) is None:
            return True
        inside = self._slots.inside(held.provider)  # a queue behind tasks that are all held up doesn't move either
        return not inside or any(not other.is_stalled for other in map(self._held.get, inside) if other)
