"""Takes that are wanted as files in folders of the user's, until they are there: kept, so that no crash forgets one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.domain.task import Task, TaskState
from app.storage.database import Database
from app.storage.task_reading import tasks_by_number

_WANT = """
    INSERT INTO deliveries (sheet, row_id, folder, click_id, stem, place) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (sheet, row_id, folder) DO UPDATE SET
        click_id = excluded.click_id, stem = excluded.stem, place = excluded.place
    RETURNING number
"""
_OWE = """
    INSERT OR IGNORE INTO undelivered
    SELECT ?, takes.id FROM takes JOIN tasks ON tasks.number = takes.task
    WHERE tasks.click_id = ? AND takes.state = 'stored' AND takes.deleted_at IS NULL AND tasks.deleted_at IS NULL
        AND takes.id NOT IN (SELECT value FROM json_each(?))
"""
_OWED = """
    SELECT deliveries.*, undelivered.take FROM undelivered JOIN deliveries ON deliveries.number = undelivered.delivery
    JOIN takes ON takes.id = undelivered.take JOIN tasks ON tasks.number = takes.task
    WHERE deliveries.folder = :folder AND takes.deleted_at IS NULL AND tasks.deleted_at IS NULL
    ORDER BY deliveries.place LIMIT :most
"""
_TASKS = "SELECT number FROM tasks WHERE click_id IN (SELECT value FROM json_each(?)) ORDER BY number"
_RECORDS = "SELECT * FROM delivered WHERE folder = ? AND row_id IN (SELECT value FROM json_each(?)) ORDER BY number"
_OPEN_TASKS = """
    SELECT 1 FROM deliveries JOIN tasks ON tasks.click_id = deliveries.click_id
    WHERE folder = ? AND state IN (SELECT value FROM json_each(?)) LIMIT 1
"""
_OPEN = json.dumps([state.value for state in TaskState if state.is_open])
_NAMES = """
    SELECT take, name, max(number) AS number FROM delivered
    WHERE folder = ?1 AND is_written AND take IN (SELECT value FROM json_each(?2)) GROUP BY take
"""
_LATEST = "SELECT name, take FROM delivered WHERE folder = ? ORDER BY number"
_INTEND = "INSERT OR REPLACE INTO delivered VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row whose takes are wanted in a folder.

    Attributes:
        stem: The names of its files without number and suffix.
        place: Its line in the sheet.
    """

    sheet: str
    row_id: str
    folder: str
    click_id: str
    stem: str
    place: int


