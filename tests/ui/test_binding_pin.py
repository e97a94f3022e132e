"""The Qt binding must survive long use: one of its releases loses a reference with each call on Python 3.11."""

from __future__ import annotations

import os
import subprocess
import sys

_LONG_USE = """
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

class Bell(QObject):
    rang = Signal(int)

app = QApplication([])
clicks, rings = [], []
button = QPushButton("Press")
button.clicked.connect(lambda: clicks.append(1))
button.show()
for _ in range(2_000):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
bell = Bell()
bell.rang.connect(rings.append)
timer = QTimer()
for number in range(20_000):
    bell.rang.emit(number)
    timer.setSingleShot(True)
assert len(clicks) == 2_000, len(clicks)
assert rings == list(range(20_000))
print("whole")
"""


def test_thousands_of_clicks_and_emits_leave_the_process_whole():
    # A process of its own: what this guards against is an abort, not an exception.
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    done = subprocess.run(
        [sys.executable, "-c", _LONG_USE], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr[-2000:]
