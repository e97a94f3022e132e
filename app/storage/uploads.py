"""Which input files are at a service already, and under which name there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime

from app.storage.database import Database
from app.storage.sql_values import time_text


class UploadStore:
    """Handles by address and content. Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def handle(self, base_url: str, sha256: str) -> str | None:
        """The service's name for a file, if it was uploaded there."""

        def work(connection: sqlite3.Connection) -> str | None:
            found = connection.execute(
                "SELECT handle FROM uploads WHERE base_url = ? AND sha256 = ?", (base_url, sha256)
            ).fetchone()
            return None if found is None else str(found["handle"])

        return await self._database.read(work)

    async def keep(self, base_url: str, sha256: str, handle: str) -> None:
        """Remember an upload; a later one of the same file takes its place."""
        row = (base_url, sha256, handle, time_text(self._now()))
        await self._database.write(
            lambda connection: connection.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)", row)
        )

    async def forget(self, base_url: str, hashes: Collection[str]) -> None:
        """The service doesn't have these files any more."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "DELETE FROM uploads WHERE base_url = ? AND sha256 = ?", [(base_url, sha256) for sha256 in hashes]
            )

        await self._database.write(work)
