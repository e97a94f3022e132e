"""What other processes want: wishes for tasks that this one holds, and what holds for the whole queue."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping

from app.domain.errors import StorageError
from app.engine.pace import Clock
from app.storage.task_store import TaskStore, Wish

_log = logging.getLogger(__name__)


class WishWatch:
    """Looks for wishes every so often, and has them obeyed.

    Args:
        held: Ids of the tasks that this process holds now.
        obey: Does what is wished.
        look: Called first whenever another process has written.
    """

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        every_s: float,
        held: Callable[[], Collection[str]],
        obey: Callable[[Mapping[str, Wish]], Awaitable[None]],
        look: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._every_s = every_s
        self._held = held
        self._obey = obey
        self._look_around = look
        self._version: int | None = None

    def look_closely(self) -> None:
        """Tasks were taken up that may have wishes from before."""
        self._version = None

    async def watch(self) -> None:
        """While tasks are held."""
        while self._held():
            try:
                await self._look()
            except StorageError:
                _log.warning("wishes can't be read", exc_info=True)  # the next look may go well
            await self._clock.sleep(self._every_s)

    async def _look(self) -> None:
        version = await self._store.data_version()
        if version == self._version:
            return  # nobody else has written since
        await self._look_around()
        wishes = await self._store.wishes(self._held())
        if wishes:
            await self._obey(wishes)
            await self._store.forget_obeyed(wishes)
        self._version = version
