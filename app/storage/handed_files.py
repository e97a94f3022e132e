"""Which files were made to be dragged or copied out of the window, so that the same is not made twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file as it was when it was handed over: one that was changed since is the user's own.

    Attributes:
        size: Bytes.
        modified_ns: Since 1970.
    """

    path: Path
    size: int
    modified_ns: int

    @classmethod
    def at(cls, path: Path) -> HandedFile:
        """Blocking.

        Raises:
            OSError: It can't be looked at.
        """
        found = path.stat()
        return cls(path, found.st_size, found.st_mtime_ns)

    @property
    def is_untouched(self) -> bool:
        """Whether it is still there as it was handed over. Blocking."""
        try:
            return HandedFile.at(self.path) == self
        except OSError:
            return False


class HandedFiles:
    """Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, fingerprint: str) -> tuple[HandedFile, ...]:
        """Every file with this content, wherever it was put."""

        def work(connection: sqlite3.Connection) -> tuple[HandedFile, ...]:
            rows = connection.execute("SELECT * FROM handed_files WHERE fingerprint = ?", (fingerprint,))
            return tuple(HandedFile(Path(row["path"]), row["size"], row["modified_ns"]) for row in rows)

        return await self._database.read(work)

    async def add(self, files: Mapping[str, Collection[HandedFile]]) -> None:
        """Remember new files by their fingerprints."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO handed_files (path, fingerprint, size, modified_ns) VALUES (?, ?, ?, ?)",
                [
                    (str(file.path), fingerprint, file.size, file.modified_ns)
                    for fingerprint, several in files.items()
                    for file in several
                ],
            )

        await self._database.write(work)
