"""A file in the system's own file manager, marked there where that is possible."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_SERVICE, _OBJECT, _INTERFACE = (
    "org.freedesktop.FileManager1",
    "/org/freedesktop/FileManager1",
    "org.freedesktop.FileManager1",
)


def show_file(path: Path) -> None:
    """Open the folder of a file with the file selected; only the folder where the system knows no more."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer.exe", ["/select,", str(path)])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    else:
        _ask_file_manager(path)


def show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _ask_file_manager(path: Path) -> None:
    """Source: freedesktop.org, "File Manager D-Bus Interface", ShowItems."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # late: seldom wanted
    except ImportError:  # a Qt without it
        show_folder(path.parent)
        return
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():  # such a call would never be answered
        show_folder(path.parent)
        return
    call = QDBusMessage.createMethodCall(_SERVICE, _OBJECT, _INTERFACE, "ShowItems")
    address = bytes(QUrl.fromLocalFile(str(path)).toEncoded().data()).decode()
    call.setArguments([[address], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(call))

    def on_finished(finished: QDBusPendingCallWatcher) -> None:
        if finished.isError():
            show_folder(path.parent)
        _WAITING.discard(finished)

    _WAITING.add(watcher)
    watcher.finished.connect(on_finished)


_WAITING: set[object] = set()  # else they would go with the function, and nobody would hear the answer
