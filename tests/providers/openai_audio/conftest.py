"""Providers of the family over a client that answers what a test told it, and the models as the catalogue has them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

import pytest

from app.providers.client import ServiceClient
from app.providers.openai_audio import dialect
from app.providers.openai_audio.provider import OpenAIAudioProvider
from app.providers.registry import OPENAI, RUNINFRA
from app.storage.catalogue import Catalogue
from tests.providers.openai_audio.faking import LOOPBACK_URL, OPENAI_URL, RUNINFRA_URL, FakeClient

RESOURCES = Path(__file__).parents[3] / "resources" / "catalogue"


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def runinfra(client: FakeClient) -> OpenAIAudioProvider:
    client.base_url = RUNINFRA_URL
    return OpenAIAudioProvider("runinfra", cast(ServiceClient, client), lambda _: dialect.runinfra(RUNINFRA))


@pytest.fixture
def openai(client: FakeClient) -> OpenAIAudioProvider:
    client.base_url = OPENAI_URL
    return OpenAIAudioProvider("openai", cast(ServiceClient, client), partial(dialect.openai, OPENAI))


@pytest.fixture
def own(client: FakeClient) -> OpenAIAudioProvider:
    """A server on this computer."""
    client.base_url = LOOPBACK_URL
    return OpenAIAudioProvider("openai:own", cast(ServiceClient, client), partial(dialect.openai, OPENAI))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    catalogue = Catalogue.load([RESOURCES])
    assert [each for each in catalogue.problems if each.file.name in ("openai.toml", "runinfra.toml")] == []
    return catalogue


@pytest.fixture(params=["runinfra", "openai", "own"])
def anyone(request: pytest.FixtureRequest) -> OpenAIAudioProvider:
    return cast(OpenAIAudioProvider, request.getfixturevalue(request.param))
