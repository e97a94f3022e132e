"""The ledger as people read it: what was spent in some time, by day, service or project, and each entry of it.

An entry is an attempt that left. What never left cost nothing and isn't one; what lies in the bin cost as much as
everything else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from app.domain.model_spec import Kind
from app.domain.receipt import FREE
from app.domain.task import TaskState
from app.storage.database import Database
from app.storage.money_sql import FITS, HELD_UNITS, amount_of, units
from app.storage.sql_values import money_of, time_of, time_text


class Grouping(StrEnum):
    """What one line of the ledger stands for."""

    DAY = "day"
    SERVICE = "service"
    PROJECT = "project"


class Which(StrEnum):
    """Which entries are asked for."""

    ALL = "all"
    HELD = "held"  # money is held for them
    UNKNOWN = "unknown"  # they are over, and nobody told what they cost
    OPEN = "open"  # either of both


@dataclass(frozen=True, slots=True)
class Sum:
    """What several attempts cost together, in US dollars.

    Attributes:
        billed: What services told; None where they told nothing of any, though some of it is over.
        held: The most that can still come of the rest, as far as that is known.
        tasks: How many tasks they belong to.
        unknown: How many of these are over without anybody telling what they cost.
    """

    billed: Decimal | None = FREE
    held: Decimal = FREE
    tasks: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One attempt that left.

    Attributes:
        at: When it left; this decides about its day.
        state: Of its task, now.
        expected, most: The estimate; None is unknown.
        reserved: The most that it could cost when it left; None is unknown.
        billed: What the service told; None while it didn't.
        is_settled: Whether nothing is held for it any more.
    """

    attempt: str
    at: datetime
    task_id: str
    state: TaskState
    provider: str
    model: str
    kind: Kind
    project: str
    prompt: str
    expected: Decimal | None
    most: Decimal | None
    reserved: Decimal | None
    billed: Decimal | None
    is_settled: bool

    @property
    def held(self) -> Decimal:
        """What limits count for it on top of the bill."""
        if self.is_settled or self.reserved is None:
            return FREE
        return max(self.reserved - (self.billed or FREE), FREE)

    @property
    def is_unknown(self) -> bool:
        """Nobody told what it cost, and nobody is expected to."""
        return self.billed is None and (self.is_settled or not self.state.is_open)


# The rare receipt that is settled without a bill may belong to an attempt that waits to leave once more, or never will.
_LEFT = """NOT (
    is_settled AND billed IS NULL
    AND EXISTS (SELECT 1 FROM attempts WHERE attempts.id = receipts.attempt AND sent_at IS NULL)
)"""
_OPEN = "(SELECT number FROM tasks WHERE state IN ('queued', 'submitting', 'running'))"
_UNKNOWN = f"billed IS NULL AND (is_settled OR receipts.task NOT IN {_OPEN})"
_HELD = "NOT is_settled AND reserved IS NOT NULL AND reserved <> '0' AND reserved IS NOT billed"

# Every SELECT below is put together from the words of this module alone.
_DAYS = """
    (SELECT value ->> 0 AS since, value ->> 1 AS until FROM json_each(:days)) AS days
    CROSS JOIN receipts ON reserved_at >= days.since AND reserved_at < days.until
"""
_SOURCES = {
    Grouping.DAY: ("days.since", f"{_DAYS} WHERE {_LEFT}"),
    Grouping.SERVICE: ("provider", f"receipts WHERE reserved_at >= :since AND reserved_at < :until AND {_LEFT}"),
    Grouping.PROJECT: ("project", f"receipts WHERE reserved_at >= :since AND reserved_at < :until AND {_LEFT}"),
    None: ("''", f"receipts WHERE reserved_at >= :since AND reserved_at < :until AND {_LEFT}"),
}
_SUMS = """
    SELECT {key} AS key,
        sum(CASE WHEN {fits} THEN {billed} ELSE 0 END) AS billed,
        sum(CASE WHEN {fits} THEN {held} ELSE 0 END) AS held,
        sum(NOT {fits}) AS others,
        count(billed) AS told,
        count(DISTINCT task) AS tasks,
        count(DISTINCT CASE WHEN {unknown} THEN task END) AS unknown
    FROM {source} GROUP BY 1
"""
_OTHERS = "SELECT {key} AS key, reserved, billed, is_settled FROM {source} AND NOT {fits}"
_UNKNOWN_TASKS = """
    SELECT count(DISTINCT task) FROM receipts
    WHERE reserved_at >= :since AND reserved_at < :until AND {unknown} AND {left}
"""
_CONDITIONS = {
    Which.ALL: "TRUE",
    Which.HELD: _HELD,
    Which.UNKNOWN: _UNKNOWN,
    Which.OPEN: f"(({_HELD}) OR ({_UNKNOWN}))",
}
_ENTRIES = """
    SELECT receipts.attempt, reserved_at, tasks.id AS task_id, state, attempts.provider, attempts.model, kind,
        receipts.project, prompt, expected, most, reserved, billed, is_settled
    FROM receipts
    JOIN attempts ON attempts.id = receipts.attempt
    JOIN tasks ON tasks.number = receipts.task
    WHERE (reserved_at, receipts.attempt) > (:since, :after) AND reserved_at < :until AND {left} AND {condition}
    ORDER BY reserved_at, receipts.attempt LIMIT :limit
"""


