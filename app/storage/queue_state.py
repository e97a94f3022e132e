"""What holds for the whole queue of a library, in every process: that it is paused, and which services are busy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.storage.database import Database
from app.storage.sql_values import time_of, time_text


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole queue at one moment.

    Attributes:
        busy: By their addresses, until when services want no new task.
    """

    is_paused: bool
    busy: Mapping[str, datetime]


class QueueState:
    """Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def pause(self) -> None:
        now = time_text(self._now())
        await self._database.write(
            lambda connection: connection.execute("INSERT OR IGNORE INTO queue_pause VALUES (1, ?)", (now,))
        )

    async def resume(self) -> None:
        await self._database.write(lambda connection: connection.execute("DELETE FROM queue_pause"))

    async def note_busy(self, base_url: str, until: datetime) -> None:
        """A service wants no new task before then; an earlier word about it is forgotten."""
        text, now = time_text(until), time_text(self._now())

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM busy_services WHERE until <= ?", (now,))
            connection.execute("INSERT OR REPLACE INTO busy_services VALUES (?, ?)", (base_url, text))

        await self._database.write(work)

    async def read(self) -> Standing:
        now = time_text(self._now())

        def work(connection: sqlite3.Connection) -> Standing:
            is_paused = connection.execute("SELECT 1 FROM queue_pause").fetchone() is not None
            rows = connection.execute("SELECT base_url, until FROM busy_services WHERE until > ?", (now,))
            return Standing(is_paused, {row["base_url"]: time_of(row["until"]) for row in rows})

        return await self._database.read(work)
