"""What is in a library, read past the app: rows as they are on the disk, and the files beside them."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.storage.locations import Locations
from tests.campaigns.kills.stand_ins import CLICK

OPEN = ("queued", "submitting", "running")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class TaskRow:
    """A task as it is on the disk.

    Attributes:
        click: The mark in its words; "" where it has none.
        stored: Takes that are said to be in their place; of a transcription, the parts that were heard.
        attempts: How many there were.
        held: Attempts whose reservation stands, although nobody was told a cost.
        billed_usd: What its attempts cost together, as far as is known.
        inputs: Hashes of the files that it needs.
        files: What it has below the folder of takes, whole or not.
    """

    id: str
    provider: str
    state: str
    click: str
    takes: int
    stored: int
    announced: int
    attempts: int
    held: int
    billed_usd: Decimal
    failure: str
    inputs: frozenset[str]
    files: frozenset[str]
    transcript: str | None


@dataclass(frozen=True)
class TakeRow:
    """A take that is said to be in its place, and what is said about it."""

    id: str
    task: str
    provider: str
    click: str
    file: str
    frames: int | None
    sample_rate_hz: int | None


@dataclass(frozen=True)
class Snapshot:
    """Attributes: damage: What SQLite and its foreign keys complain of, in words."""

    tasks: tuple[TaskRow, ...] = ()
    takes: tuple[TakeRow, ...] = ()
    damage: tuple[str, ...] = ()

    def in_states(self, *states: str) -> list[TaskRow]:
        return [task for task in self.tasks if task.state in states]

    def of_click(self, click: str) -> list[TaskRow]:
        return [task for task in self.tasks if task.click == click]


def snapshot(locations: Locations, *, thorough: bool = False) -> Snapshot:
    """Read a copy, so that the app is the first to open what a dead process left.

    Args:
        thorough: Have SQLite check every page.
    """
    if not locations.database.exists():
        return Snapshot()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        copy = Path(folder) / locations.database.name
        for suffix in ("", "-wal"):
            original = locations.database.with_name(locations.database.name + suffix)
            if original.exists():
                shutil.copyfile(original, copy.with_name(copy.name + suffix))
        try:
            with closing(sqlite3.connect(copy)) as connection:
                connection.row_factory = sqlite3.Row
                return _read(connection, thorough=thorough)
        except sqlite3.DatabaseError as error:
            return Snapshot(damage=(str(error),))


def _read(connection: sqlite3.Connection, *, thorough: bool) -> Snapshot:
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'heard'").fetchone()[0]
    if not has_tables:
        return Snapshot()
    damage: list[str] = []
    if thorough:
        damage += [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        damage += [f"a row of {row[0]} has no {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")]
    rows = connection.execute("SELECT * FROM tasks ORDER BY number").fetchall()
    tasks = tuple(_task(connection, row) for row in rows)
    by_id = {task.id: task for task in tasks}
    takes = tuple(
        TakeRow(
            row["id"],
            row["task_id"],
            by_id[row["task_id"]].provider,
            by_id[row["task_id"]].click,
            row["file"] or "",
            row["frames"],
            row["sample_rate_hz"],
        )
        for row in connection.execute(
            "SELECT takes.*, tasks.id AS task_id FROM takes JOIN tasks ON tasks.number = takes.task "
            "WHERE takes.state = 'stored'"
        )
    )
    return Snapshot(tasks, takes, tuple(damage))


def _task(connection: sqlite3.Connection, row: sqlite3.Row) -> TaskRow:
    number, request = row["number"], json.loads(row["request"])
    takes = connection.execute("SELECT state, file FROM takes WHERE task = ?", (number,)).fetchall()
    heard = connection.execute("SELECT count(*) FROM heard WHERE task = ?", (number,)).fetchone()[0]
    receipts = connection.execute(
        "SELECT reserved, billed, is_settled FROM receipts WHERE task = ?", (number,)
    ).fetchall()
    attempts = connection.execute("SELECT wire_files FROM attempts WHERE task = ?", (number,)).fetchall()
    mark = CLICK.search(row["request"]) or CLICK.search(row["prompt"])
    return TaskRow(
        id=row["id"],
        provider=row["provider"],
        state=row["state"],
        click=mark.group() if mark else "",
        takes=int(request.get("takes", 1)),
        stored=sum(take["state"] == "stored" for take in takes) + heard,
        announced=sum(take["state"] == "announced" for take in takes),
        attempts=len(attempts),
        held=sum(not each["is_settled"] and each["billed"] is None for each in receipts),
        billed_usd=sum((Decimal(each["billed"]) for each in receipts if each["billed"] is not None), Decimal(0)),
        failure=row["failure_kind"] or "",
        inputs=frozenset(_HASH.findall(" ".join([row["request"], *(each["wire_files"] for each in attempts)]))),
        files=frozenset(take["file"] for take in takes if take["file"]),
        transcript=row["transcript_file"],
    )
