"""Which process is next at a provider, so that none which has no place waits behind another one's whole queue."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import StorageError
from app.engine.locking import Locking
from app.engine.pace import Clock
from app.storage.locks import TaskLock

_ASK_EVERY_S = 0.5
_LEFT_FREE_S = 2.0  # who is next elsewhere looks four times in it; longer than that, it is stopped or asleep
_NOT_TRUSTED_S = 60.0  # who let that pass


class GivingWay:
    """One provider's ticket: a lock that a process takes which waits and has no place there at all.

    The others leave it the next place that comes free. A process with a place of its own takes no ticket, so two
    long queues don't hand the same places to and fro.

    Args:
        ticket: The name of the lock.
        places: Names of the locks of all places there.
    """

    def __init__(self, ticket: str, places: Sequence[str], locking: Locking, clock: Clock) -> None:
        self._name = ticket
        self._places = places
        self._locking = locking
        self._clock = clock
        self._ticket: TaskLock | None = None
        self._asked_s = self._trusts_again_s = float("-inf")
        self._since_s: float | None = None

    async def be_next(self) -> None:
        """Take the ticket if nobody has it.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        if self._ticket is None:
            self._ticket = await self._locking.take(self._name)

    async def end(self) -> None:
        """There is a place now, or nobody waits here any more: the next one may be next."""
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            await self._locking.release([ticket])

    async def must_wait(self) -> bool:
        """Whether the next free place belongs to another process.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        if self._ticket is not None or self._is_distrustful:
            return False
        is_elsewhere = await self._locking.are_held([self._name])
        if not is_elsewhere or await self._locking.are_held(self._places):
            self._since_s = None
            return is_elsewhere
        now_s = self._clock.monotonic()
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s < _LEFT_FREE_S:
            return True
        self._since_s = None
        self._trusts_again_s = now_s + _NOT_TRUSTED_S
        return False

    async def should_leave_one(self) -> bool:
        """Whether a place that comes free here is wanted more elsewhere; looked for now and then, since most tasks are
        many and short."""
        now_s = self._clock.monotonic()
        if self._ticket is not None or self._is_distrustful or now_s - self._asked_s < _ASK_EVERY_S:
            return False
        self._asked_s = now_s
        try:
            return await self._locking.are_held([self._name])
        except StorageError:  # without the folder of locks nobody is let in elsewhere either
            return False

    @property
    def _is_distrustful(self) -> bool:
        """Whether the process that was next let places pass."""
        return self._clock.monotonic() < self._trusts_again_s
