"""Speech that takes its time is waited for; in virtual time."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from app.providers.camb.provider import CambProvider
from app.providers.client import Network, ServiceClient
from app.providers.registry import CAMB
from tests.fakes.fixed_key import FixedKey
from tests.fakes.virtual_loop import VirtualLoop, run_virtually
from tests.providers.camb.faking import request_for
from tests.servers import camb
from tests.servers.camb import CambServer
from tests.servers.faults import PauseAfter


@pytest.mark.parametrize("part", [0, 5, 0.5])
def test_a_pause_of_minutes_loses_no_speech(part: int | float, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    async def speak(loop: VirtualLoop) -> bytes:
        network = Network()
        async with CambServer(speech_seconds=0.3) as server:
            server.faults.at("speech", PauseAfter(part, 200.0))
            client = ServiceClient(CAMB, network, FixedKey(camb.KEY), lambda _: server.url, Path)
            provider = CambProvider(client)
            key = uuid4()
            submission = await provider.submit(provider.prepare(request_for("mars-flash", "We leave."), key), key)
            assert submission.stream is not None
            speech = b"".join([data async for data in submission.stream])
            await submission.stream.aclose()
            assert loop.time() >= 200
        await network.aclose()
        return speech

    assert run_virtually(speak)
