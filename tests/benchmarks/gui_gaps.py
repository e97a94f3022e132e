"""How long the GUI thread is away from its window at a time."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

_TICK_MS = 5
_BUDGET_MS = 50


class Gaps(QObject):
    """A timer that should come every 5 ms, and when it came.

    Attributes:
        longest_ms: By the clock; what the thread waited for others is in it.
        longest_work_ms: The most that the thread itself did between two ticks.
        over_budget: How often it was away for more than 50 ms by the clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = self.longest_work_ms = 0.0
        self.over_budget = 0
        self._last_s, self._worked_s = time.perf_counter(), time.thread_time()
        self._ticks = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self.look)
        self._ticks.start()

    def look(self) -> None:
        now_s, worked_s = time.perf_counter(), time.thread_time()
        away_ms = (now_s - self._last_s) * 1_000 - _TICK_MS
        self.longest_ms = max(self.longest_ms, away_ms)
        self.over_budget += away_ms > _BUDGET_MS
        self.longest_work_ms = max(self.longest_work_ms, (worked_s - self._worked_s) * 1_000)
        self._last_s, self._worked_s = now_s, worked_s

    def stop(self) -> None:
        """Count what has gone since the last tick, and no more."""
        self.look()
        self._ticks.stop()

    def figures(self) -> dict[str, float]:
        return {
            "longest_ms": self.longest_ms,
            "longest_work_ms": self.longest_work_ms,
            "over_budget": self.over_budget,
        }
