"""An event loop whose time jumps to the next timer once nobody has anything to do; sockets and threads are real.

Whatever waits for time in it waits for none: time limits of httpx, `asyncio.timeout`, the engine's sleeps, the delays
of services that run in the same loop. Before time jumps the loop really looks at its sockets, and it waits for every
thread that works for it.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

# How long the sockets are looked at before time jumps. What was sent on loopback is there by then; where the jump is
# as long as a time limit, even a busy computer is given the time to deliver it.
_LOOK_S = 0.001
_LONG_LOOK_S = 0.01
_LONG_JUMP_S = 5.0
_STUCK_S = 60.0  # really without any news: something waits for what never comes


class VirtualLoop(asyncio.SelectorEventLoop):
    """See the module.

    Attributes:
        mishaps: What nobody awaited: exceptions of tasks and callbacks, by the words of the loop.
    """

    def __init__(self) -> None:
        self._now_s = 0.0
        self._working = 0
        self.mishaps: list[str] = []
        super().__init__(_PatientSelector(self))
        self.set_exception_handler(self._note_mishap)

    def time(self) -> float:
        return self._now_s

    def now(self) -> datetime:
        """The wall clock that goes with it."""
        return START + timedelta(seconds=self._now_s)

    @contextmanager
    def waiting_for_a_thread(self) -> Iterator[None]:
        """Time stands still: a thread that the loop didn't start itself works for it."""
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1

    @property
    def is_waited_for(self) -> bool:
        return self._working > 0

    def jump(self, seconds: float) -> None:
        self._now_s += seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        working = super().run_in_executor(executor, func, *args)
        self._working += 1
        working.add_done_callback(self._ended)
        return working

    def _ended(self, _: object) -> None:
        self._working -= 1

    def _note_mishap(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.mishaps.append(f"{context.get('message')}: {context.get('exception')!r}")


class _PatientSelector(selectors.DefaultSelector):
    """Real readiness first; then, instead of waiting, later."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self._loop.is_waited_for or timeout is None:
            ready = super().select(_STUCK_S)
            if not ready:
                raise AssertionError("nothing has happened for a long time, and nobody waits for time")
            return ready
        ready = super().select(_LOOK_S if timeout < _LONG_JUMP_S else _LONG_LOOK_S)
        if not ready:
            self._loop.jump(timeout)
        return ready


def run_virtually(work: Callable[[VirtualLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a loop of its own, whose time costs none."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        return runner.run(work(loop))
