"""Whether the queue of a library is paused: for all its processes, and for longer than they live."""

from __future__ import annotations

import asyncio

from app.engine.changes import Changes
from app.storage.queue_state import QueueState


class Pausing:
    """While it is paused nothing new leaves: no task is sent, nothing is uploaded. What has left goes on.

    Attributes:
        changed: Whether it is paused now.
    """

    def __init__(self, state: QueueState) -> None:
        self.changed: Changes[bool] = Changes()
        self._state = state
        self._is_paused = False
        self._goes_on = asyncio.Event()
        self._goes_on.set()

    @property
    def is_paused(self) -> bool:
        """As far as this process has seen."""
        return self._is_paused

    async def pause(self) -> None:
        """
        Raises:
            StorageError: it couldn't be written, and nothing has changed.
        """
        await self._state.pause()
        self._become(is_paused=True)

    async def resume(self) -> None:
        """
        Raises:
            StorageError: it couldn't be written, and nothing has changed.
        """
        await self._state.resume()
        self._become(is_paused=False)

    def note(self, *, is_paused: bool) -> None:
        """What the library says: another process may have written it."""
        self._become(is_paused=is_paused)

    async def until_it_goes_on(self) -> None:
        await self._goes_on.wait()

    def _become(self, *, is_paused: bool) -> None:
        if is_paused == self._is_paused:
            return
        self._is_paused = is_paused
        if is_paused:
            self._goes_on.clear()
        else:
            self._goes_on.set()
        # Not called from here: a listener's bug belongs to the listener.
        asyncio.get_running_loop().call_soon(self.changed.announce, is_paused)
