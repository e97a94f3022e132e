"""A take on its way to its place."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TypeVar

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import BrokenAudio
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import put_in_place

T = TypeVar("T")

PARTIAL = ".partial"
INCOMPLETE = ".incomplete"


@dataclass(frozen=True, slots=True)
class TakePlace:
    """Where one take belongs; its suffix is known once its bytes are.

    Attributes:
        folder: Of all takes.
        month: Name of the folder inside it.
        name: File name without a suffix.
    """

    folder: Path
    month: str
    name: str

    def file(self, suffix: str) -> str:
        """Below the folder of takes, with forward slashes, as it is recorded."""
        return f"{self.month}/{self.name}{suffix}"

    def path(self, suffix: str) -> Path:
        return self.folder / self.month / (self.name + suffix)


class PartialTake:
    """A take that is arriving. One of `finish` and `abort` ends it; `abort` may follow a failed `finish`.

    Args:
        spare_bytes: So many bytes that the disk refuses are kept in memory, until it takes them. `finish` fails while
            it doesn't, and may be tried again.
    """

    def __init__(
        self,
        place: TakePlace,
        verify: Callable[[Path], AudioInfo],
        mend: Callable[[Path], object],
        limit_bytes: int,
        executor: Executor | None,
        spare_bytes: int = 0,
    ) -> None:
        self._place = place
        self._verify = verify
        self._mend = mend
        self._limit_bytes = limit_bytes
        self._executor = executor
        self._turn = threading.Lock()  # a cancelled write may still be running when `abort` is called
        self._file: FileIO | None = None
        self._size = 0
        self._is_over = False
        self._spare_bytes = spare_bytes
        self._refused: deque[bytes] = deque()

    @property
    def path(self) -> Path:
        """Where its bytes are meanwhile; the file exists from the first of them on."""
        return self._place.path(PARTIAL)

    async def write(self, data: bytes) -> None:
        """Append to the file. Returns once the bytes are handed to the system.

        Raises:
            BrokenAudio: It is larger than any take may be.
            StorageError: The disk refuses it, and there is no room left in memory either.
        """
        await self._run(lambda: self._write(data))

    async def finish(self) -> tuple[str, AudioInfo]:
        """Mend what its writer couldn't know while it was arriving, decode the whole file, flush it, give it its name.

        Returns:
            Its name below the folder of takes, for `Take.file`, and what it holds.
        Raises:
            BrokenAudio: It isn't playable audio; the bytes are still there for `abort`.
            StorageError: The disk refuses it.
        """
        return await self._run(self._finish)

    async def abort(self, keep: bool) -> str | None:
        """Give it up.

        Args:
            keep: Whether what has arrived is kept, marked as incomplete.
        Returns:
            The name of what was kept below the folder of takes.
        """
        return await self._run(lambda: self._abort(keep))

    async def _run(self, work: Callable[[], T]) -> T:
        # Shielded: a thread can't be stopped, and the file must not be touched by two at once.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._executor, work))

    # Everything below runs in the executor.

    def _write(self, data: bytes) -> None:
        with self._turn:
            if self._is_over:  # a write whose caller was cancelled before it began
                return
            self._size += len(data)
            if self._size > self._limit_bytes:
                raise BrokenAudio(f"The result is larger than {self._limit_bytes >> 20:,} MB and wasn't kept.")
            with as_storage_errors(self.path):
                self._refused.append(data)
                try:
                    self._write_refused()
                except OSError:
                    if sum(map(len, self._refused)) > self._spare_bytes:
                        raise

    def _write_refused(self) -> FileIO:
        """Hand over what the disk has not taken yet, as far as it takes it."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("wb", buffering=0)
        file = self._file
        while self._refused:
            rest = memoryview(self._refused.popleft())
            try:
                while rest:
                    rest = rest[file.write(rest) :]
            except OSError:
                self._refused.appendleft(bytes(rest))
                raise
        return file

    def _finish(self) -> tuple[str, AudioInfo]:
        with self._turn, as_storage_errors(self.path):
            if self._file is None and not self._refused:
                raise BrokenAudio("The result is empty.")
            self._write_refused().close()
            self._mend(self.path)
            info = self._verify(self.path)
            suffix = info.format.suffix
            put_in_place(self.path, self._place.path(suffix))
            self._is_over = True
            self._remove_older(suffix)
            return self._place.file(suffix), info

    def _abort(self, keep: bool) -> str | None:
        with self._turn, as_storage_errors(self.path):
            is_over, self._is_over = self._is_over, True
            with contextlib.suppress(OSError):  # as much as fits
                if keep and self._refused and not is_over:
                    self._write_refused()
            if self._file is None or is_over:
                return None
            self._file.close()
            if keep and self.path.stat().st_size:
                self.path.replace(self._place.path(INCOMPLETE))
                return self._place.file(INCOMPLETE)
            self.path.unlink(missing_ok=True)
            return None

    def _remove_older(self, suffix: str) -> None:
        """Remove earlier files of this take.

        A crash between naming and recording leaves one that nobody knows; fetched anew, the take may have another
        month or suffix. What was kept of an incomplete one goes as well.
        """
        current = self._place.path(suffix)
        suffixes = [*(audio_format.suffix for audio_format in AudioFormat), INCOMPLETE, PARTIAL]
        names = [self._place.name + each for each in suffixes]
        with os.scandir(self._place.folder) as months:
            # As text: a library of years has many months, and paths of pathlib cost more than the looks.
            older = [f"{month.path}{os.sep}{name}" for month in months if month.is_dir() for name in names]
        for each in older:
            if os.path.lexists(each) and Path(each) != current:
                Path(each).unlink(missing_ok=True)
