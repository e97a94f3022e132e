"""Rows of the library -> tasks with their latest attempt and their takes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from uuid import UUID

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.model_spec import Kind
from app.domain.provider import FileEncoding, Heard, WireFile, WireRequest
from app.domain.receipt import FREE, Estimate, Receipt
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.storage.disk_failures import SENSELESS, DamagedRows
from app.storage.heard_rows import heard_of
from app.storage.measure_rows import measures_of
from app.storage.request_codec import request_of
from app.storage.sql_values import money_of, time_of

_ROWS_A_QUERY = 500

_TASKS = "SELECT * FROM tasks WHERE number IN (SELECT value FROM json_each(?))"
_TAKES_OF_TASKS = """
    SELECT takes.*, tasks.id AS task_id FROM takes JOIN tasks ON tasks.number = takes.task
    WHERE task IN (SELECT value FROM json_each(?)) ORDER BY takes.task, takes.number
"""
_HEARD_IN_TASKS = "SELECT * FROM heard WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, part"
_ATTEMPTS = """
    SELECT attempts.*, tasks.id AS task_id, expected, most, basis, reserved, billed, is_settled
    FROM attempts
    JOIN tasks ON tasks.number = attempts.task
    LEFT JOIN receipts ON receipts.attempt = attempts.id
    WHERE attempts.task = ?
    ORDER BY attempts.number
"""
_EARLIER_RECEIPTS = """
    SELECT receipts.task, billed FROM receipts JOIN attempts ON attempts.id = receipts.attempt
    WHERE receipts.task IN (SELECT value FROM json_each(?1))
        AND attempts.sent_at IS NOT NULL
        AND attempts.number < (SELECT max(number) FROM attempts AS each WHERE each.task = attempts.task)
"""
_LATEST_ATTEMPTS = """
    SELECT attempts.id, attempts.task, attempts.number, attempts.provider, attempts.model, base_url,
        attempts.created_at, sent_at, is_accepted, job_id, is_final, wire_method, wire_path, wire_headers, wire_files,
        CASE WHEN :with_bodies THEN wire_body ELSE x'' END AS wire_body,
        tasks.id AS task_id, expected, most, basis, reserved, billed, is_settled
    FROM attempts
    JOIN tasks ON tasks.number = attempts.task
    LEFT JOIN receipts ON receipts.attempt = attempts.id
    WHERE attempts.task IN (SELECT value FROM json_each(:numbers))
        AND attempts.number = (SELECT max(number) FROM attempts AS each WHERE each.task = attempts.task)
