"""Who may run at a provider, and who is next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import StorageError
from app.engine.locking import Locking
from app.engine.pace import Clock
from app.engine.slots import Slots
from app.storage.locks import TaskLocks
from tests.engine.test_results import MOMENT
from tests.fakes.mortality import Mortal, Mortality
from tests.fakes.virtual_clock import VirtualClock


class Time(VirtualClock):
    """Stands still while a thread is at the lock files."""

    def __init__(self) -> None:
        self.mortality = Mortality()
        super().__init__(self.mortality.is_busy, self.mortality.idle)


def slots(folder: Path, clock: Time, limit: int = 1) -> Slots:
    locking: Any = Mortal(Locking(TaskLocks(folder)), clock.mortality, lambda *_: None)
    return Slots({}, limit, locking, Clock(lambda: MOMENT, clock.sleep, clock.monotonic))


async def entered(place: Slots, task_id: str, *, goes_first: bool = False) -> asyncio.Future[None]:
    """A task at the door: it is inside once the returned future is done."""
    entering: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def admit(error: StorageError | None) -> None:
        if error is None:
            entering.set_result(None)
        else:
            entering.set_exception(error)

    place.join("service", task_id, admit, goes_first=goes_first)
    await asyncio.sleep(0)
    return entering


async def test_whoever_waits_longest_is_let_in_first(tmp_path: Path) -> None:
    place = slots(tmp_path, Time(), limit=2)
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
    place = slots(tmp_path, Time())
    await (await entered(place, "a"))
    b, c = await entered(place, "b"), await entered(place, "c")

    assert place.step_out("service", "b")
    assert not place.step_out("service", "b")
    assert not b.done()
    assert place.position("service", "c") == 1
    await place.leave("service", "a")

    await c
    await place.close()


async def test_what_the_service_has_already_needs_no_free_place_but_takes_one(tmp_path: Path) -> None:
    place = slots(tmp_path, Time())
    await place.enter_at_once("service", "a")
    await place.enter_at_once("service", "b")
    c = await entered(place, "c")

    await place.leave("service", "b")
    assert not c.done()
    await place.leave("service", "a")
    await c
    await place.close()


async def test_a_place_that_another_process_leaves_is_found(tmp_path: Path) -> None:
    clock = Time()
    here, there = slots(tmp_path, clock), slots(tmp_path, clock)
    await (await entered(there, "a"))
    waiting = await entered(here, "b")
    await clock.run(clock.sleep(5))
    assert not waiting.done()

    await there.leave("service", "a")

    await clock.run(waiting)
    await here.close()
    await there.close()


async def test_providers_dont_stand_in_each_others_way(tmp_path: Path) -> None:
    place = slots(tmp_path, Time())
    await (await entered(place, "a"))

    await place.enter_at_once("openai:KOKORO", "b")

    assert place.inside("openai:KOKORO") == {"b"}
    await place.close()


async def test_a_folder_that_cant_be_used_is_an_error_and_no_endless_wait(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    place = slots(file, Time())

    with pytest.raises(StorageError):
        await (await entered(place, "a"))
    await place.close()


async def test_what_somebody_has_just_asked_for_goes_before_what_is_left_of_a_sheet(tmp_path: Path) -> None:
    place = slots(tmp_path, Time())
    await (await entered(place, "a"))
    rows = [await entered(place, task_id) for task_id in "bc"]

    clicks = [await entered(place, task_id, goes_first=True) for task_id in "xy"]

    assert [place.position("service", task_id) for task_id in "xybc"] == [1, 2, 3, 4]
    for task_id, door in zip("axyb", (*clicks, *rows), strict=True):
        await place.leave("service", task_id)
        await door
    await place.leave("service", "c")
    await place.close()


async def worked_off(place: Slots, clock: Time, tasks: Sequence[str], seconds: float) -> dict[str, float]:
    """Let tasks in that take a while each; returns when each came in."""
    came: dict[str, float] = {}

    async def one(task_id: str, door: asyncio.Future[None]) -> None:
        await door
        came[task_id] = clock.monotonic()
        await clock.sleep(seconds)
        await place.leave("service", task_id)

    await asyncio.gather(*[one(task_id, await entered(place, task_id)) for task_id in tasks])
    return came


@pytest.mark.parametrize("limit", [1, 4])
async def test_one_task_of_another_process_isnt_held_up_by_a_sheet_of_many(tmp_path: Path, limit: int) -> None:
    clock = Time()
    sheet, window = slots(tmp_path, clock, limit), slots(tmp_path, clock, limit)
    rows = asyncio.ensure_future(worked_off(sheet, clock, [f"row {number}" for number in range(20 * limit)], 3.0))
    await clock.run(clock.sleep(7.0))

    clicked_s = clock.monotonic()
    came = await clock.run(worked_off(window, clock, ["click"], 1.0))
    await clock.run(rows)

    assert came["click"] - clicked_s <= 3.0 + 4 * 0.5
    assert len(rows.result()) == 20 * limit
    await sheet.close()
    await window.close()


async def test_two_sheets_of_two_processes_take_turns_at_the_only_place(tmp_path: Path) -> None:
    clock = Time()
    places = [slots(tmp_path, clock), slots(tmp_path, clock)]

    working = [worked_off(place, clock, [f"{number}" for number in range(6)], 3.0) for place in places]
    one, other = await clock.run(asyncio.gather(*working))

    moments = sorted([(at_s, "one") for at_s in one.values()] + [(at_s, "other") for at_s in other.values()])
    runs = [len(list(run)) for _, run in groupby(who for _, who in moments[:8])]
    assert max(runs) <= 2
    for place in places:
        await place.close()
    assert [path.name for path in tmp_path.iterdir()] == ["guard"]


async def test_who_gives_up_waiting_is_no_longer_next(tmp_path: Path) -> None:
    clock = Time()
    here, there = slots(tmp_path, clock), slots(tmp_path, clock)
    await (await entered(there, "a"))
    await entered(here, "b")
    following = await entered(there, "c")
    await clock.run(clock.sleep(2))

    assert here.step_out("service", "b")
    await clock.run(clock.sleep(2))
    await there.leave("service", "a")

    await clock.run(following)
    await here.close()
    await there.close()


async def test_a_process_that_is_stopped_while_it_is_next_holds_nobody_up_for_long(tmp_path: Path) -> None:
    clock, stopped_clock = Time(), Time()
    sheet, stopped = slots(tmp_path, clock), slots(tmp_path, stopped_clock)
    rows = asyncio.ensure_future(worked_off(sheet, clock, [f"row {number}" for number in range(10)], 3.0))
    await clock.run(clock.sleep(1.0))
    await entered(stopped, "click")
    await stopped_clock.run(stopped_clock.sleep(1.0))  # it has its ticket; from now on its time stands still

    await clock.run(rows)

    assert clock.monotonic() <= 10 * 3.0 + 3.0
    await stopped.close()
    await sheet.close()
