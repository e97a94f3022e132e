"""What the service says when it refuses: its words, its name for the problem, and the field it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.domain.errors import UnexpectedReply
from app.providers.aimlapi.replies import decoded
from app.providers.failures import Told, clean_message

_LONGEST = 4_096
_MOST_TEXTS = 6
_DEEPEST = 6
_PLACES = ("path", "field", "param", "property", "loc")
_TEXTS = ("message", "msg")
_NOT_WORDS = frozenset({*_PLACES, *_TEXTS, "timestamp", "requestId", "statusCode", "code", "name", "type"})

FIELDS = {
    "model": "model",
    "prompt": "prompt",
    "text": "prompt",
    "negative_prompt": "negative_prompt",
    "voice": "voice",
    "seed": "seed",
    "seconds_total": "duration",
    "music_length_ms": "duration",
    "reference_audio_url": "references",
    "response_format": "format",
    "output_format": "format",
    "format": "format",
    "sample_rate": "sample_rate",
    "audio_sample_rate": "sample_rate",
    "bitrate": "bitrate",
    "audio_setting": "format",
    "seconds_start": "seconds_start",
    "steps": "steps",
    "lyrics": "lyrics",
    "lyrics_optimizer": "lyrics_optimizer",
    "is_instrumental": "is_instrumental",
    "speed": "speed",
    "style": "style",
    "stability": "stability",
    "similarity_boost": "similarity_boost",
    "use_speaker_boost": "use_speaker_boost",
    "apply_text_normalization": "apply_text_normalization",
    "previous_text": "previous_text",
    "next_text": "next_text",
}
"""Names on the wire, and what we call the field."""

_NAMED = re.compile(rf"\b({'|'.join(sorted(FIELDS, key=len, reverse=True))})\b")


def refusal(body: bytes) -> Told:
    """Read an error body, whatever its shape. Never raises: a body that says nothing is told as nothing.

    Source: aimlapi/api-docs, errors-and-messages; details are those of common validators.
    """
    try:
        told = decoded(body)
    except UnexpectedReply:
        return Told(_plain(body))
    said = list(_said(told, (), 0))
    texts = _without_repeats([clean_message(text) for _, text in said[:_MOST_TEXTS]])
    message = clean_message("; ".join(texts))
    return Told(message, _code(told), _field([place for place, _ in said], message))


def _plain(body: bytes) -> str:
    """A body in plain words; what was meant for machines or browsers has none for people."""
    text = body[:_LONGEST].decode(errors="replace").strip()
    return "" if text.startswith(("<", "{", "[")) or "\ufffd" in text else clean_message(text)


def _said(value: Any, place: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of an error, however deep it lies, with the path of the field it belongs to."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for each in value:
            yield from _said(each, place, depth + 1)
    elif isinstance(value, dict):
        yield from _said_in(value, place, depth)


def _said_in(told: dict[str, Any], place: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], str]]:
    own = _place(told) or place
    for key in _TEXTS:
        yield from _said(told.get(key), own, depth + 1)
    for key, value in told.items():
        if key == "error" or (key not in _NOT_WORDS and isinstance(value, list | dict)):
            # `{"prompt": ["Required"]}` names the field by its key
            yield from _said(value, (*own, key), depth + 1)


def _place(told: dict[str, Any]) -> tuple[str, ...]:
    for key in _PLACES:
        value = told.get(key)
        if isinstance(value, str) and not value.startswith("/"):  # that one is the path of the request
            return tuple(re.split(r"[.\[\]]+", value))
        if isinstance(value, list):
            return tuple(str(step) for step in value)
    return ()


def _field(places: list[tuple[str, ...]], text: str) -> str | None:
    for place in places:
        for step in reversed(place):
            if step in FIELDS:
                return FIELDS[step]
    named = _NAMED.search(text)
    return FIELDS[named[1]] if named else None


def _code(told: dict[str, Any]) -> str | None:
    """A name for the problem, else the status code, which comes as a number or as a text."""
    error = told.get("error")
    for source in (error if isinstance(error, dict) else {}, told):
        for key in ("code", "name", "statusCode"):
            value = source.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool) and (code := clean_message(str(value))):
                return code
    return None


def _without_repeats(texts: list[str]) -> list[str]:
    """A sentence often repeats the details that come after it."""
    kept: list[str] = []
    for text in texts:
        if text and not any(text in other for other in kept):
            kept.append(text)
    return kept
