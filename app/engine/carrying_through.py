"""What was begun is finished, although its caller is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_under_way: set[asyncio.Task[Any]] = set()  # the event loop itself holds no task fast


async def carried_through(act: Coroutine[Any, Any, T]) -> T:
    """Await an act that a cancelled caller leaves running, such as one that writes under a lock."""
    running = asyncio.ensure_future(act)
    _under_way.add(running)
    running.add_done_callback(_under_way.discard)
    return await asyncio.shield(running)
