"""Looks for garbage while nobody waits: a search through everything that lives holds up the whole window."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1_000
_IDLE_SHARE = 0.03  # of a second that the thread worked: nobody types, scrolls or watches something move
_WORTH_IT = 8  # small searches since the last large one, each after some thousand new objects
_LONG_ENOUGH = 1_000  # and so many that it is done whoever waits: some 20,000 tasks, and 100 MB of what they left
_NEVER = 2**30


class GarbageWatch(QObject):
    """Python's own small searches go on as ever; the large ones, a tenth of a second with a thousand tasks, wait.

    Args:
        worked_s: How long the GUI thread has worked so far, in seconds.
    """

    def __init__(self, worked_s: Callable[[], float] = time.thread_time, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worked_s = worked_s
        self._last_s = worked_s()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin. What there is by now stays to the end, so no search goes through it any more."""
        gc.freeze()
        small, medium, _ = gc.get_threshold()
        gc.set_threshold(small, medium, _NEVER)
        gc.enable()
        self._timer.start()

    def look(self) -> bool:
        """Search, if it is worth it and nobody waits; returns whether that was done."""
        worked_s = self._worked_s()
        is_idle = worked_s - self._last_s < _IDLE_SHARE * _LOOK_MS / 1_000
        self._last_s = worked_s
        waiting = gc.get_count()[2]
        if waiting < (_WORTH_IT if is_idle else _LONG_ENOUGH):
            return False
        gc.collect()
        self._last_s = self._worked_s()
        return True
