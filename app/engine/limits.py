"""The user's spending limits, and when another process changed them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from app.engine.changes import Changes
from app.storage.setting_values import SpendingSettings

_LOOK_EVERY_S = 1.0


class LimitsWatch:
    """Asks for news of the limits before something is sent, though not more often than once a second.

    Attributes:
        changed: The new limits, when another process has set them.

    Args:
        news: The limits if they were written since it was last asked; blocking, called on a thread.
    """

    def __init__(
        self, news: Callable[[], SpendingSettings | None], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.changed: Changes[SpendingSettings] = Changes()
        self._news = news
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._looked_at_s: float | None = None

    async def look(self) -> None:
        """Announce new limits, if there are any; whoever comes meanwhile waits for the answer."""
        async with self._turn:
            now_s = self._monotonic()
            if self._looked_at_s is not None and now_s - self._looked_at_s < _LOOK_EVERY_S:
                return
            limits = await asyncio.to_thread(self._news)
            self._looked_at_s = now_s
            if limits is not None:
                self.changed.announce(limits)
