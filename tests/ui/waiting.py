"""Waits inside a coroutine, while Qt's own events go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

from app.ui.background import Background

PATIENCE_S = 20.0


async def until(condition: Callable[[], object]) -> None:
    """Go on as soon as the condition holds; fails the test when it never does."""
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "waited in vain"
        QApplication.processEvents()
        await asyncio.sleep(0.002)


class WhileTheLoopRuns(Background):
    """Between a test and the end of its fixtures Qt paints, and its timers come, outside of the loop: nobody wants
    what is asked for then."""

    def start(self, coro: Coroutine[Any, Any, Any], **how: Any) -> Any:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            coro.close()
            return None
        return super().start(coro, **how)
