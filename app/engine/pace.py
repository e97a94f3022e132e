"""How fast the engine goes: polls, second tries, patience."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.engine.reckoning import Reckoning
from app.engine.retry import AsTold, Doubling, Scatter, Wait

_QUICKEST_POLL_S = 0.02  # a service that asks to be polled all the time isn't obeyed to the letter
_SLOWEST_ADVICE_S = 300.0  # nor is one that wants to be left alone for a day


@dataclass(frozen=True, slots=True)
class Pace:
    """Intervals and limits of the loops, in seconds.

    Attributes:
        first_poll_s: Between two polls at first, where neither the user nor the service says otherwise.
        own_first_poll_s: The user's wish by provider id; beats the service's advice.
        poll_growth: Each interval is so many times the one before it.
        slowest_poll_s: Polls never become rarer by themselves.
        again: Before the next try after a failure.
        patience_s: Failures for so long pause a task.
        job_patience_s: A job without any news for so long pauses its task; it may still bring something.
        wishes_s: How often wishes of other processes are looked for.
        live_s: A task's live state is announced at most this often.
        fetches: Results of one task that are fetched at the same time.
        most_results: Results that one job may announce; a lying server gets no further.
        fresh_links: How many times in a row a fresh link is asked for before a result counts as expired.
    """

    first_poll_s: float = 2.0
    own_first_poll_s: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    poll_growth: float = 1.25
    slowest_poll_s: float = 15.0
    again: Wait = field(default_factory=lambda: (Doubling(1.0, 60.0) | AsTold()) + Scatter(0.5))
    patience_s: float = 120.0
    job_patience_s: float = 1_200.0
    wishes_s: float = 1.0
    live_s: float = 0.1
    fetches: int = 4
    most_results: int = 256
    fresh_links: int = 2

    def poll_after_s(self, provider: str, polls: int, advice_s: float | None) -> float:
        """Seconds until the next poll, after `polls` polls (from 0) and the service's latest advice."""
        own_s = self.own_first_poll_s.get(provider)
        if own_s is None and advice_s is not None and not math.isnan(advice_s):
            return min(max(advice_s, _QUICKEST_POLL_S), _SLOWEST_ADVICE_S)
        first_s = own_s if own_s is not None else self.first_poll_s
        grown_s = first_s * self.poll_growth ** min(polls, 64)
        return max(min(grown_s, max(self.slowest_poll_s, first_s)), _QUICKEST_POLL_S)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, as the engine sees it; a test brings its own.

    Attributes:
        now: The wall clock, aware, in UTC.
        sleep: Waits so many seconds.
        monotonic: Seconds that never run backwards.
        reckoning: What the wall clock can't hide by being set back.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    reckoning: Reckoning = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reckoning", Reckoning(self.now, self.monotonic))

    def after(self, seconds: float) -> datetime:
        """The wall clock in so many seconds."""
        return self.now() + timedelta(seconds=seconds)

    async def wait(self, tasks: Iterable[asyncio.Task[Any]], most_s: float) -> None:
        """Until all have ended, or so many seconds are over."""
        over = asyncio.ensure_future(self.sleep(most_s))
        ended = asyncio.ensure_future(asyncio.wait(tuple(tasks)))
        try:
            await asyncio.wait([over, ended], return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            ended.cancel()
