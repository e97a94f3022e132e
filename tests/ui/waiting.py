"""Waits inside a coroutine, while Qt's own events go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

PATIENCE_S = 20.0


async def until(condition: Callable[[], object]) -> None:
    """Go on as soon as the condition holds; fails the test when it never does."""
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "waited in vain"
        QApplication.processEvents()
        await asyncio.sleep(0.002)
