"""What a user may decide about a task that rests, and what that makes of it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.domain.errors import OutcomeUnknown, Problem, RequestInvalid
from app.domain.provider import Recovery
from app.domain.request import TranscriptionRequest
from app.domain.take import Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine import receipts, results
from app.engine.results import attempt_of, can_be_announced_again

_CANCELLABLE = (TaskState.QUEUED, TaskState.SUBMITTING, TaskState.RUNNING, TaskState.UNCERTAIN)


def cancelled(task: Task) -> Task:
    """The task as cancelled; one that is over stays as it is.

    Whatever was sent goes on at the service and may be billed, so its reservation stays.
    """
    if task.state not in _CANCELLABLE:
        return task
    attempt = task.attempt
    if attempt is not None:
        task = replace(task, attempt=replace(attempt, receipt=receipts.settled(attempt.receipt, None)))
    return task.moved_to(TaskState.CANCELLED)


def cancelled_if_waiting(task: Task) -> Task:
    """The task as cancelled unless it has left."""
    return cancelled(task) if task.state is TaskState.QUEUED else task


def was_stopped_before_it_left(task: Task) -> bool:
    """Whether nothing of a cancelled task is at its service, so that it may simply wait again."""
    return task.state is TaskState.CANCELLED and (task.attempt is None or task.attempt.sent_at is None)


def queued_again(task: Task) -> Task:
    """A task that was stopped before it left, as it was."""
    return task.moved_to(TaskState.QUEUED)


def marked_as_failed(task: Task) -> Task:
    """The user says that an uncertain task made nothing.

    Raises:
        RequestInvalid: its outcome isn't uncertain.
    """
    if task.state is not TaskState.UNCERTAIN:
        raise _refusal("Only a task that needs your decision can be marked as failed.")
    attempt = attempt_of(task)
    task = replace(task, attempt=replace(attempt, receipt=receipts.let_go(attempt.receipt)))
    return task.moved_to(TaskState.FAILED, results.failure_of(OutcomeUnknown("Marked as failed by you.")))


def submitted_anew(task: Task, attempt_id: UUID) -> Task:
    """The user wants an uncertain task sent once more, knowing that it may cost again: its next attempt waits.

    Args:
        attempt_id: The attempt that the user was asked about.
    Raises:
        RequestInvalid: it was decided meanwhile, or has another attempt by now.
    """
    attempt = task.attempt
    if task.state is not TaskState.UNCERTAIN or attempt is None or attempt.id != attempt_id:
        raise _refusal("This task was decided meanwhile. Nothing was sent.")
    task = replace(task, attempt=replace(attempt, receipt=receipts.let_go(attempt.receipt)))
    return task.moved_to(TaskState.QUEUED)


def is_cost_open(task: Task) -> bool:
    """Whether a task rests and nobody has told what it cost, so that something may be held for it for good."""
    return not task.state.is_open and task.attempt is not None and task.billed is None


def settled_as_free(task: Task) -> Task:
    """The user says that nothing was charged where the service doesn't tell. An uncertain task is given up with it.

    Raises:
        RequestInvalid: it is under way, or what it cost is known.
    """
    if task.state.is_open:
        raise _refusal("This task is still under way.")
    if not is_cost_open(task):
        raise _refusal("What this task cost is known already.")
    if task.state is TaskState.UNCERTAIN:
        task = marked_as_failed(task)
    attempt = attempt_of(task)
    if attempt.receipt.billed is not None:
        return task  # it is an earlier attempt that nobody told the cost of
    return replace(task, attempt=replace(attempt, receipt=receipts.free(attempt.receipt)))


def asked_about(task: Task, recovery: Recovery) -> Task:
    """A paused task as it is, to be carried on; an uncertain one with its service about to be asked once more.

    Raises:
        RequestInvalid: there is nothing to ask, or nobody.
    """
    if task.state.is_open:
        return task
    if task.state is not TaskState.UNCERTAIN or not recovery.can_find:
        raise _refusal("The service can't be asked about this task.")
    return task.moved_to(TaskState.RUNNING)


def retried(task: Task, recovery: Recovery) -> Task:
    """The task on its way again.

    Running: the same attempt is taken up again, since its job or its results may still be had; that costs
    nothing. Queued: a new attempt, only where the old one provably made nothing. What is uncertain isn't sent: whoever
    wants it tried again may have seen it fail, and not what another process made of it since.

    Raises:
        RequestInvalid: it is on its way already, there is nothing to try again, or the user must decide first.
    """
    if task.state.is_open:
        raise _refusal("This task is still under way.")
    if task.state is TaskState.UNCERTAIN:
        raise _refusal("What became of this task isn’t known, and it may cost again. Decide about it first.")
    attempt = task.attempt
    if attempt is not None and attempt.is_accepted and _can_be_fetched(task):
        return _taken_up(_with_all_announced(task))
    is_written_down = isinstance(task.request, TranscriptionRequest) and task.state is not TaskState.FINISHED
    if is_written_down and attempt is not None and attempt.is_accepted:
        return _written_on(task, attempt)
    if task.state is TaskState.FINISHED:
        raise _refusal("This task is finished. Generate again to get other takes.")
    if attempt is None or attempt.sent_at is None:
        return task.moved_to(TaskState.QUEUED)
    if recovery.is_unbilled:
        return _made_again(task, attempt)
    if _made_nothing(task, attempt):
        return task.moved_to(TaskState.QUEUED)
    return _taken_up(task)


def fetched_again(task: Task, take: Take) -> Task:
    """One take of the task announced once more, and the task running until it is there.

    Raises:
        RequestInvalid: there is nothing to fetch.
    """
    if take.state is TakeState.ANNOUNCED and task.state in (TaskState.RUNNING, TaskState.CANCELLED):
        return _taken_up(task)
    if task.state is TaskState.UNCERTAIN or not can_be_announced_again(take) or not _is_own(task, take):
        raise _refusal(f"Take {take.number} can't be fetched again.")
    return _taken_up(results.with_take(task, results.announced_again(take)))


def _can_be_fetched(task: Task) -> bool:
    return bool(results.announced(task)) or any(map(can_be_announced_again, results.own_takes(task)))


def _with_all_announced(task: Task) -> Task:
    for take in results.own_takes(task):
        if can_be_announced_again(take):
            task = results.with_take(task, results.announced_again(take))
    return task


def _is_own(task: Task, take: Take) -> bool:
    return take.attempt_id == str(attempt_of(task).id)


def _taken_up(task: Task) -> Task:
    """The same attempt, asked for anything it may still bring."""
    attempt = attempt_of(task)
    is_final = attempt.is_final and bool(results.announced(task))
    task = replace(task, attempt=replace(attempt, is_final=is_final, receipt=receipts.held_again(attempt.receipt)))
    return task if task.state is TaskState.RUNNING else task.moved_to(TaskState.RUNNING)


def _written_on(task: Task, attempt: Attempt) -> Task:
    """A transcription with what was heard; only the rest is sent.

    A part that was paid for and is lost isn't sent anew unasked: what became of it is found out once more.
    """
    if results.is_lost(task.failure):
        task = replace(task, attempt=replace(attempt, is_accepted=False))
        return _taken_up(task)
    return task.moved_to(TaskState.RUNNING)


def _made_again(task: Task, attempt: Attempt) -> Task:
    """Nothing is charged. An attempt that came to its end is made anew, one that didn't goes on."""
    if not attempt.is_final:
        task = replace(task, attempt=replace(attempt, sent_at=None))
    return task.moved_to(TaskState.QUEUED)


def _made_nothing(task: Task, attempt: Attempt) -> bool:
    """Whether the attempt provably brought nothing, and never will."""
    if not attempt.is_accepted:
        return receipts.cost_nothing(attempt.receipt)
    own = results.own_takes(task)
    is_lost = any(map(results.is_lost, (task.failure, *(take.failure for take in own))))
    return attempt.is_final and not is_lost and all(take.state is TakeState.FAILED for take in own)


def _refusal(message: str) -> RequestInvalid:
    return RequestInvalid([Problem("task", message)])
