"""One lock file per task: whoever holds it runs the task; the system frees it when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.storage.disk_failures import as_storage_errors
from app.storage.file_lock import lock_at_once, unlock

if sys.platform != "win32":
    import resource

_OPEN_FILES_WANTED = 16_384  # every waiting task holds one


class TaskLock:
    """A held lock. Let go with `release`; a second release does nothing."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if sys.platform == "win32":
            # An open file can't be removed here; once closed, removal fails if another process has it open.
            unlock(descriptor)
            os.close(descriptor)
            _remove_if_possible(self._path)
        else:
            try:
                # Removed while still held: whoever locks the removed file next sees that its name is gone.
                _remove_if_possible(self._path)
            finally:
                os.close(descriptor)


class TaskLocks:
    """The locks of one library, shared by all its processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _allow_many_open_files()

    def acquire(self, task_id: str) -> TaskLock | None:
        """Take the lock of a task, without waiting; None where somebody else holds it.

        Somebody else is another process, or an earlier `acquire` of this one.

        Raises:
            StorageError: The lock file can't be made.
        """
        path = self._folder / f"{task_id}.lock"
        with as_storage_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            while True:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
                if not lock_at_once(descriptor):
                    os.close(descriptor)
                    return None
                if _is_still_named(path, descriptor):
                    return TaskLock(path, descriptor)
                os.close(descriptor)  # its holder removed it between our opening and locking: look again

    def is_held(self, task_id: str) -> bool:
        """Whether somebody holds the lock of a task now."""
        lock = self.acquire(task_id)
        if lock is None:
            return True
        lock.release()
        return False


def _is_still_named(path: Path, descriptor: int) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(descriptor)
    return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)


def _remove_if_possible(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # On Windows another process has it open, and will remove it; elsewhere the folder can't be written to any
        # more. A file that stays holds nobody up: only the lock on it does.
        return


def _allow_many_open_files() -> None:
    """Raise the soft limit: its usual 256 or 1,024 is less than a long queue of tasks."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
