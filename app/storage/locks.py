"""Who runs a task: one lock file each that names a session, which the system ends when its process dies.

A waiting task costs no open file: only the session's own lock does, one a process. What is read and written about
locks happens behind one guard for all processes of a library, so that looking and taking are one act.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from app.storage.disk_failures import as_storage_errors
from app.storage.file_lock import held_alone, lock_at_once, unlock

_GUARD = "guard"
_LONGEST_NAME = 64  # bytes; what a lock file says beyond that was not written by us


class TaskLock:
    """A held lock. Let go with `release`; a second release does nothing."""

    __slots__ = ("_locks", "_name")

    def __init__(self, locks: TaskLocks, name: str) -> None:
        self._locks = locks
        self._name = name

    def release(self) -> None:
        self._locks.release([self])

    @property
    def name(self) -> str:
        return self._name


class TaskLocks:
    """The locks of one library, shared by all its processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._session: _Session | None = None
        self._held: dict[str, TaskLock] = {}

    def acquire(self, task_id: str) -> TaskLock | None:
        """Take the lock of a task, without waiting; None where somebody else holds it.

        Somebody else is another process, or an earlier `acquire` of this one.

        Raises:
            StorageError: The lock file can't be made.
        """
        return self.acquire_each([task_id])[0]

    def acquire_each(self, task_ids: Sequence[str]) -> list[TaskLock | None]:
        """Take the locks of many tasks as `acquire` does; one answer each.

        Raises:
            StorageError: A lock file can't be made; none was taken.
        """
        taken: list[TaskLock | None] = []
        with as_storage_errors(self._folder), self._alone():
            try:
                for task_id in task_ids:
                    taken.append(self._acquire(task_id))  # noqa: PERF401 - what is taken is given back on failure
            except BaseException:
                self._give_back([lock for lock in taken if lock is not None])
                raise
        return taken

    def release(self, locks: Collection[TaskLock]) -> None:
        """Give locks back; one that was given back before is fine."""
        try:
            with self._alone():
                self._give_back(locks)
        except OSError:  # the folder can't be used any more: nobody else takes a lock there either
            with self._turn:
                self._give_back(locks)

    def is_held(self, task_id: str) -> bool:
        """Whether somebody holds the lock of a task now."""
        with as_storage_errors(self._folder), self._alone():
            return self._is_held(task_id)

    def sweep(self) -> None:
        """Remove what dead processes left of their locks, whatever they were for."""
        with as_storage_errors(self._folder), self._alone():
            for path in self._folder.glob("*.lock"):
                if not self._is_held(path.stem):
                    _remove_if_possible(path)
            for path in self._folder.glob("*.session"):
                _is_alive(self._folder, path.stem)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread and no other process looks at the locks meanwhile."""
        with self._turn:
            self._folder.mkdir(parents=True, exist_ok=True)
            with held_alone(self._folder / _GUARD):
                yield

    def _acquire(self, task_id: str) -> TaskLock | None:
        if self._is_held(task_id):
            return None
        if self._session is None:
            self._session = _Session(self._folder)
        self._path(task_id).write_bytes(self._session.name.encode())
        lock = self._held[task_id] = TaskLock(self, task_id)
        return lock

    def _is_held(self, task_id: str) -> bool:
        if task_id in self._held:
            return True
        try:
            with self._path(task_id).open("rb") as file:
                name = file.read(_LONGEST_NAME + 1).decode("ascii", "replace")
        except FileNotFoundError:
            return False
        if self._session is not None and name == self._session.name:
            return False  # given back; its file couldn't be removed
        return _is_alive(self._folder, name)

    def _give_back(self, locks: Collection[TaskLock]) -> None:
        for lock in locks:
            if self._held.get(lock.name) is lock:  # another thread may have been quicker
                del self._held[lock.name]
                _remove_if_possible(self._path(lock.name))
        if not self._held and self._session is not None:
            self._session.end()
            self._session = None

    def _path(self, task_id: str) -> Path:
        return self._folder / f"{task_id}.lock"


class _Session:
    """A name that lives while this process holds its file; no other process, and no later session, ever has it."""

    def __init__(self, folder: Path) -> None:
        self.name = uuid4().hex
        self._path = _session_path(folder, self.name)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if not lock_at_once(self._descriptor):
            os.close(self._descriptor)
            raise BlockingIOError("a file that nobody knows is locked by somebody")

    def end(self) -> None:
        _remove_if_possible(self._path)  # Windows removes no open file: there it is removed below
        unlock(self._descriptor)
        os.close(self._descriptor)
        _remove_if_possible(self._path)


def _is_alive(folder: Path, name: str) -> bool:
    """Whether the process of a session still runs; what a dead one left is cleared away."""
    if len(name) > _LONGEST_NAME or not name.isalnum():
        return False  # cut short by a power failure
    path = _session_path(folder, name)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        is_dead = lock_at_once(descriptor)
    finally:
        os.close(descriptor)
    if is_dead:
        _remove_if_possible(path)
    return not is_dead


def _session_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.session"


def _remove_if_possible(path: Path) -> None:
    """Where that fails, empty it: a file that names nobody holds nobody up."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            path.write_bytes(b"")
