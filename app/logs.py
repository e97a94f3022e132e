"""The one place where logging is set up: a file that stays small, and no secret in it."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from app.domain.redaction import Secrets

_LOGGER = "app"
_MAX_BYTES = 1 << 20
_KEPT = 3


class _DiscreetRecords:
    """Makes log records without secrets, so that no handler sees one, whoever added it and whatever it shows.

    Messages come without their arguments; a traceback that had a secret in it comes as text, without its exception.
    """

    def __init__(self, make: Callable[..., logging.LogRecord], secrets: Secrets) -> None:
        self.make = make
        self._secrets = secrets

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self.make(*args, **kwargs)
        record.msg, record.args = self._secrets.removed_from_log(_message_of(record)), ()
        if record.exc_info and record.exc_info[1] is not None:
            told = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
            if (discreet := self._secrets.removed_from_log(told)) != told:
                record.exc_text, record.exc_info = discreet, None
        if record.stack_info:
            record.stack_info = self._secrets.removed_from_log(record.stack_info)
        return record


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - logging would show the arguments as they are
        return f"{record.msg!r} can’t be put together with {record.args!r} ({type(error).__name__})"


class _DiscreetFormatter(logging.Formatter):
    """Hides secrets in the finished line: also in a record that was made before one was known."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.removed_from_log(super().format(record))


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
    make = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_DiscreetRecords(make.make if isinstance(make, _DiscreetRecords) else make, secrets))
    logging.captureWarnings(True)  # their texts may quote anything
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.INFO)
    return logger


def log_unhandled(logger: logging.Logger, secrets: Secrets) -> None:
    """Log what nobody caught, in callbacks, in other threads and in destructors, besides showing it."""

    def show(error: BaseException) -> None:
        if sys.stderr is not None:  # a frozen window has none
            sys.stderr.write(secrets.removed_from_log("".join(traceback.format_exception(error))))

    def log(_: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
        if not isinstance(error, KeyboardInterrupt):
            logger.error("a fault of the app", exc_info=error)
        show(error)

    def log_of_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None and not isinstance(hook.exc_value, SystemExit):
            logger.error("a fault of the app in a thread", exc_info=hook.exc_value)
            show(hook.exc_value)

    def log_of_destructor(hook: sys.UnraisableHookArgs) -> None:
        if hook.exc_value is not None:
            logger.error("a fault of the app that nobody could be told", exc_info=hook.exc_value)
            show(hook.exc_value)

    sys.excepthook = log
    threading.excepthook = log_of_thread
    sys.unraisablehook = log_of_destructor


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
