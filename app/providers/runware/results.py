"""What the entries about one task say of its results. Answers are cumulative, in any order, sometimes doubled."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import urlsplit

from app.domain.provider import FailedResult, Progress, Result
from app.domain.receipt import FREE
from app.providers.runware.errors import of_result
from app.providers.runware.replies import Envelope, Item

MOST_USD = Decimal(1_000_000)
_FINEST_EXPONENT = -40


def identified(items: Iterable[Item]) -> dict[str, Item]:
    """Every finished item once, by an id that stays the same over all polls, in the service's own order.

    One that repeats an earlier one may bring what that left out.
    """
    found: dict[str, Item] = {}
    for position, item in enumerate(items):
        if item.is_finished:
            result_id = _id_of(item, position)
            if result_id not in found or not (found[result_id].link or found[result_id].inline):
                found[result_id] = item
    # Takes are numbered as they are announced, so those that come together should come in the service's order.
    is_numbered = all(item.result_index is not None for item in found.values())
    return dict(sorted(found.items(), key=lambda entry: entry[1].result_index or 0)) if is_numbered else found


def progress_of(told: Envelope, takes: int) -> Progress:
    """Everything known of a task that asked for so many takes.

    It is over once there are as many results and errors, or when an error stands and nothing runs any more: one
    error can stand for all. An error takes nothing from results that are there.
    """
    finished = identified(told.items)
    results = tuple(_result(result_id, item) for result_id, item in finished.items())
    failures = tuple(
        FailedResult(f"failed-{number}", of_result(error)) for number, error in enumerate(told.errors[:takes], start=1)
    )
    running = [item for item in told.items if not item.is_finished]
    is_counted = len(results) + len(told.errors) >= takes
    is_final = is_counted or (bool(told.errors) and not running)
    return Progress(
        results,
        failures,
        _fraction(told.items, running, len(results) + len(failures), takes),
        is_final,
        failure=failures[0].failure if is_final and not is_counted else None,
    )


def _result(result_id: str, item: Item) -> Result:
    return Result(result_id, item.link or None, seed=item.seed, cost=amount(item.cost))


_LONGEST_ID = 200


def amount(told: Decimal | None, least: Decimal = FREE) -> Decimal | None:
    """Money as the service wrote it; None where it is no amount that anybody could owe or own."""
    if told is None or not told.is_finite():
        return None
    exponent = told.as_tuple().exponent
    assert isinstance(exponent, int)
    is_sane = _FINEST_EXPONENT <= exponent <= -_FINEST_EXPONENT and least <= told <= MOST_USD
    return told if is_sane else None


def _id_of(item: Item, position: int) -> str:
    """Its UUID where it has one; some have only an index, and some only their link."""
    if 0 < len(item.audio_uuid or item.video_uuid) <= _LONGEST_ID:
        return (item.audio_uuid or item.video_uuid).lower()
    if item.result_index is not None:
        return f"result-{item.result_index}"
    if item.link:
        # Without the query, which may be signed anew for each answer.
        path = _path_of(item.link)
        return f"link-{hashlib.sha256(path.encode(errors='replace')).hexdigest()[:16]}"
    return f"item-{position + 1}"


def _path_of(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return link


def _fraction(items: Sequence[Item], running: Sequence[Item], over: int, takes: int) -> float | None:
    """How far all takes are together; None where the service doesn't say."""
    if not any(_has_progress(item) for item in items):
        return None
    shares = [min(max(item.progress or 0.0, 0.0), 100.0) / 100 for item in running if _has_progress(item)]
    return min((over + sum(shares)) / takes, 1.0)


def _has_progress(item: Item) -> bool:
    return item.progress is not None and math.isfinite(item.progress)
