"""Locks on files that the system frees when a process dies: `flock` on POSIX, `msvcrt.locking` on Windows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import StorageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOOK_EVERY_S = 0.02
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510


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
def held_alone(path: Path, *, patience_s: float | None = None) -> Iterator[None]:
    """Wait until no other process is inside such a block of the same file. The file stays; it is empty.

    Args:
        patience_s: None waits for as long as it takes, for blocks that are short.
    Raises:
        StorageError: Another process is inside it for longer than patience lasts.
        OSError: The file can't be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if patience_s is None:
            _lock_waiting(descriptor)
        else:
            _lock_within(descriptor, patience_s)
        try:
            yield
        finally:
            unlock(descriptor)
    finally:
        os.close(descriptor)


def is_open_elsewhere(database: Path) -> bool:
    """Whether another process has an SQLite database open; only then its shared lock can't be had alone.

    Windows renames no file that is open, so there it needs no asking.
    Source: SQLite, src/os.h: SHARED_FIRST and SHARED_SIZE.
    """
    if sys.platform == "win32" or not database.exists():
        return False
    with database.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            return True
    return False


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


def _lock_within(descriptor: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not lock_at_once(descriptor):
        if time.monotonic() > until:
            raise StorageError(
                "Another Cuesmith has been opening the library for a while. Wait until it is through, or close it, "
                "then try again."
            )
        time.sleep(_LOOK_EVERY_S)
