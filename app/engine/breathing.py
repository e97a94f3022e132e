"""Long work on the event loop, cut so that a window never waits for it."""

from __future__ import annotations

import asyncio
import time

_BREATH_S = 0.004


class Breathing:
    """Awaited between the pieces of something long: lets others run every few milliseconds."""

    def __init__(self) -> None:
        self._until = time.monotonic() + _BREATH_S

    async def breathe(self) -> None:
        if time.monotonic() > self._until:
            await asyncio.sleep(0)
            self._until = time.monotonic() + _BREATH_S
