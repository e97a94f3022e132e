"""What a row of the library says about the state of a task: icon, words, next step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.request import TranscriptionRequest
from app.domain.take import Take, TakeState
from app.domain.task_state import TaskState
from app.ui.readouts import counted, elapsed, length, size
from app.ui.take_on_show import is_incomplete

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Live, Receiving


class RowAction(StrEnum):
    """The one thing to do about a row, offered inside it."""

    RETRY = "Retry"
    EDIT = "Edit"
    FETCH = "Fetch"
    CHECK_AGAIN = "Check again"
    DECIDE = "Decide"
    ADD_KEY = "Add key"
    OPEN_SERVICES = "Open services"
    ADD_CREDIT = "Add credit"


@dataclass(frozen=True, slots=True)
class StateWords:
    """How one row presents its state.

    Attributes:
        icon: Name of the icon.
        role: Colour token of the icon.
        word: The state in a word or two, in the colour `word_role`.
        detail: What follows it, quieter.
        trouble: What went wrong with a part of it, behind the icon of a failure.
        other: A second thing to do, which only the menu has room for.
        fraction: 0.0 to 1.0 to paint progress; None paints none.
        turns: The icon turns while something is going on.
    """

    icon: str
    role: str
    word: str
    word_role: str = "text"
    detail: str = ""
    trouble: str = ""
    action: RowAction | None = None
    other: RowAction | None = None
    fraction: float | None = None
    turns: bool = False

    @property
    def text(self) -> str:
        """All of it in one line."""
        return "  ".join(part for part in (self.word, self.detail, self.trouble) if part)

    @property
    def is_unmeasured(self) -> bool:
        """Something is going on, and nobody says how far it is."""
        return self.turns and self.fraction is None


# What has to be done before the same request can do better; retrying is left to the user, for it may cost.
_NEXT_STEPS = {
    "content_refused": RowAction.EDIT,
    "request_rejected": RowAction.EDIT,
    "request_invalid": RowAction.EDIT,
    "credentials_missing": RowAction.ADD_KEY,
    "key_unconfirmed": RowAction.OPEN_SERVICES,
    "credentials_rejected": RowAction.OPEN_SERVICES,
    "keychain_error": RowAction.OPEN_SERVICES,
    "quota_exhausted": RowAction.ADD_CREDIT,
}

_TRYING_AGAIN = "Trying again"
_SHORT = 32

_FAILURES = {
    "credentials_missing": "no key",
    "key_unconfirmed": "key not confirmed",
    "keychain_error": "keychain locked",
    "credentials_rejected": "key refused",
    "quota_exhausted": "no credit",
    "rate_limited": "too busy",
    "request_rejected": "request refused",
    "content_refused": "text refused",
    "upload_gone": "clip gone",
    "not_connected": "no connection",
    "service_unavailable": "service down",
    "unexpected_reply": "unclear answer",
    "paid_but_not_retrievable": "paid, can’t be fetched",
    "spending_ceiling_reached": "ceiling reached",
    "broken_audio": "broken audio",
    "storage_error": "couldn’t be saved",
    "generation_failed": "nothing was made",
}


def failure_word(kind: str) -> str:
    """A failure's kind in two words."""
    return _FAILURES.get(kind, "see details")


def state_words(
    task: Task, live: Live | None, now: datetime, position: int | None = None, *, is_paused: bool = False
) -> StateWords:
    """What to show for a task.

    Args:
        live: What is going on beyond the stored state, if anything is.
        position: 1 is next in its queue; None while unknown.
        is_paused: Whether nothing new leaves now.
    """
    match task.state:
        case TaskState.QUEUED:
            return StateWords("pause", "text2", "Queued, paused", "text2") if is_paused else _queued(live, position)
        case TaskState.SUBMITTING if live is not None and isinstance(task.request, TranscriptionRequest):
            return _running(task, live, now)  # the answer to what is being sent is the transcript
        case TaskState.SUBMITTING if live is not None and live.receiving is not None:
            return _receiving(live.receiving)
        case TaskState.SUBMITTING:
            return StateWords("arrow-up", "accent", "Sending", detail=live.words if live else "")
        case TaskState.RUNNING:
            return _running(task, live, now)
        case TaskState.UNCERTAIN:
            word = "Needs your decision"
            return StateWords("circle-question-mark", "warn", word, "warn", action=RowAction.DECIDE)
        case TaskState.FINISHED:
            return _finished(task)
        case TaskState.FAILED:
            kind = task.failure.kind if task.failure else ""
            word = f"Failed: {failure_word(kind)}"
            return StateWords("octagon-alert", "err", word, "err", action=_NEXT_STEPS.get(kind, RowAction.RETRY))
        case TaskState.CANCELLED:
            sent = task.attempt is not None and task.attempt.sent_at is not None
            billable = sent and not task.estimate.is_free
            return StateWords("ban", "text3", "Cancelled", "text3", "may be billed" if billable else "")


def after_credit(words: StateWords) -> StateWords:
    """Once the user has gone to add credit, retrying is what comes next."""
    if words.action is not RowAction.ADD_CREDIT:
        return words
    return replace(words, action=RowAction.RETRY, other=RowAction.ADD_CREDIT)


