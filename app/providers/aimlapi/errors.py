"""Error answers of AI/ML API as our errors, where they mean something else than with other services."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import ContentRefused, GenerationFailed, ProviderError, QuotaExhausted, ServiceUnavailable
from app.domain.take import Failure
from app.providers import failures
from app.providers.aimlapi.refusals import refusal
from app.providers.failures import clean_message

if TYPE_CHECKING:
    from app.providers.aimlapi.replies import Complaint
    from app.providers.failures import Told
    from app.providers.reply import Reply

_NAME = "AI/ML API"
_NO_CREDIT = re.compile(r"credit|balance|quota|billing|top[ -]?up|insufficient|funds|payment|\blimit", re.IGNORECASE)
_REFUSED_CONTENT = re.compile(
    r"moderat(?:ion|ed)|content[ _-]?(?:polic|filter|violation)|\bnsfw\b|\bsafety\b|inappropriate|prohibited"
    r"|\bflagged\b|copyright|usage polic|terms of (?:service|use)"
    r"|sensitive (?:content|words?|material|information)"
    r"|\b(?:prompt|text|lyrics|content|input) (?:was|were|is|has been|have been) (?:rejected|refused|blocked)",
    re.IGNORECASE,
)
_MAY_BE_ABOUT_CONTENT = (400, 403, 422, 451)


def raise_for_submit(reply: Reply) -> None:
    """Do nothing for a success; raise what an error answer to the paid call means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, ContentRefused, RateLimited: Refused, nothing was
            started.
        OutcomeUnknown: Any other status, such as 5xx: the service may have taken the request.
    """
    if reply.is_success:
        return
    told = refusal(reply.body)
    _raise_for_credit(reply, told)
    if reply.status in _MAY_BE_ABOUT_CONTENT and _REFUSED_CONTENT.search(told.message):
        raise ContentRefused(told.message, code=told.code)
    if reply.status == 404:
        told = replace(told, field="model")
    failures.raise_for_submit(reply, _NAME, told=told)


def raise_for_question(reply: Reply) -> None:
    """Do nothing for a success; raise what an error answer to a free question means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, RateLimited, ServiceUnavailable, UnexpectedReply: None
            of them says that a generation is over.
    """
    if reply.is_success:
        return
    told = refusal(reply.body)
    _raise_for_credit(reply, told)
    if reply.status == 404:  # so it is for a moment after the creation, and with the key of another account
        raise ServiceUnavailable(f"{_NAME} doesn’t know this, or not yet. {told.message}".rstrip(), code=told.code)
    failures.raise_for_question(reply, _NAME, told=told)


def failure(complaint: Complaint | None) -> Failure:
    """Why a generation failed, as it is kept with the task."""
    error = failed(complaint)
    return Failure(error.kind, str(error), code=error.code)


def failed(complaint: Complaint | None) -> ProviderError:
    """A failure that the service tells in an answer which itself is well."""
    text = clean_message(str(complaint)) if complaint is not None else ""
    if complaint is None or not text:
        return GenerationFailed(f"{_NAME} doesn’t say why it failed.")
    kind = ContentRefused if _REFUSED_CONTENT.search(text) else GenerationFailed
    return kind(text, code=clean_message(complaint.name) or None)


def _raise_for_credit(reply: Reply, told: Told) -> None:
    """No credit, a key at its limit and a key that may not do this share one status; mostly it is the credit."""
    if reply.status != 403:
        return
    if told.message.strip(".! ").lower() in ("", "forbidden") or _NO_CREDIT.search(told.message):
        raise QuotaExhausted(told.message or f"{_NAME} has no credit left for this key.", code=told.code)
