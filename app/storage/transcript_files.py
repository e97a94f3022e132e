"""Finished transcripts in the library: one file each, whole or not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.transcript import TranscriptFormat
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import remove_left_beside, write_whole


class TranscriptFiles:
    """The folder of transcripts, with a folder for each month."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder = folder
        self._now = now

    async def keep(self, task_id: str, text: str, written_as: TranscriptFormat) -> str:
        """Write a transcript, or write it once more; returns its name below the folder, with forward slashes.

        Raises:
            StorageError: The disk refuses it.
        """
        month = f"{self._now():%Y-%m}"
        await asyncio.to_thread(self._write, month, f"{task_id}{written_as.suffix}", text.encode())
        return f"{month}/{task_id}{written_as.suffix}"

    async def sweep(self, older_than: timedelta = timedelta(days=1)) -> None:
        """Remove what a crash left half written.

        Raises:
            StorageError: The folder can't be read.
        """
        await asyncio.to_thread(self._sweep, older_than)

    def path(self, file: str) -> Path:
        """Where a transcript is.

        Args:
            file: `Task.transcript_file`.
        """
        return self._folder.joinpath(*file.split("/"))

    def _sweep(self, older_than: timedelta) -> None:
        with as_storage_errors(self._folder):
            for month in self._folder.glob("*"):
                remove_left_beside(month, older_than)

    def _write(self, month: str, name: str, data: bytes) -> None:
        """A process that died before the name was recorded may have written it in an earlier month."""
        path = self._folder / month / name
        with as_storage_errors(path):
            write_whole(path, data)
            for other in self._folder.glob(f"*/{name}"):
                if other != path:
                    other.unlink(missing_ok=True)
