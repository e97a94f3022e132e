"""The app with everything that talks turned on: `python -m tests.end_to_end.talkative [ARGUMENTS]`.

Every library logs as much as it can, to handlers that show a record as it is; CUESMITH_TEST_CRASH raises an exception
deep below a request, with its headers in the text.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from pathlib import Path
from typing import Any

import app.main as main
from app.providers import network


class _Everything(logging.Handler):
    """Writes all that is in a record, as a careless library might."""

    def __init__(self, file: Path) -> None:
        super().__init__(logging.DEBUG)
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        with self._file.open("a", encoding="utf-8", errors="surrogateescape") as out:
            out.write(f"{record.__dict__!r} {logging.Formatter().format(record)}\n")


def _talk(*arguments: Any, **options: Any) -> logging.Logger:
    logger = _start_logging(*arguments, **options)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(logging.StreamHandler())
    root.addHandler(_Everything(Path(os.environ["CUESMITH_HOME"]).parent / "everything.log"))
    logging.Logger.setLevel = lambda *_: None  # type: ignore[method-assign]
    return logger


def _crash(outgoing: network.Outgoing, **_: Any) -> Any:
    raise RuntimeError(f"a fault with {dict(outgoing.headers)!r} in its text")


_start_logging = main.start_logging
main.start_logging = _talk
if os.environ.get("CUESMITH_TEST_CRASH"):
    network._as_httpx = _crash
faulthandler.enable()

if __name__ == "__main__":
    sys.exit(main.main())
