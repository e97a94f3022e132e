"""The list of providers, by hand: a new one is a module, two lines here, and a catalogue file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.provider import AudioProvider
from app.domain.service import Service
from app.providers.aimlapi.provider import AimlapiProvider
from app.providers.camb.provider import CambProvider
from app.providers.local.making import Encoder
from app.providers.local.provider import LocalProvider
from app.providers.runware.provider import RunwareProvider
from app.providers.service_client import ServiceClient

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
CAMB = Service(
    "camb",
    "Camb.ai",
    "effects, music, speech",
    base_url="https://client.camb.ai/apis",
    key_variable="CAMB_API_KEY",
    account_page="https://studio.camb.ai",
    usage_page="https://studio.camb.ai",
    concurrency=2,  # nothing is documented but that too many are refused
    key_header="x-api-key",
    key_prefix="",
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

SERVICES: tuple[Service, ...] = (LOCAL, RUNWARE, CAMB, AIMLAPI)
"""Everyone that Cuesmith knows, in the order of the lists."""


Connect = Callable[[Service], ServiceClient]


def providers(encode: Encoder, connect: Connect) -> Mapping[str, AudioProvider]:
    """Every provider by its id, built but connected to nothing.

    Args:
        encode: Writes the audio files of what is made on this computer.
        connect: The way out to one service.
    """
    everyone: tuple[AudioProvider, ...] = (
        LocalProvider(encode),
        RunwareProvider(connect(RUNWARE)),
        CambProvider(connect(CAMB)),
        AimlapiProvider(connect(AIMLAPI)),
    )
    return {provider.id: provider for provider in everyone}
