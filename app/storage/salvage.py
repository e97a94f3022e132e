"""What a damaged library still holds, put into a new one: first what is worth money, then everything else.

What is read may be older than the truth: the newest pages are the first to be lost, and a task that is read as
waiting may have been sent since. So nothing that costs money goes out by itself afterwards. A task whose record
was written before it could be sent goes through the usual recovery, which asks the service or uses the same key
again, and twice the same key is one charge. Where the record itself may be among what is lost, the user decides;
what it may have cost is held until then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4, uuid5

from app.domain.errors import OutcomeUnknown
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Receipt
from app.domain.request import GenerationRequest
from app.domain.take import Failure, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.storage.damaged_file import DamagedFile
from app.storage.disk_failures import SENSELESS
from app.storage.sql_values import time_of
from app.storage.task_reading import take_of, tasks_by_number
from app.storage.task_writing import record_task, refresh_list_columns

# Those of sheets come after the takes: a take that is added is owed to the folders that are known by then.
_TABLES = (
    *("attempts", "receipts", "ceilings", "takes", "heard", "tags", "inputs", "uploads"),
    *("sheet_rows", "deliveries", "delivered", "undelivered"),
    *("favourite_voices", "queue_pause", "busy_services", "clip_edits", "handed_files"),
)
_ROWS_AT_ONCE = 500
_LOST_ATTEMPTS = UUID("5b0f5c1e-5d1c-4f0a-9d27-6f0f6f6b1a52")  # so that salvaging twice gives the same ids
_PROMPT_NAMES = ("positivePrompt", "prompt", "text", "input")
_OPEN = json.dumps([state.value for state in (*filter(lambda each: each.is_open, TaskState), TaskState.UNCERTAIN)])

_MAY_BE_SENT = (
    "The library was damaged while this task was waiting. It may have been sent since then, and it may be charged."
)
_RECORD_LOST = "The library was damaged, and what was sent for this task is lost. It may be running and may be charged."
_STAND_IN_NOTE = "The library was damaged. Of this task only what was sent is left."


@dataclass(frozen=True, slots=True)
class Rows:
    """How the copying went.

    Attributes:
        has_gaps: Some rows couldn't be read.
        is_readable: Whether anything of the damaged file could.
    """

    has_gaps: bool = False
    is_readable: bool = True


def move_rows(damaged: DamagedFile | None, into: sqlite3.Connection, now: datetime) -> Rows:
    """Copy every row that makes sense into an empty library, in the open transaction."""
    if damaged is None:
        return Rows(is_readable=False)
    lost = sum(not _insert(into, damaged, "tasks", row) for row in damaged.rows("tasks"))
    numbers = _with_stand_ins(damaged, into)
    for table in _TABLES:
        lost += sum(not _insert(into, damaged, table, row, numbers) for row in damaged.rows(table))
    lost += _remove_senseless(into)
    open_tasks = into.execute("SELECT number FROM tasks WHERE state IN (SELECT value FROM json_each(?))", (_OPEN,))
    for row in open_tasks.fetchall():
        (task,) = tasks_by_number(into, [row["number"]])
        if (distrusted := _distrusted(task)) != task:
            record_task(into, distrusted, now)
    return Rows(has_gaps=bool(lost or damaged.gaps))


def lost_attempt(task: Task, moment: datetime, *, number: int = 1) -> Attempt:
    """An attempt that may have left, or did, and whose record is gone; the most that it may cost is held.

    Args:
        moment: When it left, as far as anybody knows.
    """
    return Attempt(
        id=uuid5(_LOST_ATTEMPTS, f"{task.id}-{number}"),
        task_id=task.id,
        number=number,
        provider=task.request.provider,
        model=task.request.model,
        base_url="",
        wire=WireRequest("", ""),
        created_at=moment,
        sent_at=moment,
        receipt=Receipt(task.estimate, reserved=task.estimate.most),
    )


def _insert(
    into: sqlite3.Connection,
    damaged: DamagedFile,
    table: str,
    row: sqlite3.Row,
    numbers: Mapping[int, int] = MappingProxyType({}),
) -> bool:
    """Copy a row as it stands; False where it contradicts what is there.

    Args:
        numbers: Row numbers of tasks that have others in the new library.
    """
    values = {name: row[name] for name in damaged.columns(table)}
    if "task" in values:
        values["task"] = numbers.get(values["task"], values["task"])
    marks = ", ".join("?" * len(values))
    try:
        cursor = into.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 - our own names
            list(values.values()),
        )
    except (sqlite3.IntegrityError, sqlite3.DataError):
        return False
    return cursor.rowcount == 1


def _with_stand_ins(damaged: DamagedFile, into: sqlite3.Connection) -> dict[int, int]:
    """Make a task for attempts whose own is lost: what they brought, or still bring, is paid for.

    Returns:
        The new number of each by its old one.
    """
    known = {row["number"] for row in into.execute("SELECT number FROM tasks")}
    orphans: dict[int, sqlite3.Row] = {}
    for row in damaged.rows("attempts"):
        if row["task"] not in known and (row["task"] not in orphans or orphans[row["task"]]["number"] < row["number"]):
            orphans[row["task"]] = row
    if not orphans:
        return {}
    takes = [row for row in damaged.rows("takes") if row["task"] in orphans]
    ids = {row["task"]: str(row["id"]).rpartition("-")[0] for row in takes}
    stored = {row["task"] for row in takes if row["state"] == TakeState.STORED}
    numbers: dict[int, int] = {}
    for number, row in orphans.items():
        try:
            task = _stand_in(ids.get(number) or uuid4().hex[:12], row, has_take=number in stored)
            numbers[number] = record_task(into, task, task.updated_at)
        except (*SENSELESS, sqlite3.IntegrityError):
            continue  # its rows find no task and are counted as lost
    return numbers


def _stand_in(task_id: str, attempt: sqlite3.Row, *, has_take: bool) -> Task:
    """What can be said of a task by its latest attempt. What may have been sent is the user's to decide."""
    if attempt["is_final"]:
        state = TaskState.FINISHED if has_take else TaskState.FAILED
    else:
        state = TaskState.RUNNING if attempt["is_accepted"] else TaskState.UNCERTAIN
    made = time_of(str(attempt["created_at"]))
    return Task(
        id=task_id,
        click_id=task_id,
        request=GenerationRequest(
            str(attempt["provider"]), str(attempt["model"]), _prompt_in(attempt["wire_body"]) or "Found again"
        ),
        kind=Kind.EFFECT,
        state=state,
        created_at=made,
        updated_at=made,
        failure=Failure(OutcomeUnknown.kind, _RECORD_LOST) if state is TaskState.UNCERTAIN else None,
        note=_STAND_IN_NOTE,
    )


