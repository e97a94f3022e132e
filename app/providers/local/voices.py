"""The voices of the built-in speech, as people choose them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.voice import Voice
from app.providers.local.orders import DEFAULT_VOICE
from app.providers.local.voice_sample import ADDRESS

if TYPE_CHECKING:
    from app.providers.local.espeak import EspeakVoice

# The package carries no dictionary for these; they would spell.
_WITHOUT_DICTIONARY = frozenset({"fo", "kaa", "xex"})
_WITH_VARIANTS = ("en-us", "en", "de", "es", "fr", "it", "nl", "pl", "pt", "pt-br", "ru", "sv")
_VARIANTS = (
    ("f2", "female 1", "female"),
    ("f4", "female 2", "female"),
    ("f5", "female 3", "female"),
    ("m3", "male 2", "male"),
    ("m7", "male 3", "male"),
    ("grandma", "old woman", "female"),
    ("grandpa", "old man", "male"),
    ("whisper", "whisper", ""),
    ("croak", "croak", ""),
)

# Several voices claim these languages; this one is expected.
_MEANT = {"zh": "cmn", "es-mx": "es-419", "pt-pt": "pt"}


def as_voices(listed: Sequence[EspeakVoice], provider: str) -> tuple[Voice, ...]:
    """Every voice and, for the main languages, its variants; by name, the default voice first."""
    voices = []
    for voice in listed:
        if voice.key in _WITHOUT_DICTIONARY:
            continue
        gender = "female" if voice.is_female else "male"
        languages = tuple(map(_bcp47, voice.languages))
        voices.append(Voice(voice.key, voice.name, provider, languages, gender, "formant", ADDRESS))
        if voice.key in _WITH_VARIANTS:
            voices.extend(
                Voice(f"{voice.key}+{variant}", f"{voice.name}, {name}", provider, languages, sex, "formant", ADDRESS)
                for variant, name, sex in _VARIANTS
            )
    return tuple(sorted(voices, key=lambda voice: (voice.id != DEFAULT_VOICE, voice.name.casefold(), voice.id)))


def resolved(key: str, voices: Sequence[Voice]) -> Voice | None:
    """The voice of an id, or the first one that speaks this language as its main one, or at all."""
    stem, plus, variant = key.lower().partition("+")
    stem = _MEANT.get(stem, stem)
    for match in (
        lambda voice: voice.id == stem,
        lambda voice: bool(voice.languages) and voice.languages[0].lower() == stem,
        lambda voice: stem in map(str.lower, voice.languages),
    ):
        found = next((voice for voice in voices if "+" not in voice.id and match(voice)), None)
        if found is not None:
            return found if not plus else _with_variant(found, variant, voices)
    return None


def _with_variant(base: Voice, variant: str, voices: Sequence[Voice]) -> Voice | None:
    return next((voice for voice in voices if voice.id == f"{base.id}+{variant}"), None)


def _bcp47(tag: str) -> str:
    """`en-us` -> `en-US`, `fa-latn` -> `fa-Latn`; private parts stay small."""
    first, *rest = tag.split("-")
    parts = [first.lower()]
    private = False
    for part in rest:
        private = private or len(part) == 1
        if private:
            parts.append(part.lower())
        elif len(part) == 2 or part.isdigit():
            parts.append(part.upper())
        else:
            parts.append(part.title() if len(part) == 4 else part.lower())
    return "-".join(parts)
