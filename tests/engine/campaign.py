"""One click, and processes that die at chosen steps until one lives to the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.domain.task_state import NEXT_STATES
from app.engine.results import can_be_announced_again
from tests.engine.world import Process, World, request
from tests.fakes.charges import Charges
from tests.fakes.polled import FIND, REPLAY, UNASKABLE, UNBILLED, PolledProvider, PolledService
from tests.fakes.scripted import Script
from tests.fakes.streaming import StreamingProvider, StreamingService

PROMPT = "a click"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A service with a provider for it.

    Attributes:
        start: Makes the service; what it returns makes the provider of one process.
        takes: Results that end as a file.
        asks: Whether a death may leave the decision to the user: while the answer is open, and only then.
        is_billed: Whether a submission is a charge at all.
        is_embedded: Whether the service dies with each process.
    """

    name: str
    start: Callable[[Script], tuple[Any, Callable[[], Any]]]
    wanted: GenerationRequest
    takes: int
    asks: bool = False
    is_billed: bool = True
    is_embedded: bool = False

    def __str__(self) -> str:
        return self.name


def _polled(recovery: Any, *, knows_keys: bool) -> Callable[[Script], tuple[Any, Callable[[], Any]]]:
    def start(script: Script) -> tuple[Any, Callable[[], Any]]:
        service = PolledService(knows_keys=knows_keys)
        return service, lambda: PolledProvider(service, recovery, "service", script)

    return start


def _streaming(recovery: Any, *, knows_keys: bool) -> Callable[[Script], tuple[Any, Callable[[], Any]]]:
    def start(script: Script) -> tuple[Any, Callable[[], Any]]:
        service = StreamingService(knows_keys=knows_keys)
        return service, lambda: StreamingProvider(service, recovery, "service", script)

    return start


_THREE = request("service", PROMPT, takes=3)
_ONE = request("service", PROMPT, takes=1)

SCENARIOS = (
    Scenario("polled, can be asked", _polled(FIND, knows_keys=True), _THREE, 2),
    Scenario("polled, replays", _polled(REPLAY, knows_keys=True), _THREE, 2),
    Scenario("polled, can't be asked", _polled(UNASKABLE, knows_keys=False), _THREE, 2, asks=True),
    Scenario("polled, unbilled", _polled(UNBILLED, knows_keys=False), _THREE, 2, is_billed=False, is_embedded=True),
    Scenario("stream, replays", _streaming(REPLAY, knows_keys=True), _ONE, 1),
    Scenario("stream, can't be asked", _streaming(UNASKABLE, knows_keys=False), _ONE, 1, asks=True),
    Scenario("stream, unbilled", _streaming(UNBILLED, knows_keys=False), _ONE, 1, is_billed=False),
)


@dataclass(slots=True)
class Story:
    """What came of one click.

    Attributes:
        deaths: How many processes died.
        steps: How many steps the first process lived through.
        task: As it is on disk in the end; None if the click never got there.
    """

    world: World
    charges: Charges
    deaths: int = 0
    steps: int = 0
    task: Task | None = None
    bugs: list[BaseException] = field(default_factory=list)


async def tell(folder: Path, scenario: Scenario, deaths: Sequence[int], script: Script | None = None) -> Story:
    """Click once; process number n dies at step `deaths[n]` if it gets so far; the last one lives.

    Args:
        script: What goes wrong besides; it goes on from one process to the next.
    """
    world = World(folder)
    service, provider = scenario.start(script or Script())
    story = Story(world, service.charges)
    for place, dies_at in enumerate((*deaths, None)):
        process = await world.process({"service": provider()}, dies_at=dies_at)
        world.note("add", (await process.real_store.tasks(),))  # a write may have outlived who waited for it
        is_alive = await _live(process, scenario.wanted if place == 0 else None)
        if is_alive and dies_at is None:
            story.task = await _the_end(process)
        story.bugs.extend(process.bugs)
        story.steps = story.steps or process.mortality.steps
        if is_alive:
            await process.end()
        else:
            story.deaths += 1
            await process.dies()
            if scenario.is_embedded:
                service.forget()
    return story


async def _live(process: Process, wanted: GenerationRequest | None) -> bool:
    async def work() -> None:
        if wanted is not None:
            tasks = await process.queue.add(wanted)
            await process.queue.wait([task.id for task in tasks])
        else:
            await process.queue.wait(await process.queue.carry_on())

    working = asyncio.ensure_future(work())
    dying = asyncio.ensure_future(process.mortality.died.wait())
    await process.until(asyncio.wait([working, dying], return_when=asyncio.FIRST_COMPLETED))
    if process.mortality.died.is_set():
        return False
    dying.cancel()
    await working
    return True


async def _the_end(process: Process) -> Task | None:
    """The task at last; what can still be fetched is asked for, which is never a charge."""
    for task in await process.real_store.tasks():
        if task.state in (TaskState.FINISHED, TaskState.FAILED) and any(map(can_be_announced_again, task.takes)):
            await process.until(process.queue.retry(task.id))
            [task] = await process.until(process.queue.wait([task.id]))
        return task
    return None


def check(story: Story, scenario: Scenario) -> None:
    """At most one charge, no announced take lost, every state legal, no paid result forgotten."""
    task = story.task
    assert not story.bugs
    charges = story.charges.of(PROMPT.encode())
    if scenario.is_billed:
        assert charges <= 1, "one click, one charge"
    if task is None:
        assert charges == 0, "nothing leaves before the click is on disk"
        return
    for before, after in pairwise(story.world.states[task.id]):
        assert after in NEXT_STATES[before], f"there is no way from {before} to {after}"
        if after is TaskState.UNCERTAIN:
            assert before is TaskState.SUBMITTING, "only while the answer is open may the user be asked"
    if task.state is TaskState.UNCERTAIN:
        assert scenario.asks
        assert not list(story.world.folder.glob("takes/*/*.wav")), "a paid take lies there and nobody knows it"
        return
    assert task.state is TaskState.FINISHED, f"{task.state}: {task.failure}"
    stored = [take for take in task.takes if take.state is TakeState.STORED]
    assert len(stored) == scenario.takes, [take.state for take in task.takes]
    assert all(take.state in (TakeState.STORED, TakeState.FAILED) for take in task.takes)
    assert len({story.world.file(take.file or "").read_bytes() for take in stored}) == scenario.takes
