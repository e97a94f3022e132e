"""One start that is watched: a process of its own, which says when its window was painted.

    python tests/benchmarks/watched_start.py empty|bare|cuesmith STAY_MS

prints the moment at which the first paint had ended (`time.monotonic` in seconds, the same for all processes), how much
of a processor it had needed until then (seconds), and for how many milliseconds the GUI thread was away at the most in
the time that it stayed after that. Imports as little as
possible itself: everything before `main` would count.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TICK_MS = 5
_HIGH_PRIORITY = 1  # Qt.EventPriority.HighEventPriority: naming it here would make all enums of Qt, on our account


def _watch(window: QWidget, stay_ms: int) -> None:
    """Report on the first paint of `window` and on what follows, then close it."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                # Children are painted right after their window; before anything else comes this.
                QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _HIGH_PRIORITY)
            return False

        def customEvent(self, _event: QEvent) -> None:
            self._painted = self._last = time.monotonic()
            self._busy_s = time.process_time()
            self._longest_s = 0.0
            self._look_on()

        def _look_on(self) -> None:
            from PySide6.QtCore import Qt, QTimer

            ticks = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
            ticks.timeout.connect(self._tick)
            ticks.start()
            QTimer.singleShot(stay_ms, self._end)

        def _tick(self) -> None:
            now = time.monotonic()
            self._longest_s = max(self._longest_s, now - self._last - _TICK_MS / 1_000)
            self._last = now

        def _end(self) -> None:
            self._tick()
            sys.stdout.write(f"{self._painted} {self._busy_s} {self._longest_s * 1_000}\n")
            window.close()

    window.installEventFilter(Watch(window))


def _empty(stay_ms: int) -> None:
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])
    window = QWidget()
    window.resize(1440, 900)
    _watch(window, stay_ms)
    window.show()
    app.exec()


def _bare(stay_ms: int) -> None:
    """A main window with a text box, a button and a table of three by three: what the budget is measured against."""
    from PySide6.QtWidgets import (
        QApplication,
        QMainWindow,
        QPlainTextEdit,
        QPushButton,
        QTableWidget,
        QVBoxLayout,
        QWidget,
    )

    app = QApplication([])
    window = QMainWindow()
    middle = QWidget()
    layout = QVBoxLayout(middle)
    layout.addWidget(QPlainTextEdit())
    layout.addWidget(QPushButton("Generate"))
    layout.addWidget(QTableWidget(3, 3))
    window.setCentralWidget(middle)
    window.resize(1440, 900)
    _watch(window, stay_ms)
    window.show()
    app.exec()


def _cuesmith(stay_ms: int) -> None:
    """The app as it is. It is looked at as late as can be: what comes first is loaded as ever."""
    import app.main
    from app.engine import first_parts

    read = first_parts.read_first_parts

    def read_and_look(*args: object) -> object:
        from app.ui.main_window import MainWindow

        show = MainWindow.show

        def show_watched(window: MainWindow) -> None:
            _watch(window, stay_ms)
            show(window)

        MainWindow.show = show_watched  # type: ignore[method-assign, assignment]
        return read(*args)  # type: ignore[arg-type]

    first_parts.read_first_parts = read_and_look  # type: ignore[assignment]
    sys.exit(app.main.main([]))


if __name__ == "__main__":
    kind, stay = sys.argv[1], int(sys.argv[2])
    if kind == "cuesmith":
        _cuesmith(stay)
    elif kind == "bare":
        _bare(stay)
    else:
        _empty(stay)
