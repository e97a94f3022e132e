"""Tasks as the library hands them to the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.storage.library_index import LibraryRow

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INFO = AudioInfo(AudioFormat.WAV, 48000, 2, 96000)


def library_row(
    number: int,
    takes: int = 0,
    state: TaskState = TaskState.FINISHED,
    *,
    prompt: str = "",
    failure: Failure | None = None,
    price: str = "0",
    take_state: TakeState = TakeState.STORED,
    was_sent: bool = True,
) -> LibraryRow:
    """Task number N, with some takes of two seconds each."""
    task_id = f"{number:012x}"
    request = GenerationRequest("local", "sketch", prompt or f"rain {number}", takes=max(1, takes))
    made = tuple(
        Take(f"{task_id}-{n}", task_id, "a", n, str(n), take_state, file=f"{n}.wav", info=INFO, seed=n)
        for n in range(1, takes + 1)
    )
    amount = Decimal(price)
    estimate = Estimate(FREE, FREE) if not amount else Estimate(amount, amount, "by the minute")
    wire = WireRequest("POST", "/", {}, b"")
    attempt = Attempt(UUID(int=number), task_id, 1, "local", "sketch", "local:", wire, NOW, sent_at=NOW)
    task = Task(
        task_id,
        "c",
        request,
        Kind.EFFECT,
        state,
        NOW - timedelta(minutes=4),
        NOW,
        estimate,
        attempt if was_sent else None,
        takes=made,
        failure=failure,
    )
    return LibraryRow(number, task)


def with_favourite(row: LibraryRow, number: int = 1) -> LibraryRow:
    takes = tuple(replace(take, is_favourite=take.number == number) for take in row.task.takes)
    return replace(row, task=replace(row.task, takes=takes))
