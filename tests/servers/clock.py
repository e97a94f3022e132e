"""The time of a service: it runs by itself, and a test may move it forward."""

from __future__ import annotations

import time


class Clock:
    """Seconds since an arbitrary moment; never goes backward."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now_s(self) -> float:
        return time.monotonic() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once, so that links expire and paid work ends."""
        if seconds < 0:
            raise ValueError("time goes forward")
        self._ahead_s += seconds