def _queued(live: Live | None, position: int | None) -> StateWords:
    if live is not None and live.next_try_at is not None:
        whole = live.words.partition(". ")[0].removesuffix(".")
        why = whole if len(whole) <= _SHORT else whole.partition(": ")[0]
        if not why or len(why) > _SHORT:  # it stands in the tooltip
            return StateWords("circle-dashed", "text2", _TRYING_AGAIN, "text2", _clock(live.next_try_at))
        return StateWords("circle-dashed", "text2", why, "text2", f"next try {live.next_try_at.astimezone():%H:%M:%S}")
    if live is not None and live.words:
        return StateWords("circle-dashed", "text2", live.words, "text2")
    place = "" if position is None else ", next" if position == 1 else f", {ordinal(position)}"
    return StateWords("circle-dashed", "text2", f"Queued{place}", "text2")


def _clock(at: datetime) -> str:
    return f"at {at.astimezone():%H:%M:%S}"


def _receiving(receiving: Receiving) -> StateWords:
    there = length(receiving.info.duration_s) if receiving.info is not None else size(receiving.bytes)
    return StateWords("arrow-down", "accent", "Receiving", detail=there)


def _running(task: Task, live: Live | None, now: datetime) -> StateWords:
    announced = any(take.state is TakeState.ANNOUNCED for take in task.takes)
    if live is None and not announced:  # another window or a command line works on it, or this one is about to
        return StateWords("loader-circle", "accent", "Running", detail="in another window")
    if live is None or live.is_paused:
        still = StateWords("loader-circle", "text2", "Still running", "text2", action=RowAction.CHECK_AGAIN)
        word = "Made, not fetched yet"
        return replace(still, word=word, action=RowAction.FETCH) if announced else still
    time = elapsed((now - live.since).total_seconds())
    if live.next_try_at is not None:  # what holds it up stands in the tooltip
        again = StateWords("loader-circle", "accent", _TRYING_AGAIN, detail=_clock(live.next_try_at), turns=True)
        return replace(again, fraction=live.fraction)
    if live.words:
        return StateWords("loader-circle", "accent", live.words, fraction=live.fraction, turns=True)
    detail = f"{_share(task, live)}  {time}".lstrip()
    return StateWords("loader-circle", "accent", "Running", detail=detail, fraction=live.fraction, turns=True)


def _share(task: Task, live: Live) -> str:
    """`62 %`; of a recording that is sent in parts `2 of 3 parts`."""
    parts = len(task.request.parts) if isinstance(task.request, TranscriptionRequest) else 0
    if parts > 1:
        through = round((live.fraction or 0.0) * parts)
        return f"{min(through + 1, parts)} of {counted(parts, 'part')}"
    return "" if live.fraction is None else f"{int(live.fraction * 100)} %"


def _finished(task: Task) -> StateWords:
    if isinstance(task.request, TranscriptionRequest):
        return StateWords("circle-check", "text3", "Transcript")
    stored = sum(take.state is TakeState.STORED for take in task.takes)
    if task.failure is None and stored == len(task.takes):
        return StateWords("circle-check", "text3", counted(stored, "take"))
    asked = max(len(task.takes), task.request.takes)
    words = StateWords("circle-check", "text3", f"{stored} of {counted(asked, 'take')}")
    left = sum(take_words(take, task, None).action is RowAction.FETCH for take in task.takes)
    if left:  # made and perhaps paid for: nobody should have to unfold the row to find that out
        return replace(words, detail=f"{left} not fetched", action=RowAction.FETCH)
    return replace(words, trouble=f"{asked - stored} failed")


def ordinal(place: int) -> str:
    """`1st`, `2nd`, `11th`."""
    if 10 <= place % 100 <= 20:
        return f"{place}th"
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th') }"


def take_words(take: Take, task: Task, live: Live | None) -> StateWords:
    """What to show for a take; nothing for one that is stored."""
    if take.state is TakeState.ANNOUNCED and task.state is TaskState.SUBMITTING:
        is_told = live is not None and live.receiving is not None and live.receiving.take == take.number
        return _receiving(live.receiving) if is_told and live and live.receiving else _ARRIVING
    if is_incomplete(take):
        return _INCOMPLETE
    return _TAKE_WORDS.get(take.state) or StateWords("", "text3", "")


_ARRIVING = StateWords("arrow-down", "accent", "Receiving")
_INCOMPLETE = StateWords("octagon-alert", "err", "Incomplete", "err")  # who could bring it again would have done so
_TAKE_WORDS = {
    TakeState.ANNOUNCED: StateWords("loader-circle", "text2", "Made, not fetched yet", "text2", action=RowAction.FETCH),
    TakeState.BROKEN: StateWords("octagon-alert", "err", "Broken file", "err", action=RowAction.FETCH),
    TakeState.EXPIRED: StateWords("octagon-alert", "warn", "Link expired", "warn", action=RowAction.FETCH),
    TakeState.FAILED: StateWords("octagon-alert", "err", "Failed", "err"),
}
