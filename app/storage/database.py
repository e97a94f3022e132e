"""The one thread that talks to SQLite. Awaiting a write means that it is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import AppError, StorageError
from app.storage import disk_failures
from app.storage.jobs import Job, JobLine, Work
from app.storage.migrations import STEPS, Step
from app.storage.opening import can_only_be_read, mark_as_suspect, open_library

if TYPE_CHECKING:
    from app.storage.library_folders import LibraryFolders

T = TypeVar("T")

_MOST_WRITES_A_COMMIT = 64
_QUIET_S = 1.0  # that a write may wait for another process before that is told


class Database:
    """The library's database.

    Work is a function of a connection; it runs in the order in which it was asked for. Writes that wait at
    the same time share one commit, each in a savepoint of its own: one that fails takes no other with it.

    Attributes:
        notice: After opening: what people should know about it, or None.
        on_damage: Called on the database thread where the database is damaged, before `open` saves what can be saved,
            which takes its time.
        on_wait: Called on the loop, once each time, when a write has waited a while for another process.
    """

    def __init__(
        self,
        path: Path,
        *,
        commit_delay_s: float = 0.0,
        busy_timeout_s: float = 10.0,
        steps: Sequence[Step] = STEPS,
        folders: LibraryFolders | None = None,
    ) -> None:
        """
        Args:
            commit_delay_s: Sleep this long before each commit, to try how the app bears a slow disk.
            busy_timeout_s: How long a write waits for another process.
            steps: Migrations, oldest first.
            folders: Where the library's files are: what a damaged database doesn't know is found again by them.
        """
        self.path = path
        self.notice: str | None = None
        self._commit_delay_s = commit_delay_s
        self.on_damage: Callable[[], None] = lambda: None
        self.on_wait: Callable[[], None] = lambda: None
        self._is_kept_out = False
        self._has_told = False
        self._open = partial(
            open_library,
            path,
            busy_timeout_s=busy_timeout_s,
            steps=steps,
            folders=folders,
            on_damage=lambda: self.on_damage(),
        )
        self._line = JobLine()
        self._thread: threading.Thread | None = None
        self._closed: Job | None = None

    async def open(self) -> None:
        """Start the thread, and open and migrate the file.

        Raises:
            StorageError: It can't be opened; LibraryTooNew if it belongs to a newer app.
        """
        assert self._thread is None, "the database is open already"
        opened = Job.of_this_loop(lambda _: None, is_write=False)
        self._line = JobLine()
        # A daemon: a process that dies without closing must not hang here; what was awaited is on the disk.
        self._thread = threading.Thread(target=self._run, args=(opened,), name="database", daemon=True)
        self._thread.start()
        try:
            await asyncio.shield(opened.waiter)
        except Exception:
            self._thread = None
            raise

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent state of the database; whatever it writes is rolled back."""
        return await self._do(work, is_write=False)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its value once that is durable.

        If `work` raises, all it did is undone. A cancelled waiter doesn't stop the work.

        Raises:
            StorageError: The disk is full, the file is locked, read-only, damaged ...
        """
        return await self._do(work, is_write=True)

    async def close(self) -> None:
        """Do everything asked for so far, then close the file and end the thread."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._closed = Job.of_this_loop(lambda _: None, is_write=False)
        self._line.end()
        await asyncio.shield(self._closed.waiter)
        thread.join()

    async def _do(self, work: Work[T], *, is_write: bool) -> T:
        if self._thread is None:
            raise StorageError("The library is closed. Start Cuesmith again.")
        job = Job.of_this_loop(work, is_write=is_write)
        self._line.put(job)
        tell = asyncio.get_running_loop().call_later(_QUIET_S, self._tell_wait) if is_write else None
        try:
            result: T = await job.waiter
        finally:
            if tell is not None:
                tell.cancel()
        return result

    def _tell_wait(self) -> None:
        if self._is_kept_out and not self._has_told:
            self._has_told = True
            self.on_wait()

    # Everything below runs on the database thread.

    def _run(self, opened: Job) -> None:
        try:
            connection, self.notice = self._open()
        except BaseException as error:  # noqa: BLE001 - raised where `open` is awaited
            opened.fail(self._for_people(error))
            return
        opened.answer(None)
        try:
            while jobs := self._line.take(_MOST_WRITES_A_COMMIT):
                if jobs[0].is_write:
                    if can_only_be_read(connection):
                        connection = self._opened_anew(connection)
                    self._commit_together(connection, jobs)
                else:
                    self._read(connection, jobs[0])
        finally:
            connection.close()
            if self._closed is not None:
                self._closed.answer(None)

    def _opened_anew(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """A connection that may write where the folder has become writable; else the same one."""
        try:
            other, _ = self._open()
        except (sqlite3.Error, OSError, AppError):
            return connection  # whoever writes is told why that can't be
        if can_only_be_read(other):
            other.close()
            return connection
        connection.close()
        return other

    def _read(self, connection: sqlite3.Connection, job: Job) -> None:
        try:
            connection.execute("BEGIN")
            try:
                value = job.work(connection)
            finally:
                _roll_back(connection)
        except BaseException as error:  # noqa: BLE001 - raised where the work is awaited
            job.fail(self._for_people(error))
        else:
            job.answer(value)

    def _commit_together(self, connection: sqlite3.Connection, jobs: Sequence[Job]) -> None:
        """Run each job, commit once, then tell all."""
        run = _in_savepoint if len(jobs) > 1 else _bare  # a savepoint makes long work several times longer
        values: list[tuple[Job, object]] = []
        failures: list[tuple[Job, BaseException]] = []
        try:
            self._is_kept_out = True
            connection.execute("BEGIN IMMEDIATE")
            self._is_kept_out = self._has_told = False
            for job in jobs:
                try:
                    values.append((job, run(connection, job)))
                except BaseException as failure:
                    if len(jobs) == 1 or not connection.in_transaction:  # SQLite may give up all of it
                        raise
                    failures.append((job, failure))
            if self._commit_delay_s:
                time.sleep(self._commit_delay_s)
            connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - raised where the work is awaited
            self._is_kept_out = self._has_told = False
            _roll_back(connection)
            told = {id(job) for job, _ in failures}
            values, failures = [], failures + [(job, error) for job in jobs if id(job) not in told]
        for job, value in values:
            job.answer(value)
        for job, reason in failures:
            job.fail(self._for_people(reason))

    def _for_people(self, error: BaseException) -> BaseException:
        """What disk and file are to blame for, as a sentence; anything else is a bug and stays as it is."""
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            return error
        if isinstance(error, sqlite3.Error):
            if self._thread is not None and disk_failures.is_damage(error):
                mark_as_suspect(self.path)
            translated = disk_failures.of_sqlite(error, self.path)
        elif isinstance(error, OSError):
            translated = disk_failures.of_system(error, self.path)
        else:
            return error
        translated.__cause__ = error
        return translated


def _bare(connection: sqlite3.Connection, job: Job) -> object:
    return job.work(connection)


def _in_savepoint(connection: sqlite3.Connection, job: Job) -> object:
    connection.execute("SAVEPOINT job")
    try:
        value = job.work(connection)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
        raise
    connection.execute("RELEASE job")
    return value


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