"""


def tasks_by_number(connection: sqlite3.Connection, numbers: Sequence[int], *, with_bodies: bool = True) -> list[Task]:
    """The tasks with these row numbers, in this order; numbers that don't exist are left out.

    Args:
        with_bodies: Whether attempts carry the bytes that were sent, and transcriptions what was heard. A list
            doesn't need them, and a clip that went along may be megabytes.
    Raises:
        DamagedRows: What stands in the columns means nothing.
    """
    with rows_that_mean_something():
        return _tasks_by_number(connection, numbers, with_bodies=with_bodies)


@contextmanager
def rows_that_mean_something() -> Iterator[None]:
    """
    Raises:
        DamagedRows: What stands in the columns means nothing.
    """
    try:
        yield
    except SENSELESS as error:
        raise DamagedRows(f"a row means nothing: {error}") from error


def _tasks_by_number(connection: sqlite3.Connection, numbers: Sequence[int], *, with_bodies: bool) -> list[Task]:
    found: dict[int, Task] = {}
    for some in _portions(numbers):
        attempts = _latest_attempts(connection, some, with_bodies=with_bodies)
        billed = _billed_before(connection, some)
        takes: dict[int, list[Take]] = {}
        heard: dict[int, list[Heard]] = {}
        for row in connection.execute(_HEARD_IN_TASKS, (some,)) if with_bodies else ():
            heard.setdefault(row["task"], []).append(heard_of(row))
        for row in connection.execute(_TAKES_OF_TASKS, (some,)):
            takes.setdefault(row["task"], []).append(take_of(row))
        for row in connection.execute(_TASKS, (some,)):
            number = row["number"]
            found[number] = replace(
                _task_of(row, attempts.get(number), tuple(takes.get(number, ()))),
                heard=tuple(heard.get(number, ())),
                billed_before=billed.get(number, FREE),
            )
    return [found[number] for number in numbers if number in found]


def attempts_of(connection: sqlite3.Connection, number: int) -> list[Attempt]:
    """All attempts of one task, the first one first.

    Raises:
        DamagedRows: What stands in the columns means nothing.
    """
    with rows_that_mean_something():
        return [_attempt_of(row) for row in connection.execute(_ATTEMPTS, (number,))]


def take_of(row: sqlite3.Row) -> Take:
    """A take from a row of `takes` with the `task_id` of its task beside it."""
    return Take(
        id=row["id"],
        task_id=row["task_id"],
        attempt_id=row["attempt"],
        number=row["number"],
        result_id=row["result_id"],
        state=TakeState(row["state"]),
        link=row["link"],
        expires_at=time_of(row["expires_at"]),
        file=row["file"],
        info=_info_of(row),
        seed=None if row["seed"] is None else int(row["seed"]),
        cost=money_of(row["cost"]),
        remark=row["remark"],
        failure=_failure_of(row),
        rating=row["rating"],
        is_favourite=bool(row["is_favourite"]),
        note=row["note"],
        measures=measures_of(row),
        is_binned=row["deleted_at"] is not None,
    )


def _latest_attempts(connection: sqlite3.Connection, numbers: str, *, with_bodies: bool) -> dict[int, Attempt]:
    rows = connection.execute(_LATEST_ATTEMPTS, {"numbers": numbers, "with_bodies": with_bodies})
    return {row["task"]: _attempt_of(row) for row in rows}


def _billed_before(connection: sqlite3.Connection, numbers: str) -> dict[int, Decimal | None]:
    """What all attempts but the latest of some tasks were billed; None where one of them is unknown."""
    sums: dict[int, Decimal | None] = {}
    for row in connection.execute(_EARLIER_RECEIPTS, (numbers,)):
        before, billed = sums.get(row["task"], FREE), money_of(row["billed"])
        sums[row["task"]] = None if before is None or billed is None else before + billed
    return sums


def _task_of(row: sqlite3.Row, attempt: Attempt | None, takes: tuple[Take, ...]) -> Task:
    return Task(
        id=row["id"],
        click_id=row["click_id"],
        request=request_of(row["request"]),
        kind=Kind(row["kind"]),
        state=TaskState(row["state"]),
        created_at=time_of(row["created_at"]),
        updated_at=time_of(row["updated_at"]),
        estimate=Estimate(money_of(row["estimate_expected"]), money_of(row["estimate_most"]), row["estimate_basis"]),
        attempt=attempt,
        takes=takes,
        failure=_failure_of(row),
        accepts_unknown_price=bool(row["accepts_unknown_price"]),
        transcript_file=row["transcript_file"],
        project=row["project"],
        note=row["note"],
        is_binned=row["deleted_at"] is not None,
    )


def _attempt_of(row: sqlite3.Row) -> Attempt:
    return Attempt(
        id=UUID(row["id"]),
        task_id=row["task_id"],
        number=row["number"],
        provider=row["provider"],
        model=row["model"],
        base_url=row["base_url"],
        wire=_wire_of(row),
        created_at=time_of(row["created_at"]),
        sent_at=time_of(row["sent_at"]),
        is_accepted=bool(row["is_accepted"]),
        job_id=row["job_id"],
        is_final=bool(row["is_final"]),
        receipt=_receipt_of(row),
    )


def _wire_of(row: sqlite3.Row) -> WireRequest:
    files = (WireFile(at, sha256, FileEncoding(encoding)) for at, sha256, encoding in json.loads(row["wire_files"]))
    headers = json.loads(row["wire_headers"])
    return WireRequest(row["wire_method"], row["wire_path"], headers, row["wire_body"], tuple(files))


def _receipt_of(row: sqlite3.Row) -> Receipt:
    estimate = Estimate(money_of(row["expected"]), money_of(row["most"]), row["basis"] or "")
    return Receipt(estimate, money_of(row["reserved"]), money_of(row["billed"]), bool(row["is_settled"]))


def _failure_of(row: sqlite3.Row) -> Failure | None:
    if row["failure_kind"] is None:
        return None
    return Failure(row["failure_kind"], row["failure_message"], row["failure_field"], row["failure_code"])


def _info_of(row: sqlite3.Row) -> AudioInfo | None:
    if row["format"] is None:
        return None
    return AudioInfo(
        AudioFormat(row["format"]),
        row["sample_rate_hz"],
        row["channels"],
        row["frames"],
        None if row["bit_depth"] is None else BitDepth(row["bit_depth"]),
    )


def _portions(numbers: Iterable[int]) -> Iterator[str]:
    """JSON arrays for `json_each`, short enough that a portion's rows fit into memory easily."""
    rest = iter(numbers)
    while some := list(islice(rest, _ROWS_A_QUERY)):
        yield json.dumps(some)
