"""The window's first paint waits for storage alone, so storage brings nothing heavy along."""

from __future__ import annotations

import subprocess
import sys

_HEAVY = ("numpy", "soundfile", "keyring", "httpx", "soxr", "sounddevice", "PySide6", "tomli_w", "mutagen")
_LOOK = """
import sys
import app.storage.catalogue, app.storage.database, app.storage.library_index, app.storage.locks
import app.storage.settings, app.storage.take_files, app.storage.task_store, app.storage.window_state
print(*sys.modules)
"""


def test_storage_imports_nothing_heavy():
    modules = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True).stdout.split()

    assert "app.storage.task_store" in modules
    assert not set(_HEAVY) & set(modules)
