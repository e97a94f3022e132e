"""What may be done about an attempt whose outcome nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from app.domain.base_url import is_loopback
from app.domain.provider import AudioProvider, Recovery
from app.domain.task import Attempt, Task
from app.engine import results
from app.engine.results import attempt_of

CANT_BE_ASKED = (
    "The connection broke right after the request was sent. The service can’t be asked about it, so it may be running, "
    "and it may be charged."
)
"""What is told of an attempt whose answer is lost, where nobody said more."""

_REPLAY_MARGIN = timedelta(minutes=1)  # a body that leaves at the last moment may arrive after it


class Remedy(Enum):
    """How an unknown outcome becomes a known one."""

    MAKE_AGAIN = "make again"  # it costs nothing
    FIND = "find"  # ask the service by our own key
    SEND_AGAIN = "send again"  # the service knows the key and makes nothing twice
    ASK_THE_USER = "ask the user"


def recovery_for(provider: AudioProvider, attempt: Attempt | None) -> Recovery:
    """What holds for an attempt, which may have gone to an earlier address of its provider.

    What went to another computer may be billed there, even if the server of today bills nothing. Of one whose record
    is lost nobody knows where it went, nor by which key.
    """
    recovery = provider.recovery
    if attempt is not None and attempt.is_record_lost:
        return Recovery()
    if (
        attempt is None
        or attempt.base_url == provider.base_url
        or is_loopback(urlsplit(attempt.base_url).hostname or "")
    ):
        return recovery
    return replace(recovery, is_unbilled=False)


def remedy(recovery: Recovery, attempt: Attempt, base_url: str, now: datetime) -> Remedy:
    """What the engine may do by itself about an attempt that left and was never answered.

    Args:
        base_url: Where requests to the provider go now.
        now: As late as it can be: see `Reckoning`.
    """
    if recovery.is_unbilled:
        return Remedy.MAKE_AGAIN
    if recovery.can_find:
        return Remedy.FIND
    return Remedy.SEND_AGAIN if _is_replayed(recovery, attempt, base_url, now) else Remedy.ASK_THE_USER


def is_replayed_answer(task: Task, recovery: Recovery, base_url: str, now: datetime) -> bool:
    """Whether what is missing came as audio with the answer itself, and the service would give that again.

    There is no job to ask about and no link to fetch from; but the same body under the same key brings it once
    more, for nothing.
    """
    attempt = attempt_of(task)
    missing = results.announced(task)
    is_answer = attempt.job_id is None and bool(missing) and all(take.link is None for take in missing)
    return is_answer and not recovery.can_find and _is_replayed(recovery, attempt, base_url, now)


def _is_replayed(recovery: Recovery, attempt: Attempt, base_url: str, now: datetime) -> bool:
    """Whether the service still recognises the attempt's key, counted from the first time it left.

    A clock that went backwards proves nothing, so it counts as too late. Another server under the same name
    knows nothing about it.
    """
    if recovery.replay_within is None or attempt.sent_at is None or attempt.base_url != base_url:
        return False
    return timedelta(0) <= now - attempt.sent_at < recovery.replay_within - _REPLAY_MARGIN
