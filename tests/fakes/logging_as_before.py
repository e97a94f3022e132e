"""Logging as it was, after something set it up."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Undo afterwards what `start_logging` and `log_unhandled` change in the process."""
    root = logging.getLogger()
    handlers, level, factory = tuple(root.handlers), root.level, logging.getLogRecordFactory()
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
