"""Hearing a voice before it is chosen: its clip is fetched when somebody wants to hear it, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import ResultExpired, ResultGone
from app.domain.provider import AudioProvider, VoiceSampler
from app.domain.voice import Voice
from app.engine.voice_library import VoiceLibrary
from app.storage.voice_samples import ArrivingSample, VoiceSampleFiles


class VoiceSamples:
    """Files of clips. An address that is no longer valid is asked for anew, once."""

    def __init__(self, providers: Mapping[str, AudioProvider], voices: VoiceLibrary, files: VoiceSampleFiles) -> None:
        self._providers = providers
        self._voices = voices
        self._files = files

    async def file(self, voice: Voice) -> Path:
        """The clip of a voice that has one.

        Raises:
            ResultGone: The service doesn't have it any more.
            ProviderError: It can't be had now.
            BrokenAudio: It isn't playable audio.
            StorageError: It can't be kept.
        """
        kept = await asyncio.to_thread(self._files.find, voice)
        if kept is not None:
            return kept
        try:
            return await self._fetch(voice)
        except ResultExpired:
            return await self._fetch(await self._listed_anew(voice))

    async def _fetch(self, voice: Voice) -> Path:
        sampler = self._providers[voice.provider]
        assert isinstance(sampler, VoiceSampler), "only what has a sample is auditioned"
        arriving = await asyncio.to_thread(self._files.begin)
        try:
            await sampler.sample(voice, _Sink(arriving))
            return await asyncio.to_thread(self._files.keep, voice, arriving)
        finally:
            await asyncio.shield(asyncio.to_thread(arriving.drop))

    async def _listed_anew(self, voice: Voice) -> Voice:
        self._voices.forget(voice.provider)
        listed = await self._voices.voices(voice.provider)
        fresh = next((each for each in listed if each.id == voice.id), None)
        if fresh is None or not fresh.sample:
            raise ResultGone(f"{voice.name} has no sample any more.")
        return fresh


class _Sink:
    """Hands the bytes to the disk off the loop."""

    def __init__(self, arriving: ArrivingSample) -> None:
        self._arriving = arriving

    async def write(self, data: bytes) -> None:
        await asyncio.to_thread(self._arriving.write, data)
