"""Tasks and takes move along their arrows and no other way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.model_spec import Kind
from app.domain.request import GenerationRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Task, TaskState

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FAILURE = Failure("generation_failed", "Nothing was made.")

TASK_ARROWS = {
    "queued": "submitting failed cancelled",
    "submitting": "queued running uncertain finished failed cancelled",
    "running": "finished failed cancelled uncertain submitting queued",
    "uncertain": "running finished queued failed cancelled",
    "finished": "running",
    "failed": "running queued",
    "cancelled": "running queued",
}
TAKE_ARROWS = {
    "announced": "stored broken expired failed",
    "broken": "announced",
    "expired": "announced",
    "stored": "",
    "failed": "",
}


def task_in(state: TaskState, failure: Failure | None = None) -> Task:
    request = GenerationRequest("acme", "sounds", "rain")
    return Task("0123456789ab", "c" * 12, request, Kind.EFFECT, state, NOON, NOON, failure=failure)


def take_in(state: TakeState) -> Take:
    return Take("0123456789ab-1", "0123456789ab", "attempt", 1, "result", state)


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("wanted", TaskState)
def test_a_task_takes_every_arrow_there_is_and_no_other(state, wanted):
    if wanted.value in TASK_ARROWS[state.value].split():
        assert task_in(state).moved_to(wanted).state is wanted
    else:
        with pytest.raises(ValueError, match=wanted.value):
            task_in(state).moved_to(wanted)


@pytest.mark.parametrize("state", TakeState)
@pytest.mark.parametrize("wanted", TakeState)
def test_a_take_takes_every_arrow_there_is_and_no_other(state, wanted):
    if wanted.value in TAKE_ARROWS[state.value].split():
        assert take_in(state).moved_to(wanted).state is wanted
    else:
        with pytest.raises(ValueError, match=wanted.value):
            take_in(state).moved_to(wanted)


@given(some.lists(some.sampled_from(TaskState), max_size=30))
def test_whatever_is_tried_a_task_is_never_sent_without_having_been_queued_or_taken(wishes):
    task, way = task_in(TaskState.QUEUED), [TaskState.QUEUED]
    for wish in wishes:
        try:
            task = task.moved_to(wish)
        except ValueError:
            continue
        way.append(wish)

    before_sending = {way[at - 1] for at, state in enumerate(way) if state is TaskState.SUBMITTING}
    assert before_sending <= {TaskState.QUEUED, TaskState.RUNNING}
    assert task.state is way[-1]


@given(some.lists(some.sampled_from(TakeState), max_size=20))
def test_a_stored_take_stays_stored_whatever_is_tried(wishes):
    take = take_in(TakeState.ANNOUNCED).moved_to(TakeState.STORED)
    for wish in wishes:
        with pytest.raises(ValueError):
            take.moved_to(wish)

    assert take.state is TakeState.STORED


def test_every_state_can_be_reached_and_none_is_a_dead_end():
    reached, fresh = set(), {"queued"}
    while fresh:
        reached |= fresh
        fresh = {wanted for state in fresh for wanted in TASK_ARROWS[state].split()} - reached

    assert reached == {state.value for state in TaskState}
    assert all(TASK_ARROWS.values())


def test_a_failure_is_forgotten_when_the_task_moves_on():
    failed = task_in(TaskState.RUNNING).moved_to(TaskState.FAILED, FAILURE)

    assert failed.failure == FAILURE
    assert failed.moved_to(TaskState.RUNNING).failure is None


@pytest.mark.parametrize("state", TaskState)
def test_a_task_is_open_while_the_engine_has_something_to_do_by_itself(state):
    assert state.is_open == (state.value in ("queued", "submitting", "running"))


def test_a_request_does_not_change_with_what_it_was_made_of():
    parameters = {"mood": "calm"}
    request = GenerationRequest("acme", "sounds", "rain", parameters=parameters)
    parameters["mood"] = "wild"

    assert request.parameters == {"mood": "calm"}
    with pytest.raises(TypeError):
        request.parameters["mood"] = "wild"
