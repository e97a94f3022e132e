"""When requests leave for a service that is sometimes busy."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.errors import NotConnected, RateLimited
from app.engine.gate import Gate
from app.engine.pace import Clock
from app.engine.retry import AsTold, Doubling, Scatter
from tests.fakes.virtual_clock import VirtualClock

AGAIN = Doubling(1.0, 60.0) | AsTold()


def gate_at(clock: VirtualClock, per_minute: int | None = None, again=AGAIN) -> Gate:
    return Gate(Clock(clock.now, clock.sleep, clock.monotonic), again, per_minute)


def unmoved(_seconds: float, _gate: Gate | None) -> None:
    """It doesn't matter to who waits here."""


async def refused(gate: Gate, retry_after_s: float | None = None) -> None:
    (await gate.turn(unmoved)).answered(RateLimited("Busy.", retry_after_s))


@dataclass
class Service:
    """Answers each request after its latency, and refuses as long as its script says so; keeps the times."""

    clock: VirtualClock
    latency_s: float
    script: list[float | None]  # what the next refusals ask for
    departed: list[tuple[float, int]] = field(default_factory=list)
    may_not_before: list[tuple[float, float]] = field(default_factory=list)  # from when on, until when
    waiting: set[int] = field(default_factory=set)
    under_way: int = 0
    most_after_refusal: int = 0
    is_suspicious: bool = False

    async def ask(self, gate: Gate, number: int, arrives_s: float, gives_up_s: float | None) -> bool:
        await self.clock.sleep(arrives_s)
        asking = asyncio.ensure_future(self._until_accepted(gate, number))
        if gives_up_s is None:
            await asking
            return True
        ending = asyncio.ensure_future(self.clock.sleep(gives_up_s))
        await asyncio.wait([asking, ending], return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        self.waiting.discard(number)
        return not asking.cancel()

    async def _until_accepted(self, gate: Gate, number: int) -> None:
        place: int | None = None
        self.waiting.add(number)
        while True:
            departure = await gate.turn(unmoved, place)
            place = departure.number
            assert number == min(self.waiting), "somebody was overtaken"
            self.waiting.discard(number)
            self.departed.append((self.clock.monotonic(), number))
            self.under_way += 1
            if self.is_suspicious:
                self.most_after_refusal = max(self.most_after_refusal, self.under_way)
            with departure:
                try:
                    await self.clock.sleep(self.latency_s)
                finally:
                    self.under_way -= 1
                if not self.script:
                    departure.answered(None)
                    self.is_suspicious = False
                    return
                told_s = self.script.pop()
                self.waiting.add(number)
                self.is_suspicious = self.under_way == 0
                now_s = self.clock.monotonic()
                self.may_not_before.append((now_s, now_s + min(max(told_s or 0.0, 1.0), 3_600.0)))
                departure.answered(RateLimited("Busy.", told_s))


SECONDS = some.floats(0.0, 40.0, allow_nan=False).map(lambda value: round(value, 1))
ABSURD = some.sampled_from([None, 0.0, -3.0, 31_536_000.0, math.inf, -math.inf])
ARRIVALS = some.lists(some.tuples(SECONDS, some.none() | SECONDS), min_size=1, max_size=12)


@settings(max_examples=150)
@given(
    arrivals=ARRIVALS,
    latency_s=some.sampled_from([0.0, 0.3, 5.0]),
    script=some.lists(SECONDS | ABSURD, max_size=6),
    per_minute=some.sampled_from([None, 6, 60]),
)
def test_nobody_leaves_too_early_is_overtaken_or_starves(arrivals, latency_s, script, per_minute):
    async def run() -> None:
        clock = VirtualClock()
        gate, service = gate_at(clock, per_minute), Service(clock, latency_s, list(script))
        order = sorted(range(len(arrivals)), key=lambda each: arrivals[each][0])
        asking = [service.ask(gate, number, *arrivals[who]) for number, who in enumerate(order)]

        served = await clock.run(asyncio.gather(*asking), at_most_s=1_000_000.0)

        assert all(is_served for is_served, who in zip(served, order, strict=True) if arrivals[who][1] is None)
        for from_s, until_s in service.may_not_before:
            assert not [at_s for at_s, _ in service.departed if from_s < at_s < until_s - 1e-6]
        if per_minute:
            times = [at_s for at_s, _ in service.departed]
            assert all(b - a >= 60 / per_minute - 1e-6 for a, b in pairwise(times))
        assert service.most_after_refusal <= 1, "the herd came back at once"
        gate.stop()

    asyncio.run(run())


async def test_everybody_waits_as_long_as_one_was_told_and_then_one_goes_first():
    clock = VirtualClock()
    gate = gate_at(clock)
    await refused(gate, 20)
    waiting = [asyncio.ensure_future(gate.turn(unmoved)) for _ in range(8)]

    first = await clock.run(waiting[0])
    await clock.run(clock.sleep(50))

    assert clock.monotonic() >= 20
    assert [each.done() for each in waiting] == [True] + [False] * 7
    first.answered(None)
    await clock.run(asyncio.wait(waiting[:3]))
    assert sum(each.done() for each in waiting) == 3  # two at a time now
    for each in waiting[1:3]:
        each.result().answered(None)
    await clock.run(asyncio.wait(waiting))
    gate.stop()


async def test_the_pause_grows_from_refusal_to_refusal_and_shrinks_with_success():
    clock = VirtualClock()
    gate = gate_at(clock)
    pauses = []

    for _ in range(4):
        await clock.run(refused(gate))
        pauses.append(gate.shut_for_s)
    for _ in range(2):
        (await clock.run(gate.turn(unmoved))).answered(None)
    await clock.run(refused(gate))

    assert pauses == [1, 2, 4, 8]
    assert gate.shut_for_s == 4


async def test_of_requests_that_were_refused_together_one_counts():
    clock = VirtualClock()
    gate = gate_at(clock)
    together = [await gate.turn(unmoved) for _ in range(6)]

    for departure in together:
        departure.answered(RateLimited("Busy."))

    assert gate.shut_for_s == 1


async def test_one_who_was_first_and_got_no_answer_lets_the_next_one_try():
    clock = VirtualClock()
    gate = gate_at(clock)
    await refused(gate, 5)
    first, second = (asyncio.ensure_future(gate.turn(unmoved)) for _ in range(2))

    (await clock.run(first)).answered(NotConnected("No connection."))

    assert await clock.run(second)
    gate.stop()


async def test_who_waits_is_told_for_how_long_and_told_anew():
    clock = VirtualClock()
    gate = gate_at(clock)
    told: list[float] = []
    await refused(gate, 5)
    waiting = asyncio.ensure_future(gate.turn(lambda seconds, _gate: told.append(seconds)))
    await asyncio.sleep(0)

    gate.shut(30)

    assert told == [5, 30]
    waiting.cancel()
    gate.stop()


@pytest.mark.parametrize(
    ("told_s", "pause_s"), [(31_536_000.0, 3_600), (math.inf, 3_600), (-1.0, 1), (math.nan, 1), (0.0, 1)]
)
async def test_a_senseless_wish_of_a_service_is_kept_within_bounds(told_s, pause_s):
    gate = gate_at(VirtualClock())

    await refused(gate, told_s)

    assert gate.shut_for_s == pause_s


async def test_dice_part_the_processes_that_were_refused_together():
    one, other = (gate_at(VirtualClock(), again=AGAIN + Scatter(0.5, lambda d=dice: d)) for dice in (0.2, 0.8))

    await refused(one, 10)
    await refused(other, 10)

    assert (one.shut_for_s, other.shut_for_s) == (10.1, 10.4)


async def test_many_wait_behind_one_timer():
    clock = VirtualClock()
    gate = gate_at(clock)
    await refused(gate, 60)

    waiting = [asyncio.ensure_future(gate.turn(unmoved)) for _ in range(1_000)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert len(clock._sleepers) == 1
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    gate.stop()
