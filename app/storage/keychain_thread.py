"""A thread for calls that a prompt may hold up for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[Callable[[], bool]], T]
"""Gets a function that says whether somebody still waits for it."""

_Job = tuple[Future[Any], Work[Any], threading.Event]


class HangingThread:
    """Runs one call after the other. A daemon, so that one that hangs doesn't keep the process from ending."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_busy = False
        self._is_closed = False

    async def run(self, work: Work[T], patience_s: float) -> T:
        """What the work returns. Work that nobody waits for any more isn't begun.

        Raises:
            TimeoutError: It isn't done after `patience_s`; it may end later, or never.
        """
        assert not self._is_closed, "the thread has ended"
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        outcome: Future[T] = Future()
        is_abandoned = threading.Event()
        self._jobs.put((outcome, work, is_abandoned))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(outcome), patience_s)
        finally:
            is_abandoned.set()

    def close(self) -> None:
        """End the thread once it is idle; whatever hangs in it is left alone."""
        self._is_closed = True
        self._jobs.put(None)
        if self._thread is not None and not self._is_busy and self._jobs.qsize() <= 1:
            self._thread.join(1.0)  # it only has to take notice

    def _work(self) -> None:
        while self._did_one():
            pass

    def _did_one(self) -> bool:
        """Do the next piece of work; False at the end. A function of its own, so that no key lives on in it."""
        job = self._jobs.get()
        if job is None:
            return False
        outcome, work, is_abandoned = job
        if not outcome.set_running_or_notify_cancel():
            return True
        self._is_busy = True
        settle: Callable[[], None]
        try:
            settle = partial(outcome.set_result, work(lambda: not is_abandoned.is_set()))
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            settle = partial(outcome.set_exception, error)
        self._is_busy = False  # before the waiter goes on, who may close us
        settle()
        return True
