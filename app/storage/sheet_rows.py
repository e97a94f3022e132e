"""Which tasks belong to which rows of which sheets, so that no row is paid for twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.errors import TaskBusy
from app.domain.request import GenerationRequest
from app.domain.task import Task
from app.storage.database import Database
from app.storage.request_codec import request_text
from app.storage.sql_values import time_text
from app.storage.task_reading import tasks_by_number

# The sheet's own tasks come first; a sheet that was copied or renamed finds those of the other one. What lies in the
# bin isn't wanted any more.
_SAME = """
    SELECT sheet_rows.row_id, sheet_rows.click_id
    FROM json_each(:pairs) AS pair
    JOIN sheet_rows ON sheet_rows.row_id = json_extract(pair.value, '$[0]')
        AND sheet_rows.fingerprint = json_extract(pair.value, '$[1]')
    WHERE EXISTS (SELECT 1 FROM tasks WHERE tasks.click_id = sheet_rows.click_id AND tasks.deleted_at IS NULL)
    ORDER BY sheet_rows.sheet <> :sheet, sheet_rows.added_at DESC
"""
_OF_SHEET = "SELECT row_id, fingerprint, click_id FROM sheet_rows WHERE sheet = ? ORDER BY added_at"
_FORGET = "DELETE FROM sheet_rows WHERE sheet = ? AND row_id = ? AND fingerprint = ?"
_REMEMBER = "INSERT OR REPLACE INTO sheet_rows VALUES (?, ?, ?, ?, ?)"
_TASKS = """
    SELECT number, click_id FROM tasks
    WHERE click_id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL ORDER BY number
"""

ANY_REQUEST = ""
"""The fingerprint of a row whose own was lost with a damaged library: whatever it asks for next counts as the same."""


@dataclass(frozen=True, slots=True)
class SheetRowKey:
    """One row as it was asked for.

    Attributes:
        sheet: The path of its sheet, made absolute.
        fingerprint: Of its whole request, with the content of its files.
    """

    sheet: str
    row_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KnownRows:
    """What earlier runs left.

    Attributes:
        same: Click ids by the ids of rows that were asked for just so.
        latest: Click ids by the ids of all rows of the sheet: what was asked last.
    """

    same: Mapping[str, str]
    latest: Mapping[str, str]


def fingerprint_of(request: GenerationRequest) -> str:
    """Of everything that decides what is made: of files their content, wherever they lie. Hexadecimal SHA-256."""
    files = tuple(replace(file, path=Path(file.sha256 or file.path)) for file in request.references)
    fields = json.loads(request_text(replace(request, references=files)))
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


class SheetRows:
    """Rows of sheets and the clicks that they became.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, sheet: str, rows: Sequence[tuple[str, str]]) -> KnownRows:
        """What is known of some rows, and of their sheet.

        Args:
            rows: Ids and fingerprints.
        """

        def work(connection: sqlite3.Connection) -> KnownRows:
            pairs = json.dumps(rows)
            same: dict[str, str] = {}
            for row in connection.execute(_SAME, {"pairs": pairs, "sheet": sheet}):
                same.setdefault(row["row_id"], row["click_id"])
            of_sheet = connection.execute(_OF_SHEET, (sheet,)).fetchall()
            for row in of_sheet:
                if row["fingerprint"] == ANY_REQUEST and _is_wanted(connection, row["click_id"]):
                    same.setdefault(row["row_id"], row["click_id"])
            latest = {row["row_id"]: row["click_id"] for row in of_sheet}
            return KnownRows(same, latest)

        return await self._database.read(work)

    async def tasks(self, click_ids: Collection[str]) -> dict[str, tuple[Task, ...]]:
        """The tasks of some clicks that aren't in the bin, without the bytes that were sent; by click id."""

        def work(connection: sqlite3.Connection) -> dict[str, tuple[Task, ...]]:
            wanted = json.dumps(sorted(set(click_ids)))
            numbers = [row["number"] for row in connection.execute(_TASKS, (wanted,))]
            found: dict[str, tuple[Task, ...]] = {}
            for task in tasks_by_number(connection, numbers, with_bodies=False):
                found[task.click_id] = (*found.get(task.click_id, ()), task)
            return found

        return await self._database.read(work)


def remember(
    connection: sqlite3.Connection, rows: Iterable[tuple[SheetRowKey, str, str | None]], now: datetime
) -> None:
    """Note which clicks rows became, in the transaction that writes their tasks.

    Args:
        rows: Each with its click, and with the click that its planner knew for just this request.
    Raises:
        TaskBusy: Another process queued one of them since, for this sheet or a copy of it: everything is to be planned
            anew.
    """
    moment = time_text(now)
    for key, click_id, expected in rows:
        pairs = json.dumps([(key.row_id, key.fingerprint)])
        found = connection.execute(_SAME, {"pairs": pairs, "sheet": key.sheet}).fetchone()
        if found is not None and found["click_id"] not in (expected, click_id):
            raise TaskBusy(f"Another Cuesmith has begun row {key.row_id} of this sheet meanwhile. Run it again.")
        connection.execute(_FORGET, (key.sheet, key.row_id, ANY_REQUEST))
        connection.execute(_REMEMBER, (key.sheet, key.row_id, key.fingerprint, click_id, moment))


def _is_wanted(connection: sqlite3.Connection, click_id: str | None) -> bool:
    row = connection.execute("SELECT 1 FROM tasks WHERE click_id = ? AND deleted_at IS NULL", (click_id,)).fetchone()
    return row is not None
