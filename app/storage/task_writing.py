"""Tasks with their latest attempt and their takes -> rows of the library.

What the user decides (rating, favourite, note, tags, project, bin) is written when a row is new and never
again. What is worth money is never taken back: a stored take stays stored, a job keeps its name, and the bytes
of a request are those that were written first.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from app.domain.model_spec import Kind
from app.domain.receipt import FREE
from app.domain.take import Failure, Take
from app.domain.task import Attempt, Task
from app.storage.heard_rows import heard_values
from app.storage.request_codec import request_text
from app.storage.sql_values import money_text, time_text

_TASK = """
    INSERT INTO tasks (
        id, click_id, kind, provider, model, state, created_at, updated_at, project, note, estimate_expected,
        estimate_most, estimate_basis, failure_kind, failure_message, failure_field, failure_code,
        accepts_unknown_price, transcript_file, prompt, request
    ) VALUES (
        :id, :click_id, :kind, :provider, :model, :state, :created_at, :updated_at, :project, :note,
        :estimate_expected, :estimate_most, :estimate_basis, :failure_kind, :failure_message, :failure_field,
        :failure_code, :accepts_unknown_price, :transcript_file, :prompt, :request
    )
"""
_TASK_AGAIN = """
    ON CONFLICT (id) DO UPDATE SET
        state = excluded.state,
        updated_at = excluded.updated_at,
        estimate_expected = excluded.estimate_expected,
        estimate_most = excluded.estimate_most,
        estimate_basis = excluded.estimate_basis,
        failure_kind = excluded.failure_kind,
        failure_message = excluded.failure_message,
        failure_field = excluded.failure_field,
        failure_code = excluded.failure_code,
        transcript_file = coalesce(excluded.transcript_file, transcript_file),
        request = excluded.request
"""
_TASK_WENT_ON = """
    UPDATE tasks SET
        state = :state,
        updated_at = :updated_at,
        estimate_expected = :estimate_expected,
        estimate_most = :estimate_most,
        estimate_basis = :estimate_basis,
        failure_kind = :failure_kind,
        failure_message = :failure_message,
        failure_field = :failure_field,
        failure_code = :failure_code,
        transcript_file = coalesce(:transcript_file, transcript_file)
    WHERE id = :id
"""
_ATTEMPT = """
    INSERT INTO attempts (
        id, task, number, provider, model, base_url, created_at, sent_at, is_accepted, job_id, is_final,
        wire_method, wire_path, wire_headers, wire_body, wire_files
    ) VALUES (
        :id, :task, :number, :provider, :model, :base_url, :created_at, :sent_at, :is_accepted, :job_id,
        :is_final, :wire_method, :wire_path, :wire_headers, :wire_body, :wire_files
    )
    ON CONFLICT (id) DO UPDATE SET
        sent_at = excluded.sent_at,
        is_accepted = max(is_accepted, excluded.is_accepted),
        job_id = coalesce(excluded.job_id, job_id),
        is_final = excluded.is_final
"""
_ATTEMPT_WENT_ON = """
    UPDATE attempts SET
        sent_at = :sent_at,
        is_accepted = max(is_accepted, :is_accepted),
        job_id = coalesce(:job_id, job_id),
        is_final = :is_final
    WHERE id = :id
"""
_RECEIPT = """
    INSERT INTO receipts (
        attempt, task, provider, project, expected, most, basis, reserved, billed, is_settled, reserved_at,
        settled_at
    ) VALUES (
        :attempt, :task, :provider, :project, :expected, :most, :basis, :reserved, :billed, :is_settled,
        :reserved_at, :settled_at
    )
    ON CONFLICT (attempt) DO UPDATE SET
        expected = excluded.expected,
        most = excluded.most,
        basis = excluded.basis,
        reserved = excluded.reserved,
        billed = coalesce(excluded.billed, billed),
        is_settled = excluded.is_settled,
        reserved_at = excluded.reserved_at,
        settled_at = CASE WHEN excluded.is_settled THEN coalesce(settled_at, excluded.settled_at) END
