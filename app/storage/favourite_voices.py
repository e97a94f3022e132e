"""The voices that the user likes best, by provider."""

from __future__ import annotations

import sqlite3

from app.storage.database import Database


class FavouriteVoices:
    """Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, provider: str) -> frozenset[str]:
        """The ids of a provider's voices that are marked, whether it still offers them or not."""

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            rows = connection.execute("SELECT voice FROM favourite_voices WHERE provider = ?", (provider,))
            return frozenset(str(row["voice"]) for row in rows)

        return await self._database.read(work)

    async def mark(self, provider: str, voice: str, *, is_favourite: bool) -> None:
        """Mark a voice, or take the mark away; as it is already is fine."""
        statement = (
            "INSERT OR IGNORE INTO favourite_voices VALUES (?, ?)"
            if is_favourite
            else "DELETE FROM favourite_voices WHERE provider = ? AND voice = ?"
        )
        await self._database.write(lambda connection: connection.execute(statement, (provider, voice)))
