from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.domain.provider import Credentials
from app.domain.service import Service
from app.providers.client import Network, ServiceClient
from tests.fakes.fixed_key import FixedKey

ClientFor = Callable[..., ServiceClient]


@pytest.fixture
async def network(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Network]:
    """Real sockets, without the proxies of the computer that runs the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    network = Network()
    yield network
    await network.aclose()


@pytest.fixture
def client_for(network: Network, tmp_path: Path) -> ClientFor:
    """A client of the service Acme at an address. Input files are looked for in `tmp_path`."""

    def make(
        base_url: str,
        *,
        keys: Credentials | None = None,
        needs_key: bool = True,
        over: Network = network,
    ) -> ServiceClient:
        service = Service("acme", "Acme", "speech", key_variable="ACME_API_KEY" if needs_key else None)
        return ServiceClient(service, over, keys or FixedKey(), lambda _: base_url, lambda sha256: tmp_path / sha256)

    return make
