"""Finished audio in the library: written beside its place, checked, flushed, renamed into it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from app.domain.audio import AudioInfo
from app.domain.request import InputFile
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import is_older
from app.storage.input_files import InputFiles
from app.storage.left_behind import LeftBehind, left_behind
from app.storage.locks import TaskLocks
from app.storage.partial_take import PARTIAL, PartialTake, TakePlace

__all__ = ["PartialTake", "TakeFiles"]

T = TypeVar("T")

_THREADS = 2
_AT_WORK = timedelta(days=1)  # what was written to within that time may belong to somebody who is still at it


class TakeFiles:
    """The folder of takes: one file each, in a folder for each month.

    Reading, checking and flushing run in an executor that belongs to nobody else, so that nothing else that
    is slow can keep a result from being saved.
    """

    def __init__(
        self,
        folder: Path,
        verify: Callable[[Path], AudioInfo],
        *,
        mend: Callable[[Path], object] = lambda _path: None,
        limit_bytes: int = 2 << 30,
        executor: Executor | None = None,
        inputs: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Args:
            folder: Where the takes are.
            verify: Decodes a whole file and says what it holds; raises BrokenAudio.
            mend: Called before that with a file that has just come to its end: writes what could not be known
                before, such as the sizes in a WAV that was streamed.
            limit_bytes: A larger take, or input file, is refused.
            executor: Two own threads unless given; a given one is not shut down here.
            inputs: Where copies of input files go; beside the takes unless given.
        """
        self._folder = folder
        self._verify = verify
        self._mend = mend
        self._limit_bytes = limit_bytes
        self._own = None if executor is not None else ThreadPoolExecutor(_THREADS, "take-files")
        self._executor = executor or self._own
        self._inputs = InputFiles(inputs or folder.parent / "inputs", limit_bytes)
        self._now = now

    def open(self, task_id: str, number: int, *, spare_bytes: int = 0) -> PartialTake:
        """A file for a take that is about to arrive; nothing is made before its first bytes.

        Args:
            spare_bytes: What the disk refuses of it is kept in memory up to this size, until the disk takes it.
        """
        place = TakePlace(self._folder, f"{self._now():%Y-%m}", f"{task_id}-{number}")
        return PartialTake(place, self._verify, self._mend, self._limit_bytes, self._executor, spare_bytes)

    def path(self, file: str) -> Path:
        """Where a stored take is.

        Args:
            file: `Take.file`.
        """
        return self._folder.joinpath(*file.split("/"))

    def has(self, folder: Path) -> bool:
        """Whether a folder, there or not, is that of the takes or inside of it. Blocks."""
        return folder.resolve().is_relative_to(self._folder.resolve())

    async def adopt_input(self, file: InputFile) -> InputFile:
        """The file with its content copied into the library, under the hash of it; one that is there already stays.

        Raises:
            StorageError: It can't be read, is too large, or can't be copied.
        """
        if file.sha256 is not None and await self._run(self._inputs.path(file.sha256).exists):
            return file  # of an earlier request: the original may have changed or gone
        return replace(file, sha256=await self._run(lambda: self._inputs.adopt(file.path)))

    def input_path(self, sha256: str) -> Path:
        """Where the copy of an input file is."""
        return self._inputs.path(sha256)

    @asynccontextmanager
    async def workshop(self) -> AsyncIterator[Path]:
        """A folder for files that `adopt_input` takes in a moment; it goes with the block.

        Raises:
            StorageError: It can't be made.
        """
        folder = await self._run(self._inputs.make_folder)
        try:
            yield folder
        finally:
            await asyncio.shield(self._run(lambda: shutil.rmtree(folder, ignore_errors=True)))

    async def left_behind(self, task_id: str, number: int) -> LeftBehind | None:
        """What an earlier process left of a take that it didn't record any more.

        Raises:
            StorageError: The folder can't be read.
        """
        return await self._run(lambda: left_behind(self._folder, f"{task_id}-{number}", self._verify))

    async def sweep(
        self,
        locks: TaskLocks,
        unfinished: Collection[str],
        *,
        older_than: timedelta = _AT_WORK,
    ) -> int:
        """Remove what a crash left half written, and return how many files that were.

        Args:
            unfinished: Ids of tasks that may still need theirs: a part of a take that can't be had again.
            older_than: Only files that nobody has written to for that long, and whose task nobody runs, go.
        """
        spared = frozenset(unfinished)
        return await self._run(lambda: self._sweep(locks, spared, older_than))

    async def sweep_inputs(
        self,
        in_use: Callable[[Collection[str]], Awaitable[Collection[str]]],
        *,
        older_than: timedelta = _AT_WORK,
    ) -> None:
        """Remove copies of inputs whose click died before there was a task.

        Args:
            in_use: Says which of some hashes a task names.
            older_than: Only copies that were made that long ago go.
        """
        claimed = await self._run(lambda: self._inputs.claimed(older_than))
        needed = await in_use(claimed) if claimed else ()
        await self._run(lambda: self._inputs.settle(claimed, needed, older_than))

    async def close(self) -> None:
        """Wait for the threads to finish."""
        if self._own is not None:
            await asyncio.to_thread(self._own.shutdown)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _sweep(self, locks: TaskLocks, spared: Collection[str], older_than: timedelta) -> int:
        removed = 0
        with as_storage_errors(self._folder):
            for path in self._folder.glob(f"*/*{PARTIAL}"):
                task_id = path.name.partition("-")[0]
                lock = None if task_id in spared else locks.acquire(task_id)
                if lock is None:
                    continue
                try:
                    if is_older(path, older_than):  # nobody else touches it under its lock
                        path.unlink()
                        removed += 1
                finally:
                    lock.release()
        return removed
