"""Ctrl+C and a polite kill, as an event that a command waits for beside its work."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruption() -> Iterator[asyncio.Event]:
    """An event that is set by SIGINT or SIGTERM as long as the block runs.

    A second signal changes nothing: whatever is being finished, such as a request on its way to a service, is
    bounded in time and must not be torn apart.
    """
    loop = asyncio.get_running_loop()
    interrupted = asyncio.Event()
    if sys.platform == "win32":
        yield from _with_plain_handlers(loop, interrupted)
        return
    for number in _SIGNALS:
        loop.add_signal_handler(number, interrupted.set)
    try:
        yield interrupted
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


def _with_plain_handlers(loop: asyncio.AbstractEventLoop, interrupted: asyncio.Event) -> Iterator[asyncio.Event]:
    """Windows' loops take no signal handlers; Python's own run in the main thread and wake the loop."""

    def note(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(interrupted.set)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
