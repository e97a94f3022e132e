"""A job that nobody hears anything new of, and what is said of it then."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.provider import Job, Progress
from app.domain.task import TaskState
from tests.engine.world import World, request
from tests.fakes.polled import FIND, PolledProvider, PolledService


@dataclass(slots=True)
class StuckService(PolledService):
    """Calls every job the same until it moves on.

    Attributes:
        words: What it calls it.
    """

    words: str = ""
    is_stuck: bool = True

    def ask(self, job_id: str) -> Progress:
        return Progress(words=self.words) if self.is_stuck else PolledService.ask(self, job_id)


@pytest.mark.parametrize(
    ("words", "end"), [("RENDERING", "The service calls its state “RENDERING”."), ("", "charged by checking.")]
)
async def test_a_state_that_nobody_knows_is_told_once_patience_is_over_and_the_job_may_still_finish(
    world: World, words: str, end: str
) -> None:
    service = StuckService(fails=None, expires=None, words=words)
    process = await world.process({"polled": PolledProvider(service, FIND)})

    task = await process.run(request("polled", takes=1))

    live = process.queue.live(task.id)
    assert task.state is TaskState.RUNNING
    assert live is not None
    assert live.is_paused
    assert "20 minutes" in live.words
    assert live.words.endswith(end)
    service.is_stuck = False
    await process.until(process.queue.check_again(task.id))
    [done] = await process.until(process.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(service.charges) == 1


async def test_another_word_is_news(world: World) -> None:
    service = StuckService(fails=None, expires=None)
    asked: list[Job] = []
    provider = PolledProvider(service, FIND)
    poll = provider.poll

    async def told(job: Job) -> Progress:
        asked.append(job)
        service.words = f"STEP {len(asked) // 60}"  # another word every quarter of an hour
        service.is_stuck = len(asked) < 240
        return await poll(job)

    provider.poll = told  # type: ignore[method-assign]
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FINISHED
    assert len(asked) >= 240
