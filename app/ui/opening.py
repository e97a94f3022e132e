"""The start of the window: its picture is painted first, and the rest made behind it, a few milliseconds at a time."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.engine.first_parts import FirstParts
from app.storage.window_state import WindowStateStore
from app.ui.picture import Picture
from app.ui.second_parts import SECOND_PARTS
from app.ui.theme import STYLE

if TYPE_CHECKING:
    from app.ui.window_services import WindowServices

_NO_INPUT = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
_PATIENCE_MS = 200


def open_window(first: FirstParts, make_the_rest: Callable[[FirstParts], WindowServices]) -> int:
    """Open the window and stay until it is closed; the exit code of the process.

    Args:
        make_the_rest: Called once the window is painted, and all modules of it are loaded.
    """
    # Told so instead of by `setStyle`, which hands a style back: the enums of that class are 4 ms, and nothing in the
    # first picture needs them.
    app = QApplication([*sys.argv[:1], "-style", STYLE])
    app.setApplicationName("Cuesmith")
    app.setDesktopFileName("cuesmith")
    app.setQuitOnLastWindowClosed(False)
    picture = Picture(app, first, WindowStateStore(first.locations.config / "window.json"))
    is_leaving: list[bool] = []
    picture.window.closing.connect(lambda: is_leaving.append(True))
    picture.show()
    _wait_for_paint(picture.window)
    for name in SECOND_PARTS:
        import_module(name)
        _let_qt_work()
    services = make_the_rest(first)
    _let_qt_work()
    for make in picture.unseen(services):
        make()
        _let_qt_work()

    from app.ui import event_loop
    from app.ui.application import Application
    from app.ui.garbage import GarbageWatch

    async def main() -> int:
        application = Application(picture, services)
        app.commitDataRequest.connect(application.leaving.expect_end_of_session)
        application.painted.connect(GarbageWatch(parent=application).start)
        for number in (signal.SIGTERM, signal.SIGINT):
            # Python runs this between two of its own steps; the library's look for foreign changes is one a second.
            signal.signal(number, lambda _number, _frame: application.leaving.end())
        if is_leaving:
            application.leaving.end()
        return await application.run()

    return event_loop.run(main())


class _FirstPaint(QObject):
    """Sees that a window was painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.is_done = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.is_done = True
            watched.removeEventFilter(self)
        return False


def _wait_for_paint(window: QWidget) -> None:
    """The window system takes its turns until it asks for a paint; one that opens minimised is never painted."""
    paint = _FirstPaint(window)
    patience = QTimer(singleShot=True, interval=_PATIENCE_MS)
    patience.start()
    while not paint.is_done and patience.isActive():
        QApplication.processEvents(_NO_INPUT | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    _let_qt_work()


def _let_qt_work() -> None:
    """Paint and keep time. What the user does meanwhile waits in Qt, in its order, until all are there to act on it."""
    QApplication.processEvents(_NO_INPUT)
