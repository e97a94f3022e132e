"""A gate that opens once: waited for in any event loop or thread, opened from any thread."""

from __future__ import annotations

import asyncio
import threading

_PATIENCE_S = 30.0


class Gate:
    """Closed at first; whoever waits goes on once it is opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    @property
    def is_open(self) -> bool:
        return self._opened.is_set()

    def open(self) -> None:
        with self._lock:
            self._opened.set()
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def wait(self, timeout_s: float | None = _PATIENCE_S) -> None:
        """Raises: TimeoutError after `timeout_s`; never for None."""
        with self._lock:
            if self._opened.is_set():
                return
            event = asyncio.Event()
            self._waiting.append((asyncio.get_running_loop(), event))
        async with asyncio.timeout(timeout_s):
            await event.wait()

    def wait_in_thread(self, timeout_s: float = _PATIENCE_S) -> None:
        """As `wait`, for a test without an event loop."""
        if not self._opened.wait(timeout_s):
            raise TimeoutError("the gate stayed shut")
