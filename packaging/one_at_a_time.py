"""A lock between processes, so that two starts at once don't build one environment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from messages import Stop

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_for_lock(file: IO[bytes]) -> None:
        while not _try_lock(file):  # LK_LOCK would give up after ten seconds
            time.sleep(0.2)
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_for_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def one_at_a_time(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock at `path`; `on_wait` is called once if another process holds it.

    The system lets go of it when the process ends, however it ends; on POSIX only when the children have ended, too,
    that were started with `close_fds=False`: a pip whose launcher was killed still writes for a while. The file
    stays: removing it would let a third process lock another file of the same name.

    Raises:
        Stop: the file can't be written.
    """
    try:
        file = path.open("ab")
    except OSError as exc:
        raise Stop(f"{path.parent} can't be written ({exc.strerror}). Cuesmith keeps its libraries there.") from exc
    with file:
        if not _try_lock(file):
            on_wait()
            _wait_for_lock(file)
        os.set_inheritable(file.fileno(), True)
        yield
