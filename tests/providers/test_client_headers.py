"""Headers without an end cost neither memory nor time."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from app.domain.errors import OutcomeUnknown, ProviderError, ServiceUnavailable
from app.providers.client import json_request
from tests.fakes.raw_server import Heard, RawServer, Script, saying
from tests.providers.conftest import ClientFor

QUESTION = json_request("POST", "/status", {"id": 7})
_MOST_BYTES = 8 << 20  # that a socket and its buffers take before anybody notices that nobody reads


class Flood:
    """Sends the same bytes until nobody takes them any more.

    Attributes:
        sent: Bytes so far.
    """

    def __init__(self, begin: bytes, again: bytes, pause_s: float = 0.0) -> None:
        self._begin = begin
        self._again = again
        self._pause_s = pause_s
        self.sent = 0

    async def __call__(self, _: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(self._begin)
        for _number in itertools.count():
            writer.write(self._again)
            self.sent += len(self._again)
            try:
                await writer.drain()
            except ConnectionError:
                return
            await asyncio.sleep(self._pause_s)


LINE = b"X-More: " + b"a" * 1_000 + b"\r\n"


@pytest.mark.parametrize(
    "flood",
    [
        lambda: Flood(b"HTTP/1.1 200 OK\r\n", LINE * 16),
        lambda: Flood(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 16_384),
        lambda: Flood(b"HTTP/1.1 200 " + b"O" * 1_000, b"O" * 16_384),
        lambda: Flood(b"", b"\r\n" * 8_192),
    ],
    ids=["countless headers", "a header without an end", "a first line without an end", "empty lines"],
)
async def test_an_answer_whose_head_has_no_end_is_given_up(client_for: ClientFor, flood: type[Flood]) -> None:
    script = flood()
    async with RawServer(script) as acme:
        client = client_for(acme.origin)

        with pytest.raises(ServiceUnavailable):
            await client.ask(QUESTION, timeout_s=5.0)
        with pytest.raises(OutcomeUnknown):
            await client.submit(QUESTION, timeout_s=5.0)

    assert script.sent < 2 * _MOST_BYTES


@pytest.mark.parametrize(
    "script",
    [
        Flood(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", pause_s=0.02),
        Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause_s=0.02),
        Flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"),
    ],
    ids=["headers that drip", "answers that only begin", "countless hints"],
)
async def test_a_head_that_never_comes_to_its_end_is_given_up_in_time(client_for: ClientFor, script: Flood) -> None:
    async with RawServer(script) as acme:
        with pytest.raises(OutcomeUnknown):
            await client_for(acme.origin).submit(QUESTION, timeout_s=0.5)


@pytest.mark.parametrize(
    "length",
    [b"-1", b"99999999999999999999999", b"1e9", b"5, 6", "٣".encode(), b"0x10", b"", b"7\r\nContent-Length: 8"],
)
async def test_a_senseless_length_is_a_broken_answer(client_for: ClientFor, length: bytes) -> None:
    script: Script = saying(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n{}")
    async with RawServer(script) as acme:
        with pytest.raises(ProviderError):
            await client_for(acme.origin).ask(QUESTION, timeout_s=5.0)
