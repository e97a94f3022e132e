"""The library as a list: which tasks, in which order, how many; and the bin."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.errors import TaskNotFound
from app.domain.task import Task
from app.storage.database import Database
from app.storage.known_order import KnownOrder
from app.storage.library_queries import Filter, LibraryQuery, SortKey, counts_of
from app.storage.sql_values import time_text
from app.storage.task_reading import tasks_by_number
from app.storage.task_writing import refresh_list_columns

__all__ = ["Filter", "LibraryIndex", "LibraryQuery", "LibraryRow", "SortKey"]


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One row of the list.

    Attributes:
        number: The task's row number, the same for good.
        task: With the takes that the list shows; its attempt without the bytes that were sent.
    """

    number: int
    task: Task


class LibraryIndex:
    """Answers the questions of a list that shows a small window of very many tasks.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._order = KnownOrder()
        self._now = now

    async def ids(self, query: LibraryQuery) -> array[int]:
        """The row numbers of all tasks that a query finds, in its order."""
        return await self._database.read(lambda connection: self._order.numbers(connection, query))

    async def rows(self, numbers: Sequence[int], *, from_bin: bool = False) -> list[LibraryRow]:
        """The tasks with some row numbers, in that order; numbers that are gone are left out.

        Args:
            from_bin: Whether the bin is shown: of a task outside it, only the takes inside it. Else takes in the
                bin are left out.
        """

        def work(connection: sqlite3.Connection) -> list[LibraryRow]:
            ids = _ids_of(connection, numbers)
            tasks = tasks_by_number(connection, numbers, with_bodies=False)
            return [LibraryRow(ids[task.id], _shown(task, from_bin)) for task in tasks]

        return await self._database.read(work)

    async def number_of(self, task_id: str) -> int:
        """The row number of a task.

        Raises:
            TaskNotFound: There is no such task.
        """

        def work(connection: sqlite3.Connection) -> int:
            row = connection.execute("SELECT number FROM tasks WHERE id = ?", (task_id,)).fetchone()
            if row is None:
                raise TaskNotFound(f"There is no task {task_id}.")
            return int(row["number"])

        return await self._database.read(work)

    async def counts(self, text: str = "") -> dict[Filter, int]:
        """How many tasks each filter shows together with a search text."""
        return await self._database.read(lambda connection: counts_of(connection, text))

    async def to_bin(self, task_ids: Collection[str] = (), take_ids: Collection[str] = ()) -> None:
        """Move tasks and single takes to the bin; their files stay. What is there already stays as it is."""
        await self._move(task_ids, take_ids, time_text(self._now()))

    async def restore(self, task_ids: Collection[str] = (), take_ids: Collection[str] = ()) -> None:
        """Take tasks and single takes out of the bin."""
        await self._move(task_ids, take_ids, None)

    async def _move(self, task_ids: Collection[str], take_ids: Collection[str], deleted_at: str | None) -> None:
        tasks = {"ids": json.dumps(list(task_ids)), "deleted_at": deleted_at}
        takes = {"ids": json.dumps(list(take_ids)), "deleted_at": deleted_at}

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE tasks SET deleted_at = iif(:deleted_at IS NULL, NULL, coalesce(deleted_at, :deleted_at)) "
                "WHERE id IN (SELECT value FROM json_each(:ids))",
                tasks,
            )
            connection.execute(
                "UPDATE takes SET deleted_at = iif(:deleted_at IS NULL, NULL, coalesce(deleted_at, :deleted_at)) "
                "WHERE id IN (SELECT value FROM json_each(:ids))",
                takes,
            )
            owners = connection.execute(
                "SELECT DISTINCT task FROM takes WHERE id IN (SELECT value FROM json_each(:ids))", takes
            ).fetchall()
            for owner in owners:
                refresh_list_columns(connection, owner["task"])

        await self._database.write(work)


def _ids_of(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[str, int]:
    rows = connection.execute(
        "SELECT id, number FROM tasks WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return {row["id"]: row["number"] for row in rows}


def _shown(task: Task, from_bin: bool) -> Task:
    if from_bin and task.is_binned:
        return task
    return replace(task, takes=tuple(take for take in task.takes if take.is_binned is from_bin))
