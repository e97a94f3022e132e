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


def test_the_tools_that_write_stubs_stay_empty_and_all_else_of_qt_is_whole():
    look = (
        "before = compile\n"
        "import app.ui.plain_imports\n"
        "import sys\n"
        "tool = sys.modules['PySide6.support.signature.lib.pyi_generator']\n"
        "print(compile is before, hasattr(tool, 'generate_pyi'))\n"
        "from PySide6.QtWidgets import QWidget\n"
        "try:\n"
        "    QWidget(3, 4)\n"
        "except TypeError as error:\n"
        "    print('Supported signatures' in str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert done.stdout == "True False\nTrue\n"
