"""The list of providers, by hand: a new one is a module, a line here, and a catalogue file."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.provider import AudioProvider
from app.providers.local.making import Encoder
from app.providers.local.provider import LocalProvider


def providers(encode: Encoder) -> Mapping[str, AudioProvider]:
    """Every provider by its id, built but connected to nothing.

    Args:
        encode: Writes the audio files of what is made on this computer.
    """
    everyone: tuple[AudioProvider, ...] = (LocalProvider(encode),)
    return {provider.id: provider for provider in everyone}
