"""What may be done about an attempt whose outcome nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from app.domain.provider import Recovery
from app.domain.task import Attempt

_REPLAY_MARGIN = timedelta(minutes=1)  # a body that leaves at the last moment may arrive after it


class Remedy(Enum):
    """How an unknown outcome becomes a known one."""

    MAKE_AGAIN = "make again"  # it costs nothing
    FIND = "find"  # ask the service by our own key
    SEND_AGAIN = "send again"  # the service knows the key and makes nothing twice
    ASK_THE_USER = "ask the user"


def remedy(recovery: Recovery, attempt: Attempt, now: datetime) -> Remedy:
    """What the engine may do by itself about an attempt that left and was never answered."""
    if recovery.is_unbilled:
        return Remedy.MAKE_AGAIN
    if recovery.can_find:
        return Remedy.FIND
    return Remedy.SEND_AGAIN if is_replayed(recovery, attempt, now) else Remedy.ASK_THE_USER


def is_replayed(recovery: Recovery, attempt: Attempt, now: datetime) -> bool:
    """Whether the service still recognises the attempt's key, counted from the first time it left.

    A clock that went backwards proves nothing, so it counts as too late.
    """
    if recovery.replay_within is None or attempt.sent_at is None:
        return False
    return timedelta(0) <= now - attempt.sent_at < recovery.replay_within - _REPLAY_MARGIN
