"""What was asked for and what became of it, on the disk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import TaskNotFound
from app.domain.measures import Measures
from app.domain.receipt import Spent
from app.domain.take import Take
from app.domain.task import Attempt, Task, TaskState
from app.storage.database import Database
from app.storage.ledger import Ceilings, Periods, ceiling_of_click, refuse_over_ceilings, spent_between
from app.storage.measure_rows import MEASURED_VERSION, SET_MEASURES, UNMEASURED, measure_values
from app.storage.sql_values import money_text, time_of, time_text
from app.storage.task_reading import attempts_of, rows_that_mean_something, take_of, tasks_by_number
from app.storage.task_writing import add_task, record_task, refresh_list_columns, settle_rest_as_free

__all__ = ["Periods", "TaskStore", "Wish"]

_SHORTEST_PREFIX = 4

_IN_STATES = """
    SELECT number FROM tasks
    WHERE state IN (SELECT value FROM json_each(:states)) AND (:with_binned OR deleted_at IS NULL)
    ORDER BY number
"""

_WITH_IDS = "SELECT number FROM tasks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number"
_IDS_IN_STATES = "SELECT id FROM tasks WHERE state IN (SELECT value FROM json_each(?)) ORDER BY number"

_OPEN = json.dumps([state.value for state in TaskState if state.is_open])
_AWAITED = """
    SELECT id FROM tasks WHERE state IN (SELECT value FROM json_each(:open))
    UNION
    SELECT tasks.id FROM takes JOIN tasks ON tasks.number = takes.task WHERE takes.state = 'announced'
"""


_FORGET_OBEYED = "DELETE FROM wishes WHERE wish = ? AND task = (SELECT number FROM tasks WHERE id = ?)"
_NAMES_INPUT = "SELECT 1 FROM tasks WHERE instr(request, ?) LIMIT 1"


_LATEST_MOMENT = """
    SELECT max(moment) AS latest FROM (
        SELECT max(reserved_at) AS moment FROM receipts
        UNION ALL
        SELECT max(updated_at) FROM tasks WHERE state IN (SELECT value FROM json_each(:open))
    )
"""
_LATEST_BILLED = """
    SELECT number FROM tasks
    WHERE model = ? AND provider = ? AND state = 'finished' AND cost_order IS NOT NULL
    ORDER BY number DESC LIMIT 1
"""


_PROJECTS = """
    SELECT project FROM tasks INDEXED BY tasks_by_project WHERE project <> ''
    GROUP BY project ORDER BY max(number) DESC
