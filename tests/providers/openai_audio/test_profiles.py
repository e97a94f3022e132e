"""Servers of the user's own: who they are, and whose key goes where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.audio.encoding import encode
from app.domain.errors import CredentialsMissing, KeyUnconfirmed
from app.domain.provider import WireRequest
from app.domain.service import Service
from app.providers.client import Network, ServiceClient
from app.providers.openai_audio.provider import OpenAIAudioProvider
from app.providers.registry import OPENAI, RUNINFRA, SERVICES, profiles_of, providers
from tests.fakes.fixed_key import FixedKey

URLS = {"openai:kokoro": "http://127.0.0.1:8880/v1", "openai:Studio-2": "https://speech.example/v1"}


def connect(service: Service) -> ServiceClient:
    return ServiceClient(service, Network(), FixedKey(), lambda provider: URLS.get(provider, ""), Path)


def test_every_profile_with_an_address_is_a_service_with_a_key_of_its_own() -> None:
    kokoro, studio = sorted(
        profiles_of({**URLS, "openai": "https://x.example", "runware": "https://y.example"}),
        key=lambda each: each.id.lower(),
    )

    assert (kokoro.id, kokoro.name, kokoro.base_url) == ("openai:kokoro", "kokoro", "")
    assert kokoro.key_variable == "CUESMITH_OPENAI_KOKORO_API_KEY"
    assert studio.key_variable == "CUESMITH_OPENAI_STUDIO_2_API_KEY"
    assert kokoro.is_key_optional
    assert kokoro.needs_key


def test_names_that_a_variable_cant_tell_apart_share_none() -> None:
    names = ["openai:a-b", "openai:a_b", "openai:A-B", "openai:c"]

    variables = [each.key_variable for each in profiles_of(dict.fromkeys(names, "https://x.example"))]

    assert len(set(variables)) == 4
    assert "CUESMITH_OPENAI_A_B_API_KEY" not in variables
    assert "CUESMITH_OPENAI_C_API_KEY" in variables
    assert variables == [each.key_variable for each in profiles_of(dict.fromkeys(reversed(names), "https://x.example"))]


def test_profiles_are_providers_like_any_other() -> None:
    own = profiles_of(URLS)

    known = providers(encode, connect, own)

    assert set(known) == {service.id for service in (*SERVICES, *own)}
    for provider in (RUNINFRA.id, OPENAI.id, *URLS):
        assert isinstance(known[provider], OpenAIAudioProvider)
        assert known[provider].id == provider
    assert known["openai:kokoro"].recovery.is_unbilled
    assert known["openai:kokoro"].base_url == URLS["openai:kokoro"]
    assert not known["openai:Studio-2"].recovery.is_unbilled
    assert known["runinfra"].recovery.replay_within is not None


@pytest.mark.parametrize(
    ("service", "url", "is_needed"),
    [
        (OPENAI, "https://api.openai.com/v1", True),
        (OPENAI, "https://api.openai.com", True),
        (OPENAI, "http://127.0.0.1:8880/v1", False),
        (OPENAI, "https://speech.example/v1", False),
        (RUNINFRA, "https://api.runinfra.ai/v1", True),
        (RUNINFRA, "http://127.0.0.1:8880/v1", True),
        (profiles_of(URLS)[0], "https://speech.example/v1", False),
    ],
)
def test_a_key_is_needed_where_the_service_itself_is(service: Service, url: str, is_needed: bool) -> None:
    assert service.needs_key_at(url) is is_needed


class Listening:
    """Remembers what arrives."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json={"data": []})


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture
async def network(listening: Listening) -> AsyncIterator[Network]:
    network = Network(transport=lambda: httpx.MockTransport(listening))
    yield network
    await network.aclose()


ASK = WireRequest("GET", "/models")


async def test_without_a_key_nothing_is_sent_in_its_place(network: Network, listening: Listening) -> None:
    own = profiles_of(URLS)[0]
    for service, url in ((own, "https://speech.example/v1"), (OPENAI, "http://127.0.0.1:8880/v1")):
        keys = FixedKey(CredentialsMissing("There is no key."))
        client = ServiceClient(service, network, keys, lambda _, url=url: url, Path)  # type: ignore[misc]

        await client.ask(ASK)

    assert len(listening.requests) == 2
    assert all("authorization" not in request.headers for request in listening.requests)


async def test_openai_itself_is_never_asked_without_a_key(network: Network, listening: Listening) -> None:
    keys = FixedKey(CredentialsMissing("There is no key."))
    client = ServiceClient(OPENAI, network, keys, lambda _: "https://api.openai.com/v1", Path)

    with pytest.raises(CredentialsMissing):
        await client.ask(ASK)

    assert listening.requests == []


async def test_a_key_that_belongs_elsewhere_is_never_done_without(network: Network, listening: Listening) -> None:
    keys = FixedKey(KeyUnconfirmed("It belongs elsewhere."))
    client = ServiceClient(profiles_of(URLS)[0], network, keys, lambda _: "https://speech.example/v1", Path)

    with pytest.raises(KeyUnconfirmed):
        await client.ask(ASK)

    assert listening.requests == []


async def test_a_key_that_there_is_goes_along(network: Network, listening: Listening) -> None:
    keys = FixedKey()
    client = ServiceClient(profiles_of(URLS)[0], network, keys, lambda _: "https://speech.example/v1", Path)

    await client.ask(ASK)

    assert listening.requests[0].headers["authorization"].startswith("Bearer ")
    assert [provider for provider, _ in keys.asked] == [profiles_of(URLS)[0].id]