@dataclass(frozen=True, slots=True)
class Owed:
    """One take that isn't in a folder yet."""

    delivery: int
    wanted: Wanted
    take_id: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What we wrote under a name, or were about to.

    Attributes:
        sha256: Of the content, hexadecimal.
        is_written: Whether it got its name for certain.
    """

    folder: str
    name: str
    take_id: str
    click_id: str
    sheet: str
    row_id: str
    sha256: str
    is_written: bool = False


class Deliveries:
    """What is wanted where, what is still owed, and what was written.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owed(self, folder: str, most: int = 32) -> list[Owed]:
        """Takes that aren't in a folder yet, in the order of their rows; what lies in the bin isn't wanted."""

        def work(connection: sqlite3.Connection) -> list[Owed]:
            rows = connection.execute(_OWED, {"folder": folder, "most": most})
            return [Owed(row["number"], _wanted_of(row), row["take"]) for row in rows]

        return await self._database.read(work)

    async def folders(self) -> list[str]:
        """Folders that something is owed to."""

        def work(connection: sqlite3.Connection) -> list[str]:
            rows = connection.execute(
                "SELECT DISTINCT folder FROM undelivered JOIN deliveries ON deliveries.number = delivery"
            )
            return [row["folder"] for row in rows]

        return await self._database.read(work)

    async def folder_of(self, sheet: str) -> str | None:
        """Where the files of a sheet were last wanted."""

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT folder FROM deliveries WHERE sheet = ? ORDER BY number DESC LIMIT 1", (sheet,)
            ).fetchone()
            return None if row is None else str(row["folder"])

        return await self._database.read(work)

    async def wanted_in(self, folder: str) -> list[Wanted]:
        """Every row whose takes are wanted in a folder: sheet by sheet, in their order."""

        def work(connection: sqlite3.Connection) -> list[Wanted]:
            rows = connection.execute(
                "SELECT *, min(number) OVER (PARTITION BY sheet) AS first FROM deliveries WHERE folder = ? "
                "ORDER BY first, place",
                (folder,),
            )
            return [_wanted_of(row) for row in rows]

        return await self._database.read(work)

    async def folders_of(self, click_ids: Collection[str]) -> frozenset[str]:
        """The folders that want takes of some clicks."""
        wanted = json.dumps(sorted(set(click_ids)))

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            rows = connection.execute(
                "SELECT DISTINCT folder FROM deliveries WHERE click_id IN (SELECT value FROM json_each(?))", (wanted,)
            )
            return frozenset(row["folder"] for row in rows)

        return await self._database.read(work)

    async def tasks(self, click_ids: Collection[str]) -> list[Task]:
        """The tasks of some clicks, in the order in which they were queued."""
        wanted = json.dumps(sorted(set(click_ids)))

        def work(connection: sqlite3.Connection) -> list[Task]:
            numbers = [row["number"] for row in connection.execute(_TASKS, (wanted,))]
            return tasks_by_number(connection, numbers, with_bodies=False)

        return await self._database.read(work)

    async def records(self, folder: str, row_ids: Collection[str]) -> list[FileRecord]:
        """What we wrote into a folder for rows with these ids, the latest last."""
        wanted = json.dumps(sorted(set(row_ids)))
        return await self._database.read(
            lambda connection: [_record_of(row) for row in connection.execute(_RECORDS, (folder, wanted))]
        )

    async def has_open_tasks(self, folder: str) -> bool:
        """Whether something is under way that is wanted in a folder."""
        return await self._database.read(
            lambda connection: connection.execute(_OPEN_TASKS, (folder, _OPEN)).fetchone() is not None
        )

    async def names(self, folder: str, take_ids: Collection[str]) -> dict[str, str]:
        """Under which names takes lie in a folder, as far as they were written."""
        wanted = json.dumps(sorted(take_ids))
        return await self._database.read(
            lambda connection: {row["take"]: row["name"] for row in connection.execute(_NAMES, (folder, wanted))}
        )

    async def holders(self, folder: str) -> dict[str, str]:
        """The take that we wrote last under each name of a folder."""
        return await self._database.read(
            lambda connection: {row["name"]: row["take"] for row in connection.execute(_LATEST, (folder,))}
        )

    async def intend(self, records: Iterable[FileRecord]) -> None:
        """Note what is about to get its name, before it does: else a crash makes a stranger of our own file."""
        rows = list(map(_values_of, records))
        await self._database.write(lambda connection: connection.executemany(_INTEND, rows))

    async def done(self, written: Sequence[tuple[Owed, FileRecord]]) -> None:
        """These have their names; nothing is owed any more."""

        def work(connection: sqlite3.Connection) -> None:
            for owed, record in written:
                connection.execute(_INTEND, (*_values_of(record)[:-1], True))
                connection.execute(
                    "DELETE FROM undelivered WHERE delivery = ? AND take = ?", (owed.delivery, owed.take_id)
                )

        await self._database.write(work)


def want(connection: sqlite3.Connection, rows: Iterable[Wanted], present: Collection[str]) -> None:
    """Note where the takes of rows are wanted, in the transaction that writes their tasks.

    Args:
        present: Ids of takes that are in the folder already.
    """
    there = json.dumps(sorted(present))
    for row in rows:
        values = (row.sheet, row.row_id, row.folder, row.click_id, row.stem, row.place)
        (number,) = connection.execute(_WANT, values).fetchone()
        connection.execute("DELETE FROM undelivered WHERE delivery = ?", (number,))
        connection.execute(_OWE, (number, row.click_id, there))


def _wanted_of(row: sqlite3.Row) -> Wanted:
    return Wanted(row["sheet"], row["row_id"], row["folder"], row["click_id"], row["stem"], row["place"])


def _record_of(row: sqlite3.Row) -> FileRecord:
    return FileRecord(
        row["folder"],
        row["name"],
        row["take"],
        row["click_id"],
        row["sheet"],
        row["row_id"],
        row["sha256"],
        bool(row["is_written"]),
    )


def _values_of(record: FileRecord) -> tuple[object, ...]:
    return (
        record.folder,
        record.name,
        record.take_id,
        record.click_id,
        record.sheet,
        record.row_id,
        record.sha256,
        record.is_written,
    )
