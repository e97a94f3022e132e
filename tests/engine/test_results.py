"""What an answer makes of a task, in whatever order and however often it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.model_spec import Kind
from app.domain.provider import FailedResult, Progress, Result, WireRequest
from app.domain.receipt import Estimate
from app.domain.take import Failure, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine import receipts, results
from tests.engine.world import request

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
FAILURE = Failure("generation_failed", "No.")

ids = st.integers(1, 6).map(str)
some_results = st.lists(st.builds(Result, ids, st.none() | st.just("https://a.example"))).map(tuple)
some_failures = st.lists(st.builds(FailedResult, ids, st.just(FAILURE))).map(tuple)
progresses = st.builds(
    Progress,
    some_results,
    some_failures,
    is_final=st.booleans(),
    cost=st.none() | st.decimals(allow_nan=True, allow_infinity=True),
)


def running(takes: int = 3) -> Task:
    attempt = Attempt(
        UUID(int=1),
        "0123456789ab",
        1,
        "service",
        "model",
        "https://service.example",
        WireRequest("POST", "/"),
        MOMENT,
        sent_at=MOMENT,
        is_accepted=True,
        receipt=receipts.reserved(Estimate(Decimal(1), Decimal(2))),
    )
    return Task(
        "0123456789ab",
        "ba9876543210",
        request("service", takes=takes),
        Kind.EFFECT,
        TaskState.RUNNING,
        MOMENT,
        MOMENT,
        attempt=attempt,
    )


@given(st.lists(progresses, max_size=5))
def test_takes_are_numbered_in_order_and_each_result_is_one_take(told: list[Progress]) -> None:
    task = running()
    for progress in told:
        task = results.with_progress(task, progress, 256)

    assert [take.number for take in task.takes] == list(range(1, len(task.takes) + 1))
    assert len({take.result_id for take in task.takes}) == len(task.takes)
    assert len({take.id for take in task.takes}) == len(task.takes)


@given(progresses)
def test_the_same_answer_twice_changes_nothing(progress: Progress) -> None:
    once = results.with_progress(running(), progress, 256)

    assert results.with_progress(once, progress, 256) == once


@given(st.lists(progresses, max_size=4))
def test_what_is_stored_stays_stored_whatever_the_service_says_later(told: list[Progress]) -> None:
    task = results.with_progress(running(), Progress((Result("1"),)), 256)
    kept = replace(task.takes[0].moved_to(TakeState.STORED), file="2026-03/a.wav")
    task = results.with_take(task, kept)

    for progress in told:
        task = results.with_progress(task, progress, 256)

    assert task.takes[0] == kept


@given(progresses)
def test_a_task_is_running_while_a_take_is_announced_and_over_when_none_is(progress: Progress) -> None:
    task = results.followed(results.with_progress(running(), progress, 256))

    is_over = progress.is_final and not results.announced(task)
    assert (task.state is TaskState.RUNNING) is not is_over


def test_a_lying_service_gets_no_further_than_the_limit() -> None:
    flood = Progress(tuple(Result(str(n)) for n in range(10_000)))

    assert len(results.with_progress(running(), flood, 256).takes) == 256


def test_fewer_takes_than_asked_for_are_said_to_be_so() -> None:
    task = results.with_progress(running(takes=3), Progress((Result("1"),), is_final=True), 256)
    task = results.with_take(task, replace(task.takes[0].moved_to(TakeState.STORED), file="2026-03/a.wav"))

    task = results.followed(task)

    assert task.state is TaskState.FINISHED
    assert task.failure is not None
    assert task.failure.message == "The service made 1 of 3 takes."


def test_the_costs_of_takes_add_up_where_each_is_told() -> None:
    told = Progress((Result("1", cost=Decimal("0.1")), Result("2", cost=Decimal("0.2"))), is_final=True)
    task = results.with_progress(running(takes=2), told, 256)
    for take in task.takes:
        task = results.with_take(task, replace(take.moved_to(TakeState.STORED), file="f"))

    attempt = results.followed(task).attempt

    assert attempt is not None
    assert attempt.receipt.billed == Decimal("0.3")
    assert attempt.receipt.is_settled
