"""Tasks as the JSON that scripts read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.take import Failure, Take, TakeState
from app.domain.task import Task


def task_json(task: Task, path_of: Callable[[str], Path], written: Mapping[str, Path] | None = None) -> dict[str, Any]:
    """One task with the takes that are on the disk and not in the bin.

    Args:
        path_of: Where a take's file is, from its path in the library.
        written: Where takes were written to by this command, by their ids, instead of the library.
    """
    attempt = task.attempt
    elsewhere = written or {}
    return {
        "id": task.id,
        "kind": task.kind.value,
        "state": task.state.value,
        "provider": task.request.provider,
        "model": task.request.model,
        "prompt": task.request.prompt,
        "job_id": attempt.job_id if attempt is not None else None,
        "created_at": task.created_at.isoformat(),
        "estimated_cost_usd": _dollars(task.estimate.expected),
        "most_cost_usd": _dollars(task.estimate.most),
        "cost_usd": _dollars(attempt.receipt.billed) if attempt is not None else None,
        "takes": [
            _take_json(take, elsewhere.get(take.id) or path_of(take.file))
            for take in task.takes
            if take.state is TakeState.STORED and take.file is not None and not take.is_binned
        ],
        "transcript": None,
        "error": None if task.failure is None else _failure_json(task.failure),
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
    }


def _dollars(amount: Decimal | None) -> float | None:
    """JSON has no decimals; the shortest digits that mean the same number come out. None is unknown."""
    return None if amount is None else float(amount)
