"""Files that are whole under their name or not there at all, whatever happens in between."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import uuid4


def put_in_place(finished: Path, target: Path) -> None:
    """Flush a closed file and give it its name, for good; both lie in the same file system.

    Raises:
        OSError: It couldn't be done; `target` is as it was.
    """
    with finished.open("rb+") as file:
        os.fsync(file.fileno())
    finished.replace(target)
    flush_folder(target.parent)


def write_whole(target: Path, data: bytes) -> None:
    """Replace the content of a file, or make it; readers see the old or the new one.

    Raises:
        OSError: It couldn't be done; `target` is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        beside.write_bytes(data)
        put_in_place(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Make new and removed names of a folder outlast a power cut; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
