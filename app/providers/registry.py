"""The list of providers, by hand: a new one is a module, two lines here, and a catalogue file."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.provider import AudioProvider
from app.domain.service import Service
from app.providers.local.making import Encoder
from app.providers.local.provider import LocalProvider

LOCAL = Service("local", "Built-in generator", "effects, speech")
RUNWARE = Service(
    "runware",
    "Runware",
    "speech, scenes, music",
    base_url="https://api.runware.ai/v1",
    key_variable="RUNWARE_API_KEY",
    account_page="https://my.runware.ai/keys",
    usage_page="https://my.runware.ai/usage",
    concurrency=2,  # its documents advise 2 to 4
)
AIMLAPI = Service(
    "aimlapi",
    "AI/ML API",
    "effects, music, speech",
    base_url="https://api.aimlapi.com",
    key_variable="AIMLAPI_API_KEY",
    account_page="https://aimlapi.com/app/keys",
    usage_page="https://aimlapi.com/app/billing",
)

SERVICES: tuple[Service, ...] = (LOCAL, RUNWARE, AIMLAPI)
"""Everyone that Cuesmith knows, in the order of the lists."""


def providers(encode: Encoder) -> Mapping[str, AudioProvider]:
    """Every provider by its id, built but connected to nothing.

    Args:
        encode: Writes the audio files of what is made on this computer.
    """
    everyone: tuple[AudioProvider, ...] = (LocalProvider(encode),)
    return {provider.id: provider for provider in everyone}
