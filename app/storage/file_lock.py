"""Locks on files that the system frees when a process dies: `flock` on POSIX, `msvcrt.locking` on Windows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def lock_at_once(descriptor: int) -> bool:
    """Take the lock of an open file if it is free; locks of one process exclude each other too."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def unlock(descriptor: int) -> None:
    """Let go before closing. Closing alone does it on POSIX; Windows promises it only for some time later."""
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Wait until no other process is inside such a block of the same file. The file stays; it is empty.

    Raises:
        OSError: The file can't be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock_waiting(descriptor)
        try:
            yield
        finally:
            unlock(descriptor)
    finally:
        os.close(descriptor)


def _lock_waiting(descriptor: int) -> None:
    if sys.platform == "win32":
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # tries for ten seconds
            except OSError:
                continue
            return
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