def _prompt_in(body: bytes) -> str:
    """What was asked for, where the body that was sent is JSON and says so in a usual place."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    fields = sent[0] if isinstance(sent, list) and sent else sent
    if not isinstance(fields, dict):
        return ""
    return next((text for name in _PROMPT_NAMES if isinstance(text := fields.get(name), str) and text), "")


def _remove_senseless(into: sqlite3.Connection) -> int:
    """Take out what can be read and means nothing: a library with it couldn't be listed. Returns how much that was."""
    removed = 0
    numbers = [row["number"] for row in into.execute("SELECT number FROM tasks ORDER BY number")]
    for at in range(0, len(numbers), _ROWS_AT_ONCE):
        some = numbers[at : at + _ROWS_AT_ONCE]
        if not _makes_sense(into, some):
            removed += sum(_repair(into, number) for number in some if not _makes_sense(into, [number]))
    return removed


def _makes_sense(into: sqlite3.Connection, numbers: list[int]) -> bool:
    try:
        return len(tasks_by_number(into, numbers)) == len(numbers)
    except sqlite3.DatabaseError:  # damage that came along
        return False


def _repair(into: sqlite3.Connection, number: int) -> int:
    """Give up as little of a task as makes it understood; returns how many rows that was.

    Last of all goes what was sent, but for the name of its job, and then the task.
    """
    lost = 0
    for row in into.execute("SELECT *, '' AS task_id FROM takes WHERE task = ?", (number,)).fetchall():
        try:
            take_of(row)
        except SENSELESS:
            lost += 1
            into.execute("DELETE FROM takes WHERE number_in_library = ?", (row["number_in_library"],))
    for step in (
        "DELETE FROM heard WHERE task = ?",
        "UPDATE receipts SET expected = NULL, most = NULL, reserved = NULL, billed = NULL WHERE task = ?",
        "UPDATE attempts SET wire_method = '', wire_path = '', wire_headers = '{}', wire_body = x'', wire_files = '[]' "
        "WHERE task = ?",
        "DELETE FROM takes WHERE task = ?",
    ):
        if _makes_sense(into, [number]):
            break
        lost += 1
        into.execute(step, (number,))
    if not _makes_sense(into, [number]):
        lost += 1
        _replace_by_stand_in(into, number)
    if not _makes_sense(into, [number]):
        into.execute("DELETE FROM tasks WHERE number = ?", (number,))  # its attempts and receipts go with it
    refresh_list_columns(into, number)
    return lost


