"""Lists of voices and models, in every shape that servers give them.

Sources: Kokoro-FastAPI and speaches for voices; openai-openapi, openedai-speech (`{}`) and speaches for models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.domain.errors import UnexpectedReply
from app.domain.provider import ListedModel
from app.domain.voice import Voice

if TYPE_CHECKING:
    from app.providers.reply import Reply

_GENDERS = {"female": "female", "f": "female", "woman": "female", "male": "male", "m": "male", "man": "male"}
_TASKS = ("text-to-speech", "automatic-speech-recognition")
_LONGEST = 1_000  # characters of a name; the list is kept and shown
_OF_AUDIO = re.compile(r"tts|whisper|transcribe|speech", re.IGNORECASE)


def voices(reply: Reply, provider: str) -> tuple[Voice, ...]:
    """Every voice once, in the order of the list.

    Raises:
        UnexpectedReply: It isn't JSON, or no list.
    """
    found: dict[str, Voice] = {}
    for entry in _entries(reply, "voices", "data"):
        voice = _voice(entry, provider)
        if voice is not None:
            found.setdefault(voice.id, voice)
    return tuple(found.values())


def models(reply: Reply, *, is_openai: bool) -> tuple[ListedModel, ...]:
    """The models that speak or write down what is said, by their ids.

    Args:
        is_openai: It lists all kinds of models, and doesn't say what they do; their names do.
    Raises:
        UnexpectedReply: It isn't JSON.
    """
    found: set[str] = set()
    for entry in _entries(reply, "data", "models"):
        told = entry if isinstance(entry, Mapping) else {"id": entry}
        model = told.get("id")
        is_other = told.get("task") not in (None, *_TASKS)
        if not isinstance(model, str) or not 0 < len(model) <= _LONGEST or not model.isprintable() or is_other:
            continue
        if not is_openai or _OF_AUDIO.search(model):
            found.add(model)
    return tuple(ListedModel(model) for model in sorted(found))


def _entries(reply: Reply, *keys: str) -> Iterator[Any]:
    """A bare list, or one under a key; an object without one is an empty list."""
    told = reply.json()
    if isinstance(told, Mapping):
        told = next((told[key] for key in keys if isinstance(told.get(key), list)), [])
    if not isinstance(told, list):
        raise UnexpectedReply("The service gave a list that Cuesmith can’t read.")
    yield from told


def _voice(entry: Any, provider: str) -> Voice | None:
    told = entry if isinstance(entry, Mapping) else {"id": entry}
    names = [_text(told.get(key)) for key in ("id", "voice_id", "name")]
    voice = next((name for name in names if name), "")
    if not voice:
        return None
    gender = _GENDERS.get(_text(told.get("gender")).lower(), "")
    return Voice(voice, names[2] or voice, provider, tuple(_languages(told)), gender)


def _languages(told: Mapping[str, Any]) -> Iterator[str]:
    for key in ("language", "languages"):
        value = told.get(key)
        for each in value if isinstance(value, list) else [value]:
            if language := _text(each):
                yield language.replace("_", "-")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST else ""
