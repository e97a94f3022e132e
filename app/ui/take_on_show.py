"""Which take of a task the preview shows, and what it says where there is nothing to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import BrokenAudio
from app.domain.take import Failure, Take, TakeState
from app.domain.task_state import TaskState
from app.ui.error_messages import failure_text

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Receiving

NOTHING_SELECTED = "Select a take to see and hear it. Space plays, arrow keys step through."
_DECIDE = "Nothing is sent again unless you say so. Ctrl+D asks what to do."
_ENDS = (".", "!", "?", "…")
NOTHING_YET = "The takes appear here as they arrive."
SENT_AND_CANCELLED = "Cancelled after it was sent. {service} may have made it. Retry takes it up again."


def take_to_show(task: Task | None, take_id: str | None, receiving: Receiving | None = None) -> Take | None:
    """The take with this id; without one the first that can be heard, else the one that arrives, else the first."""
    takes = task.takes if task else ()
    wanted = next((take for take in takes if take.id == take_id), None)
    first_heard = next((take for take in takes if take.state is TakeState.STORED), None)
    arriving = next((take for take in takes if is_arriving(take, receiving)), None)
    return wanted or first_heard or arriving or (takes[0] if takes else None)


def is_arriving(take: Take | None, receiving: Receiving | None) -> bool:
    """Whether it is this take whose audio is arriving right now."""
    is_awaited = take is not None and take.state is TakeState.ANNOUNCED
    return is_awaited and take is not None and receiving is not None and receiving.take == take.number


def is_under_way(task: Task | None) -> bool:
    """Whether nothing is written down yet of how the exchange of a task has ended."""
    return task is not None and task.state is TaskState.SUBMITTING


def is_incomplete(take: Take) -> bool:
    """Whether it broke off while it arrived, and what is there was kept."""
    is_kept = take.state is TakeState.BROKEN and take.file is not None and take.failure is not None
    return is_kept and take.failure is not None and take.failure.kind != BrokenAudio.kind


def audio_of(take: Take | None) -> tuple[str, str] | None:
    """What tells one sound from another; None where there is none."""
    is_there = take is not None and take.state is TakeState.STORED and take.file and take.info
    return (take.id, take.file) if is_there and take is not None and take.file else None


def reason_of_silence(task: Task | None, take: Take | None, service: str | None = None) -> str:
    """What to say in place of a waveform; empty where there is one.

    Args:
        service: What people call it; without it "the service" is meant.
    """
    if task is None:
        return NOTHING_SELECTED
    if take is None:
        if task.state.is_open:
            return NOTHING_YET
        if task.state is TaskState.CANCELLED and task.attempt is not None and task.attempt.sent_at is not None:
            return SENT_AND_CANCELLED.format(service=service or "The service")
        if task.state is TaskState.UNCERTAIN:
            from app.engine.recovery import CANT_BE_ASKED  # late: it knows providers, and there is no task at first

            said = task.failure.message.strip() if task.failure else ""
            return f"{said or CANT_BE_ASKED}{'' if said.endswith(_ENDS) or not said else '.'}\n{_DECIDE}"
        return _told(task.failure, service) if task.failure else "Nothing was made."
    if take.state is TakeState.ANNOUNCED and task.state is TaskState.SUBMITTING:
        return f"Take {take.number} is arriving. It can be heard once it is whole."
    return _reason_of_take(take, service)


def _told(failure: Failure, service: str | None) -> str:
    """What happened and what to do; below it the words of the service, and its own name for it."""
    words = failure_text(failure, service=service)
    return f"{words.text}\n{words.details}" if words.details else words.text


def _reason_of_take(take: Take, service: str | None) -> str:
    if is_incomplete(take):
        return f"Incomplete: take {take.number} broke off while it arrived. What is there was kept."
    match take.state:
        case TakeState.ANNOUNCED:
            return f"Take {take.number} was made and is being fetched."
        case TakeState.BROKEN:
            return f"Take {take.number} arrived but isn’t playable audio. Fetch it again from the list."
        case TakeState.EXPIRED:
            return f"The link to take {take.number} is no longer valid. Fetch it again from the list."
        case TakeState.FAILED:
            return _told(take.failure, service) if take.failure else f"Nothing was made for take {take.number}."
        case TakeState.STORED:
            return ""
