"""Error answers of services without codes of their own, as errors that the rest of the app decides by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from app.domain.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.providers.reply import Reply

_LONGEST_MESSAGE = 300
_LONGEST_CODE = 80
_MOST_DETAILS = 3
_INVISIBLE_MARKUP = re.compile(r"<(script|style|head)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[/!?]?[a-zA-Z][^<>]*(?:>|$)|<!--.*?(?:-->|$)", re.DOTALL)
_REQUEST_IS_WRONG = (400, 404, 405, 406, 410, 411, 413, 414, 415, 417, 422, 428, 431, 451)
_WHERE_IN_A_REQUEST = ("body", "query", "path", "header")  # what FastAPI's places begin with


@dataclass(frozen=True, slots=True)
class Told:
    """What an error answer says by itself.

    Attributes:
        message: For people, made safe; empty where it says nothing.
        code: The service's own name for the error.
        field: What it calls the culprit.
    """

    message: str = ""
    code: str | None = None
    field: str | None = None


def raise_for_question(
    reply: Reply, name: str, *, told: Told | None = None, fields: Mapping[str, str] | None = None
) -> None:
    """Do nothing for a success; raise what an error means that answers a free question.

    Args:
        name: Of the service, for people.
        told: What the answer says, if the service has its own way of saying it.
        fields: From the service's names of fields to ours.
    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, RateLimited, ServiceUnavailable, UnexpectedReply
    """
    if reply.is_success:
        return
    told = told or told_by(reply)
    refusal = _refusal(reply, name, told, fields or {})
    if refusal is not None:
        raise refusal
    if reply.status >= 500 or reply.status in (408, 425):
        raise ServiceUnavailable(_sentence(f"{name} isn’t available now", reply, told), code=told.code)
    raise UnexpectedReply(_sentence(f"{name} gave an unexpected answer", reply, told), code=told.code)


def raise_for_submit(
    reply: Reply, name: str, *, told: Told | None = None, fields: Mapping[str, str] | None = None
) -> None:
    """Do nothing for a success; raise what an error means that answers the call that costs money.

    Args:
        See `raise_for_question`.
    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, RateLimited: Refused, nothing was started.
        OutcomeUnknown: Any other status, such as 5xx: it may come from in front of the service, or from after it
            took the request. Of 500 it `has_failed`.
    """
    if reply.is_success:
        return
    told = told or told_by(reply)
    refusal = _refusal(reply, name, told, fields or {})
    if refusal is not None:
        raise refusal
    said = _sentence(f"{name} failed while it had the request", reply, told)
    raise OutcomeUnknown(
        f"{said} Whether it took it is unknown; it may be charged.", code=told.code, has_failed=reply.status == 500
    )


def told_by(reply: Reply) -> Told:
    """What an error answer says, in any of the common shapes; a page of HTML or nonsense says nothing.

    Source: the shapes of OpenAI, FastAPI, NestJS and their like: `error.message`, `error`, `detail`,
    `detail.message`, `detail[].msg`, `errors[]`, `message`.
    """
    try:
        body = reply.json()
    except UnexpectedReply:
        return Told()
    if not isinstance(body, Mapping):
        return Told()
    for key in ("error", "detail", "errors"):
        told = _told_in(body.get(key))
        if told.message:
            return Told(told.message, told.code or _code_of(body), told.field or _field_of(body))
    return Told(_message_in(body), _code_of(body), _field_of(body))


def clean_message(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """A service's text made safe for people: one line without markup and control characters, not too long."""
    text = text[: 16 * longest]
    text = _MARKUP.sub(" ", _INVISIBLE_MARKUP.sub(" ", unescape(text)))
    text = "".join(character if character.isprintable() else " " for character in text)
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _refusal(reply: Reply, name: str, told: Told, fields: Mapping[str, str]) -> ProviderError | None:
    """The error of a status that says that nothing was done; None for others."""
    code = told.code
    match reply.status:
        case 401:
            return CredentialsRejected(_sentence(f"{name} doesn’t accept the key", reply, told), code=code)
        case 403:  # the key, or the plan, the model or the country that it is for
            return CredentialsRejected(_sentence(f"{name} doesn’t allow this with the key", reply, told), code=code)
        case 402:
            return QuotaExhausted(_sentence(f"The credit at {name} is used up", reply, told), code=code)
        case 429:
            busy = _sentence(f"{name} is busy", reply, told)
            return RateLimited(busy, reply.retry_after_s(), code=code)
        case status if status in _REQUEST_IS_WRONG:
            field = None if told.field is None else fields.get(told.field, told.field)
            return RequestRejected(_sentence(f"{name} refused the request", reply, told), field, code=code)
    return None


def _sentence(what: str, reply: Reply, told: Told) -> str:
    if not told.message:
        return f"{what} (HTTP {reply.status})."
    end = "" if told.message[-1] in ".!?…" else "."
    return f"{what}: {told.message}{end}"


def _told_in(value: Any) -> Told:
    """What the value of `error`, `detail` or `errors` says."""
    if isinstance(value, str):
        return Told(clean_message(value))
    if isinstance(value, Mapping):
        return Told(_message_in(value), _code_of(value), _field_of(value))
    if isinstance(value, Sequence):
        parts = [_told_in(part) for part in value[:_MOST_DETAILS]]
        parts = [part for part in parts if part.message]
        if parts:
            return Told(clean_message(" ".join(part.message for part in parts)), parts[0].code, parts[0].field)
    return Told()


def _message_in(value: Mapping[str, Any]) -> str:
    for key in ("message", "msg", "error", "detail", "description", "title"):
        said = value.get(key)
        if isinstance(said, Sequence) and not isinstance(said, str):
            said = " ".join(part for part in said if isinstance(part, str))
        if isinstance(said, str) and (message := clean_message(said)):
            return message
    return ""


def _code_of(value: Mapping[str, Any]) -> str | None:
    for key in ("code", "type", "name"):
        code = value.get(key)
        if isinstance(code, str) and (name := clean_message(code)[:_LONGEST_CODE]):
            return name
    return None


def _field_of(value: Mapping[str, Any]) -> str | None:
    """`param` of OpenAI, `parameter` of Runware, `loc` of FastAPI, of which the last name counts."""
    for key in ("param", "parameter", "field", "loc"):
        place = value.get(key)
        if isinstance(place, Sequence) and not isinstance(place, str):
            names = [name for name in place if isinstance(name, str) and name not in _WHERE_IN_A_REQUEST]
            place = names[-1] if names else None
        if isinstance(place, str) and (name := clean_message(place)[:_LONGEST_CODE]):
            return name
    return None
