"""What the user can do with tasks: add, cancel, retry, decide; what that means for those held elsewhere."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from app.domain.errors import Problem, RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.provider import AudioProvider, Recovery
from app.domain.request import GenerationRequest, TranscriptionRequest
from app.domain.task import Task, TaskState
from app.engine import decisions
from app.engine.carrying_through import carried_through
from app.engine.changes import Changes
from app.engine.departures import Departures
from app.engine.gear import Gear
from app.engine.holding import Holding
from app.engine.intake import Intake, provider_of
from app.engine.live import Live, LiveBoard
from app.engine.locking import Locking
from app.engine.pace import Clock, Pace
from app.engine.pausing import Pausing
from app.engine.recordings import Split
from app.engine.recovery import recovery_for
from app.engine.resting import Resting
from app.engine.slots import Slots
from app.engine.spending import Spending
from app.engine.stopping import OpenTasks, Stopped, Stopping
from app.engine.turns import in_turns
from app.engine.undecided import NO_SERVICE, Undecided
from app.engine.uploading import Uploading
from app.storage.catalogue import Catalogue
from app.storage.locks import TaskLocks
from app.storage.queue_state import QueueState
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore, Wish
from app.storage.transcript_files import TranscriptFiles
from app.storage.uploads import UploadStore

_OPEN = frozenset(state for state in TaskState if state.is_open)


async def _no_key(_provider: str) -> None:
    """Nobody needs one."""


class TaskQueue:
    """All tasks that this process runs.

    Attributes:
        changed: Every task after each durable change of it. What the user decides about it (favourites, notes,
            bin) is as old in there as the runner's copy; the library has it as it is.
        live_changed: Ids of tasks whose `live` changed.
        pause_changed: Whether the queue is paused now.

    Args:
        probe: Says what an input file is; blocking, called on a thread.
        key_at_hand: See `Gear`.
        split: Cuts a recording that is too long; blocking, called on a thread.
        state: What holds for the whole queue, in all processes.
        per_minute: Tasks that may be sent in a minute, by provider id; where none is named, none is counted.
        concurrency: Tasks at once by provider id; `default_concurrency` for those that aren't named.
        most_takes: Of one click.
        on_bug: Gets what ended a runner and is no AppError; the event loop's handler unless given.
    """

    def __init__(
        self,
        *,
        store: TaskStore,
        files: TakeFiles,
        locks: TaskLocks,
        providers: Mapping[str, AudioProvider],
        catalogue: Catalogue,
        spending: Spending,
        now: Callable[[], datetime],
        state: QueueState,
        uploads: UploadStore,
        transcripts: TranscriptFiles,
        probe: Callable[[Path], InputFacts],
        split: Split,
        key_at_hand: Callable[[str], Awaitable[None]] = _no_key,
        pace: Pace | None = None,
        concurrency: Mapping[str, int] | None = None,
        per_minute: Mapping[str, int] | None = None,
        default_concurrency: int = 4,
        most_takes: int = 100,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        on_bug: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._store = store
        self._locking = Locking(locks)
        self._providers = providers
        self._spending = spending
        self._clock = Clock(now, sleep, monotonic)
        pace = pace or Pace()
        self._live = LiveBoard(self._clock, pace.live_s)
        self._intake = Intake(
            files=files,
            providers=providers,
            catalogue=catalogue,
            spending=spending,
            clock=self._clock,
            probe=probe,
            split=split,
            most_takes=most_takes,
        )
        self._state = state
        self._pausing = Pausing(state)
        self._departures = Departures(state, self._pausing, self._clock, pace.again, per_minute or {})
        self._holding = Holding(
            providers=providers,
            gear=Gear(
                store,
                files,
                spending,
                pace,
                self._clock,
                self._live,
                Uploading(uploads, files),
                transcripts,
                self._departures,
                key_at_hand,
            ),
            slots=Slots(concurrency or {}, default_concurrency, self._locking, self._clock),
            locking=self._locking,
            tell=self._tell,
            obey=self._obey,
            look=self.look,
            on_bug=on_bug,
        )
        self._stopping = Stopping(store, self._locking, self._holding, self._live, providers, self._tell)
        self._resting = Resting(store, self._locking, self._holding, self._live, self._tell)
        self.pause_changed: Changes[bool] = self._pausing.changed
        self.changed: Changes[Task] = Changes()
        self.live_changed: Changes[str] = self._live.changed
        self.changed.listen(lambda _: self._holding.note_move())
        self.live_changed.listen(lambda _: self._holding.note_move())
        self.pause_changed.listen(lambda _: self._holding.note_move())

    # What can be asked

    def live(self, task_id: str) -> Live | None:
        """What a row shows beyond the stored state; None where nothing is known beyond it."""
        return self._live.of(task_id)

    def position(self, task_id: str) -> int | None:
        """How many tasks are let in at the provider before this one has been: 1 is next; None unless it waits."""
        return self._holding.position(task_id)

    @property
    def running_at_services(self) -> int:
        """How many tasks of this process are on their way at services that may bill them."""
        return sum(self._stopping.is_billable(held.task) for held in self._holding)

    @property
    def waiting_for_the_disk(self) -> int:
        """How many tasks have something that was paid for in memory alone, since the disk refuses it."""
        return sum(held.is_troubled and self._stopping.is_billable(held.task) for held in self._holding)

    @property
    def is_paused(self) -> bool:
        """Whether nothing new leaves, in no process; as far as this one has seen (see `look`)."""
        return self._pausing.is_paused

    # What the user can do

    async def add(
        self,
        request: GenerationRequest,
        *,
        project: str = "",
        task_ceiling: Decimal | None = None,
        accept_unknown_price: bool = False,
    ) -> list[Task]:
        """Queue what one click asks for, and start it.

        Args:
            task_ceiling: The most that the whole click may cost, in US dollars: all its tasks with all their attempts.
            accept_unknown_price: The user was asked: it runs although no limit can be checked.
        Returns:
            The tasks, queued and on disk: several where the model makes fewer takes in one request.
        Raises:
            RequestInvalid: with every problem at its field.
            SpendingCeilingReached: a limit would be passed, or nobody knows whether it would.
            StorageError: an input file can't be copied, or the library can't be written.
        """
        tasks = await self._intake.generation(
            request, project, task_ceiling, accepts_unknown_price=accept_unknown_price
        )
        return await self._queue(tasks, task_ceiling)

    async def add_transcription(
        self,
        request: TranscriptionRequest,
        *,
        project: str = "",
        task_ceiling: Decimal | None = None,
        accept_unknown_price: bool = False,
    ) -> Task:
        """Queue the transcription of a recording, and start it; one that is too long for the service is cut here.

        Args:
            task_ceiling: The most that it may cost with all its attempts, in US dollars.
            accept_unknown_price: The user was asked: it runs although no limit can be checked.
        Raises:
            RequestInvalid: with every problem at its field.
            SpendingCeilingReached: a limit would be passed, or nobody knows whether it would.
            StorageError: the recording can't be read or copied, or the library can't be written.
        """
        tasks = await self._intake.transcription(
            request, project, task_ceiling, accepts_unknown_price=accept_unknown_price
        )
        (task,) = await self._queue(tasks, task_ceiling)
        return task

    async def add_all(
        self, tasks: list[Task], also: Callable[[sqlite3.Connection], None], *, click_ceiling: Decimal | None = None
    ) -> None:
        """Queue the tasks of many clicks, all or none, and start them. They were checked with `refuse_unfit`.

        Clicks that come later needn't wait for all of them.

        Args:
            also: Writes what belongs to them, in the same transaction.
            click_ceiling: The most that each click may cost.
        Raises:
            StorageError: the library can't be written.
        """
        await self._queue(tasks, click_ceiling, also, goes_first=False)

    async def _queue(
        self,
        tasks: list[Task],
        task_ceiling: Decimal | None,
        also: Callable[[sqlite3.Connection], None] | None = None,
        *,
        goes_first: bool = True,
    ) -> list[Task]:
        """Put new tasks on the disk, all or none, and start them."""
        # Begun is finished: a caller that goes away must leave no task on the disk that is locked and doesn't run.
        return await carried_through(self._queue_to_the_end(tasks, task_ceiling, also, goes_first=goes_first))

    async def _queue_to_the_end(
        self,
        tasks: list[Task],
        task_ceiling: Decimal | None,
        also: Callable[[sqlite3.Connection], None] | None,
        *,
        goes_first: bool,
    ) -> list[Task]:
        await self.look()
        locks = [lock for lock in await self._locking.take_each([task.id for task in tasks]) if lock is not None]
        assert len(locks) == len(tasks), "nobody else knows a new task"
        try:
            await self._store.add(tasks, click_ceiling=task_ceiling, also=also)
        except BaseException:
            await self._locking.release(locks)
            raise
        async for task, lock in in_turns(zip(tasks, locks, strict=True)):
            self._tell(task)
            self._holding.start(task, lock, goes_first=goes_first)
        return tasks

    async def refuse_unfit(self, request: GenerationRequest) -> tuple[GenerationRequest, ...]:
        """Check everything that can be checked without asking a service; returns one request a task.

        Raises:
            RequestInvalid: with every problem at its field.
            StorageError: an input file can't be read.
        """
        return await self._intake.refuse_unfit(request)

    async def cancel(self, task_id: str) -> None:
        """Stop a task; one that is over stays as it is.

        What has left goes on at the service. Its answer is still written down, and it may be billed.
        If another process runs the task, that process obeys within a second.
        """
        await self.stop([task_id])

    async def stop(self, task_ids: Collection[str]) -> Stopped:
        """Stop some tasks as one act, as `cancel` does.

        Raises:
            StorageError: it couldn't be written.
        """
        return await self._stopping.stop(task_ids, under_way=True)

    async def open_tasks(self) -> OpenTasks:
        """What `stop_all` would stop."""
        return await self._stopping.open_tasks()

    async def stop_all(self, *, under_way: bool) -> Stopped:
        """Cancel every task that waits, in all processes.

        Args:
            under_way: Also those that have left. They can't be stopped at their services, and may be billed.
        Raises:
            StorageError: it couldn't be written.
        """
        tasks = await self._stopping.open_tasks()
        wanted = (*tasks.waiting, *tasks.under_way) if under_way else tasks.waiting
        return await self._stopping.stop(wanted, under_way=under_way)

    async def queue_again(self, task_ids: Sequence[str]) -> list[str]:
        """Take back a stop: tasks that were cancelled before they left wait again. Returns their ids.

        Raises:
            StorageError: it couldn't be written, and nothing has changed.
        """
        await self.look()
        return await self._stopping.queue_again(task_ids)

    async def pause(self) -> None:
        """Let nothing new leave, in all processes of the library and until `resume`; what has left goes on.

        Raises:
            StorageError: it couldn't be written, and nothing has changed.
        """
        await self._pausing.pause()

    async def resume(self) -> None:
        """End the pause.

        Raises:
            StorageError: it couldn't be written, and nothing has changed.
        """
        await self._pausing.resume()

    async def look(self) -> None:
        """See what other processes did to the whole queue: paused it, or found a service busy.

        Raises:
            StorageError: the library can't be read.
        """
        standing = await self._state.read()
        self._pausing.note(is_paused=standing.is_paused)
        self._departures.note(standing.busy)

    async def retry(self, task_id: str) -> Task:
        """Try a task again that failed, was cancelled, or lacks some of its takes.

        The old attempt is taken up again where it may still bring something.

        Raises:
            RequestInvalid: there is nothing to try again, or it is uncertain by now; see `submit_anew`.
            TaskBusy: another process holds it, or its last answer is still awaited.
        """
        return await self._take_up(task_id, lambda task: decisions.retried(task, self._recovery_of(task)))

    async def undecided(self, task_id: str) -> Undecided:
        """What can be decided about an uncertain task, and what that may cost."""
        task = await self._store.task(task_id)
        return Undecided.of(task, self._providers.get(task.request.provider))

    async def submit_anew(self, undecided: Undecided) -> Task:
        """Send an uncertain task once more, as the user decided who was told that it may cost again.

        Raises:
            RequestInvalid: it was decided meanwhile, or its service isn't there any more; nothing is sent.
            SpendingCeilingReached: both times together could pass a limit; it stays uncertain.
            TaskBusy: another process holds it.
        """
        attempt = undecided.task.attempt
        assert attempt is not None, "what is uncertain was sent"
        if not undecided.can_be_sent:
            raise RequestInvalid([Problem("task", NO_SERVICE)])
        await self._spending.refuse_over_ceilings([undecided.again], None, accepts_unknown_price=True)
        return await self._take_up(undecided.task.id, lambda task: decisions.submitted_anew(task, attempt.id))

    async def fetch_again(self, take_id: str) -> Task:
        """Fetch a take once more that is broken, expired, or was left at the service. Never a charge.

        Raises:
            RequestInvalid: there is nothing to fetch.
            TaskNotFound, TaskBusy
        """
        wanted = await self._store.take(take_id)

        def step(task: Task) -> Task:
            return decisions.fetched_again(task, next(take for take in task.takes if take.id == wanted.id))

        return await self._take_up(wanted.task_id, step)

    async def check_again(self, task_id: str) -> Task:
        """Carry on a paused task, or ask the service about an uncertain one.

        Raises:
            RequestInvalid: the service can't be asked about it.
            TaskBusy: another process holds it.
        """
        held = self._holding.get(task_id)
        if held is not None:
            return held.task
        return await self._take_up(task_id, lambda task: decisions.asked_about(task, self._recovery_of(task)))

    async def resolve_failed(self, task_id: str) -> Task:
        """Decide that an uncertain task made nothing.

        Raises:
            RequestInvalid: it needs no decision.
            TaskBusy: another process holds it.
        """
        return await self._resting.fail(task_id)

    async def resolve_free(self, task_id: str) -> Task:
        """Decide that a task at rest cost nothing, where its service doesn't tell: nothing is held for it any more.

        Raises:
            RequestInvalid: it is under way, or what it cost is known.
            TaskBusy: another process holds it, or its last answer is still awaited.
        """
        return await self._resting.settle_as_free(task_id)

    # Running

    async def learn_time(self) -> None:
        """Notice, from what is in the library, that the clock was set back since it was last used."""
        newest = await self._store.latest_sending()
        if newest is not None:
            self._clock.reckoning.note(newest)

    async def carry_on(self, task_ids: Sequence[str] | None = None) -> list[str]:
        """Take up every unfinished task that no process holds; returns their ids, the oldest first.

        Nothing is decided: what is uncertain stays so.

        Args:
            task_ids: Only these.
        """
        await self.look()
        return await self._holding.take_on(await self._store.ids_in(_OPEN) if task_ids is None else task_ids)

    async def wait(self, task_ids: Collection[str]) -> list[Task]:
        """Until each is at rest: over, uncertain, paused, or held up for longer than patience lasts.

        Returns:
            The tasks as they are on disk then, in the order of the ids.
        """
        await self._holding.until_rest(task_ids)
        tasks = {task.id: task for task in await self._store.tasks_with_ids(task_ids)}
        return [tasks[task_id] for task_id in task_ids]

    async def wait_until_idle(self) -> None:
        """Until this process holds no task."""
        await self._holding.until_idle()

    async def close(self, submit_grace_s: float = 10.0) -> None:
        """Stop the loops; wait for open submits and the writing down of their answers.

        Args:
            submit_grace_s: For so long. After that, what is open is found out at the next start.
        """
        await self._holding.close(submit_grace_s)

    # From here on: how it is done

    async def _obey(self, wishes: Mapping[str, Wish]) -> None:
        await self._stopping.obey(wishes)

    async def _take_up(self, task_id: str, step: Callable[[Task], Task]) -> Task:
        await self.look()
        return await self._resting.take_up(task_id, step)

    def _recovery_of(self, task: Task) -> Recovery:
        return recovery_for(provider_of(self._providers, task.request.provider), task.attempt)

    def _tell(self, task: Task) -> None:
        # Not called from here: a listener's bug belongs to the listener, not to a task that is being paid for.
        asyncio.get_running_loop().call_soon(self.changed.announce, task)
