"""Error answers of the family as our errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from app.domain.errors import (
    ContentRefused,
    GenerationFailed,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    ResultGone,
    UnexpectedReply,
)
from app.providers import failures
from app.providers.failures import Told, clean_message

if TYPE_CHECKING:
    from app.providers.openai_audio.dialect import Dialect
    from app.providers.reply import Reply

_LONGEST_PLAIN = 4_096
_LONGEST_ID = 80
_LONGEST_WAIT_S = 86_400.0
_QUOTA = ("insufficient_quota", "billing_hard_limit_reached")
_REFUSED_CONTENT = ("content_policy_violation", "content_filter", "moderation_blocked")
_NO_REPLAY = "idempotency_replay_unavailable"
_NO_MODEL = ("model_not_found", "invalid_model")

FIELDS = {
    "input": "prompt",
    "response_format": "format",
    "file": "audio",
    "reference_audio": "references",
    "ref_audio": "references",
}
"""Names on the wire, and what we call the field; others have one name."""


def raise_for_submit(reply: Reply, dialect: Dialect) -> None:
    """Do nothing for a success; raise what an error answer to the paid call means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, ContentRefused, RateLimited: Refused, nothing was
            started.
        ResultGone: It was made and charged under the same key before, and can't be had again.
        OutcomeUnknown: Any other status, such as 5xx: the service may have taken the request.
    """
    if reply.is_success:
        return
    told = told_by(reply)
    _raise_for_names(reply, told, dialect)
    if reply.status in dialect.is_busy_at:
        raise _busy(reply, told, dialect)
    failures.raise_for_submit(reply, dialect.name, told=_with_place(reply, told), fields=FIELDS)


def raise_for_question(reply: Reply, dialect: Dialect) -> None:
    """Do nothing for a success; raise what an error answer to a free question means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, RateLimited, ServiceUnavailable, UnexpectedReply
    """
    if reply.is_success:
        return
    told = told_by(reply)
    _raise_for_names(reply, told, dialect)
    if reply.status == 429:
        raise _busy(reply, told, dialect)
    failures.raise_for_question(reply, dialect.name, told=_with_place(reply, told), fields=FIELDS)


def told_by(reply: Reply) -> Told:
    """What an error answer says, in any shape of the family; at its end the service's name for the exchange.

    Source: `error.message` of OpenAI, `detail` of FastAPI, `message` of openedai-speech; others say it in plain text.
    """
    told = failures.told_by(reply)
    body = _body_of(reply)
    code = told.code or _number_as_code(body)
    message = told.message or ("" if body is not None else _plain(reply.body))
    request_id = clean_message(reply.headers.get("x-request-id", ""))[:_LONGEST_ID]
    if request_id:
        message = f"{message.rstrip('.')} (request {request_id})" if message else f"request {request_id}"
    return replace(told, message=message, code=code)


def failed(told: Any, dialect: Dialect) -> ProviderError | None:
    """A failure told inside an answer that is well by its status; None where it tells none."""
    if not isinstance(told, Mapping):
        return None
    error = told.get("error") or told.get("detail") or (told if told.get("type") == "error" else None)
    if not error:
        return None
    error = error if isinstance(error, Mapping) else {"message": error}
    message = error.get("message")
    text = clean_message(message) if isinstance(message, str) else ""
    code = next((each for each in (error.get("code"), error.get("type")) if isinstance(each, str) and each), None)
    kind = ContentRefused if code in _REFUSED_CONTENT else GenerationFailed
    return kind(text or f"{dialect.name} doesn’t say why it failed.", code=code)


def without_result(what: str, dialect: Dialect) -> ProviderError:
    """A whole answer that is well by its status, without what was asked for.

    Args:
        what: That wasn't in it, such as `audio`.
    """
    if dialect.is_unbilled:
        return GenerationFailed(f"{dialect.name} answered without {what}.")
    return OutcomeUnknown(
        f"{dialect.name} took the request and answered without {what}. It may be charged: look at its usage page."
    )


def broken_off(what: str, dialect: Dialect) -> ProviderError:
    """An answer that began well and has no end.

    Args:
        what: Happened, as a clause.
    """
    return OutcomeUnknown(f"The audio from {dialect.name} isn’t whole: {what}. It may be charged.")


def _raise_for_names(reply: Reply, told: Told, dialect: Dialect) -> None:
    """Errors that their names tell better than their status."""
    names = _names(reply)
    if _NO_REPLAY in names:
        raise ResultGone(
            f"{dialect.name} made and charged this before, and no longer has the answer. {told.message}".rstrip(),
            code=_NO_REPLAY,
        )
    if reply.status == 402:
        raise QuotaExhausted(_about_credit(reply, told, dialect), code=told.code)
    if names.intersection(_QUOTA):
        raise QuotaExhausted(f"The credit at {dialect.name} is used up. {told.message}".rstrip(), code=told.code)
    if reply.status in (400, 403, 422) and names.intersection(_REFUSED_CONTENT):
        raise ContentRefused(told.message or f"{dialect.name} refused the text.", code=told.code)


def _names(reply: Reply) -> frozenset[str]:
    """Code and type of an error; either may be the telling one."""
    body = _body_of(reply)
    if body is None:
        return frozenset()
    told = [body, *(each for each in (body.get("error"), body.get("detail")) if isinstance(each, Mapping))]
    names = [each.get(key) for each in told for key in ("code", "type", "error")]
    return frozenset(name for name in names if isinstance(name, str))


def _with_place(reply: Reply, told: Told) -> Told:
    """With the field that a missing model is; `404` says so, too, unless there is no such path at all."""
    is_missing = reply.status == 404 and "model" in told.message.lower()
    return replace(told, field="model") if is_missing or _names(reply).intersection(_NO_MODEL) else told


def _busy(reply: Reply, told: Told, dialect: Dialect) -> RateLimited:
    why = "isn’t ready" if reply.status == 503 else "is busy"
    words = f": {told.message}" if told.message else ""
    after_s = reply.retry_after_s()
    return RateLimited(
        f"{dialect.name} {why}{words.rstrip('.')}.",
        _until_reset_s(reply) if after_s is None else after_s,
        code=told.code,
    )


def _until_reset_s(reply: Reply) -> float | None:
    """What `X-RateLimit-Reset` says, in Unix seconds, where nothing is left until then."""
    if reply.headers.get("x-ratelimit-remaining", "").strip() != "0":
        return None
    try:
        reset_s = float(reply.headers.get("x-ratelimit-reset", ""))
    except ValueError:  # OpenAI says `6m0s`, and Retry-After besides
        return None
    try:
        now_s = parsedate_to_datetime(reply.headers.get("date", "")).timestamp()  # our own clock may be wrong
    except (ValueError, TypeError):
        now_s = datetime.now(UTC).timestamp()
    after_s = reset_s - now_s
    return after_s if 0 <= after_s <= _LONGEST_WAIT_S else None


def _about_credit(reply: Reply, told: Told, dialect: Dialect) -> str:
    """With the amounts, where there are any."""
    error = (_body_of(reply) or {}).get("error")
    error = error if isinstance(error, Mapping) else {}
    has, needs = (_dollars(error.get(key)) for key in ("current_balance_cents", "required_cents"))
    amounts = f"It has {has}, and this needs {needs}." if has and needs else f"It has {has}." if has else ""
    page = error.get("topup_url")
    top_up = f"Add credit at {clean_message(page)}" if isinstance(page, str) and page.startswith("https://") else ""
    said = told.message and (told.message if told.message[-1] in ".!?…" else f"{told.message}.")
    parts = (f"The credit at {dialect.name} is used up.", said, amounts, top_up)
    return " ".join(part for part in parts if part)


def _dollars(cents: Any) -> str:
    if isinstance(cents, bool) or not isinstance(cents, int | float) or not abs(cents) < 1e12:
        return ""
    return f"${cents / 100:,.2f}" if cents >= 0 else f"−${-cents / 100:,.2f}"


def _body_of(reply: Reply) -> Mapping[str, Any] | None:
    """The error as a JSON object; None for anything else."""
    try:
        body = reply.json()
    except UnexpectedReply:
        return None
    return body if isinstance(body, Mapping) else None


def _number_as_code(body: Mapping[str, Any] | None) -> str | None:
    """Some servers number their errors."""
    if body is None:
        return None
    error = body.get("error")
    code = error.get("code") if isinstance(error, Mapping) else body.get("code")
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None


def _plain(body: bytes) -> str:
    """A body in plain words; what was meant for machines or browsers has none for people."""
    text = body[:_LONGEST_PLAIN].decode(errors="replace").strip()
    return "" if text.startswith(("<", "{", "[")) or "\ufffd" in text else clean_message(text)
