"""Error answers of Camb.ai, in any of their shapes, as our errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.domain.errors import ContentRefused, ServiceUnavailable, UnexpectedReply
from app.providers import failures
from app.providers.camb.words import words_in
from app.providers.failures import Told, clean_message

if TYPE_CHECKING:
    from app.providers.reply import Reply

NAME = "Camb.ai"

FIELDS: Mapping[str, str] = {
    "prompt": "prompt",
    "text": "prompt",
    "duration": "duration",
    "audio_type": "model",
    "speech_model": "model",
    "project_name": "project_name",
    "project_description": "project_description",
    "folder_id": "folder_id",
    "language": "language",
    "voice_id": "voice",
    "user_instructions": "user_instructions",
    "enhance_named_entities_pronunciation": "enhance_named_entities_pronunciation",
    "output_configuration": "format",
    "output_configuration.format": "format",
    "output_configuration.sample_rate": "sample_rate",
    "output_configuration.duration": "target_duration",
    "output_configuration.apply_enhancement": "apply_enhancement",
    "voice_settings.enhance_reference_audio_quality": "enhance_reference_audio_quality",
    "voice_settings.maintain_source_accent": "maintain_source_accent",
    "voice_settings.apply_ref_loudness_norm": "apply_ref_loudness_norm",
    "voice_settings.speaking_rate": "speed",
    "inference_options.stability": "stability",
    "inference_options.temperature": "temperature",
    "inference_options.inference_steps": "inference_steps",
    "inference_options.speaker_similarity": "speaker_similarity",
    "inference_options.localize_speaker_weight": "localize_speaker_weight",
    "inference_options.acoustic_quality_boost": "acoustic_quality_boost",
}
"""Paths in a body, and what we call the field."""

_ALSO = {"duration": "duration", "voice": "voice"}
_BY_NAME = {path.rpartition(".")[2]: field for path, field in FIELDS.items()} | _ALSO
_NAMED = re.compile(rf"\b({'|'.join(sorted(_BY_NAME, key=len, reverse=True))})\b", re.IGNORECASE)
_HARMFUL = re.compile(r"harmful[ _]content", re.IGNORECASE)
_MAY_BE_ABOUT_CONTENT = (400, 403, 422)
_LONGEST_TEXT = 200
_MOST_TEXT_BYTES = 4_096
_MOST_DETAILS = 3
_VALIDATORS_PREFIX = "Value error, "


def raise_for_submit(reply: Reply) -> None:
    """Do nothing for a success; raise what an error answer to a paid call means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, ContentRefused, RateLimited: Refused, nothing was
            started.
        OutcomeUnknown: Any other status, such as 5xx: the service may have taken the request.
    """
    if reply.is_success:
        return
    told = told_by(reply)
    if reply.status in _MAY_BE_ABOUT_CONTENT and is_about_harm(told.message):
        raise ContentRefused(told.message, code=told.code)
    failures.raise_for_submit(reply, NAME, told=told)


def raise_for_question(reply: Reply) -> None:
    """Do nothing for a success; raise what an error answer to a free question means.

    Raises:
        CredentialsRejected, QuotaExhausted, RequestRejected, RateLimited, ServiceUnavailable, UnexpectedReply: None
            of them says that a task is over.
    """
    if reply.is_success:
        return
    told = told_by(reply)
    if reply.status == 404:  # a task or result that isn't there yet, or belongs to the account of another key
        raise ServiceUnavailable(f"{NAME} doesn’t know this, or not yet. {told.message}".rstrip(), code=told.code)
    failures.raise_for_question(reply, NAME, told=told)


def told_by(reply: Reply) -> Told:
    """What an error answer says, its field by our name. Never raises: a body that says nothing is told as nothing."""
    try:
        body = reply.json()
    except UnexpectedReply:
        return Told(_plain(reply.body))
    if not isinstance(body, Mapping):
        return Told(words_in(body))
    details = body.get("detail")
    if isinstance(details, list):
        told = _told_in(details)
        if told.message:
            return told
    for key in ("detail", "error", "message"):
        if message := words_in(body.get(key)):
            return Told(message, _code_in(body), _named_in(message))
    return Told(words_in(body), _code_in(body))


def is_about_harm(text: str) -> bool:
    """Whether the service means that the text itself is at fault."""
    return _HARMFUL.search(text) is not None


def _plain(body: bytes) -> str:
    text = body[:_MOST_TEXT_BYTES].decode(errors="replace")
    if "\ufffd" in text or text.lstrip().startswith(("{", "[")):
        return ""
    words = clean_message(text)
    return words if len(words) <= _LONGEST_TEXT else words[: _LONGEST_TEXT - 1].rstrip() + "…"


def _told_in(details: list[Any]) -> Told:
    """What a validator says: each complaint with its place in the request."""
    found = [(_place_of(detail), _complaint_of(detail)) for detail in details[:_MOST_DETAILS]]
    told = [(place, text) for place, text in found if text]
    if not told:
        return Told()
    message = clean_message("; ".join(f"{place}: {text}" if place else text for place, text in told))
    fields = (_field_at(place) or _named_in(text) for place, text in told)
    field = next((field for field in fields if field is not None), None)
    return Told(message, next((code for code in map(_code_in, details) if code), None), field)


def _complaint_of(detail: Any) -> str:
    return words_in(detail).removeprefix(_VALIDATORS_PREFIX)


def _place_of(detail: Any) -> str:
    """`output_configuration.format`; steps are names or numbers."""
    steps = detail.get("loc") if isinstance(detail, Mapping) else None
    if not isinstance(steps, list):
        return ""
    named = [str(step) for step in steps if isinstance(step, str | int)]
    return clean_message(".".join(named[1:] if named[:1] in (["body"], ["path"], ["query"]) else named))


def _field_at(place: str) -> str | None:
    return FIELDS.get(place) or _BY_NAME.get(place.rpartition(".")[2])


def _named_in(text: str) -> str | None:
    """The field that a sentence speaks of, such as “Language 'zh-tw' is not supported”."""
    named = _NAMED.search(text)
    return _BY_NAME[named[1].lower()] if named else None


def _code_in(told: Any) -> str | None:
    for key in ("exception_reason", "code", "type"):
        code = told.get(key) if isinstance(told, Mapping) else None
        if isinstance(code, str) and (name := clean_message(code)):
            return name
    return None
