"""One task through one provider: the submit, poll and fetch loops, saved at every step."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

from app.domain.errors import AppError, OutcomeUnknown, RateLimited, ResultGone, StorageError
from app.domain.provider import AudioProvider, StoppableProvider, Transcriber, WireRequest
from app.domain.request import GenerationRequest, TranscriptionRequest
from app.domain.take import Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine import receipts, results
from app.engine.collecting import Collected, Collector
from app.engine.exchange import Exchange, Sent, over, uncertain
from app.engine.gate import Departure, Gate, words_of
from app.engine.gear import Gear
from app.engine.recovery import CANT_BE_ASKED, Remedy, is_replayed_answer, recovery_for, remedy
from app.engine.results import attempt_of
from app.engine.retry import NOT_UPLOADED, Patience, in_words
from app.engine.slots import Slots
from app.engine.task_record import TaskRecord
from app.engine.writing_down import finished, is_all_heard, next_part, share_of_next_part, text_of

_NO_SECOND_TIME = "The service can't be asked for it again, and it may be charged."
_CUT_OFF = "It broke off while it arrived. What is there was kept."


class _OutOfPatience(Exception):
    """The runner's own way out of its loops: something went wrong for too long."""

    def __init__(self, error: AppError) -> None:
        super().__init__(str(error))
        self.error = error


