"""Between the first paint and the rest of the window no wish to leave is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_CLOSED_AT_ONCE = """
import sys
import app.main, app.ui.plain_imports, app.ui.opening as opening
from PySide6.QtWidgets import QApplication

load = opening.import_module

def close_and_load(name):
    for window in QApplication.topLevelWidgets():
        if window.objectName() == "main_window" and window.isVisible():
            window.close()
    return load(name)

opening.import_module = close_and_load
sys.exit(app.main.main([]))
"""


def test_a_window_that_is_closed_before_it_is_whole_closes_once_it_is(tmp_path: Path) -> None:
    environ = {**os.environ, "CUESMITH_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    done = subprocess.run(
        [sys.executable, "-c", _CLOSED_AT_ONCE], env=environ, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "config" / "window.json").exists()
