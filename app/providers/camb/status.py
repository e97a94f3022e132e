"""How a task is doing, as the service tells it; read leniently, new fields are ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import ContentRefused, GenerationFailed, ProviderError, QuotaExhausted, UnexpectedReply
from app.domain.provider import Progress, Result
from app.domain.take import Failure
from app.providers.camb.errors import NAME, is_about_harm
from app.providers.camb.words import words_in
from app.providers.failures import clean_message

if TYPE_CHECKING:
    from app.providers.reply import Reply

POLL_AFTER_S = 4.0

_SUCCESS = "SUCCESS"
_WAITING = frozenset({"PENDING", "PROCESSING", "QUEUED", "STARTED"})
_FAILED = frozenset({"ERROR", "FAILED", "TIMEOUT", "PAYMENT_REQUIRED"})
_NO_REASON = "NONE"
_RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """
    Attributes:
        word: In capitals; empty where the answer has none.
        run_id: Names the result; None where there is none, or none that can be asked for.
        reason: The service's name for what went wrong, in capitals; empty where it names nothing.
        message: What it says besides, for people.
    """

    word: str
    run_id: str | None
    reason: str
    message: str

    @classmethod
    def read(cls, reply: Reply) -> TaskStatus:
        """
        Raises:
            UnexpectedReply: It isn't a JSON object.
        """
        told = reply.json()
        if not isinstance(told, Mapping):
            raise UnexpectedReply(f"{NAME} answered something else than how the task is doing.")
        reason = _word(told.get("exception_reason"))
        return cls(
            word=_word(told.get("status")),
            run_id=_run_id(told.get("run_id")),
            reason="" if reason == _NO_REASON else reason,
            message=words_in(told.get("message")),
        )


def progress_of(status: TaskStatus) -> Progress:
    """
    Raises:
        UnexpectedReply: It is finished and doesn't say how its result is called; asking again may bring it.
    """
    if status.word in _FAILED:
        return Progress(is_final=True, failure=_failure(status))
    if status.word != _SUCCESS:
        words = "" if status.word in _WAITING else status.word
        return Progress(poll_after_s=POLL_AFTER_S, words=words)
    if status.run_id is None:
        raise UnexpectedReply(f"{NAME} calls it finished, but doesn’t say how its result is called.")
    return Progress(results=(Result(status.run_id),), is_final=True)


def _failure(status: TaskStatus) -> Failure:
    error = _error(status)
    return Failure(error.kind, str(error), code=status.reason or status.word)


def _error(status: TaskStatus) -> ProviderError:
    names = (status.word, status.reason)
    if "PAYMENT_REQUIRED" in names:
        return QuotaExhausted(_sentence(f"The credit at {NAME} is used up", status.message))
    if any(is_about_harm(name) for name in names):
        return ContentRefused(_sentence(f"{NAME} refused the text as harmful", status.message))
    if status.word == "TIMEOUT":
        return GenerationFailed(_sentence(f"{NAME} gave up because it took too long", status.message))
    if status.message:
        return GenerationFailed(_sentence(f"{NAME} couldn’t make it", status.message))
    reason = f" ({status.reason.replace('_', ' ').lower()})" if status.reason else " and doesn’t say why"
    return GenerationFailed(f"{NAME} couldn’t make it{reason}.")


def _sentence(what: str, message: str) -> str:
    if not message:
        return f"{what}."
    return f"{what}: {message}" if message[-1] in ".!?…" else f"{what}: {message}."


def _word(value: Any) -> str:
    return clean_message(value).upper() if isinstance(value, str) else ""


def _run_id(value: Any) -> str | None:
    """A number, whether it comes as one or as a text. Some samples show names, which can be asked for as well."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return str(value)
    name = value.strip() if isinstance(value, str) else ""
    return name if _RUN_ID.fullmatch(name) else None
