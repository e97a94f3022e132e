"""Another program on the desktop: takes files that are dropped onto it, and tells what is on the clipboard.

It writes one JSON object a line: `{"above": [X, Y]}` whenever files hang above it at another place,
`{"dropped": [URL, ...]}`, and for each line that it reads `{"clipboard": [URL, ...], "formats": [...]}`.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Place(QLabel):
    """Where files may be dropped."""

    def __init__(self) -> None:
        super().__init__("Drop here")
        self.setWindowTitle("Other program")
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setAcceptDrops(True)
        self._at: tuple[int, int] | None = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        at = (round(event.position().x()), round(event.position().y()))
        if at != self._at:
            self._at = at
            tell(above=at)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        tell(dropped=[url.toString() for url in event.mimeData().urls()], action=event.dropAction().name)


def main() -> None:
    app = QApplication(sys.argv)
    place = Place()
    place.setGeometry(*(int(each) for each in sys.argv[1:5]))
    place.show()

    def on_line() -> None:
        if not sys.stdin.readline():
            app.quit()
            return
        data = QApplication.clipboard().mimeData()
        tell(clipboard=[url.toString() for url in data.urls()], formats=data.formats())

    listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    listening.activated.connect(on_line)
    app.exec()


main()
