from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.domain.errors import AppError, PlaybackError
from app.ui.background import Background


class Told:
    """What a window was told."""

    def __init__(self) -> None:
        self.errors: list[AppError] = []
        self.bugs: list[dict[str, Any]] = []
        self.results: list[object] = []


@pytest.fixture
async def told() -> Told:
    told = Told()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.bugs.append(context))
    return told


@pytest.fixture
def background(told: Told) -> Background:
    return Background(told.errors.append)


async def answering(value: object) -> object:
    return value


async def failing(error: BaseException) -> None:
    raise error


async def settled(task: asyncio.Task[Any]) -> None:
    await asyncio.wait([task])
    await asyncio.sleep(0)


async def test_a_result_is_handed_over(background: Background, told: Told):
    await settled(background.start(answering(7), on_done=told.results.append))

    assert (told.results, len(background)) == ([7], 0)


async def test_a_problem_is_shown(background: Background, told: Told):
    problem = PlaybackError("The device is gone.")

    await settled(background.start(failing(problem), on_done=told.results.append))

    assert (told.errors, told.bugs, told.results) == ([problem], [], [])


async def test_a_bug_is_passed_on_untouched(background: Background, told: Told):
    bug = ZeroDivisionError()

    await settled(background.start(failing(bug)))

    assert told.errors == []
    assert [context["exception"] for context in told.bugs] == [bug]


async def test_a_bug_in_what_follows_is_passed_on_too(background: Background, told: Told):
    await settled(background.start(answering(7), on_done=lambda _value: 1 / 0))

    assert [type(context["exception"]) for context in told.bugs] == [ZeroDivisionError]


async def test_cancelling_is_no_news(background: Background, told: Told):
    task = background.start(asyncio.Event().wait())
    await asyncio.sleep(0)

    task.cancel()
    await settled(task)

    assert (told.errors, told.bugs, len(background)) == ([], [], 0)


async def test_a_task_is_kept_while_it_runs(background: Background):
    gate = asyncio.Event()
    task = background.start(gate.wait())

    assert len(background) == 1
    gate.set()
    await settled(task)
    assert len(background) == 0


async def test_closing_cancels_the_rest_and_waits_until_it_is_tidy(background: Background, told: Told):
    tidied: list[str] = []

    async def careful() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            tidied.append("done")

    background.start(careful())
    background.start(careful())
    await asyncio.sleep(0)

    await background.close()

    assert (tidied, len(background), told.errors, told.bugs) == (["done", "done"], 0, [], [])


async def test_a_problem_while_closing_is_still_shown(background: Background, told: Told):
    problem = PlaybackError("The device is gone.")

    async def stumbling() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise problem

    background.start(stumbling())
    await asyncio.sleep(0)

    await background.close()

    assert told.errors == [problem]


async def test_nothing_starts_any_more_after_closing(background: Background, told: Told):
    await background.close()
    ran: list[bool] = []

    async def late() -> None:
        ran.append(True)

    task = background.start(late())
    await settled(task)

    assert task.cancelled()
    assert ran == []
