"""The provider over a client that answers what a test told it, and the models as the catalogue has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from app.domain.model_spec import ModelSpec
from app.providers.aimlapi.provider import AimlapiProvider
from app.providers.client import ServiceClient
from app.storage.catalogue import Catalogue
from tests.providers.aimlapi.faking import FakeClient

RESOURCES = Path(__file__).parents[3] / "resources" / "catalogue"


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def aimlapi(client: FakeClient) -> AimlapiProvider:
    return AimlapiProvider(cast(ServiceClient, client))


@pytest.fixture(scope="session")
def spec_of() -> Callable[[str], ModelSpec]:
    catalogue = Catalogue.load([RESOURCES])
    assert [problem for problem in catalogue.problems if problem.file.name == "aimlapi.toml"] == []
    return lambda model: catalogue.spec("aimlapi", model)
