"""One loop for Qt and asyncio, on one thread. The only module that knows which library joins them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

# It takes the Qt binding that is already imported, so it comes after PySide6.
import qasync  # isort: skip

_TURN_S = 0.004
_SWITCH_S = 0.001  # what another thread's Python may hold up this one at a time; Python's own 5 ms add up


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run until `main` returns its exit code; what is still running then is cancelled and awaited.

    Raises:
        RuntimeError: There is no QApplication yet.
    """
    app = QApplication.instance()
    if app is None:
        main.close()
        raise RuntimeError("the loop needs a QApplication")
    sys.setswitchinterval(_SWITCH_S)
    with asyncio.Runner(loop_factory=lambda: _JoinedLoop(app)) as runner:
        return runner.run(main)


class _Waking(QObject):
    """Calls the GUI thread from any other."""

    woken = Signal()


class _JoinedLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """Runs what is ready in turns: as much as fits into one, then Qt's own events, then the rest.

    qasync alone starts a timer of Qt for each callback. While tasks run through, that is a quarter of all the work
    of the GUI thread.
    """

    def __init__(self, app: QCoreApplication) -> None:
        self._ready_here: deque[asyncio.Handle] = deque()
        self._is_turn_due = False
        self._next_turn = QTimer(singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._take_turn)
        self._waking = _Waking()
        self._is_woken = False
        self._waking.woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)
        super().__init__(app)

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready_here.append(handle)
        self._expect_turn()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        handle = asyncio.Handle(callback, args, self, context)
        self._ready_here.append(handle)
        # In this order: whoever finds the flag set may rely on a look that is still to come.
        if not self._is_woken:
            self._is_woken = True
            self._waking.woken.emit()
        return handle

    def close(self) -> None:
        super().close()
        self._next_turn.stop()
        self._ready_here.clear()

    def _wake(self) -> None:
        self._is_woken = False
        self._expect_turn()

    def _expect_turn(self) -> None:
        if not self._is_turn_due:
            self._is_turn_due = True
            self._next_turn.start()

    def _take_turn(self) -> None:
        self._is_turn_due = False
        over_s = time.perf_counter() + _TURN_S
        try:
            while self._ready_here and time.perf_counter() < over_s:
                handle = self._ready_here.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - that of asyncio: with its context, and its report of bugs
        finally:  # also where a callback ends the process: whoever tidies up needs the loop
            if self._ready_here:
                self._expect_turn()
