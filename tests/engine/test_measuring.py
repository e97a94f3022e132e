"""Loudness comes by itself, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from app.audio.loudness import Loudness
from app.domain.errors import StorageError
from app.domain.take import Take
from app.engine.measuring import Measuring
from tests.engine.world import Process, World, request
from tests.fakes.polled import FIND, PolledProvider, PolledService


class Meter:
    """Says that everything is equally loud."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.failure: StorageError | None = None
        self.peak = -1.5

    def __call__(self, path: Path, *, cancelled: Callable[[], bool]) -> Loudness:
        self.paths.append(path)
        if self.failure is not None:
            raise self.failure
        return Loudness(-18.0, self.peak, -2.0)


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
    assert [(take.loudness_lufs, take.true_peak_dbtp) for take in kept] == [(-18.0, -1.5)] * 2
    assert len(meter.paths) == 2
    assert await process.real_store.unmeasured(10) == []


async def test_what_cant_be_measured_is_tried_once(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    meter = Meter()
    meter.failure = StorageError("It can't be read.")

    takes = await measured(process, meter, 1)

    assert (await process.real_store.take(takes[0].id)).loudness_lufs is None
    assert await process.real_store.unmeasured(10) == []


async def test_digital_silence_has_no_peak(world: World) -> None:
    process = await world.process({"polled": PolledProvider(PolledService(fails=None, expires=None), FIND)})
    meter = Meter()
    meter.peak = float("-inf")

    takes = await measured(process, meter, 1)

    assert (await process.real_store.take(takes[0].id)).true_peak_dbtp is None
