"""The one place where logging is set up: a file that stays small, and no secret in it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

_LOGGER = "app"
_MAX_BYTES = 1 << 20
_KEPT = 3
_SHORTEST_SECRET = 4  # hiding shorter ones would hide the alphabet
_HIDDEN = "•••"


class Secrets:
    """Values that never appear in a log, wherever they come from; the longest are hidden first."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: tuple[str, ...] = ()
        for value in values:
            self.hide(value)

    def hide(self, value: str) -> None:
        """Keep a value out of everything that is logged from now on."""
        if len(value) >= _SHORTEST_SECRET and value not in self._values:
            self._values = tuple(sorted((*self._values, value), key=len, reverse=True))

    def removed_from(self, text: str) -> str:
        """The text without any of the values."""
        for value in self._values:
            text = text.replace(value, _HIDDEN)
        return text


class _DiscreetFormatter(logging.Formatter):
    """Hides secrets in the finished line, so in arguments and tracebacks as well."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.removed_from(super().format(record))


class _SharedFile(RotatingFileHandler):
    """A log that the window and a command may write at the same time; made with its first line."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full or read-only disk takes no log; the app goes on, and says about the disk what it must."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def rotate(self, source: str, dest: str) -> None:
        try:
            super().rotate(source, dest)
        except PermissionError:
            return  # Windows renames no file that another process has open; it grows until that one ends


def start_logging(file: Path, secrets: Secrets) -> logging.Logger:
    """Write warnings of libraries, and everything that the app itself says, into a file.

    Returns:
        The app's own logger.
    """
    handler = _SharedFile(file, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_DiscreetFormatter(secrets))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.INFO)
    return logger


def log_unhandled(logger: logging.Logger) -> None:
    """Log what nobody caught, in the main thread's callbacks and in other threads, besides showing it."""
    show, show_of_thread = sys.excepthook, threading.excepthook

    def log(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logger.error("a fault of the app", exc_info=(kind, error, traceback))
        show(kind, error, traceback)

    def log_of_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            logger.error("a fault of the app in a thread", exc_info=(hook.exc_type, hook.exc_value, hook.exc_traceback))
        show_of_thread(hook)

    sys.excepthook = log
    threading.excepthook = log_of_thread


class FaultTeller(logging.Handler):
    """Tells when an error was logged, from any part of the app, in the main thread.

    Errors of other threads are only in the log: a listener is usually a window.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == threading.main_thread().ident:
            self._tell()
