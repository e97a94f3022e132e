"""The service as a test wants it: a real client over a transport that gives the next answer and keeps the request."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from app.domain.provider import Job, WireRequest
from app.domain.request import GenerationRequest
from app.providers.camb.provider import CambProvider
from app.providers.client import Network, ServiceClient
from app.providers.registry import CAMB
from tests.fakes.fixed_key import KEY as API_KEY
from tests.fakes.fixed_key import FixedKey

KEY = UUID("6b0f4c8e-2f0e-4d55-8a0e-3f9b1f7a7c21")
TASK_ID = "5b0d9d0e-6d1c-4a57-9e0a-6c7f9f4d2f10"
RUN_ID = "48213"
EARLIER_URL = "https://earlier.example/apis"
LINK = "https://storage.example.test/sounds/48213.wav?sig=abc"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
FLAC = b"fLaC\x00\x00\x00\x22" + bytes(16)
MP3 = b"\xff\xfb\x90\x64" + bytes(28)


class Pieces(httpx.AsyncByteStream):
    """A body that arrives piece by piece; it may break off after the last."""

    def __init__(self, pieces: tuple[bytes, ...], *, breaks: bool = False) -> None:
        self._pieces = pieces
        self._breaks = breaks
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._breaks:
            raise httpx.ReadError("gone")

    async def aclose(self) -> None:
        self.is_closed = True


@dataclass
class Camb:
    """Gives one answer after the other, whoever is asked, and keeps what it was asked."""

    answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    base_url: str = CAMB.base_url

    def says(self, status: int, body: Any, **headers: str) -> Pieces:
        """The next answer, as JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.streams(content, status=status, headers=headers)

    def streams(
        self, *pieces: bytes, status: int = 200, headers: Mapping[str, str] | None = None, breaks: bool = False
    ) -> Pieces:
        """The next answer, in pieces."""
        body = Pieces(pieces, breaks=breaks)
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        self.answers.append(httpx.Response(status, headers=named, stream=body))
        return body

    def breaks(self, error: Exception) -> None:
        """No next answer, but this."""
        self.answers.append(error)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order: method and address."""
        return [f"{request.method} {request.url}" for request in self.asked]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.asked if request.content]

    @property
    def keys(self) -> list[str | None]:
        """The key that went along with each request."""
        return [request.headers.get("x-api-key") for request in self.asked]


def provider_at(camb: Camb) -> CambProvider:
    network = Network(lambda: httpx.MockTransport(camb.answer))
    client = ServiceClient(CAMB, network, FixedKey(API_KEY), lambda _: camb.base_url, lambda sha256: Path(sha256))
    return CambProvider(client)


class Sink:
    def __init__(self) -> None:
        self.data = b""
        self.pieces = 0

    async def write(self, data: bytes) -> None:
        self.data += data
        self.pieces += 1


def request_for(
    model: str = "text-to-sound", prompt: str = "Heavy wooden door slams", **more: Any
) -> GenerationRequest:
    return GenerationRequest("camb", model, prompt, **more)


def body_of(wire: WireRequest) -> Any:
    return json.loads(wire.body)


def job(job_id: str | None = TASK_ID, model: str = "text-to-sound") -> Job:
    return Job(job_id, KEY, EARLIER_URL, model, 1)
