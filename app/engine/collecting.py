"""Asking after a job and fetching what it announces, each saved as it comes. All of it is free and repeatable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum
from functools import partial

from app.domain.errors import (
    AppError,
    BrokenAudio,
    GenerationFailed,
    ResultExpired,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.provider import AudioProvider, AudioSink, Job, Progress, Result
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.engine import results
from app.engine.exchange import over
from app.engine.gate import Departure, Gate, words_of
from app.engine.gear import Gear
from app.engine.receiving import Arrived, Missed, receive
from app.engine.recovery import recovery_for
from app.engine.results import attempt_of, take_of
from app.engine.retry import Patience, in_words, is_passing
from app.engine.task_record import TaskRecord

_NO_NEWS = (
    "The service has said nothing new for {minutes} minutes. It may still finish: check again later. Nothing is sent "
    "or charged by checking."
)


class Collected(Enum):
    """How far collecting came."""

    ALL = "all"  # the task is in the state that follows from its takes
    SOME = "some"  # patience is over; what is announced stays announced
    GONE = "gone"  # the service doesn't know the job any more


class Collector:
    """One accepted attempt, from its first poll to its last byte.

    Results are fetched as soon as they are announced, beside the polls. One that fails takes no other with it.

    Args:
        first_poll_after_s: None polls at once.
    """

    def __init__(
        self, record: TaskRecord, provider: AudioProvider, gear: Gear, *, first_poll_after_s: float | None
    ) -> None:
        self._record = record
        self._provider = provider
        self._gear = gear
        self._first_poll_after_s = first_poll_after_s
        self._seats = asyncio.Semaphore(gear.pace.fetches)
        self._asking = asyncio.Lock()
        self._fetching: set[int] = set()
        self._is_gone = False
        self._given_up: AppError | None = None

    async def collect(self) -> tuple[Collected, AppError | None]:
        """Poll and fetch until nothing is missing or patience is over; with the error that outlasted it."""
        async with asyncio.TaskGroup() as group:
            self._fetch_announced(group)
            if not attempt_of(self._record.task).is_final:
                group.create_task(self._poll_on(group))
        if self._is_gone:
            return Collected.GONE, self._given_up
        if results.is_complete(self._record.task):
            await self._record.keep(results.followed)
            return Collected.ALL, None
        return Collected.SOME, self._given_up

    @property
    def _job(self) -> Job:
        return attempt_of(self._record.task).job(self._record.task.request.takes)

    @property
    def _is_wanted(self) -> bool:
        return self._record.state is TaskState.RUNNING

    @property
    def _is_unbilled(self) -> bool:
        return recovery_for(self._provider, self._record.task.attempt).is_unbilled

    def _patience(self) -> Patience:
        pace = self._gear.pace
        return Patience(pace.again, pace.patience_s, self._gear.clock.monotonic)

    async def _wait_after(self, patience: Patience, error: AppError) -> bool:
        """Wait before the next try; False once patience is over."""
        seconds = patience.failed(error)
        if patience.is_over(seconds):
            self._given_up = error
            return False
        self._gear.live.show_words(self._record.task.id, in_words(error), self._gear.clock.after(seconds))
        await self._gear.clock.sleep(seconds)
        return True

    async def _poll_on(self, group: asyncio.TaskGroup) -> None:
        pace, clock = self._gear.pace, self._gear.clock
        patience = self._patience()
        polls = 0
        news, news_s = None, clock.monotonic()
        if self._first_poll_after_s is not None:
            await clock.sleep(self._first_poll_after_s)
        while self._is_wanted:
            try:
                progress = await self._poll()
            except AppError as error:
                if not is_passing(error):
                    await self._end(error)
                    return
                if not await self._wait_after(patience, error):
                    return
                continue
            patience.succeeded()
            self._fetch_announced(group)
            if attempt_of(self._record.task).is_final:
                return
            if progress != news:
                news, news_s = progress, clock.monotonic()
            elif clock.monotonic() - news_s > pace.job_patience_s:
                self._given_up = ServiceUnavailable(_no_news(pace.job_patience_s, progress.words))
                return
            polls += 1
            await clock.sleep(pace.poll_after_s(self._provider.id, polls, progress.poll_after_s))

    async def _poll(self) -> Progress:
        """Ask once and write down what is new."""
        async with self._asking:
            progress = await self._ask()
            most = self._gear.pace.most_results
            await self._record.keep(lambda task: results.with_progress(task, progress, most))
            self._gear.live.show_fraction(self._record.task.id, progress.fraction)
            return progress

    async def _ask(self) -> Progress:
        """Others who ask the same service are spared what it answers to one."""
        departure = await self._gear.departures.leave_to_ask(self._provider, self._show_wait)
        with departure:
            try:
                progress = await self._provider.poll(self._job)
            except AppError as error:
                departure.answered(error)
                raise
            departure.answered(None)
            return progress

    def _show_wait(self, seconds: float, gate: Gate | None) -> None:
        words = words_of(gate.error if gate is not None else None)
        self._gear.live.show_words(self._record.task.id, words, self._gear.clock.after(seconds))

    async def _end(self, error: AppError) -> None:
        """The service says that there is nothing more to be had."""
        if isinstance(error, ResultGone) and self._is_unbilled:
            self._is_gone, self._given_up = True, error
            return
        failure = results.failure_of(error)
        await self._record.keep(lambda task: over(task, failure))

    def _fetch_announced(self, group: asyncio.TaskGroup) -> None:
        if not self._is_wanted:
            return
        for take in results.announced(self._record.task):
            if take.number not in self._fetching:
                self._fetching.add(take.number)
                group.create_task(self._fetch(take.number))

    async def _fetch(self, number: int) -> None:
        """Fetch one take, however often it takes; every end of it is on disk."""
        patience = self._patience()
        fresh_links = 0
        async with self._seats:
            while self._is_wanted and take_of(self._record.task, number).state is TakeState.ANNOUNCED:
                take = take_of(self._record.task, number)
                arrival = await self._receive(take)
                if isinstance(arrival, Arrived):
                    await self._write(number, arrival.of)
                    return
                error = arrival.error
                if _may_be_the_link(error, take) and fresh_links < self._gear.pace.fresh_links:
                    trouble = await self._ask_for_a_fresh_link()
                    if trouble is None:
                        fresh_links += 1
                        if fresh_links > 1:  # the service takes its time to see it
                            await self._wait_after(patience, error)
                        continue
                    error = trouble if is_passing(trouble) else error
                if not await self._may_be_had_later(number, arrival, error, patience):
                    return

    async def _may_be_had_later(self, number: int, missed: Missed, error: AppError, patience: Patience) -> bool:
        """Write down the end of a take, or wait until it makes sense to fetch it again."""
        if isinstance(error, ResultGone) and self._is_unbilled:
            self._is_gone, self._given_up = True, error  # it is made again, for nothing
            return False
        end = _end_of(error)
        if end is not None:
            await self._write(number, partial(missed.of, state=end))
            return False
        return await self._wait_after(patience, error)

    async def _receive(self, take: Take) -> Arrived | Missed:
        result = Result(take.result_id, take.link, take.expires_at, take.seed, take.cost, remark=take.remark)

        async def pull(into: AudioSink) -> None:
            if take.link is not None:  # it leads to another host, whatever that one can bear
                await self._provider.fetch(self._job, result, into)
            else:
                await self._fetch_from_service(result, into)

        return await receive(self._gear.files, take, pull, is_repeatable=True)

    async def _fetch_from_service(self, result: Result, into: AudioSink) -> None:
        """What the service hands out itself is a question like any other; it is answered by the first bytes."""
        departure = await self._gear.departures.leave_to_ask(self._provider, self._show_wait)
        with departure:
            try:
                await self._provider.fetch(self._job, result, _Answered(into, departure))
            except AppError as error:
                departure.answered(error)
                raise

    async def _ask_for_a_fresh_link(self) -> AppError | None:
        """Poll once more; what hinders that is returned."""
        try:
            await self._poll()
        except AppError as error:
            return error
        return None

    async def _write(self, number: int, become: Callable[[Take], Take]) -> None:
        """Write down how a take ended; with the last one, in the same write, how the task did."""

        def step(task: Task) -> Task:
            task = results.with_take(task, become(take_of(task, number)))
            return results.followed(task) if results.is_complete(task) else task

        await self._record.keep(step)


class _Answered:
    """A sink that lets others ask as soon as something arrives."""

    def __init__(self, into: AudioSink, departure: Departure) -> None:
        self._into = into
        self._departure: Departure | None = departure

    async def write(self, data: bytes) -> None:
        departure, self._departure = self._departure, None
        if departure is not None:
            departure.answered(None)
        await self._into.write(data)


def _no_news(seconds: float, words: str) -> str:
    text = _NO_NEWS.format(minutes=round(seconds / 60))
    return f"{text} The service calls its state “{words}”." if words else text


def _may_be_the_link(error: AppError, take: Take) -> bool:
    """Whether a fresh link may help: this one is over, or leads to something else than a result."""
    return isinstance(error, ResultExpired) or (isinstance(error, UnexpectedReply) and take.link is not None)


def _end_of(error: AppError) -> TakeState | None:
    """Where a take ends that couldn't be fetched; None where another try may bring it."""
    if isinstance(error, ResultExpired):
        return TakeState.EXPIRED
    if isinstance(error, BrokenAudio):
        return TakeState.BROKEN
    return TakeState.FAILED if isinstance(error, ResultGone | GenerationFailed) else None
