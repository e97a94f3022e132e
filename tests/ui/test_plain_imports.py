"""Qt is brought in without what it does to every later import."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
import app.ui.plain_imports
import linecache
import app.domain.task, app.ui.theme
print(sum("/app/" in name for name in linecache.cache))
"""


def test_what_is_imported_after_qt_is_not_read_as_source():
    done = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)

    assert int(done.stdout) == 0
