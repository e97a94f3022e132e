"""Task locks off the event loop: they are files, and a file may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from app.storage.locks import TaskLock, TaskLocks


class Locking:
    """Takes and gives back the locks of one library."""

    def __init__(self, locks: TaskLocks) -> None:
        self._locks = locks

    async def take(self, name: str) -> TaskLock | None:
        """Take a lock; None where somebody else holds it.

        Raises:
            StorageError: the lock file can't be made.
        """
        return await self.take_any([name])

    async def take_any(self, names: Sequence[str]) -> TaskLock | None:
        """Take the first of several locks that is free; None where none is.

        A caller that is cancelled meanwhile leaves no lock behind.
        """

        def acquire() -> TaskLock | None:
            return next((lock for lock in map(self._locks.acquire, names) if lock is not None), None)

        taking = asyncio.ensure_future(asyncio.to_thread(acquire))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(_give_up)
            raise

    async def release(self, locks: Iterable[TaskLock]) -> None:
        """Give locks back, even if the caller is cancelled meanwhile."""

        def release() -> None:
            for lock in locks:
                lock.release()

        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, release))


def _give_up(taking: asyncio.Task[TaskLock | None]) -> None:
    lock = taking.result() if not taking.cancelled() and taking.exception() is None else None
    if lock is not None:
        lock.release()
