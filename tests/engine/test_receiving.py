"""What is told of an audio answer while it still arrives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import groupby

from app.domain.errors import ResultGone
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.live import Live, LiveBoard, Receiving
from app.engine.pace import Clock
from tests.engine.world import Process, World, request
from tests.fakes.polled import REPLAY, UNASKABLE
from tests.fakes.sounds import RATE_HZ
from tests.fakes.streaming import CHUNK, StreamingProvider, StreamingService, cut
from tests.fakes.virtual_clock import VirtualClock

HEAD_BYTES = 44


def receiving_of(process: Process, task_id: str) -> Receiving | None:
    live = process.queue.live(task_id)
    return live.receiving if live is not None else None


async def half_arrived(process: Process, provider: StreamingProvider) -> Task:
    """A task whose answer stands still after its second chunk."""
    provider.script.before("chunk", None, None, lambda: provider.script.hold("chunk"))
    [task] = await process.until(process.queue.add(request("streaming", takes=1)))
    await process.until(provider.script.reached("chunk", 3))
    await process.until(process.clock.sleep(1))
    return task


async def test_while_an_answer_arrives_it_is_told_what_is_there_and_where(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"streaming": provider})

    task = await half_arrived(process, provider)
    told = receiving_of(process, task.id)

    assert (await process.task(task.id)).state is TaskState.SUBMITTING
    assert told is not None
    assert told.take == 1
    assert told.path is not None
    assert told.path.stat().st_size == told.bytes == 3 * CHUNK
    assert told.info is not None
    assert (told.info.sample_rate_hz, told.info.channels) == (RATE_HZ, 1)
    assert told.info.frames == (told.bytes - HEAD_BYTES) // 2
    provider.script.let_go("chunk")


async def test_nothing_is_told_any_more_once_it_is_stored(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"streaming": provider})
    told: list[Receiving | None] = []
    process.queue.live_changed.listen(lambda task_id: told.append(receiving_of(process, task_id)))
    task = await half_arrived(process, provider)

    provider.script.let_go("chunk")
    [done] = await process.until(process.queue.wait([task.id]))

    assert done.takes[0].state is TakeState.STORED
    assert any(told)
    assert told[-1] is None
    assert receiving_of(process, task.id) is None


async def test_an_answer_that_breaks_off_is_never_called_finished(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    provider.script.before("chunk", None, None, cut())
    process = await world.process({"streaming": provider})

    task = await process.run(request("streaming", takes=1))

    assert TaskState.FINISHED not in world.states[task.id]
    assert task.state is TaskState.UNCERTAIN
    assert (task.takes[0].file or "").endswith(".incomplete")
    assert receiving_of(process, task.id) is None


async def test_what_is_there_of_an_answer_is_kept_where_the_service_turns_out_to_have_kept_nothing(
    world: World,
) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    provider.script.before("chunk", None, None, cut())
    provider.script.before("submit", None, ResultGone("It was too large to keep."))
    process = await world.process({"streaming": provider})

    task = await process.run(request("streaming", takes=1))

    assert provider.script.count("submit") == 2
    assert (task.state, task.takes[0].state) == (TaskState.FAILED, TakeState.BROKEN)
    assert (task.takes[0].file or "").endswith(".incomplete")


async def test_what_was_kept_of_an_answer_is_still_known_after_a_retry_that_brings_nothing(world: World) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    provider.script.before("chunk", None, None, cut())
    provider.script.before("submit", None, *(ResultGone("It was too large to keep.") for _ in range(2)))
    process = await world.process({"streaming": provider})
    task = await process.run(request("streaming", takes=1))
    kept = task.takes[0].file

    await process.until(process.queue.retry(task.id))
    [again] = await process.until(process.queue.wait([task.id]))

    assert (again.state, again.takes[0].state) == (TaskState.FAILED, TakeState.BROKEN)
    assert again.takes[0].file == kept is not None
    assert world.file(kept).exists()


async def test_an_answer_that_is_gone_after_a_crash_is_not_asked_for_without_end(world: World) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    first = await world.process({"streaming": provider})
    await half_arrived(first, provider)
    await first.dies()
    provider = StreamingProvider(provider.service, REPLAY)
    provider.script.before("submit", *(ResultGone("It was too large to keep.") for _ in range(50)))
    second = await world.process({"streaming": provider})

    [task] = await second.until(second.queue.wait(await second.until(second.queue.carry_on())))

    assert (task.state, task.takes[0].state) == (TaskState.FAILED, TakeState.BROKEN)
    assert provider.script.count("submit") == 1


async def test_an_answer_that_is_asked_for_again_is_told_from_its_start(world: World) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    process = await world.process({"streaming": provider})
    task = await half_arrived(process, provider)
    arriving: list[bool] = []
    process.queue.live_changed.listen(lambda task_id: arriving.append(receiving_of(process, task_id) is not None))

    provider.script.before("chunk", cut())
    provider.script.let_go("chunk")
    [done] = await process.until(process.queue.wait([task.id]))

    assert done.state is TaskState.FINISHED
    assert provider.script.count("submit") == 2
    assert [is_arriving for is_arriving, _ in groupby(arriving)] == [False, True, False]


def board(clock: Clock) -> tuple[LiveBoard, list[Live | None]]:
    told: list[Live | None] = []
    live = LiveBoard(clock, 0.05)
    live.changed.listen(lambda task_id: told.append(live.of(task_id)))
    return live, told


async def test_what_arrives_is_announced_at_most_so_often_and_the_last_of_it_too() -> None:
    live, told = board(Clock(lambda: datetime.now(UTC)))
    began = asyncio.get_running_loop().time()

    for there in range(400):
        live.show_receiving("task", Receiving(1, there))
        await asyncio.sleep(0.0005)
    took_s = asyncio.get_running_loop().time() - began
    await asyncio.sleep(0.08)

    assert 2 <= len(told) <= took_s / 0.05 + 2
    assert told[-1] is not None
    assert told[-1].receiving == Receiving(1, 399)


async def test_a_task_that_is_forgotten_is_not_announced_late() -> None:
    clock = VirtualClock()
    live, told = board(Clock(clock.now, clock.sleep, clock.monotonic))
    live.show_receiving("task", Receiving(1, 1))
    live.show_receiving("task", Receiving(1, 2))

    live.forget("task")
    await asyncio.sleep(0.1)

    assert told == [None, None]
