"""What an answer of a service makes of a task: new takes, their states, the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from app.domain.audio import AudioInfo
from app.domain.errors import AppError, GenerationFailed, ResultGone
from app.domain.provider import Progress, Result
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine import receipts

_CAN_BE_ANNOUNCED_AGAIN = (TakeState.BROKEN, TakeState.EXPIRED)


def failure_of(error: AppError) -> Failure:
    """An error as it is kept in the library."""
    return Failure(error.kind, str(error), getattr(error, "field", None), getattr(error, "code", None))


def attempt_of(task: Task) -> Attempt:
    """The attempt of a task that was submitted."""
    assert task.attempt is not None, "a task that was submitted has an attempt"
    return task.attempt


def own_takes(task: Task) -> tuple[Take, ...]:
    """The takes of the task's latest attempt."""
    attempt = attempt_of(task)
    return tuple(take for take in task.takes if take.attempt_id == str(attempt.id))


def with_attempt(task: Task, attempt: Attempt) -> Task:
    """The task with the attempt that goes out now. What an earlier one announced and can't bring is made anew."""
    task = replace(task, attempt=attempt, billed_before=_billed_before(task, attempt))
    superseded = GenerationFailed("It was made again by a later try.")
    for take in announced(task):
        if take.attempt_id != str(attempt.id):
            task = with_take(task, not_stored(take, TakeState.FAILED, superseded))
    return task


def _billed_before(task: Task, attempt: Attempt) -> Decimal | None:
    """What everything before this attempt was billed, as far as anybody said."""
    earlier = task.attempt
    if earlier is None or earlier.id == attempt.id:
        return task.billed_before
    billed = earlier.receipt.billed
    return None if billed is None or task.billed_before is None else task.billed_before + billed


def announced(task: Task) -> tuple[Take, ...]:
    """Takes that can be fetched and aren't yet."""
    return tuple(take for take in task.takes if take.state is TakeState.ANNOUNCED)


def take_of(task: Task, number: int) -> Take:
    return next(take for take in task.takes if take.number == number)


def with_take(task: Task, take: Take) -> Task:
    """The task with one take replaced, found by its number."""
    return replace(task, takes=tuple(take if old.number == take.number else old for old in task.takes))


def with_progress(task: Task, progress: Progress, most_results: int) -> Task:
    """What a poll or an acceptance told: takes announced, takes failed, cost, whether more will come.

    Results are known by their id, so an answer may repeat itself in any order. A result that is announced
    again brings its fresh link. Takes that are stored stay as they are.
    """
    for result in progress.results[:most_results]:
        task = _with_result(task, result)
    known = {take.result_id for take in own_takes(task)}
    for failed in progress.failures[:most_results]:
        if failed.id not in known:
            known.add(failed.id)
            take = replace(_new_take(task, failed.id), state=TakeState.FAILED, failure=failed.failure)
            task = replace(task, takes=(*task.takes, take))
    attempt = attempt_of(task)
    cost = progress.cost if progress.cost is not None and receipts.is_amount(progress.cost) else None
    receipt = receipts.settled(attempt.receipt, cost) if cost is not None else attempt.receipt
    attempt = replace(attempt, is_final=attempt.is_final or progress.is_final, receipt=receipt)
    return replace(task, attempt=attempt, failure=progress.failure or task.failure)


def _with_result(task: Task, result: Result) -> Task:
    known = next((take for take in own_takes(task) if take.result_id == result.id), None)
    if known is None:
        take = _told(_new_take(task, result.id), result)
        return replace(task, takes=(*task.takes, take))
    if known.state in (TakeState.STORED, TakeState.FAILED):
        return task
    return with_take(task, _told(known, result))


def _told(take: Take, result: Result) -> Take:
    """The take with what the result says; what it leaves out stays as it was."""
    return replace(
        take,
        link=result.link if result.link is not None else take.link,
        expires_at=result.expires_at if result.link is not None else take.expires_at,
        seed=result.seed if result.seed is not None else take.seed,
        cost=result.cost if result.cost is not None and receipts.is_amount(result.cost) else take.cost,
        remark=result.remark or take.remark,
    )


