"""How many tasks run at a provider at once, over all processes; and who is next."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Mapping

from app.domain.errors import StorageError
from app.engine.locking import Locking
from app.engine.pace import Clock
from app.storage.locks import TaskLock

_LOOK_AGAIN_S = 0.5


class Slots:
    """Places at each provider; whoever waits longest is let in first.

    A place is a lock file, so all processes of a library share them, and one that dies gives its own back. A
    place that somebody here waits for is handed on; the queue of one process doesn't overtake itself.

    Args:
        limits: Places by provider id.
        default: Places of a provider that isn't named.
    """

    def __init__(self, limits: Mapping[str, int], default: int, locking: Locking, clock: Clock) -> None:
        self._limits = limits
        self._default = default
        self._locking = locking
        self._clock = clock
        self._inside: dict[str, dict[str, TaskLock | None]] = {}
        self._waiting: dict[str, deque[tuple[str, asyncio.Future[TaskLock]]]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._later: dict[str, asyncio.Task[None]] = {}

    async def enter(self, provider: str, task_id: str) -> None:
        """Wait for a place. A task that is inside already stays there.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        inside = self._inside.setdefault(provider, {})
        if task_id in inside:
            return
        place: asyncio.Future[TaskLock] = asyncio.get_running_loop().create_future()
        entry = (task_id, place)
        waiting = self._waiting.setdefault(provider, deque())
        waiting.append(entry)
        self._look(provider)
        try:
            await place
        except asyncio.CancelledError:
            if entry in waiting:
                waiting.remove(entry)
            raise

    async def enter_at_once(self, provider: str, task_id: str) -> None:
        """Go in even if all places are taken: the service has the task already.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        inside = self._inside.setdefault(provider, {})
        if task_id not in inside:
            inside[task_id] = None
            inside[task_id] = await self._free_place(provider)

    async def leave(self, provider: str, task_id: str) -> None:
        """Give a place back, or hand it to the next one; a task without one is fine."""
        lock = self._inside.get(provider, {}).pop(task_id, None)
        if lock is not None and not self._hand_on(provider, lock):
            await self._locking.release([lock])

    def inside(self, provider: str) -> frozenset[str]:
        return frozenset(self._inside.get(provider, ()))

    def position(self, provider: str, task_id: str) -> int | None:
        """1 is next; None for a task that doesn't wait."""
        waiting = self._waiting.get(provider, ())
        return next((place for place, (waiter, _) in enumerate(waiting, 1) if waiter == task_id), None)

    def _hand_on(self, provider: str, lock: TaskLock) -> bool:
        """Let the next one in; False if nobody waits."""
        waiting = self._waiting.get(provider, deque())
        while waiting:
            task_id, place = waiting.popleft()
            if not place.done():
                self._inside[provider][task_id] = lock
                place.set_result(lock)
                return True
        return False

    async def close(self) -> None:
        """Look for no places any more."""
        for later in self._later.values():
            later.cancel()
        for looking in tuple(self._looking.values()):
            await looking

    def _look(self, provider: str) -> None:
        looking = self._looking.get(provider)
        if looking is None or looking.done():
            self._looking[provider] = asyncio.ensure_future(self._look_for_places(provider))

    async def _look_for_places(self, provider: str) -> None:
        """Let in whoever finds a place. If there is none, look again: a process that leaves tells nobody."""
        while self._waiting[provider]:
            try:
                lock = await self._free_place(provider)
            except StorageError as error:
                self._turn_away(provider, error)
                return
            if lock is None:
                later = self._later.get(provider)
                if later is None or later.done():
                    self._later[provider] = asyncio.ensure_future(self._look_later(provider))
                return
            if not self._hand_on(provider, lock):
                await self._locking.release([lock])

    def _turn_away(self, provider: str, error: StorageError) -> None:
        """No place can be had at all: whoever waits is told why."""
        while self._waiting[provider]:
            _, place = self._waiting[provider].popleft()
            if not place.done():
                place.set_exception(error)

    async def _look_later(self, provider: str) -> None:
        await self._clock.sleep(_LOOK_AGAIN_S)
        self._look(provider)

    async def _free_place(self, provider: str) -> TaskLock | None:
        limit = max(1, self._limits.get(provider, self._default))
        # Hashed: a provider's id may hold characters that a file name may not.
        name = f"place-{hashlib.sha256(provider.encode()).hexdigest()[:12]}"

        return await self._locking.take_any([f"{name}-{number}" for number in range(limit)])
