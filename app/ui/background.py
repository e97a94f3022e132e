"""Coroutines started from slots: kept until they end, their problems shown, their bugs passed on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from app.domain.errors import AppError

T = TypeVar("T")


class Background:
    """What one window has under way.

    An `AppError` goes to `on_error`. Any other exception is a bug and goes untouched to the loop's exception
    handler. Cancelling is neither.
    """

    def __init__(self, on_error: Callable[[AppError], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    def start(self, coro: Coroutine[Any, Any, T], *, on_done: Callable[[T], None] | None = None) -> asyncio.Task[T]:
        """Run a coroutine on the running loop; `on_done` gets its result. Once closed it cancels at once."""
        task = asyncio.get_running_loop().create_task(coro)
        self._running.add(task)
        task.add_done_callback(lambda done: self._finish(done, on_done))
        if self._closed:
            task.cancel()
        return task

    async def close(self) -> None:
        """Cancel what is left and wait until it has tidied up."""
        self._closed = True
        while self._running:
            running = tuple(self._running)
            for task in running:
                task.cancel()
            await asyncio.wait(running)
            # One turn of the loop, in which the done callbacks run.
            await asyncio.sleep(0)

    def _finish(self, task: asyncio.Task[T], on_done: Callable[[T], None] | None) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            if on_done is not None and not self._closed:
                on_done(task.result())
        elif isinstance(error, AppError):
            self._on_error(error)
        else:
            task.get_loop().call_exception_handler(
                {"message": "A background task failed", "exception": error, "task": task}
            )
