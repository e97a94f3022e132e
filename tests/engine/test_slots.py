"""Who may run at a provider, and who is next."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.domain.errors import StorageError
from app.engine.locking import Locking
from app.engine.pace import Clock
from app.engine.slots import Slots
from app.storage.locks import TaskLocks
from tests.engine.test_results import MOMENT
from tests.fakes.virtual_clock import VirtualClock


def slots(folder: Path, clock: VirtualClock, limit: int = 1) -> Slots:
    return Slots({}, limit, Locking(TaskLocks(folder)), Clock(lambda: MOMENT, clock.sleep, clock.monotonic))


async def entered(place: Slots, task_id: str) -> asyncio.Task[None]:
    """A task at the door: it is inside once the returned one is done."""
    entering = asyncio.ensure_future(place.enter("service", task_id))
    await asyncio.sleep(0)
    return entering


async def test_whoever_waits_longest_is_let_in_first(tmp_path: Path) -> None:
    place = slots(tmp_path, VirtualClock(), limit=2)
    doors = [await entered(place, task_id) for task_id in "abcd"]
    await asyncio.gather(*doors[:2])

    assert [place.position("service", task_id) for task_id in "abcd"] == [None, None, 1, 2]

    await place.leave("service", "b")
    await doors[2]
    assert not doors[3].done()
    await place.leave("service", "a")
    await doors[3]
    await place.close()


async def test_one_who_gives_up_waiting_leaves_no_gap(tmp_path: Path) -> None:
    place = slots(tmp_path, VirtualClock())
    await (await entered(place, "a"))
    b, c = await entered(place, "b"), await entered(place, "c")

    b.cancel()
    await asyncio.wait([b])
    assert place.position("service", "c") == 1
    await place.leave("service", "a")

    await c
    await place.close()


async def test_what_the_service_has_already_needs_no_free_place_but_takes_one(tmp_path: Path) -> None:
    place = slots(tmp_path, VirtualClock())
    await place.enter_at_once("service", "a")
    await place.enter_at_once("service", "b")
    c = await entered(place, "c")

    await place.leave("service", "b")
    assert not c.done()
    await place.leave("service", "a")
    await c
    await place.close()


async def test_a_place_that_another_process_leaves_is_found(tmp_path: Path) -> None:
    clock = VirtualClock()
    here, there = slots(tmp_path, clock), slots(tmp_path, clock)
    await there.enter("service", "a")
    waiting = await entered(here, "b")
    await clock.run(clock.sleep(5))
    assert not waiting.done()

    await there.leave("service", "a")

    await clock.run(waiting)
    await here.close()
    await there.close()


async def test_providers_dont_stand_in_each_others_way(tmp_path: Path) -> None:
    place = slots(tmp_path, VirtualClock())
    await place.enter("service", "a")

    await place.enter("openai:KOKORO", "b")

    assert place.inside("openai:KOKORO") == {"b"}
    await place.close()


async def test_a_folder_that_cant_be_used_is_an_error_and_no_endless_wait(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    place = slots(file, VirtualClock())

    with pytest.raises(StorageError):
        await place.enter("service", "a")
    await place.close()
