"""Tasks as the JSON that scripts read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.cli.measures import measures_json
from app.domain.request import TranscriptionRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Task


def task_json(
    task: Task,
    path_of: Callable[[str], Path],
    transcript_path_of: Callable[[str], Path],
    written: Mapping[str, Path] | None = None,
    *,
    transcript: Path | None = None,
) -> dict[str, Any]:
    """One task with the takes that are on the disk and not in the bin, or its transcript.

    Args:
        path_of: Where a take's file is, from its path in the library.
        transcript_path_of: The same for a transcript.
        written: Where takes were written to by this command, by their ids, instead of the library.
        transcript: Where the transcript was written to, instead of the library.
    """
    attempt = task.attempt
    elsewhere = written or {}
    return {
        "id": task.id,
        "kind": task.kind.value,
        "state": task.state.value,
        "provider": task.request.provider,
        "model": task.request.model,
        "prompt": task.request.title,
        "project": task.project,
        "job_id": attempt.job_id if attempt is not None else None,
        "created_at": task.created_at.isoformat(),
        "estimated_cost_usd": _dollars(task.estimate.expected),
        "most_cost_usd": _dollars(task.estimate.most),
        "cost_usd": _dollars(task.billed),
        "takes": [
            _take_json(take, elsewhere.get(take.id) or path_of(take.file))
            for take in task.takes
            if take.state is TakeState.STORED and take.file is not None and not take.is_binned
        ],
        "transcript": _transcript_json(task, transcript, transcript_path_of),
        "error": None if task.failure is None else _failure_json(task.failure),
    }


def _transcript_json(task: Task, path: Path | None, path_of: Callable[[str], Path]) -> dict[str, Any] | None:
    words = task.transcript
    if words is None or task.transcript_file is None or not isinstance(task.request, TranscriptionRequest):
        return None
    return {
        "path": str(path or path_of(task.transcript_file)),
        "format": task.request.format.value,
        "language": words.language or None,
        "duration_s": words.duration_s if words.duration_s is not None else task.request.duration_s,
        "text": words.text,
    }


def _failure_json(failure: Failure) -> dict[str, Any]:
    told = {"field": failure.field, "code": failure.code}
    return {"kind": failure.kind, "message": failure.message} | {k: v for k, v in told.items() if v is not None}


def _take_json(take: Take, path: Path) -> dict[str, Any]:
    info = take.info
    return {
        "id": take.id,
        "path": str(path),
        "format": info.format.value if info is not None else None,
        "sample_rate_hz": info.sample_rate_hz if info is not None else None,
        "channels": info.channels if info is not None else None,
        "duration_s": info.duration_s if info is not None else None,
        "seed": take.seed,
        "cost_usd": _dollars(take.cost),
        "measures": measures_json(take.measures),
    }


def _dollars(amount: Decimal | None) -> float | None:
    """JSON has no decimals; the shortest digits that mean the same number come out. None is unknown."""
    return None if amount is None else float(amount)
