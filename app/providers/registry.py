"""The list of providers, by hand: a new one is a module, some lines here, and a catalogue file.

Their modules are imported when a provider is first asked for, so that the window’s first paint waits for none.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.domain.late_values import LateValues
from app.domain.service import Service

if TYPE_CHECKING:
    from app.domain.provider import AudioProvider
    from app.providers.local.making import Encoder
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
RUNINFRA = Service(
    "runinfra",
    "RunInfra",
    "speech, transcription",
    base_url="https://api.runinfra.ai/v1",
    key_variable="RUNINFRA_API_KEY",
    account_page="https://runinfra.ai",
    usage_page="https://runinfra.ai",
    per_minute=500,  # the documented limit of a key of its Pro plan; Team has 5,000
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

OPENAI = Service(
    "openai",
    "OpenAI",
    "speech, transcription",
    base_url="https://api.openai.com/v1",
    key_variable="OPENAI_API_KEY",
    account_page="https://platform.openai.com/api-keys",
    usage_page="https://platform.openai.com/usage",
    is_key_optional=True,  # at the address of a server that only speaks like it
)

SERVICES: tuple[Service, ...] = (LOCAL, RUNWARE, CAMB, RUNINFRA, AIMLAPI, OPENAI)
"""Everyone that Cuesmith knows, in the order of the lists."""


Connect = Callable[[Service], "ServiceClient"]


_PROFILE = "openai:"
_PROFILE_TASKS = 2  # a server of one's own has one graphics card


def profiles_of(base_urls: Mapping[str, str]) -> tuple[Service, ...]:
    """The servers of the user's own as services: every `openai:NAME` that has an address.

    Args:
        base_urls: The addresses that the user chose, by provider id.
    """
    names = sorted(each.removeprefix(_PROFILE) for each in base_urls if each.startswith(_PROFILE))
    return tuple(profile(name, key_variable) for name, key_variable in zip(names, _variables(names), strict=True))


def key_variables(environ: Iterable[str]) -> list[str]:
    """Those of some environment variables that may hold a key: of services, and of servers that may yet be added."""
    known = {service.key_variable for service in SERVICES}
    return [name for name in environ if name in known or _PROFILE_VARIABLE.fullmatch(name)]


def profile(name: str, key_variable: str) -> Service:
    """One server that speaks like OpenAI. It has no address of its own: that is in the settings."""
    return Service(
        f"{_PROFILE}{name}",
        name,
        "speech, transcription",
        key_variable=key_variable,
        concurrency=_PROFILE_TASKS,
        is_key_optional=True,
    )


_PROFILE_VARIABLE = re.compile(r"CUESMITH_OPENAI_.+_API_KEY")


def _variables(names: Sequence[str]) -> list[str]:
    """The environment variable of each profile's key.

    Of names that differ only in what a variable can't hold, none has the plain one: no key goes to two servers.
    """
    plain = [re.sub(r"[^A-Z0-9]", "_", name.upper()) for name in names]
    count = Counter(plain)
    own = [
        each if count[each] == 1 else f"{each}_{hashlib.sha256(name.encode()).hexdigest()[:6].upper()}"
        for name, each in zip(names, plain, strict=True)
    ]
    return [f"CUESMITH_OPENAI_{each}_API_KEY" for each in own]


def providers(encode: Encoder, connect: Connect, profiles: Sequence[Service] = ()) -> Mapping[str, AudioProvider]:
    """Every provider by its id, made when it is first asked for; connected to nothing.

    Args:
        encode: Writes the audio files of what is made on this computer.
        connect: The way out to one service.
        profiles: Servers of the user's own.
    """
    makers: dict[str, Callable[[], AudioProvider]] = {
        LOCAL.id: partial(_local, encode),
        RUNWARE.id: partial(_runware, connect),
        CAMB.id: partial(_camb, connect),
        RUNINFRA.id: partial(_runinfra, connect),
        AIMLAPI.id: partial(_aimlapi, connect),
    }
    makers |= {each.id: partial(server_of_ones_own, each, connect) for each in (OPENAI, *profiles)}
    return LateValues(makers)


def _local(encode: Encoder) -> AudioProvider:
    from app.providers.local.provider import LocalProvider

    return LocalProvider(encode)


def _runware(connect: Connect) -> AudioProvider:
    from app.providers.runware.provider import RunwareProvider

    return RunwareProvider(connect(RUNWARE))


def _camb(connect: Connect) -> AudioProvider:
    from app.providers.camb.provider import CambProvider

    return CambProvider(connect(CAMB))


def _runinfra(connect: Connect) -> AudioProvider:
    from app.providers.openai_audio import dialect
    from app.providers.openai_audio.provider import OpenAIAudioProvider

    return OpenAIAudioProvider(RUNINFRA.id, connect(RUNINFRA), lambda _: dialect.runinfra(RUNINFRA))


def _aimlapi(connect: Connect) -> AudioProvider:
    from app.providers.aimlapi.provider import AimlapiProvider

    return AimlapiProvider(connect(AIMLAPI))


def server_of_ones_own(service: Service, connect: Connect) -> AudioProvider:
    """The way to a server that speaks like OpenAI."""
    from app.providers.openai_audio import dialect
    from app.providers.openai_audio.provider import OpenAIAudioProvider

    return OpenAIAudioProvider(service.id, connect(service), partial(dialect.openai, service))
