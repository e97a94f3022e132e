"""Work on its way from event loops to the database thread, and the answers on their way back."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One piece of work and who waits for it; the answer goes back to the waiter's own loop."""

    work: Work[Any]
    is_write: bool
    waiter: asyncio.Future[Any]

    @classmethod
    def of_this_loop(cls, work: Work[Any], *, is_write: bool) -> Job:
        return cls(work, is_write, asyncio.get_running_loop().create_future())

    def answer(self, value: object) -> None:
        self._tell(self._succeed, value)

    def fail(self, error: BaseException) -> None:
        self._tell(self._fail, error)

    def _tell(self, tell: Callable[[Any], None], what: object) -> None:
        try:
            self.waiter.get_loop().call_soon_threadsafe(tell, what)
        except RuntimeError:  # that loop was closed meanwhile
            _log.warning("work was done for a loop that is closed now (%s)", type(what).__name__)

    def _succeed(self, value: object) -> None:
        if not self.waiter.done():
            self.waiter.set_result(value)

    def _fail(self, error: BaseException) -> None:
        if not self.waiter.done():
            self.waiter.set_exception(error)
        else:
            _log.error("work that nobody waits for any more failed", exc_info=error)


class JobLine:
    """Jobs in the order in which they came."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._is_ended = False

    def put(self, job: Job) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def end(self) -> None:
        """Let `take` return nothing once everything so far is taken."""
        with self._changed:
            self._is_ended = True
            self._changed.notify()

    def take(self, most_writes: int) -> list[Job]:
        """Wait for work: one read, or the writes that stand side by side in the line; nothing at the end."""
        with self._changed:
            while not self._jobs and not self._is_ended:
                self._changed.wait()
            taken: list[Job] = []
            while self._jobs and len(taken) < most_writes:
                if taken and not self._jobs[0].is_write:
                    break
                taken.append(self._jobs.popleft())
                if not taken[-1].is_write:
                    break
            return taken