class TaskRunner:
    """Moves a task from wherever it is to where it can rest.

    It does what its stored state says, so it makes no difference whether the task was queued a moment ago or
    comes from a process that was killed: queued is sent, submitting means that the outcome is unknown, running
    is polled and fetched.
    """

    def __init__(self, record: TaskRecord, provider: AudioProvider, gear: Gear, slots: Slots) -> None:
        self._is_stalled = self._is_on_hold = self._says_why = False
        self._record = record
        self._provider = provider
        self._gear = gear
        self._slots = slots
        self._exchange = Exchange(record, provider, gear)
        self._patience = Patience(gear.pace.again, gear.pace.patience_s, gear.clock.monotonic)
        self._patience_with_forgetting = Patience(gear.pace.again, gear.pace.patience_s, gear.clock.monotonic)
        self._is_fresh = False
        self._is_stopped = False
        self._has_uploaded_again = False
        self._place: int | None = None  # in the line of those who want to be sent, once a turn was in vain
        self._failed_over: UUID | None = None  # the attempt over which the service failed
        self._loops: asyncio.Task[None] | None = None

    async def run(self) -> AppError | None:
        """Until the task is at rest or `stop` was called, and no exchange is open any more.

        Returns:
            What outlasted patience: the task is paused, its state says where. None otherwise.
        """
        if self._is_stopped:
            return None
        self._loops = asyncio.ensure_future(self._go_on())
        try:
            await asyncio.wait([self._loops])
        finally:
            self._loops.cancel()
        await self._exchange.finished()
        await self._record.written()
        if self._loops.cancelled():
            return None
        error = self._loops.exception()
        if isinstance(error, _OutOfPatience):
            return error.error
        if isinstance(error, AppError):
            return error
        if error is not None:
            raise error
        return None

    @property
    def is_stalled(self) -> bool:
        """Whether it waits for something that may take for ever; whoever waits for the task needn't."""
        return self._is_stalled or (self._is_on_hold and self._gear.departures.is_paused)

    def stop(self) -> None:
        """End the loops. What has left is waited for, and its answer written down; nothing more leaves."""
        self._is_stopped = True
        self._exchange.hold_back()
        if self._loops is not None:
            self._loops.cancel()

    async def call_off(self) -> None:
        """End the loops, and let a provider that can do so stop working on what nobody wants any more."""
        self.stop()
        attempt = self._record.task.attempt
        if isinstance(self._provider, StoppableProvider) and attempt is not None:
            await self._provider.cancel(attempt.job(self._record.task.request.takes))

    def abandon(self) -> None:
        """End everything now; the disk knows what to do after the next start."""
        self.stop()
        self._exchange.abandon()
        self._record.abandon()

    async def _go_on(self) -> None:
        while True:
            task = self._record.task
            if task.state is TaskState.QUEUED:
                await self._send()
            elif task.state is TaskState.RUNNING and attempt_of(task).is_accepted:
                await self._slots.enter_at_once(task.request.provider, task.id)
                await (self._write_down() if isinstance(task.request, TranscriptionRequest) else self._collect())
            elif task.state in (TaskState.SUBMITTING, TaskState.RUNNING):
                await self._slots.enter_at_once(task.request.provider, task.id)
                await self._find_out()
            else:
                return

    async def _send(self) -> None:
        task = self._record.task
        await self._gear.departures.leave_to_upload(self._hold_on)
        try:
            await self._gear.key_at_hand(task.request.provider)
            attempt = await self._next_attempt(task)
        except RateLimited as busy:  # the gate says when it is tried again
            self._lose_patience(busy, is_endless=True)
            return
        except NOT_UPLOADED as trouble:
            await self._wait_after(trouble, is_endless=True)
            return
        except AppError as refusal:
            await self._fail(refusal)
            return
        with await self._departure() as departure:
            await self._send_attempt(task, attempt, departure)

    async def _send_attempt(self, task: Task, attempt: Attempt, departure: Departure) -> None:
        attempt = replace(attempt, sent_at=self._gear.clock.now(), receipt=receipts.reserved(share_of_next_part(task)))
        submitting = results.with_attempt(task, attempt).moved_to(TaskState.SUBMITTING)
        self._gear.live.begin(task.id)
        if task.heard and isinstance(task.request, TranscriptionRequest):
            self._gear.live.show_fraction(task.id, len(task.heard) / len(task.request.parts))
        try:
            sent, error = await self._exchange.send_first(submitting, departure)
        except StorageError as refusal:
            raise _OutOfPatience(refusal) from refusal
        except AppError as refusal:
            await self._fail(refusal)
            return
        await self._after_sending(sent, error, is_endless=sent is Sent.NOT_ACCEPTED)

    async def _departure(self) -> Departure:
        """Wait until it is this task's turn to be sent."""
        departure = await self._gear.departures.leave_to_send(self._provider, self._hold_on, self._place)
        self._place = departure.number
        self._is_stalled = self._is_on_hold = False
        if self._says_why:
            self._says_why = False
            self._gear.live.show_words(self._record.task.id, "")
        return departure

    def _hold_on(self, seconds: float, gate: Gate | None) -> None:
        """It can't leave now: who waits for the task is told if that takes longer than patience lasts."""
        self._is_on_hold = gate is None
        self._is_stalled = gate is not None and (
            seconds > self._gear.pace.patience_s or self._patience.is_over(seconds)
        )
        task_id, live = self._record.task.id, self._gear.live
        if gate is None:  # that the queue is paused stands in every row
            live.remind(task_id)
        else:
            self._says_why = True
            live.show_words(task_id, words_of(gate.error), self._gear.clock.after(seconds))

    async def _next_attempt(self, task: Task) -> Attempt:
        """The stored record where it provably didn't leave, else a new one with its inputs uploaded."""
        earlier = task.attempt
        base_url = self._provider.base_url
        if earlier is not None and earlier.sent_at is None and earlier.base_url == base_url:
            return earlier
        key = uuid4()
        wire = await self._wire(task, key)
        number = earlier.number + 1 if earlier is not None else 1
        now = self._gear.clock.now()
        return Attempt(key, task.id, number, self._provider.id, task.request.model, base_url, wire, created_at=now)

    async def _wire(self, task: Task, key: UUID) -> WireRequest:
        """The exact request of an attempt: for the whole task, or for the next part of a recording."""
        request = task.request
        if isinstance(request, GenerationRequest):
            return self._provider.prepare(
                await self._gear.uploading.with_handles(request, self._provider, self._departure), key
            )
        assert isinstance(self._provider, Transcriber), "the queue takes transcriptions only for who can do them"
        return self._provider.prepare_transcription(request, request.parts[len(task.heard)], key)

    async def _write_down(self) -> None:
        """One part of a recording is through: the next one, or the transcript."""
        task = self._record.task
        request = task.request
        assert isinstance(request, TranscriptionRequest)
        if not is_all_heard(task):
            self._gear.live.show_fraction(task.id, len(task.heard) / len(request.parts))
            await self._record.change(next_part)
            return
        try:
            file = await self._gear.transcripts.keep(task.id, text_of(task), request.format)
        except StorageError as error:
            await self._wait_after(error)
            return
        await self._record.keep(lambda task: finished(task, file))

    async def _fail(self, error: AppError) -> None:
        failure = results.failure_of(error)
        await self._record.change(
            lambda task: task.moved_to(TaskState.FAILED, failure) if task.state is TaskState.QUEUED else task
        )

    async def _find_out(self) -> None:
        """It left, and nobody knows what came of it."""
        match self._remedy():
            case Remedy.MAKE_AGAIN:
                await self._record.keep(_to_be_made_again)
            case Remedy.FIND:
                await self._ask()
            case Remedy.SEND_AGAIN:
                await self._send_again(was_never_seen=False)
            case Remedy.ASK_THE_USER:
                await self._leave_to_the_user(OutcomeUnknown(CANT_BE_ASKED))

    def _remedy(self) -> Remedy:
        attempt = attempt_of(self._record.task)
        recovery = recovery_for(self._provider, attempt)
        return remedy(recovery, attempt, self._provider.base_url, self._gear.clock.reckoning.latest())

    async def _leave_to_the_user(self, unknown: OutcomeUnknown) -> None:
        await self._look_at_home()
        await self._record.keep(lambda task: uncertain(task, unknown))

    async def _look_at_home(self) -> None:
        """An audio answer that can't be had again may be on the disk already, whole or in part, unrecorded."""
        for take in results.announced(self._record.task):
            left = await self._gear.files.left_behind(take.task_id, take.number)
            if left is not None and left.info is not None:
                whole = results.stored(take, left.file, left.info)
                await self._record.keep(partial(results.received_whole, take=whole))
            elif left is not None:
                await self._record.keep(partial(results.with_take, take=_cut_off(take, left.file)))

    async def _ask(self) -> None:
        try:
            is_found = await self._exchange.find()
        except ResultGone as error:
            failure = results.failure_of(error)
            await self._record.keep(lambda task: over(task, failure))
        except AppError as error:
            await self._wait_after(error)
        else:
            if is_found:
                self._all_is_well()
            elif attempt_of(self._record.task).base_url == self._provider.base_url:
                recovery = recovery_for(self._provider, attempt_of(self._record.task))
                await self._send_again(was_never_seen=recovery.is_silence_proof)
            else:
                await self._leave_to_the_user(OutcomeUnknown(CANT_BE_ASKED))

    async def _send_again(self, *, was_never_seen: bool) -> None:
        with await self._departure() as departure:
            sent, error = await self._exchange.send_again(departure, was_never_seen=was_never_seen)
        await self._after_sending(sent, error)

    async def _after_sending(self, sent: Sent, error: AppError | None, *, is_endless: bool = False) -> None:
        """Wait where another try may bring something; see `_wait_after`."""
        if sent is Sent.WRITTEN:
            self._all_is_well()
        elif sent is Sent.UPLOAD_GONE:
            assert error is not None
            await self._upload_again(error)
        elif sent is Sent.NOT_ACCEPTED or self._remedy() is not Remedy.ASK_THE_USER:
            assert error is not None
            self._stop_after_second_failure(error)
            if isinstance(error, RateLimited):  # the gate says when it is tried again
                self._lose_patience(error, is_endless=is_endless)
            else:
                await self._wait_after(error, is_endless=is_endless)
        elif isinstance(error, OutcomeUnknown):
            await self._leave_to_the_user(error)  # in the service's own words, which say more than ours
        else:
            assert error is not None
            await self._leave_to_the_user(OutcomeUnknown(f"{in_words(error)} {_NO_SECOND_TIME}"))

    def _stop_after_second_failure(self, error: AppError) -> None:
        """A key that is known protects only an answer that was made: what failed twice waits for the user."""
        has_failed = isinstance(error, OutcomeUnknown) and error.has_failed
        if not has_failed or self._remedy() is not Remedy.SEND_AGAIN:
            return
        attempt = attempt_of(self._record.task)
        if self._failed_over == attempt.id:
            raise _OutOfPatience(error)
        self._failed_over = attempt.id

    async def _upload_again(self, error: AppError) -> None:
        """Once: a service that doesn't find what was uploaded a moment ago won't find it the next time."""
        if self._has_uploaded_again:
            await self._fail(error)
            return
        self._has_uploaded_again = True
        task = self._record.task
        await self._gear.uploading.forget(task.request, attempt_of(task).base_url)

    async def _collect(self) -> None:
        provider, task = self._provider, self._record.task
        recovery = recovery_for(provider, task.attempt)
        if not self._is_fresh and recovery.is_unbilled:
            await self._record.keep(_to_be_made_again)  # an earlier process made it, and took it along
            return
        if is_replayed_answer(task, recovery, provider.base_url, self._gear.clock.reckoning.latest()):
            await self._send_again(was_never_seen=False)
            return
        first_s = None
        if self._is_fresh:
            first_s = self._gear.pace.poll_after_s(self._provider.id, 0, self._exchange.poll_after_s)
        collector = Collector(self._record, provider, self._gear, first_poll_after_s=first_s)
        collected, error = await collector.collect()
        if error is not None and collected is Collected.GONE:
            self._is_fresh = False
            await self._wait_after(error, self._patience_with_forgetting)
        elif error is not None:
            raise _OutOfPatience(error)

    def _all_is_well(self) -> None:
        self._is_fresh = True
        self._is_stalled = self._is_on_hold = False
        self._patience.succeeded()

    def _lose_patience(self, error: AppError, *, is_endless: bool) -> None:
        self._patience.failed(error)
        if self._patience.is_over() and not is_endless:
            raise _OutOfPatience(error)

    async def _wait_after(self, error: AppError, patience: Patience | None = None, *, is_endless: bool = False) -> None:
        """Wait before the next try.

        Args:
            patience: With what; with sending and asking unless given.
            is_endless: Whether it may go on for ever. Somebody who waits for the task is told when patience is over.
        """
        patience = patience or self._patience
        seconds = patience.failed(error)
        if patience.is_over(seconds):
            if not is_endless:
                raise _OutOfPatience(error)
            self._is_stalled = True
        self._gear.live.show_words(self._record.task.id, in_words(error), self._gear.clock.after(seconds))
        await self._gear.clock.sleep(seconds)


def _cut_off(take: Take, file: str) -> Take:
    return results.not_stored(take, TakeState.BROKEN, OutcomeUnknown(_CUT_OFF), file)


def _to_be_made_again(task: Task) -> Task:
    """Nothing is charged for it: the stored record goes out again, and brings what is missing."""
    if task.state not in (TaskState.SUBMITTING, TaskState.RUNNING):
        return task
    for take in results.announced(task):
        task = results.with_take(task, replace(take, link=None, expires_at=None))
    attempt = attempt_of(task)
    task = replace(
        task, attempt=replace(attempt, sent_at=None, is_final=False, receipt=receipts.let_go(attempt.receipt))
    )
    return task.moved_to(TaskState.QUEUED)