def _replace_by_stand_in(into: sqlite3.Connection, number: int) -> None:
    """Let the latest attempt of a task say what there is to say of it; a row of a sheet still finds it by its click."""
    latest = "SELECT attempts.*, tasks.id AS task_id FROM attempts JOIN tasks ON tasks.number = task WHERE task = ?"
    row = into.execute(f"{latest} ORDER BY attempts.number DESC", (number,)).fetchone()
    if row is None:
        return
    with suppress(*SENSELESS):
        task = _stand_in(row["task_id"], row, has_take=False)
        into.execute(
            "UPDATE tasks SET kind = ?, click_id = CASE WHEN typeof(click_id) = 'text' THEN click_id ELSE id END, "
            "created_at = ?, deleted_at = NULL WHERE number = ?",
            (task.kind.value, row["created_at"], number),
        )
        record_task(into, task, task.updated_at)


def _distrusted(task: Task) -> Task:
    """A task that isn't over, as far as what was read of it may be believed."""
    if task.estimate.is_free:
        return task  # made here, or on a server that bills nothing: to make it again costs nothing
    attempt = task.attempt
    if task.state is not TaskState.QUEUED:
        is_sound = attempt is not None and (attempt.is_accepted or _is_sound(attempt.wire))
        return task if is_sound else _left_to_the_user(task, _RECORD_LOST)
    if attempt is None or attempt.sent_at is not None or not _is_sound(attempt.wire):
        return _left_to_the_user(task, _MAY_BE_SENT)  # an attempt that nobody knows may have been made since
    receipt = Receipt(attempt.receipt.estimate, reserved=attempt.receipt.estimate.most)
    attempt = replace(attempt, sent_at=task.updated_at, receipt=receipt)
    return replace(task, state=TaskState.SUBMITTING, attempt=attempt)


def _is_sound(wire: WireRequest) -> bool:
    """Whether a body may be sent once more; damage inside it isn't always seen."""
    if "json" not in str(wire.headers.get("Content-Type", "")).lower():
        return bool(wire.method)
    try:
        json.loads(wire.body)
    except (ValueError, RecursionError):
        return False
    return True


def _left_to_the_user(task: Task, why: str) -> Task:
    number = 1 if task.attempt is None else task.attempt.number + 1
    attempt = lost_attempt(task, task.updated_at, number=number)
    return replace(task, state=TaskState.UNCERTAIN, attempt=attempt, failure=Failure(OutcomeUnknown.kind, why))
