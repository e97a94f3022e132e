"""What the first paint does without is there before the first click."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from app.ui.late_parts import LATE_PARTS

_CHECKOUT = Path(__file__).resolve().parents[2]
_LATE_IMPORT = re.compile(r"^ +from (app[\w.]+) import .*# late: see late_parts$", re.MULTILINE)


def test_every_late_import_is_made_right_after_the_paint() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (_CHECKOUT / "app" / "ui").rglob("*.py"))
    late = {module for source in sources for module in _LATE_IMPORT.findall(source)}

    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import asyncio, sys; from app.ui.late_parts import load_late_parts; "
            "asyncio.run(load_late_parts()); print(*sys.modules)",
        ],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert late
    assert late <= set(loaded)
    assert set(LATE_PARTS) <= late
