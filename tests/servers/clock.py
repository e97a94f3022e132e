"""The time of a service: it runs by itself, and a test may move it forward."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Seconds since an arbitrary moment; never goes backward.

    They are those of the event loop that it is read in: this computer's, unless the loop has a time of its own.
    """

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now_s(self) -> float:
        return _now_s() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once, so that links expire and paid work ends."""
        if seconds < 0:
            raise ValueError("time goes forward")
        self._ahead_s += seconds


def _now_s() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:  # read by a test beside the loop of the service
        return time.monotonic()