def _new_take(task: Task, result_id: str) -> Take:
    number = max((take.number for take in task.takes), default=0) + 1
    return Take(f"{task.id}-{number}", task.id, str(attempt_of(task).id), number, result_id)


def with_stream(task: Task, result: Result) -> Task:
    """A service began to answer with the audio itself.

    If an earlier exchange of the same attempt was cut, its take is the one that arrives now, under whatever id.
    """
    over = (TakeState.STORED, TakeState.FAILED)
    cut = next((take for take in own_takes(task) if take.state not in over), None)
    if cut is None:
        return _with_result(task, result)
    if cut.state in _CAN_BE_ANNOUNCED_AGAIN:
        cut = cut.moved_to(TakeState.ANNOUNCED)
    return with_take(task, _told(replace(cut, result_id=result.id, failure=None), result))


def received_whole(task: Task, take: Take) -> Task:
    """An audio answer came to its end as this take: it was accepted, and brings nothing more."""
    attempt = replace(attempt_of(task), is_accepted=True, is_final=True)
    return followed(replace(with_take(task, take), attempt=attempt))


def stored(take: Take, file: str, info: AudioInfo) -> Take:
    return replace(take.moved_to(TakeState.STORED), file=file, info=info, failure=None)


def not_stored(take: Take, state: TakeState, error: AppError, file: str | None = None) -> Take:
    """The take as broken, expired or failed; a file that isn't playable is kept all the same, also an earlier one."""
    return replace(take.moved_to(state), failure=failure_of(error), file=file if file is not None else take.file)


def is_lost(failure: Failure | None) -> bool:
    """Whether something was made, and may be billed, that can't be had any more."""
    return failure is not None and failure.kind == ResultGone.kind


def announced_again(take: Take) -> Take:
    """A broken or expired take that is fetched once more. What was kept of it is its file until it is stored."""
    return replace(take.moved_to(TakeState.ANNOUNCED), failure=None)


def can_be_announced_again(take: Take) -> bool:
    return take.state in _CAN_BE_ANNOUNCED_AGAIN


def is_complete(task: Task) -> bool:
    """Whether nothing more will come and nothing is left to fetch."""
    return attempt_of(task).is_final and not announced(task)


def followed(task: Task) -> Task:
    """The task in the state that follows from its takes, once it was accepted.

    Running while one is announced or more may come. Some takes and some failures are finished, and say what went
    wrong; no take at all is failed. What was cancelled or decided meanwhile stays so.
    """
    is_awaited = task.state in (TaskState.SUBMITTING, TaskState.RUNNING)
    if not is_complete(task):
        return task.moved_to(TaskState.RUNNING, task.failure) if task.state is TaskState.SUBMITTING else task
    failure = _failure_of_the_whole(task)
    attempt = attempt_of(task)
    task = replace(task, attempt=replace(attempt, receipt=receipts.settled(attempt.receipt, _cost_of_takes(task))))
    if not is_awaited:
        return task
    has_takes = any(take.state is TakeState.STORED for take in task.takes)
    return task.moved_to(TaskState.FINISHED if has_takes else TaskState.FAILED, failure)


def _failure_of_the_whole(task: Task) -> Failure | None:
    of_takes = (take.failure for take in own_takes(task) if take.failure is not None)
    failure = task.failure or next(of_takes, None)
    made = sum(take.state is TakeState.STORED for take in task.takes)
    if failure is not None or made >= task.request.takes:
        return failure
    if made == 0:
        return failure_of(GenerationFailed("The service finished without a result."))
    return failure_of(GenerationFailed(f"The service made {made} of {task.request.takes} takes."))


def _cost_of_takes(task: Task) -> Decimal | None:
    """What the takes cost together; unknown while one of them doesn't say."""
    attempt = attempt_of(task)
    if attempt.receipt.is_settled:
        return None  # the service told the cost of the whole job
    return _sum(take.cost for take in own_takes(task) if _is_billed(take))


def _is_billed(take: Take) -> bool:
    """Whether it was made, even if it can't be had any more."""
    return take.state is not TakeState.FAILED or take.cost is not None or is_lost(take.failure)


def _sum(costs: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    seen = False
    for cost in costs:
        if cost is None:
            return None
        total += cost
        seen = True
    return total if seen else None