"""
_TAKE = """
    INSERT INTO takes (
        id, task, attempt, number, result_id, state, link, expires_at, file, format, sample_rate_hz, channels,
        frames, bit_depth, seed, cost, remark, failure_kind, failure_message, failure_field, failure_code, rating,
        is_favourite, note, updated_at
    ) VALUES (
        :id, :task, :attempt, :number, :result_id, :state, :link, :expires_at, :file, :format,
        :sample_rate_hz, :channels, :frames, :bit_depth, :seed, :cost, :remark, :failure_kind,
        :failure_message, :failure_field, :failure_code, :rating, :is_favourite, :note, :updated_at
    )
    ON CONFLICT (id) DO UPDATE SET
        attempt = excluded.attempt,
        result_id = excluded.result_id,
        state = excluded.state,
        link = excluded.link,
        expires_at = excluded.expires_at,
        file = excluded.file,
        format = excluded.format,
        sample_rate_hz = excluded.sample_rate_hz,
        channels = excluded.channels,
        frames = excluded.frames,
        bit_depth = excluded.bit_depth,
        seed = excluded.seed,
        cost = coalesce(excluded.cost, cost),
        remark = excluded.remark,
        failure_kind = excluded.failure_kind,
        failure_message = excluded.failure_message,
        failure_field = excluded.failure_field,
        failure_code = excluded.failure_code,
        updated_at = excluded.updated_at
    WHERE state <> 'stored' OR excluded.state = 'stored'
"""

# What was heard was paid for: it is written once.
_HEARD = """
    INSERT OR IGNORE INTO heard (task, part, text, segments, language, duration_s, answer)
    VALUES (:task, :part, :text, :segments, :language, :duration_s, :answer)
"""


def add_task(connection: sqlite3.Connection, task: Task, now: datetime) -> int:
    """Write a task that is not there yet; returns its row number.

    Raises:
        sqlite3.IntegrityError: Its id is taken.
    """
    connection.execute(_TASK, _task_values(task, task.updated_at))
    return _write_rest(connection, task, now)


def record_task(connection: sqlite3.Connection, task: Task, now: datetime, *, since: Task | None = None) -> int:
    """Bring the rows of a task up to date, or make them; writing the same twice changes nothing more.

    Takes and attempts that the value lacks stay as they are. Returns the row number.

    Args:
        since: What was written last. It must be in the rows, and nobody but its writer may have changed the task
            since; what is the same in both isn't written again.
    """
    if since is None or since.request != task.request:
        connection.execute(_TASK + _TASK_AGAIN, _task_values(task, now))
    else:
        connection.execute(_TASK_WENT_ON, _moving_values(task, now))
    return _write_rest(connection, task, now, since)


def settle_rest_as_free(connection: sqlite3.Connection, number: int, now: datetime) -> None:
    """Let every attempt of a task whose cost nobody told have cost nothing."""
    connection.execute(
        """
        UPDATE receipts SET billed = ?, is_settled = TRUE, settled_at = coalesce(settled_at, ?)
        WHERE task = ? AND billed IS NULL
        """,
        (money_text(FREE), time_text(now), number),
    )
    refresh_list_columns(connection, number)


def refresh_list_columns(connection: sqlite3.Connection, number: int) -> None:
    """Make the columns that the list is sorted and filtered by agree with takes and receipts."""
    connection.execute(
        """
        UPDATE tasks SET
            (length_s, loudness_lufs, favourites, binned_takes) = (
                SELECT
                    coalesce(
                        max(CASE WHEN deleted_at IS NULL THEN frames * 1.0 / sample_rate_hz END),
                        CASE WHEN tasks.kind = 'transcription' THEN json_extract(tasks.request, '$.duration_s') END
                    ),
                    max(
                        CASE WHEN deleted_at IS NULL THEN
                            CASE loudness_basis WHEN 'short' THEN momentary_max_lufs ELSE loudness_lufs END
                        END
                    ),
                    coalesce(sum(is_favourite AND deleted_at IS NULL), 0),
                    coalesce(sum(deleted_at IS NOT NULL), 0)
                FROM takes WHERE task = ?1
            ),
            cost_order = (SELECT sum(CAST(billed AS REAL)) FROM receipts WHERE task = ?1)
        WHERE number = ?1
        """,
        (number,),
    )


def _write_rest(connection: sqlite3.Connection, task: Task, now: datetime, since: Task | None = None) -> int:
    row = connection.execute("SELECT number, project FROM tasks WHERE id = ?", (task.id,)).fetchone()
    number: int = row["number"]
    for file in task.request.references if since is None else ():
        if file.sha256 is not None:
            connection.execute("INSERT OR IGNORE INTO inputs VALUES (?, ?)", (number, file.sha256))
    # A new row says already what there is to say about a task that was never sent.
    has_more = task.attempt is not None or bool(task.takes) or task.kind is Kind.TRANSCRIPTION
    is_listed_anew = since is None and has_more
    if task.attempt is not None:
        is_listed_anew |= _write_attempt(connection, task.attempt, number, row["project"], now, since)
    for part, heard in enumerate(task.heard):
        if since is None or part >= len(since.heard):
            connection.execute(_HEARD, heard_values(heard, number, part))
    known = () if since is None else since.takes
    for take in task.takes:
        if take not in known:
            connection.execute(_TAKE, _take_values(take, number, now))
            is_listed_anew = True
    if is_listed_anew:
        refresh_list_columns(connection, number)
    return number


def _write_attempt(
    connection: sqlite3.Connection, attempt: Attempt, number: int, project: str, now: datetime, since: Task | None
) -> bool:
    """Write an attempt with its receipt, as far as they aren't there; returns whether the receipt was written."""
    before = None if since is None or since.attempt is None or since.attempt.id != attempt.id else since.attempt
    if attempt == before:
        return False
    if before is None:
        connection.execute(_ATTEMPT, _attempt_values(attempt, number))
    else:
        connection.execute(_ATTEMPT_WENT_ON, _course_values(attempt))
    if before is not None and (before.receipt, before.sent_at) == (attempt.receipt, attempt.sent_at):
        return False
    connection.execute(_RECEIPT, _receipt_values(attempt, number, project, now))
    return True


