"""Whenever the process dies: one charge at most, and every take that was announced ends on the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import (
    AppError,
    CredentialsRejected,
    NotConnected,
    OutcomeUnknown,
    RateLimited,
    ResultExpired,
    ServiceUnavailable,
    StorageError,
)
from app.domain.task import TaskState
from tests.engine.campaign import SCENARIOS, Scenario, check, tell
from tests.fakes.scripted import Script

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_dying_at_any_step_costs_nothing_twice_and_loses_nothing(quick_folder: Path, scenario: Scenario) -> None:
    whole = await tell(quick_folder / "whole", scenario, [])
    check(whole, scenario)

    undecided = 0
    for step in range(1, whole.steps + 1):
        story = await tell(quick_folder / str(step), scenario, [step])
        check(story, scenario)
        undecided += story.task is not None and story.task.state is TaskState.UNCERTAIN

    assert whole.task is not None
    assert whole.task.state is TaskState.FINISHED
    assert bool(undecided) is scenario.asks


def _later() -> AppError:
    return ServiceUnavailable("Down for a moment.")


_TROUBLES: tuple[tuple[str, str, Callable[[], AppError]], ...] = (
    ("before", "submit", lambda: NotConnected("No connection.")),
    ("before", "submit", lambda: RateLimited("Busy.", retry_after_s=7)),
    ("after", "submit", lambda: OutcomeUnknown("The answer never came.")),
    ("before", "poll", _later),
    ("after", "poll", lambda: CredentialsRejected("The key was changed.")),
    ("before", "poll", lambda: RateLimited("Busy.")),
    ("before", "fetch", _later),
    ("after", "fetch", _later),
    ("before", "fetch", lambda: ResultExpired("Too late.")),
    ("after", "fetch", lambda: StorageError("The disk is full.")),
    ("before", "find", _later),
    ("after", "find", lambda: NotConnected("No connection.")),
    ("before", "chunk", lambda: OutcomeUnknown("It broke off.")),
    ("after", "chunk", lambda: StorageError("The disk is full.")),
)


@given(
    scenario=st.sampled_from(SCENARIOS),
    deaths=st.lists(st.integers(1, 70), max_size=4),
    troubles=st.lists(st.sampled_from(_TROUBLES), max_size=4),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
async def test_dying_again_and_again_amid_troubles_costs_nothing_twice_and_loses_nothing(
    scenario: Scenario, deaths: list[int], troubles: list[tuple[str, str, Callable[[], AppError]]]
) -> None:
    script = Script()
    for when, verb, make in troubles:
        (script.before if when == "before" else script.after)(verb, make())

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        story = await tell(Path(folder), scenario, deaths, script)

        check(story, scenario)
