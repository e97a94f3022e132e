"""Files that are whole under their name or not there at all, whatever happens in between."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

_BESIDE = re.compile(r"\..+\.[0-9a-f]{8}")


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


def remove_left_beside(folder: Path, older_than: timedelta) -> None:
    """Remove what `write_whole` left in a folder when its process was killed; younger files may be at work.

    Raises:
        OSError: The folder can't be read, or a file not be removed.
    """
    for path in folder.glob(".*"):
        if _BESIDE.fullmatch(path.name) and is_older(path, older_than):
            path.unlink(missing_ok=True)


def is_older(path: Path, than: timedelta) -> bool:
    """Whether nobody has touched a file for so long; compared with the file system's own clock."""
    try:
        return path.stat().st_mtime <= time.time() - than.total_seconds()
    except FileNotFoundError:
        return False


def flush_folder(folder: Path) -> None:
    """Make new and removed names of a folder outlast a power cut; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
