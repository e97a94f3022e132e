"""Running services, and a plain HTTP client that knows nothing of the app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.servers.aimlapi import AimlapiServer
from tests.servers.file_host import FileHost
from tests.servers.runware import RunwareServer


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
async def runware() -> AsyncIterator[RunwareServer]:
    async with RunwareServer(result_seconds=0.25) as server:
        yield server


@pytest.fixture
async def aimlapi() -> AsyncIterator[AimlapiServer]:
    async with AimlapiServer(result_seconds=0.25, honours_duration=False) as server:
        yield server


@pytest.fixture
async def files() -> AsyncIterator[FileHost]:
    async with FileHost(secrets={"a-secret-key"}) as host:
        yield host


@pytest.fixture(scope="module")
def plain() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False) as client:
        yield client


@pytest.fixture(scope="module")
def runware_in_thread() -> Iterator[RunwareServer]:
    with RunwareServer(result_seconds=0.1) as server:
        yield server


@pytest.fixture(scope="module")
def aimlapi_in_thread() -> Iterator[AimlapiServer]:
    with AimlapiServer(result_seconds=0.1, honours_duration=False) as server:
        yield server
