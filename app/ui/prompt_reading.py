"""What a provider understands of a prompt while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from app.domain.model_spec import ModelSpec
from app.domain.provider import AudioProvider, PromptReader
from app.storage.catalogue import Catalogue


class PromptReading:
    """Says nothing before the vocabularies are loaded: that takes too long for the window's thread."""

    def __init__(self, catalogue: Catalogue, providers: Mapping[str, AudioProvider]) -> None:
        self._catalogue = catalogue
        self._providers = providers
        self._can_read = False

    def __call__(self, spec: ModelSpec, prompt: str) -> str:
        """`rain (heavy, metal), thunder (distant)`; empty where nobody can tell."""
        return self._read(spec, prompt) if self._can_read else ""

    async def learn(self) -> None:
        """Load the vocabularies off this thread; from then on it is said what was understood."""
        for spec in self._catalogue.models:
            await asyncio.to_thread(self._read, spec, "")
        self._can_read = True

    def _read(self, spec: ModelSpec, prompt: str) -> str:
        provider = self._providers.get(spec.provider)
        return provider.reading(spec.id, prompt) if isinstance(provider, PromptReader) else ""
