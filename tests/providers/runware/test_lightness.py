"""What importing the provider costs."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
import sys
import app.providers.runware.provider
print(*sorted({"httpx", "anyio", "PySide6", "numpy", "soundfile"} & set(sys.modules)))
"""


def test_importing_it_brings_nothing_heavy():
    looked = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)

    assert looked.stdout.strip() == ""
