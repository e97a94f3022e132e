"""Whatever a user decides, a new attempt never goes out where the old one may have been charged unasked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import RequestInvalid
from app.domain.provider import Recovery
from app.domain.receipt import Receipt
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Task, TaskState
from app.engine import decisions
from app.engine.results import attempt_of
from tests.engine.test_results import MOMENT, running
from tests.fakes.polled import FIND, REPLAY, UNASKABLE, UNBILLED

PAID = Failure("paid_but_not_retrievable", "Gone.")
NOTHING = Failure("generation_failed", "No.")


@st.composite
def resting_tasks(draw: st.DrawFn) -> Task:
    task = running()
    states = draw(st.lists(st.sampled_from(TakeState), max_size=3))
    failures = st.sampled_from([None, PAID, NOTHING])
    takes = tuple(
        Take(f"{task.id}-{n}", task.id, str(attempt_of(task).id), n, str(n), state, failure=draw(failures))
        for n, state in enumerate(states, 1)
    )
    receipt = Receipt(
        task.estimate,
        Decimal(1),
        draw(st.sampled_from([None, Decimal(0), Decimal(1)])),
        draw(st.booleans()),
    )
    attempt = replace(
        attempt_of(task),
        is_accepted=draw(st.booleans()),
        is_final=draw(st.booleans()),
        sent_at=draw(st.sampled_from([None, MOMENT])),
        receipt=receipt,
    )
    state = draw(st.sampled_from([TaskState.FINISHED, TaskState.FAILED, TaskState.CANCELLED, TaskState.UNCERTAIN]))
    return replace(task, state=state, attempt=attempt, takes=takes, failure=draw(failures))


@given(resting_tasks(), st.sampled_from([FIND, REPLAY, UNASKABLE]))
def test_a_retry_makes_a_new_attempt_only_where_the_old_one_provably_made_nothing(
    task: Task, recovery: Recovery
) -> None:
    old = attempt_of(task)
    try:
        again = decisions.retried(task, recovery)
    except RequestInvalid:
        assume(False)

    if again.state is TaskState.RUNNING:
        assert attempt_of(again).id == old.id
        return
    assert again.state is TaskState.QUEUED
    never_left = old.sent_at is None
    was_refused = not old.is_accepted and old.receipt.billed == 0
    told = [task.failure, *(take.failure for take in task.takes)]
    made_nothing = old.is_final and all(take.state is TakeState.FAILED for take in task.takes) and PAID not in told
    assert never_left or was_refused or made_nothing


@given(resting_tasks())
def test_what_costs_nothing_is_always_tried_again(task: Task) -> None:
    assume(task.state not in (TaskState.UNCERTAIN, TaskState.FINISHED))

    again = decisions.retried(task, UNBILLED)

    assert again.state in (TaskState.QUEUED, TaskState.RUNNING)


@pytest.mark.parametrize("recovery", [FIND, REPLAY, UNASKABLE, UNBILLED], ids=["find", "replay", "not", "unbilled"])
def test_what_became_uncertain_meanwhile_is_not_sent_by_a_retry(recovery: Recovery) -> None:
    with pytest.raises(RequestInvalid, match="Decide about it first"):
        decisions.retried(replace(running(), state=TaskState.UNCERTAIN), recovery)


def test_a_finished_task_with_all_its_takes_isnt_tried_again() -> None:
    task = replace(running(), state=TaskState.FINISHED)

    with pytest.raises(RequestInvalid):
        decisions.retried(task, FIND)


def test_a_cancelled_task_keeps_its_reservation_and_a_decided_one_does_not() -> None:
    cancelled = decisions.cancelled(running())
    uncertain = replace(running(), state=TaskState.UNCERTAIN)

    assert not attempt_of(cancelled).receipt.is_settled
    assert attempt_of(decisions.marked_as_failed(uncertain)).receipt.is_settled
    assert attempt_of(decisions.marked_as_failed(uncertain)).receipt.billed is None


@given(resting_tasks())
def test_what_the_user_says_was_free_is_settled_at_nothing_and_a_known_cost_stays(task: Task) -> None:
    if task.billed is not None:
        assert not decisions.is_cost_open(task)
        with pytest.raises(RequestInvalid):
            decisions.settled_as_free(task)
        return

    settled = decisions.settled_as_free(task)

    assert (attempt_of(settled).receipt.billed, attempt_of(settled).receipt.is_settled) == (0, True)
    assert settled.state is (TaskState.FAILED if task.state is TaskState.UNCERTAIN else task.state)
    assert not decisions.is_cost_open(settled)


def test_only_the_attempt_that_the_user_was_asked_about_is_submitted_anew() -> None:
    lost = replace(running(), state=TaskState.UNCERTAIN)
    attempt = attempt_of(lost)

    assert decisions.submitted_anew(lost, attempt.id).state is TaskState.QUEUED
    for decided in (
        replace(lost, state=TaskState.FAILED),
        replace(lost, attempt=replace(attempt, id=uuid4())),  # another process did, and its answer was lost as well
    ):
        with pytest.raises(RequestInvalid, match="decided meanwhile"):
            decisions.submitted_anew(decided, attempt.id)


def test_nothing_is_settled_while_a_task_is_under_way() -> None:
    assert not decisions.is_cost_open(running())
    with pytest.raises(RequestInvalid, match="under way"):
        decisions.settled_as_free(running())


@pytest.mark.parametrize("state", [TaskState.FINISHED, TaskState.FAILED, TaskState.CANCELLED])
def test_cancelling_what_is_over_changes_nothing(state: TaskState) -> None:
    task = replace(running(), state=state)

    assert decisions.cancelled(task) is task
