"""Rows of sheets in a salvaged library: each finds again what it became, and none is paid for twice unasked.

A row may have been paid for as soon as anything says that it was queued. Where all its tasks are lost, one stands for
them that waits for the user's decision: only marked as failed it lets the row be made anew.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from uuid import uuid4

from app.domain.errors import OutcomeUnknown
from app.domain.model_spec import Kind
from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.task import Task, TaskState
from app.storage.found_files import UNKNOWN
from app.storage.salvage import lost_attempt
from app.storage.sheet_rows import ANY_REQUEST, fingerprint_of
from app.storage.sql_values import time_text
from app.storage.task_reading import tasks_by_number
from app.storage.task_writing import record_task

# Tasks that were made up of an attempt or a file are clicks of their own; files for folders know the real ones.
_CLICKS_OF_TAKES = """
    SELECT DISTINCT takes.task AS number, known.click_id
    FROM (
        SELECT take, click_id FROM delivered
        UNION SELECT take, click_id FROM undelivered JOIN deliveries ON deliveries.number = delivery
    ) AS known
    JOIN takes ON takes.id = known.take JOIN tasks ON tasks.number = takes.task
    WHERE tasks.click_id = tasks.id AND typeof(known.click_id) = 'text'
"""
_WANTED = """
    SELECT sheet, row_id, click_id FROM deliveries
    UNION SELECT sheet, row_id, click_id FROM delivered
    EXCEPT SELECT sheet, row_id, click_id FROM sheet_rows
"""
_LOST = """
    SELECT click_id, sheet, row_id FROM (
        SELECT click_id, sheet, row_id FROM sheet_rows
        UNION SELECT click_id, sheet, row_id FROM deliveries
        UNION SELECT click_id, sheet, row_id FROM delivered
    ) AS known
    WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.click_id = known.click_id)
    GROUP BY click_id
"""
_REMEMBER = "INSERT OR IGNORE INTO sheet_rows (sheet, row_id, fingerprint, click_id, added_at) VALUES (?, ?, ?, ?, ?)"

_LOST_ROW = (
    "The library was damaged, and what became of this row is lost. It may have been made and charged. Only once it is "
    "marked as failed does the next run of its sheet make it anew."
)


def find_rows_again(connection: sqlite3.Connection, now: datetime) -> int:
    """Connect rows of sheets with their tasks once everything else is there; in the open transaction.

    Returns:
        How many rows lost all their tasks.
    """
    for found in connection.execute(_CLICKS_OF_TAKES).fetchall():
        connection.execute("UPDATE tasks SET click_id = ? WHERE number = ?", (found["click_id"], found["number"]))
    for row in connection.execute(_WANTED).fetchall():
        tasks = _tasks(connection, row["click_id"])
        moment = tasks[0].created_at if tasks else now
        values = (row["sheet"], row["row_id"], _fingerprint(tasks), row["click_id"], time_text(moment))
        connection.execute(_REMEMBER, values)
    lost = connection.execute(_LOST).fetchall()
    for row in lost:
        record_task(connection, _stand_in(row, now), now)
    return len(lost)


def _tasks(connection: sqlite3.Connection, click_id: str) -> list[Task]:
    rows = connection.execute("SELECT number FROM tasks WHERE click_id = ? ORDER BY number", (click_id,))
    return tasks_by_number(connection, [row["number"] for row in rows], with_bodies=False)


def _fingerprint(tasks: list[Task]) -> str:
    """What a row asked for that became these tasks; each part but the last made as many takes as its model can."""
    requests = [task.request for task in tasks if isinstance(task.request, GenerationRequest)]
    if not requests or requests[0].provider == UNKNOWN:
        return ANY_REQUEST
    return fingerprint_of(replace(requests[0], takes=sum(request.takes for request in requests)))


def _stand_in(row: sqlite3.Row, now: datetime) -> Task:
    task_id = uuid4().hex[:12]
    task = Task(
        id=task_id,
        click_id=row["click_id"],
        request=GenerationRequest(UNKNOWN, UNKNOWN, f"{row['row_id']} of {PurePath(row['sheet']).name}"),
        kind=Kind.EFFECT,
        state=TaskState.UNCERTAIN,
        created_at=now,
        updated_at=now,
        failure=Failure(OutcomeUnknown.kind, _LOST_ROW),
    )
    return replace(task, attempt=lost_attempt(task, now))
