"""Each provider's voices, fetched once and kept in memory; search and languages."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RequestInvalid
from app.domain.parameter_spec import one_of
from app.domain.voice import Voice

if TYPE_CHECKING:
    from app.domain.provider import AudioProvider


class VoiceLibrary:
    """The voices of every provider. A list that couldn't be had is asked for again the next time."""

    def __init__(self, providers: Mapping[str, AudioProvider]) -> None:
        self._providers = providers
        self._voices: dict[str, tuple[Voice, ...]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def voices(self, provider: str) -> tuple[Voice, ...]:
        """The voices that a provider offers, in its order; callers at the same time share one request.

        Raises:
            RequestInvalid: There is no such provider.
            ProviderError: The list can't be had now.
        """
        if provider not in self._providers:
            known = one_of(sorted(self._providers))
            message = f"There is no service “{provider}”; there is {known}."
            raise RequestInvalid([Problem("provider", message)])
        async with self._locks.setdefault(provider, asyncio.Lock()):
            if provider not in self._voices:
                self._voices[provider] = await self._providers[provider].voices()
            return self._voices[provider]

    def forget(self, provider: str) -> None:
        """Fetch the list anew when it is next asked for."""
        self._voices.pop(provider, None)


def search(
    voices: Sequence[Voice], text: str = "", language: str | None = None, gender: str | None = None
) -> tuple[Voice, ...]:
    """The voices that have every word of a text, in any field, and speak a language.

    Args:
        language: A BCP 47 tag; `en` also finds `en-GB`.
    """
    words = text.casefold().split()
    return tuple(
        voice
        for voice in voices
        if (language is None or speaks(voice, language))
        and (gender is None or voice.gender == gender)
        and _has_all(voice, words)
    )


def favourites_first(voices: Sequence[Voice], favourites: Collection[str]) -> tuple[Voice, ...]:
    """The voices whose ids are marked before the others; else in their order."""
    return tuple(sorted(voices, key=lambda voice: voice.id not in favourites))


def speaks(voice: Voice, language: str) -> bool:
    """Whether a voice speaks a language or one of its regional forms."""
    wanted = language.casefold()
    return any(spoken == wanted or spoken.startswith(f"{wanted}-") for spoken in map(str.casefold, voice.languages))


def languages(voices: Sequence[Voice]) -> tuple[str, ...]:
    """Every language of these voices, sorted."""
    return tuple(sorted({language for voice in voices for language in voice.languages}))


def _has_all(voice: Voice, words: Sequence[str]) -> bool:
    if not words:
        return True
    description = _description(voice)
    return all(word in description for word in words)


def _description(voice: Voice) -> str:
    return " ".join((voice.name, voice.id, *voice.languages, voice.gender, voice.traits)).casefold()
