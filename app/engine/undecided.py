"""A task whose outcome nobody knows, and what the user can decide about it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.provider import AudioProvider
from app.domain.receipt import Estimate
from app.domain.task import Task
from app.engine.recovery import recovery_for
from app.engine.writing_down import share_of_next_part

NO_SERVICE = "The service of this task isn’t known here, so it can’t be submitted anew. Nothing was sent."


@dataclass(frozen=True, slots=True)
class Undecided:
    """What there is to know before a decision.

    Attributes:
        can_be_asked: Whether its service can be asked once more whether it took the request.
        can_be_sent: Whether its service is there to be sent it anew.
        again: What submitting it anew may cost, on top of what the first time may have.
    """

    task: Task
    can_be_asked: bool
    can_be_sent: bool
    again: Estimate

    @classmethod
    def of(cls, task: Task, provider: AudioProvider | None) -> Undecided:
        can_be_asked = provider is not None and recovery_for(provider, task.attempt).can_find
        return cls(task, can_be_asked, provider is not None, share_of_next_part(task))
