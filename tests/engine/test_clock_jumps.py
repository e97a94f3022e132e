"""The wall clock jumps: nothing is sent twice because of it, nothing is given up, no money lands on the wrong day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import ServiceUnavailable, SpendingCeilingReached
from app.domain.task import Task, TaskState
from app.engine.reckoning import Reckoning
from app.storage.ledger import Ceilings
from tests.engine.world import Process, World, request
from tests.fakes.charges import PRICE
from tests.fakes.polled import FIND, REPLAY, PolledProvider, PolledService
from tests.fakes.virtual_clock import VirtualClock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JUMPS = [-400 * DAY, -HOUR, HOUR, 400 * DAY]


def polled(recovery: Any = FIND) -> PolledProvider:
    return PolledProvider(PolledService(fails=None, expires=None), recovery)


async def left_submitting(world: World, provider: PolledProvider) -> Task:
    """A process dies while the service's answer is on its way."""
    provider.script.hold("submit")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("submit"))
    await process.dies()
    provider.script.let_go("submit")
    return task


async def started(world: World, provider: PolledProvider, **more: Any) -> Process:
    """A process that begins as the app does."""
    process = await world.process({"service": provider}, **more)
    await process.queue.learn_time()
    return process


async def rested(process: Process, task: Task) -> Task:
    await process.until(process.queue.carry_on())
    [after] = await process.until(process.queue.wait([task.id]))
    return after


async def test_a_clock_that_was_set_back_while_the_app_was_closed_makes_no_key_fresh_again(world: World) -> None:
    provider = polled(REPLAY)
    task = await left_submitting(world, provider)
    world.time -= 3 * HOUR  # who knows how long it was closed

    after = await rested(await started(world, provider), task)

    assert after.state is TaskState.UNCERTAIN
    assert len(provider.service.charges) == 1


async def test_a_clock_that_time_servers_corrected_a_little_changes_nothing(world: World) -> None:
    provider = polled(REPLAY)
    task = await left_submitting(world, provider)
    world.time += timedelta(minutes=5)
    world.time -= timedelta(minutes=6)

    after = await rested(await started(world, provider), task)

    assert after.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_clock_that_goes_forth_ends_the_time_in_which_a_key_is_recognised(world: World) -> None:
    provider = polled(REPLAY)
    task = await left_submitting(world, provider)
    world.time += 25 * HOUR

    after = await rested(await started(world, provider), task)

    assert after.state is TaskState.UNCERTAIN


def test_time_that_passed_is_not_undone_by_setting_the_clock_back() -> None:
    clock = VirtualClock()
    reckoning = Reckoning(clock.now, clock.monotonic)
    began = clock.now()

    clock._elapsed_s += 30 * 3_600
    clock.jump(-10 * HOUR)
    assert reckoning.latest() - began == 30 * HOUR
    clock.jump(15 * HOUR)  # a computer that slept: only the wall clock went on
    assert reckoning.latest() - began == 35 * HOUR
    clock.jump(-500 * DAY)
    clock._elapsed_s += 3_600
    assert reckoning.latest() - began == 36 * HOUR


def test_what_was_written_down_in_the_future_says_that_nobody_knows_how_late_it_is() -> None:
    clock = VirtualClock()
    reckoning = Reckoning(clock.now, clock.monotonic)

    reckoning.note(clock.now() + timedelta(minutes=1))
    assert reckoning.latest() == clock.now() + timedelta(minutes=1)
    reckoning.note(clock.now() + HOUR)
    assert reckoning.latest() > clock.now() + 300 * DAY


@pytest.mark.parametrize("by", JUMPS, ids=["year back", "hour back", "hour forth", "year forth"])
async def test_polls_and_fetches_go_on_whatever_the_wall_clock_does(world: World, by: timedelta) -> None:
    provider = polled()
    process = await world.process({"service": provider})
    provider.script.hold("poll")
    [task] = await process.until(process.queue.add(request("service", takes=3)))
    await process.until(provider.script.reached("poll"))
    begun_s = process.clock.monotonic()

    process.clock.jump(by)
    provider.script.let_go("poll")
    [after] = await process.until(process.queue.wait([task.id]))

    assert after.state is TaskState.FINISHED
    assert len(after.takes) == 3
    assert process.clock.monotonic() - begun_s < 3_000  # of the virtual clock, which runs ahead of a busy machine
    assert len(provider.service.charges) == 1


@pytest.mark.parametrize("by", JUMPS, ids=["year back", "hour back", "hour forth", "year forth"])
async def test_patience_is_not_over_by_a_jump(world: World, by: timedelta) -> None:
    provider = polled()
    process = await world.process({"service": provider})
    provider.script.before("poll", *[ServiceUnavailable("Down.")] * 4)
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.moves_to(task.id, TaskState.RUNNING)

    process.clock.jump(by)
    [after] = await process.until(process.queue.wait([task.id]))

    assert after.state is TaskState.FINISHED


@pytest.mark.parametrize("by", [-DAY, -3 * HOUR, -40 * DAY], ids=["day", "hours", "month"])
async def test_what_was_sent_under_a_clock_that_was_fast_still_counts_against_todays_limit(
    world: World, by: timedelta
) -> None:
    process = await world.process({"service": polled()}, ceilings=Ceilings(day=PRICE * Decimal("1.5")))
    process.clock.jump(timedelta(hours=1) - by)
    await process.run(request("service", takes=1))

    process.clock.jump(by)
    with pytest.raises(SpendingCeilingReached, match="today"):
        await process.until(process.queue.add(request("service", takes=1)))


async def test_a_reservation_belongs_to_the_day_on_which_it_was_made(world: World) -> None:
    process = await world.process({"service": polled()}, ceilings=Ceilings(day=PRICE * Decimal("1.5")))
    await process.run(request("service", takes=1))

    process.clock.jump(DAY)

    assert (await process.run(request("service", takes=1))).state is TaskState.FINISHED
    so_far = await process.spending.so_far()
    assert (so_far.day.billed, so_far.month.billed) == (PRICE, 2 * PRICE)
