"""A long list worked through a few at a time, so that a window on the same loop gets its turns in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

_IN_A_ROW = 16


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """Each item; everybody else on the loop comes to their turn between every few of them."""
    for place, item in enumerate(items, 1):
        yield item
        if place % _IN_A_ROW == 0:
            await asyncio.sleep(0)
