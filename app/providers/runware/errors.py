"""Runware's errors as those of the domain, by what was asked: to start something, a free question, or one result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.errors import (
    AppError,
    ContentRefused,
    CredentialsRejected,
    GenerationFailed,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
    UploadGone,
)
from app.domain.take import Failure
from app.providers.runware.fields import field_of
from app.providers.runware.messages import message_of
from app.providers.runware.replies import Refusal
from app.providers.runware.troubles import Trouble, trouble_of, trouble_of_status

if TYPE_CHECKING:
    from app.providers.client import Reply

_UNDECIDED = (
    Trouble.SERVER,
    Trouble.LATE,
    Trouble.DELIVERY,
    Trouble.UNKNOWN_TASK,
    Trouble.GONE,
)
"""Answers to a submit that say nothing about whether something was started."""

_LONGEST_CODE = 80
_REFUSED_AT_THE_DOOR = (Trouble.KEY, Trouble.QUOTA, Trouble.BUSY)
"""Said by the mere status of an answer: nothing passes a door that answers 401, 402, 403 or 429."""


def kind_of(error: Refusal, reply: Reply) -> Trouble:
    return trouble_of(error.code, error.message, reply.status)


def of_submit(errors: Sequence[Refusal], reply: Reply) -> AppError:
    """Why a submit brought nothing; the least certain of its errors decides.

    A server in trouble may have started it all the same, so 5xx is unknown whatever the code says. An error of the
    provider for this very task means that it is over, though nobody says whether it is charged.
    """
    kinds = [(kind_of(error, reply), error) for error in errors]
    undecided = next((error for kind, error in kinds if kind in _UNDECIDED or reply.status >= 500), None)
    if undecided is not None:
        return OutcomeUnknown(message_of(undecided), code=_code(undecided))
    kind, error = next((each for each in kinds if each[0] in (Trouble.PROVIDER, Trouble.OTHER)), kinds[0])
    return _refusal(kind, error, reply) or GenerationFailed(message_of(error), code=_code(error))


def of_submit_status(reply: Reply, *, is_readable: bool) -> AppError:
    """The same where no error of the answer is about our task.

    Args:
        is_readable: Whether it is an answer of the service at all; a page of some gateway proves nothing.
    """
    told = f"Runware answered with HTTP {reply.status} and no word about the request."
    trouble = trouble_of_status(reply.status)
    if trouble in _REFUSED_AT_THE_DOOR or (trouble is Trouble.INVALID and is_readable):
        refusal = _refusal(trouble, Refusal(message=told), reply)
        assert refusal is not None
        return refusal
    return OutcomeUnknown(told)


def of_question(errors: Sequence[Refusal], reply: Reply) -> ProviderError:
    """Why a free question wasn't answered. None of these says anything about a job."""
    error = errors[0] if errors else Refusal(message=f"Runware answered with HTTP {reply.status}")
    message, code = message_of(error), _code(error)
    match kind_of(error, reply):
        case Trouble.KEY:
            return CredentialsRejected(message, code=code)
        case Trouble.QUOTA:
            return QuotaExhausted(message, code=code)
        case Trouble.BUSY:
            return RateLimited(message, reply.retry_after_s(), code=code)
        case Trouble.SERVER | Trouble.LATE | Trouble.PROVIDER:
            return ServiceUnavailable(message, code=code)
    return UnexpectedReply(message, code=code)


def of_upload(errors: Sequence[Refusal], reply: Reply) -> ProviderError:
    """Why a file wasn't taken."""
    if errors and kind_of(errors[0], reply) in (Trouble.INVALID, Trouble.OTHER, Trouble.CONTENT):
        refusal = _refusal(Trouble.INVALID, errors[0], reply)
        assert isinstance(refusal, RequestRejected)
        refusal.field = "references"
        return refusal
    return of_question(errors, reply)


def of_result(error: Refusal) -> Failure:
    """Why one result, or all of them, couldn't be made."""
    kinds: dict[Trouble, type[ProviderError]] = {
        Trouble.CONTENT: ContentRefused,
        Trouble.INVALID: RequestRejected,
        Trouble.MODEL: RequestRejected,
        Trouble.QUOTA: QuotaExhausted,
        Trouble.GONE: ResultGone,
        Trouble.UNKNOWN_TASK: ResultGone,
    }
    # Whatever the transport said, this result was tried.
    trouble = trouble_of(error.code, error.message, 200)
    leaf = kinds.get(trouble, GenerationFailed)
    field = "model" if trouble is Trouble.MODEL else field_of(error.parameter)
    return Failure(leaf.kind, message_of(error), field, _code(error))


def gone(error: Refusal) -> ResultGone:
    return ResultGone(message_of(error), code=_code(error))


def _refusal(trouble: Trouble, error: Refusal, reply: Reply) -> ProviderError | None:
    """What provably started nothing; None for any other trouble."""
    message, code, field = message_of(error), _code(error), field_of(error.parameter)
    match trouble:
        case Trouble.INVALID:
            return RequestRejected(message, field, code=code)
        case Trouble.MODEL:
            return RequestRejected(message, "model", code=code)
        case Trouble.CONTENT:
            return ContentRefused(message, code=code)
        case Trouble.UPLOAD_GONE:
            return UploadGone(message, code=code)
        case Trouble.KEY:
            return CredentialsRejected(message, code=code)
        case Trouble.QUOTA:
            return QuotaExhausted(message, code=code)
        case Trouble.BUSY:
            return RateLimited(message, reply.retry_after_s(), code=code)
    return None


def _code(error: Refusal) -> str | None:
    return error.code[:_LONGEST_CODE] or None