class LedgerEntries:
    """Reads receipts; changes none.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last attempt left; None where none ever did."""

        def work(connection: sqlite3.Connection) -> tuple[datetime, datetime] | None:
            row = connection.execute(
                "SELECT (SELECT min(reserved_at) FROM receipts), (SELECT max(reserved_at) FROM receipts)"
            ).fetchone()
            return None if row[0] is None else (time_of(row[0]), time_of(row[1]))

        return await self._database.read(work)

    async def total(self, since: datetime, until: datetime) -> Sum:
        """All of a span of time; its end doesn't belong to it."""
        sums = await self._database.read(lambda connection: _sums(connection, None, _span(since, until)))
        return sums.get("", Sum())

    async def unknown(self, since: datetime, until: datetime) -> int:
        """How many tasks of a span of time are over without anybody telling what they cost."""

        def work(connection: sqlite3.Connection) -> int:
            select = _UNKNOWN_TASKS.format(unknown=_UNKNOWN, left=_LEFT)
            row = connection.execute(select, _span(since, until)).fetchone()
            return int(row[0])

        return await self._database.read(work)

    async def by_day(self, days: Sequence[datetime]) -> list[Sum]:
        """The sums of days that follow one another.

        Args:
            days: The beginning of each, and the end of the last.
        """
        starts = [time_text(day) for day in days]
        pairs = json.dumps(list(pairwise(starts)))
        sums = await self._database.read(lambda connection: _sums(connection, Grouping.DAY, {"days": pairs}))
        return [sums.get(start, Sum()) for start in starts[:-1]]

    async def by(self, grouping: Grouping, since: datetime, until: datetime) -> dict[str, Sum]:
        """The sums of a span of time, by the provider or the project of what was asked for."""
        assert grouping is not Grouping.DAY, "days are told by their beginnings"
        return await self._database.read(lambda connection: _sums(connection, grouping, _span(since, until)))

    async def entries(
        self, since: datetime, until: datetime, which: Which = Which.ALL, *, after: str = "", limit: int = 1_000
    ) -> list[LedgerEntry]:
        """Entries of a span of time, the oldest first.

        Args:
            after: To go on: the attempt of the last entry that is known, with `since` the time at which it left.
        """
        select = _ENTRIES.format(left=_LEFT, condition=_CONDITIONS[which])
        values = {**_span(since, until), "after": after, "limit": limit}
        return await self._database.read(
            lambda connection: [_entry_of(row) for row in connection.execute(select, values)]
        )


def _span(since: datetime, until: datetime) -> dict[str, str]:
    return {"since": time_text(since), "until": time_text(until)}


def _sums(connection: sqlite3.Connection, grouping: Grouping | None, values: dict[str, str]) -> dict[str, Sum]:
    key, source = _SOURCES[grouping]
    words = {"key": key, "source": source, "fits": FITS, "unknown": _UNKNOWN}
    rows = connection.execute(_SUMS.format(billed=units("billed"), held=HELD_UNITS, **words), values).fetchall()
    others: dict[str, list[sqlite3.Row]] = {}
    if any(row["others"] for row in rows):
        for row in connection.execute(_OTHERS.format(**words), values):
            others.setdefault(row["key"], []).append(row)
    return {row["key"]: _sum(row, others.get(row["key"], ())) for row in rows}


def _sum(row: sqlite3.Row, others: Iterable[sqlite3.Row]) -> Sum:
    billed, held = amount_of(row["billed"]), amount_of(row["held"])
    for other in others:
        told, reserved = money_of(other["billed"]) or FREE, money_of(other["reserved"]) or FREE
        billed += told
        held += FREE if other["is_settled"] else max(reserved - told, FREE)
    return Sum(billed if row["told"] or not row["unknown"] else None, held, row["tasks"], row["unknown"])


def _entry_of(row: sqlite3.Row) -> LedgerEntry:
    return LedgerEntry(
        attempt=row["attempt"],
        at=time_of(row["reserved_at"]),
        task_id=row["task_id"],
        state=TaskState(row["state"]),
        provider=row["provider"],
        model=row["model"],
        kind=Kind(row["kind"]),
        project=row["project"],
        prompt=row["prompt"],
        expected=money_of(row["expected"]),
        most=money_of(row["most"]),
        reserved=money_of(row["reserved"]),
        billed=money_of(row["billed"]),
        is_settled=bool(row["is_settled"]),
    )
