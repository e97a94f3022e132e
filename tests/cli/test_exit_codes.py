"""What scripts read from the exit code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.cli.exit_codes import ExitCode, of_task, of_tasks
from app.cli.spending_limit import ceiling_of, check_ceiling
from app.domain.errors import RequestInvalid, SpendingCeilingReached
from app.domain.model_spec import Kind
from app.domain.receipt import Estimate
from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.task import Task, TaskState

NOW = datetime(2026, 3, 4, tzinfo=UTC)
REQUEST = GenerationRequest("acme", "choir", "rain")
FAILURE = Failure("generation_failed", "It made nothing.")


def task(state: TaskState, failure: Failure | None = None) -> Task:
    return Task("0" * 12, "1" * 12, REQUEST, Kind.MUSIC, state, NOW, NOW, failure=failure)


@pytest.mark.parametrize(
    ("state", "failure", "code"),
    [
        (TaskState.FINISHED, None, ExitCode.DONE),
        (TaskState.FINISHED, FAILURE, ExitCode.FAILED),
        (TaskState.FAILED, FAILURE, ExitCode.FAILED),
        (TaskState.CANCELLED, None, ExitCode.FAILED),
        (TaskState.FAILED, Failure(SpendingCeilingReached.kind, "Too much."), ExitCode.REFUSED),
        (TaskState.UNCERTAIN, None, ExitCode.UNCERTAIN),
        (TaskState.QUEUED, None, ExitCode.UNFINISHED),
        (TaskState.SUBMITTING, None, ExitCode.UNFINISHED),
        (TaskState.RUNNING, None, ExitCode.UNFINISHED),
    ],
)
def test_a_task_has_one_exit_code(state: TaskState, failure: Failure | None, code: ExitCode) -> None:
    assert of_task(task(state, failure)) is code


def test_of_several_tasks_the_most_urgent_counts() -> None:
    done, failed = task(TaskState.FINISHED), task(TaskState.FAILED, FAILURE)
    uncertain, running = task(TaskState.UNCERTAIN), task(TaskState.RUNNING)

    assert of_tasks([]) == 0
    assert of_tasks([done, done]) == 0
    assert of_tasks([done, failed]) == 1
    assert of_tasks([failed, uncertain, done]) == 3
    assert of_tasks([uncertain, running, failed]) == 130


def test_what_may_cost_more_than_allowed_is_refused() -> None:
    known = Estimate(Decimal("0.05"), Decimal("0.07"))

    check_ceiling(known, None)
    check_ceiling(known, Decimal("0.07"))
    check_ceiling(Estimate(Decimal(0), Decimal(0)), Decimal(0))
    for estimate, ceiling in ((known, "0.06"), (Estimate(), "100"), (replace(known, most=None), "1")):
        with pytest.raises(SpendingCeilingReached):
            check_ceiling(estimate, Decimal(ceiling))


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf", ""])
def test_a_ceiling_is_an_amount_of_dollars(text: str) -> None:
    assert ceiling_of("0.50") == Decimal("0.50")
    with pytest.raises(RequestInvalid):
        ceiling_of(text)
