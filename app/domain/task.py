"""A task: one paid submission of one request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from app.domain.model_spec import Kind
from app.domain.provider import Heard, Job, WireRequest
from app.domain.receipt import FREE, Estimate, Receipt
from app.domain.request import Request, TranscriptionRequest
from app.domain.take import Failure, Take
from app.domain.task_state import NEXT_STATES
from app.domain.task_state import TaskState as TaskState  # it belongs to a task, so it may be had from here
from app.domain.transcript import Transcript, joined


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a task at a provider; on disk, with its exact wire body, before anything leaves.

    Attributes:
        id: Sent as the `taskUUID` or `Idempotency-Key` where the service takes one.
        number: 1, 2, 3 ... of its task.
        base_url: Where it is sent; polling and fetching stay there even if settings change.
        sent_at: First time that it left, or None.
        is_accepted: The service is known to have taken it.
        job_id: The service's name for it.
        is_final: The service said that no further results will come.
    """

    id: UUID
    task_id: str
    number: int
    provider: str
    model: str
    base_url: str
    wire: WireRequest
    created_at: datetime
    sent_at: datetime | None = None
    is_accepted: bool = False
    job_id: str | None = None
    is_final: bool = False
    receipt: Receipt = field(default_factory=lambda: Receipt(Estimate()))

    @property
    def is_record_lost(self) -> bool:
        """Whether what was sent is gone, with a library that was damaged: nothing can be sent or asked by it."""
        return not self.wire.method

    def job(self, takes: int) -> Job:
        """How the service is asked about it."""
        return Job(self.job_id, self.id, self.base_url, self.model, takes)


@dataclass(frozen=True, slots=True)
class Task:
    """One submission of one request, with what became of it.

    Attributes:
        id: Twelve lower-case hexadecimal digits.
        click_id: Shared by all tasks of one click.
        attempt: The latest, if there was one.
        billed_before: What the attempts before the latest were billed; None is unknown.
        takes: In the order of their numbers.
        heard: Of a transcription: what was heard in each part that is through, in their order.
        transcript_file: Below the folder of transcripts, with forward slashes, once all parts are through.
        failure: Why it failed; on a finished task, what went wrong with some of its results.
        accepts_unknown_price: The user was asked, and wants it although nobody knows whether it passes a limit.
        is_binned: Whether the user moved it to the bin.
    """

    id: str
    click_id: str
    request: Request
    kind: Kind
    state: TaskState
    created_at: datetime
    updated_at: datetime
    estimate: Estimate = field(default_factory=Estimate)
    attempt: Attempt | None = None
    billed_before: Decimal | None = FREE
    takes: tuple[Take, ...] = ()
    heard: tuple[Heard, ...] = ()
    transcript_file: str | None = None
    failure: Failure | None = None
    accepts_unknown_price: bool = False
    project: str = ""
    note: str = ""
    is_binned: bool = False

    @property
    def billed(self) -> Decimal | None:
        """What all of its attempts were billed; None while that of one isn't known, nothing where none ever left."""
        has_ended = self.state in (TaskState.FAILED, TaskState.CANCELLED)
        if self.attempt is None:
            return FREE if has_ended else None
        latest = self.attempt.receipt.billed
        if latest is None and has_ended and self.attempt.sent_at is None and not self.attempt.is_accepted:
            latest = FREE  # the service provably took nothing
        return None if latest is None or self.billed_before is None else self.billed_before + latest

    @property
    def transcript(self) -> Transcript | None:
        """The words of the whole recording, once all of its parts are through."""
        if not isinstance(self.request, TranscriptionRequest) or not self.heard:
            return None
        parts = self.request.parts
        if len(self.heard) < len(parts):
            return None
        return joined([heard.transcript for heard in self.heard], [part.start_s for part in parts])

    def moved_to(self, state: TaskState, failure: Failure | None = None) -> Task:
        """The task in its next state; a failure of an earlier state is forgotten.

        Raises:
            ValueError: There is no such arrow.
        """
        if state not in NEXT_STATES[self.state]:
            raise ValueError(f"a task can't go from {self.state} to {state}")
        return replace(self, state=state, failure=failure)
