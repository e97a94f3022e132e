"""How many tasks run at a provider at once, over all processes; and who is next."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping

from app.domain.errors import StorageError
from app.engine.giving_way import GivingWay
from app.engine.locking import Locking
from app.engine.pace import Clock
from app.engine.waiting_line import WaitingLine
from app.storage.locks import TaskLock

_LOOK_AGAIN_S = 0.5

Admit = Callable[[StorageError | None], None]
"""Called once a place is there, or with the reason why none can be had."""


class Slots:
    """Places at each provider; who waits is let in as its `WaitingLine` says, and costs no more than its entry there.

    A place is a lock file, so all processes of a library share them, and one that dies gives its own back. A
    place that somebody here waits for is handed on; the queue of one process doesn't overtake itself. But a process
    without any is let in first (see `GivingWay`): no click is held up by a sheet of a thousand rows elsewhere.

    Args:
        limits: Places by provider id.
        default: Places of a provider that isn't named.
    """

    def __init__(self, limits: Mapping[str, int], default: int, locking: Locking, clock: Clock) -> None:
        self._limits = limits
        self._default = default
        self._locking = locking
        self._clock = clock
        self._inside: defaultdict[str, dict[str, TaskLock | None]] = defaultdict(dict)
        self._lines: defaultdict[str, WaitingLine[Admit]] = defaultdict(WaitingLine)
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._later: dict[str, asyncio.Task[None]] = {}
        self._ways: dict[str, GivingWay] = {}
        self._is_closed = False

    def join(self, provider: str, task_id: str, admit: Admit, *, goes_first: bool = False) -> None:
        """Wait for a place.

        Args:
            goes_first: Before everybody who joined without it.
        """
        self._lines[provider].join(task_id, admit, goes_first=goes_first)
        self._look(provider)

    def step_out(self, provider: str, task_id: str) -> bool:
        """Wait no more, leaving no gap; False for a task that didn't wait."""
        return self._lines[provider].step_out(task_id)

    async def enter_at_once(self, provider: str, task_id: str) -> None:
        """Go in even if all places are taken: the service has the task already. Who is inside already stays there.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        inside = self._inside[provider]
        if task_id not in inside:
            inside[task_id] = None
            inside[task_id] = await self._free_place(provider)

    async def leave(self, provider: str, task_id: str) -> None:
        """Give a place back, or hand it to the next one; a task without one is fine."""
        lock = self._inside[provider].pop(task_id, None)
        if lock is None:
            return
        if self._lines[provider] and await self._way(provider).should_leave_one():
            await self._locking.release([lock])
            self._look_soon(provider)
        elif not self._hand_on(provider, lock):
            await self._locking.release([lock])

    def inside(self, provider: str) -> frozenset[str]:
        return frozenset(self._inside[provider])

    def position(self, provider: str, task_id: str) -> int | None:
        """1 is next; None for a task that doesn't wait."""
        return self._lines[provider].position(task_id)

    async def close(self) -> None:
        """Look for no places any more."""
        self._is_closed = True
        for later in self._later.values():
            later.cancel()
        for looking in tuple(self._looking.values()):
            await looking
        for way in self._ways.values():
            await way.end()

    def _hand_on(self, provider: str, lock: TaskLock) -> bool:
        """Let the next one in; False if nobody waits."""
        if self._is_closed or (first := self._lines[provider].next()) is None:
            return False
        task_id, admit = first
        self._inside[provider][task_id] = lock
        admit(None)
        return True

    def _look(self, provider: str) -> None:
        looking = self._looking.get(provider)
        if looking is None or looking.done():
            self._looking[provider] = asyncio.ensure_future(self._look_for_places(provider))

    async def _look_for_places(self, provider: str) -> None:
        """Let in whoever finds a place. If there is none, look again: a process that leaves tells nobody."""
        line = self._lines[provider]
        while line and not self._is_closed:
            try:
                lock = await self._next_place(provider)
            except StorageError as error:
                while (first := line.next()) is not None:  # no place can be had at all: whoever waits is told why
                    first[1](error)
                break
            if lock is None:
                self._look_soon(provider)
                return
            if not self._hand_on(provider, lock):
                await self._locking.release([lock])
        await self._way(provider).end()  # nobody here waits any more
        if line and not self._is_closed:  # somebody came meanwhile
            self._look_soon(provider)

    def _look_soon(self, provider: str) -> None:
        later = self._later.get(provider)
        if later is None or later.done():
            self._later[provider] = asyncio.ensure_future(self._look_later(provider))

    async def _look_later(self, provider: str) -> None:
        await self._clock.sleep(_LOOK_AGAIN_S)
        self._look(provider)

    async def _next_place(self, provider: str) -> TaskLock | None:
        """A free place, unless another process is next; without any, be next where nobody else is."""
        way = self._way(provider)
        if await way.must_wait():
            return None
        place = await self._free_place(provider)
        if place is not None:
            await way.end()
        elif not self._inside[provider]:
            await way.be_next()
        return place

    def _way(self, provider: str) -> GivingWay:
        if provider not in self._ways:
            ticket = f"next-{_hashed(provider)}"
            self._ways[provider] = GivingWay(ticket, self._places(provider), self._locking, self._clock)
        return self._ways[provider]

    async def _free_place(self, provider: str) -> TaskLock | None:
        return await self._locking.take_any(self._places(provider))

    def _places(self, provider: str) -> list[str]:
        limit = max(1, self._limits.get(provider, self._default))
        return [f"place-{_hashed(provider)}-{number}" for number in range(limit)]


def _hashed(provider: str) -> str:
    """A provider's id may hold characters that a file name may not."""
    return hashlib.sha256(provider.encode()).hexdigest()[:12]
