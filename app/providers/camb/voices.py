"""The voices that the service lists for an account, and the languages they speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import UnexpectedReply
from app.domain.provider import WireRequest
from app.domain.voice import Voice
from app.providers.camb.errors import NAME
from app.providers.failures import clean_message
from app.providers.reply import Reply

VOICES = WireRequest("GET", "/list-voices")
LANGUAGES = WireRequest("GET", "/source-languages")

_GENDERS = {1: "male", 2: "female"}  # 0 is not specified, 9 not applicable
_OLDEST = 150


def languages_in(reply: Reply) -> Mapping[int, str]:
    """Tags such as `en-us` by the numbers that voices have for them.

    Raises:
        UnexpectedReply: It isn't a list.
    """
    found: dict[int, str] = {}
    for entry in _entries(reply):
        number, tag = _number(entry.get("id")), entry.get("short_name")
        if number is not None and isinstance(tag, str) and (tag := clean_message(tag)):
            found.setdefault(number, tag)
    return found


def voices_in(reply: Reply, languages: Mapping[int, str]) -> tuple[Voice, ...]:
    """Every voice once, in the service's order; one without a number or a name can't be used.

    Raises:
        UnexpectedReply: It isn't a list.
    """
    found: dict[str, Voice] = {}
    for entry in _entries(reply):
        voice = _voice(entry, languages)
        if voice is not None:
            found.setdefault(voice.id, voice)
    return tuple(found.values())


def _voice(entry: Mapping[str, Any], languages: Mapping[int, str]) -> Voice | None:
    number, name = _number(entry.get("id")), _text(entry.get("voice_name"))
    if number is None or not name:
        return None
    language = _language(entry.get("language"), languages)
    return Voice(
        id=str(number),
        name=name,
        provider="camb",
        languages=(language,) if language else (),
        gender=_GENDERS.get(_number(entry.get("gender")) or 0, ""),
        traits=", ".join(part for part in (_text(entry.get("description")), _age(entry.get("age"))) if part),
        sample=_address(entry.get("signed_url")),
    )


def _language(value: Any, languages: Mapping[int, str]) -> str:
    """Mostly a number from the list of languages."""
    number = _number(value)
    return _text(value) if number is None else languages.get(number, "")


def _entries(reply: Reply) -> Iterator[Mapping[str, Any]]:
    listed = reply.json()
    if not isinstance(listed, list):
        raise UnexpectedReply(f"{NAME} answered something else than a list.")
    return (entry for entry in listed if isinstance(entry, Mapping))


def _age(value: Any) -> str:
    years = _number(value)
    return f"{years} years" if years is not None and 0 < years <= _OLDEST else ""


def _number(value: Any) -> int | None:
    """A whole number, whether it comes as one or as a text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18 else None


def _text(value: Any) -> str:
    return clean_message(value) if isinstance(value, str) else ""


def _address(value: Any) -> str:
    address = value.strip() if isinstance(value, str) else ""
    return address if address.lower().startswith("https://") and address.isprintable() else ""
