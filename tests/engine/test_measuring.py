"""Measures come by themselves, and never twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import StorageError
from app.domain.measures import Measures
from app.domain.take import Take
from app.engine.measuring import Measuring
from tests.engine.world import Process, World, request
from tests.fakes.measures import measures_of
from tests.fakes.polled import FIND, PolledProvider, PolledService


class Meter:
    """Says that everything is equally loud."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.threads: set[threading.Thread] = set()
        self.failure: StorageError | None = None

    def __call__(self, path: Path, *, cancelled: Callable[[], bool]) -> Measures:
        self.paths.append(path)
        self.threads.add(threading.current_thread())
        if self.failure is not None:
            raise self.failure
        return measures_of(-18.0, -1.5)


async def measured(process: Process, meter: Meter, count: int) -> list[Take]:
    """Measure until so many takes are done."""
    takes: list[Take] = []
    enough = asyncio.Event()
    measuring = Measuring(process.real_store, process.real_files, process.queue.changed, meter)

    def note(take: Take) -> None:
        takes.append(take)
        if len(takes) >= count:
            enough.set()

    measuring.measured.listen(note)
    measuring.start()
    if count > len(takes):
        await process.until(process.queue.add(request("polled", takes=count)))
        await process.until(enough.wait())
    await measuring.close()
    return takes


async def test_a_take_is_measured_once_it_is_stored(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    meter = Meter()

    takes = await measured(process, meter, 2)

    kept = [await process.real_store.take(take.id) for take in takes]
    assert [take.measures for take in kept] == [measures_of(-18.0, -1.5)] * 2
    assert len(meter.paths) == 2
    assert threading.main_thread() not in meter.threads
    assert await process.real_store.unmeasured(10) == []


async def test_what_cant_be_measured_is_tried_once(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    meter = Meter()
    meter.failure = StorageError("It can't be read.")

    takes = await measured(process, meter, 1)

    assert (await process.real_store.take(takes[0].id)).measures is None
    assert await process.real_store.unmeasured(10) == []


async def test_what_was_measured_by_less_is_measured_again(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    takes = await measured(process, Meter(), 2)
    await process.database.write(
        lambda connection: connection.execute("UPDATE takes SET measured_version = 0 WHERE id = ?", (takes[1].id,))
    )
    meter = Meter()
    measuring = Measuring(process.real_store, process.real_files, process.queue.changed, meter)
    again: asyncio.Queue[Take] = asyncio.Queue()
    measuring.measured.listen(again.put_nowait)

    measuring.start()

    assert (await process.until(again.get())).id == takes[1].id
    await measuring.close()
    assert len(meter.paths) == 1


async def test_a_command_measures_what_it_shows_without_a_window(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    task = await process.run(request("polled", takes=2))
    measuring = Measuring(process.real_store, process.real_files, process.queue.changed, Meter())
    _, second = (await process.real_store.task(task.id)).takes

    await measuring.measure([second])
    await measuring.close()

    assert [take.measures for take in (await process.real_store.task(task.id)).takes] == [None, measures_of()]
