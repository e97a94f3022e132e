"""Error answers of AI/ML API as our errors.

What they mean for money: a 4xx refused the request up front, so nothing was started. After a 5xx nobody knows, since
the service has no way to ask about a request that it never named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.errors import (
    ContentRefused,
    CredentialsRejected,
    GenerationFailed,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.take import Failure
from app.providers.aimlapi.refusals import Refusal, refusal
from app.providers.aimlapi.replies import Complaint

if TYPE_CHECKING:
    from app.providers.client import Reply

_NO_CREDIT = re.compile(r"credit|balance|quota|billing|top[ -]?up|insufficient|funds|payment|\blimit", re.IGNORECASE)
_REFUSED_CONTENT = re.compile(
    r"moderat(?:ion|ed)|content[ _-]?(?:polic|filter|violation)|\bnsfw\b|\bsafety\b|inappropriate|prohibited"
    r"|\bflagged\b|copyright|usage polic|terms of (?:service|use)"
    r"|sensitive (?:content|words?|material|information)"
    r"|\b(?:prompt|text|lyrics|content|input) (?:was|were|is|has been|have been) (?:rejected|refused|blocked)",
    re.IGNORECASE,
)
_NO_JOB_YET = "The service doesn’t know this generation, or not yet."


def of_submit(reply: Reply) -> ProviderError:
    """What an error answer to the paid call means."""
    told = refusal(reply.body)
    if reply.status == 404:
        return RequestRejected(told.text or "There is no such model.", "model", code=told.code)
    if _is_refusal(reply.status):
        return _refused(reply, told)
    # A redirect, a timeout or a failure of the server: it may have been taken all the same.
    return OutcomeUnknown(told.text or f"The service answered with HTTP {reply.status}.", code=told.code)


def of_question(reply: Reply) -> ProviderError:
    """What an error answer to a free question means; asking again may bring more."""
    told = refusal(reply.body)
    if reply.status in (401, 403, 429):
        return _refused(reply, told)
    if reply.status == 404 or reply.status == 408 or reply.status >= 500:
        otherwise = _NO_JOB_YET if reply.status == 404 else f"The service answered with HTTP {reply.status}."
        return ServiceUnavailable(told.text or otherwise, code=told.code)
    return UnexpectedReply(told.text or f"The service answered with HTTP {reply.status}.", code=told.code)


def failure(complaint: Complaint | None) -> Failure:
    """Why a generation failed, as it is kept with the task."""
    error = failed(complaint)
    return Failure(error.kind, str(error), code=error.code)


def failed(complaint: Complaint | None) -> ProviderError:
    """A failure that the service tells in an answer which itself is well."""
    if complaint is None:
        return GenerationFailed("The service doesn’t say why it failed.")
    kind = ContentRefused if _REFUSED_CONTENT.search(str(complaint)) else GenerationFailed
    return kind(str(complaint), code=complaint.name or None)


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500 and status != 408


def _refused(reply: Reply, told: Refusal) -> ProviderError:
    """A 4xx: nothing was started."""
    match reply.status:
        case 401:
            return CredentialsRejected(told.text or "The key is missing, wrong or expired.", code=told.code)
        case 402:
            return QuotaExhausted(told.text or "There is no credit left.", code=told.code)
        case 403:
            return _forbidden(told)
        case 429:
            return RateLimited(told.text or "Too many requests.", reply.retry_after_s(), code=told.code)
    if _REFUSED_CONTENT.search(told.text):
        return ContentRefused(told.text, code=told.code)
    return RequestRejected(told.text or f"The service answered with HTTP {reply.status}.", told.field, code=told.code)


def _forbidden(told: Refusal) -> ProviderError:
    """No credit and a key that may not do this share one status; where nothing is said, it is mostly the credit."""
    if not told.text or told.text.strip(".! ").lower() == "forbidden" or _NO_CREDIT.search(told.text):
        return QuotaExhausted(told.text or "There is no credit left, or the key’s limit is reached.", code=told.code)
    if _REFUSED_CONTENT.search(told.text):
        return ContentRefused(told.text, code=told.code)
    return CredentialsRejected(told.text, code=told.code)
