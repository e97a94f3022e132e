"""The one call that costs money, and the writing down of its answer: one unit that nothing interrupts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from app.domain.errors import AppError, BrokenAudio, GenerationFailed, OutcomeUnknown, ResultGone, UploadGone
from app.domain.provider import AudioProvider, AudioStream, Submission
from app.domain.take import Failure, TakeState
from app.domain.task import Task, TaskState
from app.engine import receipts, results
from app.engine.gate import Departure
from app.engine.gear import Gear
from app.engine.receiving import Arrived, from_stream, receive
from app.engine.recovery import recovery_for
from app.engine.results import attempt_of
from app.engine.retry import NOT_ACCEPTED, REFUSED, REFUSED_FOR_NOW
from app.engine.task_record import TaskRecord
from app.engine.writing_down import with_heard

T = TypeVar("T")


class Sent(Enum):
    """What came of sending."""

    WRITTEN = "written"  # whatever was answered is on disk, and the state says what is next
    NOT_ACCEPTED = "not accepted"  # provably: it may be sent again
    UPLOAD_GONE = "upload gone"  # provably not accepted: an input must be uploaded again, the request made anew
    LOST = "lost"  # nobody knows: it may have been accepted


Outcome = tuple[Sent, AppError | None]
_WRITTEN: Outcome = (Sent.WRITTEN, None)


class Exchange:
    """Sends the stored attempt of a task, and keeps whatever is answered.

    Cancelling a caller leaves the exchange going: what was paid for is still written down, though the task may
    be cancelled by then. `finished` waits for it, `abandon` is for a process that ends.

    Attributes:
        poll_after_s: When the service would like to be asked first, if it said so.
    """

    def __init__(self, record: TaskRecord, provider: AudioProvider, gear: Gear) -> None:
        self._record = record
        self._provider = provider
        self._gear = gear
        self._open: asyncio.Task[Any] | None = None
        self._is_held_back = False
        self.poll_after_s: float | None = None

    def hold_back(self) -> None:
        """Send nothing that hasn't left yet."""
        self._is_held_back = True

    async def finished(self) -> None:
        """Wait for an exchange whose caller is gone."""
        if self._open is None:
            return
        await asyncio.wait([self._open])
        error = None if self._open.cancelled() else self._open.exception()
        if error is not None and not isinstance(error, AppError):
            raise error  # a bug; an AppError wrote nothing, so the state says what is next

    def abandon(self) -> None:
        """End even an open exchange; what it may have cost is found out after the next start."""
        if self._open is not None:
            self._open.cancel()

    async def send_first(self, submitting: Task, departure: Departure) -> Outcome:
        """Write down that it is being sent, together with its reservation, and send it for the first time.

        Args:
            submitting: The task as it is to be written: submitting, with the attempt that is sent.
            departure: Is told how the service took it.
        Raises:
            SpendingCeilingReached, StorageError: nothing was written, nothing left.
        """
        return await self._to_its_end(self._send_first(submitting, departure))

    async def send_again(self, departure: Departure, *, was_never_seen: bool) -> Outcome:
        """Send the stored record of an attempt whose outcome was lost once more.

        Args:
            was_never_seen: The service said that it doesn't know the attempt.
        """
        return await self._to_its_end(self._send_again(departure, was_never_seen))

    async def find(self) -> bool:
        """Ask the service whether it took the attempt, and write down its answer; False: it never saw it.

        Raises:
            AppError: it couldn't be asked.
        """
        return await self._to_its_end(self._find())

    async def _to_its_end(self, exchange: Coroutine[None, None, T]) -> T:
        running = asyncio.ensure_future(exchange)
        self._open = running
        return await asyncio.shield(running)

    async def _send_first(self, submitting: Task, departure: Departure) -> Outcome:
        spending = self._gear.spending
        await self._record.change(
            lambda task: submitting if task.state is TaskState.QUEUED else task, write=spending.begin
        )
        if not self._may_leave:
            await self._record.keep(_not_accepted)
            return _WRITTEN
        try:
            submission = await self._submit(departure)
        except NOT_ACCEPTED as error:
            await self._record.keep(_not_accepted)
            return Sent.NOT_ACCEPTED, error
        except UploadGone as error:
            await self._record.keep(_to_be_made_anew)
            return Sent.UPLOAD_GONE, error
        except REFUSED as error:
            failure = results.failure_of(error)
            await self._record.keep(lambda task: _refused(task, failure))
            return _WRITTEN
        except AppError as error:
            return await self._after(error)
        return await self._accepted(submission)

    async def _send_again(self, departure: Departure, was_never_seen: bool) -> Outcome:
        await self._record.change(
            lambda task: task.moved_to(TaskState.SUBMITTING) if task.state is TaskState.RUNNING else task
        )
        if not self._may_leave:
            return _WRITTEN
        try:
            submission = await self._submit(departure)
        except (*NOT_ACCEPTED, *REFUSED_FOR_NOW) as error:
            return Sent.NOT_ACCEPTED, error  # this time; what became of the first sending is as open as before
        except (UploadGone, *REFUSED) as error:
            # An input that is gone may have been there the first time: only the user may have it made anew.
            if was_never_seen and not isinstance(error, UploadGone):
                refusal = results.failure_of(error)
                await self._record.keep(lambda task: _refused(task, refusal))
            else:
                unknown = OutcomeUnknown(
                    f"Sent again after its first answer was lost, it was refused: {error} What became of the first "
                    "one is unknown; it may be charged."
                )
                await self._record.keep(lambda task: uncertain(task, unknown))
            return _WRITTEN
        except AppError as error:
            return await self._after(error)
        return await self._accepted(submission)

    @property
    def _may_leave(self) -> bool:
        """Whether nothing has come in between while the disk wrote; such as a pause or another address of the service.

        What was sent to one address and is written down as sent to another would never be found again.
        """
        is_held_back = self._is_held_back or self._gear.departures.is_paused
        is_wanted = self._record.state is TaskState.SUBMITTING and not is_held_back
        return is_wanted and attempt_of(self._record.task).base_url == self._provider.base_url

    async def _submit(self, departure: Departure) -> Submission:
        attempt = attempt_of(self._record.task)
        try:
            submission = await self._provider.submit(attempt.wire, attempt.id)
        except AppError as error:
            departure.answered(error)
            raise
        departure.answered(None)
        return submission

    async def _after(self, error: AppError) -> Outcome:
        """The answer was an error that is neither a refusal nor a later-please."""
        if not isinstance(error, ResultGone | GenerationFailed):
            return Sent.LOST, error
        failure = results.failure_of(error)
        await self._record.keep(lambda task: over(task, failure))
        return _WRITTEN

    async def _find(self) -> bool:
        attempt = attempt_of(self._record.task)
        submission = await self._provider.find(attempt.wire, attempt.job(takes=self._record.task.request.takes))
        if submission is None:
            return False
        _, error = await self._accepted(submission)
        if error is not None:
            raise error
        return True

    async def _accepted(self, submission: Submission) -> Outcome:
        most = self._gear.pace.most_results
        self.poll_after_s = submission.progress.poll_after_s
        stream = submission.stream
        if (heard := submission.transcript) is not None:
            await self._record.keep(lambda task: with_heard(task, heard))
            return _WRITTEN
        if stream is None:
            await self._record.keep(lambda task: results.followed(_with_answer(task, submission, most)))
            return _WRITTEN
        try:
            return await self._receive(submission, stream)
        finally:
            self._gear.live.end_receiving(self._record.task.id)
            await stream.aclose()

    async def _receive(self, submission: Submission, stream: AudioStream) -> Outcome:
        """Write the audio down while it arrives. The exchange is open until its last byte is in its place."""
        most = self._gear.pace.most_results
        task, announcing = await self._record.keep_meanwhile(
            lambda task: results.with_stream(_with_answer(task, submission, most), stream.result)
        )
        take = next(take for take in results.own_takes(task) if take.result_id == stream.result.id)
        if take.state is TakeState.STORED:
            await self._record.keep(lambda task: results.received_whole(task, take))
            return _WRITTEN
        arrival = await receive(
            self._gear.files,
            take,
            from_stream(stream),
            is_repeatable=self._is_surely_repeatable,
            watch=partial(self._gear.live.show_receiving, task.id),
            hold_out=self._record.wait_after,
        )
        await announcing
        if isinstance(arrival, Arrived):
            whole = arrival.of(take)
            await self._record.keep(lambda task: results.received_whole(task, whole))
            return _WRITTEN
        if isinstance(arrival.error, BrokenAudio):  # it came to its end, and is no audio
            broken = arrival.of(take, TakeState.BROKEN)
            await self._record.keep(lambda task: results.received_whole(task, broken))
            return _WRITTEN
        if arrival.kept is not None:
            cut = arrival.of(take, TakeState.BROKEN)
            await self._record.keep(lambda task: results.with_take(task, cut))
        return Sent.LOST, arrival.error

    @property
    def _is_surely_repeatable(self) -> bool:
        """A service that knows our key promises its answer only once more after it came to its end."""
        recovery = recovery_for(self._provider, self._record.task.attempt)
        return recovery.is_unbilled or recovery.can_find


