"""One click, as the tasks that it becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RequestInvalid
from app.domain.receipt import Estimate
from app.engine.clicks import requests_of_click, tasks_of_click
from tests.engine.world import OneModelEach, request

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.integers(1, 100), st.integers(1, 10), st.none() | st.integers(0, 9))
def test_all_takes_are_asked_for_once_and_no_request_asks_for_too_many(
    takes: int, max_takes: int, seed: int | None
) -> None:
    spec = OneModelEach(max_takes=max_takes).spec("service", "model")

    parts = requests_of_click(request("service", takes=takes, seed=seed), spec, 100)

    assert sum(part.takes for part in parts) == takes
    assert all(1 <= part.takes <= max_takes for part in parts)
    assert all(spec.check(part) == () for part in parts)
    assert parts[0].seed == seed


def test_parts_of_one_click_dont_bring_the_same_sound_again() -> None:
    spec = OneModelEach(max_takes=1).spec("service", "model")

    parts = requests_of_click(request("service", takes=4, seed=8), spec, 100)

    assert [part.seed for part in parts] == [8, 9, 0, 1]


def test_a_hundred_and_one_takes_are_a_slip_of_the_finger() -> None:
    spec = OneModelEach(max_takes=1).spec("service", "model")

    with pytest.raises(RequestInvalid, match="Takes must be from 1 to 100; asked for 101"):
        requests_of_click(request("service", takes=101), spec, 100)


def test_ids_are_twelve_digits_and_all_different() -> None:
    spec = OneModelEach(max_takes=1).spec("service", "model")
    parts = requests_of_click(request("service", takes=50), spec, 100)

    tasks = tasks_of_click(parts, spec, [Estimate()] * 50, "project", MOMENT)

    assert len({task.id for task in tasks}) == 50
    assert all(len(task.id) == 12 and set(task.id) <= set("0123456789abcdef") for task in tasks)
    assert len({task.click_id for task in tasks}) == 1