"""


class Wish(StrEnum):
    """What one process wants done with a task that another one holds."""

    CANCEL = "cancel"
    CANCEL_IF_WAITING = "cancel if waiting"


class TaskStore:
    """Tasks with their attempts, takes and receipts. Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def add(
        self,
        tasks: Sequence[Task],
        *,
        click_ceiling: Decimal | None = None,
        also: Callable[[sqlite3.Connection], None] | None = None,
    ) -> None:
        """Write the new tasks of a click, all or none.

        Args:
            click_ceiling: The most that all of a click together may cost, kept for whoever runs them.
            also: Writes what belongs to them, in the same transaction; what it raises undoes everything.
        """
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            for task in tasks:
                add_task(connection, task, now)
                if click_ceiling is not None:
                    ceiling = (task.click_id, money_text(click_ceiling))
                    connection.execute("INSERT OR IGNORE INTO ceilings VALUES (?, ?)", ceiling)
            if also is not None:
                also(connection)

        await self._database.write(work)

    async def task(self, id_or_prefix: str) -> Task:
        """A task by its id, or by the first four or more digits of it; with what lies in the bin.

        Raises:
            TaskNotFound: None or several begin so.
        """
        return await self._database.read(
            lambda connection: tasks_by_number(connection, [_number_of(connection, id_or_prefix)])[0]
        )

    async def tasks(
        self,
        states: Collection[TaskState] | None = None,
        *,
        with_binned: bool = False,
        with_bodies: bool = True,
    ) -> list[Task]:
        """All tasks, or those in some states, the oldest first.

        Args:
            with_bodies: Whether the bytes that were sent come along.
        """
        wanted = json.dumps([state.value for state in (TaskState if states is None else states)])

        def work(connection: sqlite3.Connection) -> list[Task]:
            rows = connection.execute(_IN_STATES, {"states": wanted, "with_binned": with_binned})
            return tasks_by_number(connection, [row["number"] for row in rows], with_bodies=with_bodies)

        return await self._database.read(work)

    async def tasks_with_ids(self, ids: Collection[str], *, with_bodies: bool = True) -> list[Task]:
        """Some tasks, the oldest first; those that aren't there are left out."""
        wanted = json.dumps(list(ids))

        def work(connection: sqlite3.Connection) -> list[Task]:
            rows = connection.execute(_WITH_IDS, (wanted,))
            return tasks_by_number(connection, [row["number"] for row in rows], with_bodies=with_bodies)

        return await self._database.read(work)

    async def ids_in(self, states: Collection[TaskState]) -> list[str]:
        """Of all tasks in some states, with those in the bin, the oldest first."""
        wanted = json.dumps([state.value for state in states])

        def work(connection: sqlite3.Connection) -> list[str]:
            return [row["id"] for row in connection.execute(_IDS_IN_STATES, (wanted,))]

        return await self._database.read(work)

    async def awaited(self) -> frozenset[str]:
        """Ids of tasks that are open, or have a take that is still to come."""

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            rows = connection.execute(_AWAITED, {"open": _OPEN})
            return frozenset(row["id"] for row in rows)

        return await self._database.read(work)

    async def inputs_in_use(self, hashes: Collection[str]) -> frozenset[str]:
        """Those among some SHA-256 that a task names as an input, whatever its state; it may be tried again."""

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            return frozenset(each for each in hashes if connection.execute(_NAMES_INPUT, (each,)).fetchone())

        return await self._database.read(work)

    async def record(self, task: Task, *, since: Task | None = None) -> None:
        """Write what the engine knows of a task, its latest attempt and its takes, in one transaction.

        What the user decides is left alone (see `task_writing`).

        Args:
            since: The task as its holder wrote it last, so that only what has changed is written.
        """
        now = self._now()
        await self._database.write(lambda connection: record_task(connection, task, now, since=since))

    async def record_all(self, tasks: Sequence[Task]) -> None:
        """Write many tasks as `record` does, in one transaction: all or none."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            for task in tasks:
                record_task(connection, task, now)

        await self._database.write(work)

    async def settle_as_free(self, task: Task) -> None:
        """Record a task of which the user says that it cost nothing; attempts whose cost is known keep it."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            settle_rest_as_free(connection, record_task(connection, task, now), now)

        await self._database.write(work)

    async def begin(
        self, task: Task, day_ceiling: Decimal | None, month_ceiling: Decimal | None, periods: Periods
    ) -> None:
        """Reserve the money of the task's new attempt and record the task, or refuse; in one transaction.

        Args:
            periods: The day and the month in which the attempt is counted.
        Raises:
            SpendingCeilingReached: A limit would be passed; nothing was written.
        """
        assert task.attempt is not None
        attempt, now = task.attempt, self._now()

        def work(connection: sqlite3.Connection) -> None:
            record_task(connection, task, now)
            if attempt.receipt.reserved is not None or not task.accepts_unknown_price:
                ceilings = Ceilings(day_ceiling, month_ceiling, ceiling_of_click(connection, task.click_id))
                refuse_over_ceilings(connection, task.click_id, attempt, ceilings, periods)

        await self._database.write(work)

    async def attempts(self, task_id: str) -> list[Attempt]:
        """Every attempt of a task, the first one first."""
        return await self._database.read(lambda connection: attempts_of(connection, _number_of(connection, task_id)))

    async def spent(self, since: datetime, until: datetime) -> Spent:
        """What was billed in that time, and what is still reserved."""
        return await self._database.read(lambda connection: spent_between(connection, since, until))

    async def latest_sending(self) -> datetime | None:
        """When something was last sent, or anything last happened to a task that is still open."""

        def work(connection: sqlite3.Connection) -> datetime | None:
            row = connection.execute(_LATEST_MOMENT, {"open": _OPEN}).fetchone()
            latest: str | None = row["latest"]
            return time_of(latest)

        return await self._database.read(work)

    async def latest_billed(self, provider: str, model: str) -> Task | None:
        """The latest finished task of a model that something was billed for, without the bytes that were sent."""

        def work(connection: sqlite3.Connection) -> Task | None:
            numbers = [row["number"] for row in connection.execute(_LATEST_BILLED, (model, provider))]
            tasks = tasks_by_number(connection, numbers, with_bodies=False)
            return tasks[0] if tasks else None

        return await self._database.read(work)

    # What the user decides

    async def take(self, take_id: str) -> Take:
        """
        Raises:
            TaskNotFound: There is no such take.
        """
        return await self._database.read(lambda connection: _take(connection, take_id))

    async def edit_take(
        self,
        take_id: str,
        *,
        rating: int | None = None,
        is_favourite: bool | None = None,
        note: str | None = None,
    ) -> None:
        """Change what the user says about a take; None leaves it as it is.

        Args:
            rating: 0 (none) to 5.
        """
        await self._change_take(
            """
            UPDATE takes SET
                rating = coalesce(:rating, rating),
                is_favourite = coalesce(:is_favourite, is_favourite),
                note = coalesce(:note, note)
            WHERE id = :id
            """,
            {"id": take_id, "rating": rating, "is_favourite": is_favourite, "note": note},
        )

    async def edit_task(self, task_id: str, *, note: str) -> None:
        """Keep a note with a task."""

        def work(connection: sqlite3.Connection) -> None:
            number = _number_of(connection, task_id)
            connection.execute("UPDATE tasks SET note = ? WHERE number = ?", (note, number))

        await self._database.write(work)

    async def move_to_project(self, task_ids: Collection[str], project: str) -> None:
        """File tasks with their receipts under a project, all or none; an empty name is none.

        Raises:
            TaskNotFound: One of them is gone.
        """

        def work(connection: sqlite3.Connection) -> None:
            numbers = [(project, _number_of(connection, task_id)) for task_id in task_ids]
            connection.executemany("UPDATE tasks SET project = ? WHERE number = ?", numbers)
            connection.executemany("UPDATE receipts SET project = ? WHERE task = ?", numbers)

        await self._database.write(work)

    async def projects(self) -> list[str]:
        """Every project that has a task, the one that was last added to first."""

        def work(connection: sqlite3.Connection) -> list[str]:
            return [row["project"] for row in connection.execute(_PROJECTS)]

        return await self._database.read(work)

    async def tags(self, task_id: str) -> tuple[str, ...]:
        """The tags of a task, in alphabetical order."""

        def work(connection: sqlite3.Connection) -> tuple[str, ...]:
            number = _number_of(connection, task_id)
            rows = connection.execute("SELECT tag FROM tags WHERE task = ? ORDER BY tag", (number,))
            return tuple(row["tag"] for row in rows)

        return await self._database.read(work)

    async def set_tags(self, task_id: str, tags: Iterable[str]) -> None:
        """Replace the tags of a task; blank ones are left out."""
        wanted = sorted({tag.strip() for tag in tags} - {""})

        def work(connection: sqlite3.Connection) -> None:
            number = _number_of(connection, task_id)
            connection.execute("DELETE FROM tags WHERE task = ?", (number,))
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [(number, tag) for tag in wanted])

        await self._database.write(work)

    # Measures of takes

    async def set_measures(self, take_id: str, measures: Measures | None) -> None:
        """What was measured of a take; None where it can't be, so that it isn't tried again."""
        when = {"id": take_id, "measured_at": time_text(self._now())}
        await self._change_take(SET_MEASURES, measure_values(measures) | when)

    async def unmeasured(self, limit: int) -> list[Take]:
        """Stored takes that were never measured, the newest first, then those of an earlier version of measuring."""

        def work(connection: sqlite3.Connection) -> list[Take]:
            rows = connection.execute(UNMEASURED, {"version": MEASURED_VERSION, "limit": limit})
            with rows_that_mean_something():
                return [take_of(row) for row in rows]

        return await self._database.read(work)

    # Between processes

    async def wish(self, task_ids: Collection[str], wish: Wish) -> None:
        """Ask the processes that hold tasks for something; a later wish takes the place of an earlier one."""
        values = {"ids": json.dumps(list(task_ids)), "wish": wish.value, "now": time_text(self._now())}

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO wishes "
                "SELECT number, :wish, :now FROM tasks WHERE id IN (SELECT value FROM json_each(:ids))",
                values,
            )

        await self._database.write(work)

    async def wishes(self, task_ids: Collection[str]) -> dict[str, Wish]:
        """The wishes for some tasks, by task id."""
        wanted = frozenset(task_ids)

        def work(connection: sqlite3.Connection) -> dict[str, Wish]:
            rows = connection.execute("SELECT id, wish FROM wishes JOIN tasks ON number = task")
            return {row["id"]: Wish(row["wish"]) for row in rows if row["id"] in wanted}

        return await self._database.read(work)

    async def forget_obeyed(self, wishes: Mapping[str, Wish]) -> None:
        """Forget wishes that were obeyed; what was wished in their place meanwhile stays."""
        rows = [(wish.value, task_id) for task_id, wish in wishes.items()]
        await self._database.write(lambda connection: connection.executemany(_FORGET_OBEYED, rows))

    async def clear_wishes(self, task_ids: Collection[str]) -> None:
        """Forget the wishes for tasks: they are void."""
        ids = json.dumps(list(task_ids))
        await self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM wishes WHERE task IN "
                "(SELECT number FROM tasks WHERE id IN (SELECT value FROM json_each(?)))",
                (ids,),
            )
        )

    async def data_version(self) -> int:
        """A number that changes when another process has written."""

        def work(connection: sqlite3.Connection) -> int:
            row: tuple[int] = connection.execute("PRAGMA data_version").fetchone()
            return row[0]

        return await self._database.read(work)

    async def _change_take(self, update: str, values: dict[str, object]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            row = connection.execute("SELECT task FROM takes WHERE id = ?", (values["id"],)).fetchone()
            if row is None:
                raise TaskNotFound(f"There is no take {values['id']}.")
            connection.execute(update, values)
            refresh_list_columns(connection, row["task"])

        await self._database.write(work)


def _number_of(connection: sqlite3.Connection, id_or_prefix: str) -> int:
    """The row number of a task; see `TaskStore.task`."""
    wanted = id_or_prefix.strip().lower()
    row = connection.execute("SELECT number FROM tasks WHERE id = ?", (wanted,)).fetchone()
    if row is not None:
        return int(row["number"])
    if len(wanted) < _SHORTEST_PREFIX or not wanted.isalnum():
        raise TaskNotFound(f"There is no task {id_or_prefix}. Give at least {_SHORTEST_PREFIX} digits of its id.")
    rows = connection.execute(
        "SELECT number, id FROM tasks WHERE id >= ? AND id < ? LIMIT 2", (wanted, f"{wanted}\U0010ffff")
    ).fetchall()
    if not rows:
        raise TaskNotFound(f"There is no task {id_or_prefix}.")
    if len(rows) > 1:
        raise TaskNotFound(f"Several tasks begin with {id_or_prefix}. Give more digits of the id.")
    return int(rows[0]["number"])


def _take(connection: sqlite3.Connection, take_id: str) -> Take:
    row = connection.execute(
        "SELECT takes.*, tasks.id AS task_id FROM takes JOIN tasks ON tasks.number = takes.task WHERE takes.id = ?",
        (take_id,),
    ).fetchone()
    if row is None:
        raise TaskNotFound(f"There is no take {take_id}.")
    with rows_that_mean_something():
        return take_of(row)