def _with_answer(task: Task, submission: Submission, most_results: int) -> Task:
    """The answer to a submit, whatever the user did in the meantime."""
    attempt = attempt_of(task)
    attempt = replace(
        attempt,
        job_id=submission.job_id if submission.job_id is not None else attempt.job_id,
        is_accepted=attempt.is_accepted or submission.stream is None,
    )
    return results.with_progress(replace(task, attempt=attempt), submission.progress, most_results)


def _not_accepted(task: Task) -> Task:
    """Provably nothing is there: the stored record may leave later, as if for the first time."""
    attempt = task.attempt
    if attempt is None or attempt.sent_at is None:
        return task
    task = replace(task, attempt=replace(attempt, sent_at=None, receipt=receipts.let_go(attempt.receipt)))
    return task.moved_to(TaskState.QUEUED) if task.state is TaskState.SUBMITTING else task


def _to_be_made_anew(task: Task) -> Task:
    """The service refused this attempt for an input it no longer has: it cost nothing, the next is another one."""
    attempt = attempt_of(task)
    task = replace(task, attempt=replace(attempt, receipt=receipts.free(attempt.receipt)))
    return task.moved_to(TaskState.QUEUED) if task.state is TaskState.SUBMITTING else task


def _refused(task: Task, failure: Failure) -> Task:
    attempt = attempt_of(task)
    task = replace(task, attempt=replace(attempt, receipt=receipts.free(attempt.receipt)))
    return task.moved_to(TaskState.FAILED, failure) if task.state is TaskState.SUBMITTING else task


def over(task: Task, failure: Failure) -> Task:
    """The service took the attempt and nothing more can be had from it.

    What was announced with a link or a job may still be fetched; audio that came with an answer is gone with it.
    """
    attempt = replace(attempt_of(task), is_accepted=True, is_final=True)
    for take in results.own_takes(task) if attempt.job_id is None else ():
        if take.state is TakeState.ANNOUNCED and take.link is None:
            task = results.with_take(task, replace(take.moved_to(TakeState.BROKEN), failure=failure))
    return results.followed(replace(task, attempt=attempt, failure=failure))


def uncertain(task: Task, error: AppError) -> Task:
    """Nobody knows whether it was accepted, and nobody can be asked: the user decides."""
    if task.state not in (TaskState.SUBMITTING, TaskState.RUNNING):
        return task
    for take in results.announced(task):
        task = results.with_take(task, results.not_stored(take, TakeState.BROKEN, error))
    return task.moved_to(TaskState.UNCERTAIN, results.failure_of(error))
