"""The provider at a service that answers what a test told it, and the models as the catalogue has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.model_spec import ModelSpec
from app.providers.camb.provider import CambProvider
from app.storage.catalogue import Catalogue
from tests.providers.camb.faking import Camb, provider_at

RESOURCES = Path(__file__).parents[3] / "resources" / "catalogue"


@pytest.fixture
def camb() -> Camb:
    return Camb()


@pytest.fixture
def provider(camb: Camb) -> CambProvider:
    return provider_at(camb)


@pytest.fixture(scope="session")
def spec_of() -> Callable[[str], ModelSpec]:
    catalogue = Catalogue.load([RESOURCES])
    assert [problem for problem in catalogue.problems if problem.file.name == "camb.toml"] == []
    return lambda model: catalogue.spec("camb", model)
