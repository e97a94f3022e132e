"""The folder that a command writes into, made before anything is paid for."""

from __future__ import annotations

import os
from pathlib import Path

from app.domain.errors import Problem, RequestInvalid


def make_folder(folder: Path) -> None:
    """Make the folder for the takes now: what can't be handed over shouldn't be paid for. Blocks.

    Raises:
        RequestInvalid: It can't be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        message = f"The folder {folder} can’t be made: {exc.strerror}."
        raise RequestInvalid([Problem("out", message)]) from exc
    if not os.access(folder, os.W_OK):
        raise RequestInvalid([Problem("out", f"The folder {folder} can’t be written to.")])