def _task_values(task: Task, updated_at: datetime) -> dict[str, object]:
    return {
        **_moving_values(task, updated_at),
        "click_id": task.click_id,
        "kind": task.kind.value,
        "provider": task.request.provider,
        "model": task.request.model,
        "created_at": time_text(task.created_at),
        "project": task.project,
        "note": task.note,
        "accepts_unknown_price": task.accepts_unknown_price,
        "prompt": task.request.title,
        "request": request_text(task.request),
    }


def _moving_values(task: Task, updated_at: datetime) -> dict[str, object]:
    """What changes while a task runs, and whose it is."""
    return {
        "id": task.id,
        "state": task.state.value,
        "updated_at": time_text(updated_at),
        "estimate_expected": money_text(task.estimate.expected),
        "estimate_most": money_text(task.estimate.most),
        "estimate_basis": task.estimate.basis,
        **_failure_values(task.failure),
        "transcript_file": task.transcript_file,
    }


def _attempt_values(attempt: Attempt, number: int) -> dict[str, object]:
    return {
        **_course_values(attempt),
        "task": number,
        "number": attempt.number,
        "provider": attempt.provider,
        "model": attempt.model,
        "base_url": attempt.base_url,
        "created_at": time_text(attempt.created_at),
        "wire_method": attempt.wire.method,
        "wire_path": attempt.wire.path,
        "wire_headers": json.dumps(dict(attempt.wire.headers), ensure_ascii=False),
        "wire_body": attempt.wire.body,
        "wire_files": json.dumps([[file.at, file.sha256, file.encoding] for file in attempt.wire.files]),
    }


def _course_values(attempt: Attempt) -> dict[str, object]:
    """What changes while an attempt runs, and whose it is."""
    return {
        "id": str(attempt.id),
        "sent_at": time_text(attempt.sent_at),
        "is_accepted": attempt.is_accepted,
        "job_id": attempt.job_id,
        "is_final": attempt.is_final,
    }


def _receipt_values(attempt: Attempt, number: int, project: str, now: datetime) -> dict[str, object]:
    receipt = attempt.receipt
    return {
        "attempt": str(attempt.id),
        "task": number,
        "provider": attempt.provider,
        "project": project,
        "expected": money_text(receipt.estimate.expected),
        "most": money_text(receipt.estimate.most),
        "basis": receipt.estimate.basis,
        "reserved": money_text(receipt.reserved),
        "billed": money_text(receipt.billed),
        "is_settled": receipt.is_settled,
        "reserved_at": time_text(attempt.sent_at or attempt.created_at),
        "settled_at": time_text(now) if receipt.is_settled else None,
    }


def _take_values(take: Take, number: int, now: datetime) -> dict[str, object]:
    info = take.info
    return {
        "id": take.id,
        "task": number,
        "attempt": take.attempt_id,
        "number": take.number,
        "result_id": take.result_id,
        "state": take.state.value,
        "link": take.link,
        "expires_at": time_text(take.expires_at),
        "file": take.file,
        "format": None if info is None else info.format.value,
        "sample_rate_hz": None if info is None else info.sample_rate_hz,
        "channels": None if info is None else info.channels,
        "frames": None if info is None else info.frames,
        "bit_depth": None if info is None or info.bit_depth is None else info.bit_depth.value,
        "seed": None if take.seed is None else str(take.seed),
        "cost": money_text(take.cost),
        "remark": take.remark,
        **_failure_values(take.failure),
        "rating": take.rating,
        "is_favourite": take.is_favourite,
        "note": take.note,
        "updated_at": time_text(now),
    }


def _failure_values(failure: Failure | None) -> dict[str, object]:
    return {
        "failure_kind": None if failure is None else failure.kind,
        "failure_message": None if failure is None else failure.message,
        "failure_field": None if failure is None else failure.field,
        "failure_code": None if failure is None else failure.code,
    }
