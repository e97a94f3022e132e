"""A file is shown in the file manager; where there is none that knows how, its folder is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from app.ui.show_file import show_file

class Opener(QObject):
    @Slot(QUrl)
    def open(self, url):
        print(url.toLocalFile())
        QTimer.singleShot(0, app.quit)

app, opener = QApplication([]), Opener()
QDesktopServices.setUrlHandler("file", opener, "open")
show_file(Path(sys.argv[1]))
QTimer.singleShot(10_000, app.quit)
app.exec()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the file manager of a Linux desktop")
def test_without_a_file_manager_the_folder_is_opened(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
    }

    shown = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path / "Räuber.wav")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert shown.stdout.strip() == str(tmp_path)
