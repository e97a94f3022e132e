"""How work is watched: how far it is, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Cancelled(Exception):
    """The work was called off; there is no result."""


class CancelFlag(Protocol):
    """Like `threading.Event`."""

    def is_set(self) -> bool: ...


class Watch:
    """Tells how far the work is, and stops it when that is wished."""

    def __init__(self, progress: Callable[[float], None] | None, cancelled: CancelFlag | None) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._start, self._span = 0.0, 1.0

    def within(self, start: float, span: float) -> None:
        """What follows is this part of the whole; its own 0 to 1 is mapped into it."""
        self._start, self._span = start, span

    def reached(self, fraction: float) -> None:
        """Say how far this part is.

        Raises:
            Cancelled: It is wished to stop.
        """
        self.check()
        if self._progress is not None:
            self._progress(min(self._start + self._span * fraction, 1.0))

    def check(self) -> None:
        """Go on, or raise `Cancelled`."""
        if self._cancelled is not None and self._cancelled.is_set():
            raise Cancelled
