"""Tasks, attempts and takes as the tests of the store need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Estimate, Receipt
from app.domain.request import GenerationRequest
from app.domain.take import Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.storage.ledger import Periods

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
TODAY = Periods(
    NOON.replace(hour=0),
    NOON.replace(hour=0) + timedelta(days=1),
    NOON.replace(day=1, hour=0),
    NOON.replace(month=4, day=1, hour=0),
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def new_id() -> str:
    return uuid4().hex[:12]


def queued(prompt: str = "heavy rain", *, provider: str = "acme", model: str = "sounds", **changes: object) -> Task:
    """A task that was just asked for."""
    task = Task(
        id=new_id(),
        click_id=new_id(),
        request=GenerationRequest(provider, model, prompt),
        kind=Kind.EFFECT,
        state=TaskState.QUEUED,
        created_at=NOON,
        updated_at=NOON,
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def submitting(task: Task, *, cost: str | None = "0.25", body: bytes = b'{"prompt": "heavy rain"}') -> Task:
    """The task with a new attempt that is about to leave, its cost reserved."""
    amount = None if cost is None else Decimal(cost)
    attempt = Attempt(
        id=uuid4(),
        task_id=task.id,
        number=1 if task.attempt is None else task.attempt.number + 1,
        provider=task.request.provider,
        model=task.request.model,
        base_url="https://api.acme.example",
        wire=WireRequest("POST", "/v1/sounds", {"Content-Type": "application/json"}, body),
        created_at=NOON,
        sent_at=NOON,
        receipt=Receipt(Estimate(amount, amount, "a request"), amount),
    )
    return replace(task.moved_to(TaskState.SUBMITTING), attempt=attempt)


def with_takes(task: Task, *takes: Take) -> Task:
    return replace(task, takes=(*task.takes, *takes))


def running(task: Task, announced: int = 0) -> Task:
    """The task after the service took it, with some announced takes."""
    task = submitting(task).moved_to(TaskState.RUNNING)
    assert task.attempt is not None
    attempt = replace(task.attempt, is_accepted=True, job_id=f"job-{task.id}")
    task = replace(task, attempt=attempt)
    return with_takes(task, *(announcement(task, number) for number in range(1, announced + 1)))


def announcement(task: Task, number: int) -> Take:
    assert task.attempt is not None
    return Take(
        f"{task.id}-{number}", task.id, str(task.attempt.id), number, f"result-{number}", link="https://x.example/1"
    )


def stored(take: Take, *, duration_s: float = 2.0) -> Take:
    info = AudioInfo(AudioFormat.WAV, 48_000, 2, round(duration_s * 48_000), BitDepth.INT24)
    return replace(take.moved_to(TakeState.STORED), file=f"2026-03/{take.id}.wav", info=info)


def finished(task: Task, takes: int = 1, *, duration_s: float = 2.0, billed: str | None = "0.25") -> Task:
    """The task with all its takes on the disk, settled."""
    task = running(task, announced=takes)
    assert task.attempt is not None
    receipt = replace(task.attempt.receipt, billed=None if billed is None else Decimal(billed), is_settled=True)
    task = replace(task, attempt=replace(task.attempt, is_final=True, receipt=receipt))
    task = replace(task, takes=tuple(stored(take, duration_s=duration_s) for take in task.takes))
    return task.moved_to(TaskState.FINISHED)
