"""Time that passes only when everybody waits for it."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

_TURNS = 12  # of the event loop, after which everybody who can move has moved


class VirtualClock:
    """`now`, `monotonic` and `sleep` for an engine under test.

    Args:
        is_busy: Whether real work (disk, threads) is under way: time waits for it.
        idle: Returns once no real work is under way.
        start: The wall clock at the beginning.
    """

    def __init__(
        self,
        is_busy: Callable[[], bool] = lambda: False,
        idle: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0),
        start: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC),
    ) -> None:
        self._is_busy = is_busy
        self._idle = idle
        self._start = start
        self._elapsed_s = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        return self._elapsed_s

    def jump(self, by: timedelta) -> None:
        """Let the wall clock jump, as when a computer is asleep or its clock is set."""
        self._start += by

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._elapsed_s + max(seconds, 0.0), self._count, future))
        await future

    async def run(self, work: Awaitable[T], *, at_most_s: float = 10_000.0) -> T:
        """Await `work` while time passes as fast as it can."""
        task = asyncio.ensure_future(work)
        end_s = self._elapsed_s + at_most_s
        while not task.done():
            await self._quiet()
            if task.done() or not self._sleepers:
                continue
            due_s, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            assert due_s <= end_s, "nothing came of it in all that time"
            self._elapsed_s = max(self._elapsed_s, due_s)
            future.set_result(None)
        return await task

    async def _quiet(self) -> None:
        """Until nobody moves who isn't waiting for time."""
        turns = 0
        while turns < _TURNS:
            turns = 0 if self._is_busy() else turns + 1
            await (self._idle() if self._is_busy() else asyncio.sleep(0))
