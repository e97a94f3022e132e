"""Task locks off the event loop: they are files, and a file may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

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
        return (await self.take_each([name]))[0]

    async def take_any(self, names: Sequence[str]) -> TaskLock | None:
        """Take the first of several locks that is free; None where none is.

        Raises:
            StorageError: the lock file can't be made.
        """

        def acquire() -> list[TaskLock | None]:
            return [next((lock for lock in map(self._locks.acquire, names) if lock is not None), None)]

        return (await self._off_the_loop(acquire))[0]

    async def take_each(self, names: Sequence[str]) -> list[TaskLock | None]:
        """Take many locks at once; None for each that somebody else holds.

        Raises:
            StorageError: a lock file can't be made; none was taken.
        """
        return await self._off_the_loop(lambda: self._locks.acquire_each(names))

    async def are_held(self, names: Sequence[str]) -> bool:
        """Whether somebody holds each of several locks now.

        Raises:
            StorageError: the folder of locks can't be used.
        """
        return await asyncio.to_thread(lambda: all(map(self._locks.is_held, names)))

    async def release(self, locks: Collection[TaskLock]) -> None:
        """Give locks back, even if the caller is cancelled meanwhile."""
        if locks:
            await asyncio.shield(asyncio.to_thread(self._locks.release, locks))

    async def _off_the_loop(self, acquire: Callable[[], list[TaskLock | None]]) -> list[TaskLock | None]:
        """A caller that is cancelled meanwhile leaves no lock behind."""
        taking = asyncio.ensure_future(asyncio.to_thread(acquire))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(_give_up)
            raise


def _give_up(taking: asyncio.Task[list[TaskLock | None]]) -> None:
    taken = [] if taking.cancelled() or taking.exception() is not None else taking.result()
    for lock in taken:
        if lock is not None:
            lock.release()
