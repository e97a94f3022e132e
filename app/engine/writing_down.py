"""What was heard in each part of a recording, kept as it comes, and written down once all of it is there."""

from __future__ import annotations

from dataclasses import replace

from app.domain.provider import Heard
from app.domain.receipt import Estimate
from app.domain.request import TranscriptionRequest
from app.domain.task import Task, TaskState
from app.domain.transcript_writing import written
from app.engine import receipts
from app.engine.results import attempt_of


def with_heard(task: Task, heard: Heard) -> Task:
    """The answer to the latest attempt, whatever the user did in the meantime; a repeated one changes nothing."""
    attempt = attempt_of(task)
    if attempt.is_final:
        return task
    receipt = receipts.settled(attempt.receipt, heard.cost)
    attempt = replace(attempt, is_accepted=True, is_final=True, receipt=receipt)
    task = replace(task, attempt=attempt, heard=(*task.heard, heard))
    return task.moved_to(TaskState.RUNNING) if task.state is TaskState.SUBMITTING else task


def is_all_heard(task: Task) -> bool:
    assert isinstance(task.request, TranscriptionRequest)
    return len(task.heard) >= len(task.request.parts)


def next_part(task: Task) -> Task:
    """The next part waits to be sent, as if for the first time."""
    return task.moved_to(TaskState.QUEUED) if task.state is TaskState.RUNNING else task


def text_of(task: Task) -> str:
    """The transcript as it was asked for: as it came where it came in one piece."""
    request, transcript = task.request, task.transcript
    assert isinstance(request, TranscriptionRequest)
    assert transcript is not None, "all parts were heard"
    return task.heard[0].answer if len(task.heard) == 1 else written(transcript, request.format)


def finished(task: Task, file: str) -> Task:
    if task.state is not TaskState.RUNNING:
        return task
    return replace(task, transcript_file=file).moved_to(TaskState.FINISHED)


def share_of_next_part(task: Task) -> Estimate:
    """What the attempt that goes out now should cost: the part's share of the whole recording."""
    request = task.request
    if not isinstance(request, TranscriptionRequest) or len(request.parts) < 2 or not request.duration_s:
        return task.estimate
    part = request.parts[len(task.heard)]
    share = (part.end_s - part.start_s) / request.duration_s
    return task.estimate.scaled(share)
