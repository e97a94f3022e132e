"""One loop for Qt and asyncio, on one thread. The only module that knows which library joins them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

# It takes the Qt binding that is already imported, so it comes after PySide6.
import qasync  # isort: skip


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run until `main` returns its exit code; what is still running then is cancelled and awaited.

    Raises:
        RuntimeError: There is no QApplication yet.
    """
    app = QApplication.instance()
    if app is None:
        main.close()
        raise RuntimeError("the loop needs a QApplication")
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(main)
