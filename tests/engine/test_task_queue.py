"""From a click to takes on the disk."""

from __future__ import annotations

from app.domain.take import TakeState
from app.domain.task import TaskState
from tests.engine.world import World, request
from tests.fakes.polled import FIND, PolledProvider, PolledService
from tests.fakes.streaming import StreamingProvider, StreamingService
from tests.fakes.polled import UNASKABLE


async def test_every_result_of_a_polled_job_ends_on_the_disk(world: World) -> None:
    service = PolledService(fails=None, expires=None)
    process = await world.process({"polled": PolledProvider(service, FIND)})

    task = await process.run(request("polled", takes=3))

    assert task.state is TaskState.FINISHED
    assert task.failure is None
    assert [take.state for take in task.takes] == [TakeState.STORED] * 3
    assert world.file(task.takes[1].file or "").read_bytes() == service.sound("job-1", 2)


async def test_a_stream_is_written_down_as_it_arrives(world: World) -> None:
    service = StreamingService()
    process = await world.process({"streaming": StreamingProvider(service, UNASKABLE)})

    task = await process.run(request("streaming", takes=1))

    assert task.state is TaskState.FINISHED
    assert task.takes[0].state is TakeState.STORED
