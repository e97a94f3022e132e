"""A client that answers what a test told it, and short ways to requests and jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from app.domain.provider import AudioSink, Job, WireRequest
from app.domain.request import GenerationRequest, InputFile
from app.providers.client import Reply
from tests.providers.open_answer import OpenAnswer

KEY = UUID("0d5f1c58-4a3c-4e0b-9a4c-6c2f8f6f1a77")
BASE_URL = "https://api.aimlapi.com"
EARLIER_URL = "https://earlier.example"
SHA256 = "5e" * 32


@dataclass
class FakeClient:
    """Records what it is asked, and gives the next answer."""

    answers: list[Reply | OpenAnswer] = field(default_factory=list)
    asked: list[tuple[WireRequest, str | None, bool]] = field(default_factory=list)
    submitted: list[WireRequest] = field(default_factory=list)
    downloads: list[tuple[str, str]] = field(default_factory=list)
    base_url: str = BASE_URL

    def will_answer(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(Reply(status, headers or {}, content))

    def will_stream(self, *pieces: bytes, content_type: str = "", status: int = 200, **more: Any) -> OpenAnswer:
        headers = {"content-type": content_type, **more.pop("headers", {})}
        answer = OpenAnswer(status, headers, pieces, **more)
        self.answers.append(answer)
        return answer

    async def ask(self, wire: WireRequest, *, base_url: str | None = None, with_key: bool = True, **_: Any) -> Reply:
        self.asked.append((wire, base_url, with_key))
        return cast(Reply, self.answers.pop(0))

    async def submit(self, wire: WireRequest, **_: Any) -> Reply:
        self.submitted.append(wire)
        return cast(Reply, self.answers.pop(0))

    async def submit_streaming(self, wire: WireRequest, **_: Any) -> OpenAnswer:
        self.submitted.append(wire)
        return cast(OpenAnswer, self.answers.pop(0))

    async def download(self, link: str, into: AudioSink, *, base_url: str) -> None:
        self.downloads.append((link, base_url))
        await into.write(b"RIFF")


def request_for(model: str, prompt: str = "Distant thunder over open sea", **more: Any) -> GenerationRequest:
    return GenerationRequest("aimlapi", model, prompt, **more)


def clip(name: str = "hum.mp3") -> InputFile:
    return InputFile(Path("/clips") / name, SHA256)


def body_of(wire: WireRequest) -> Any:
    """The body as it is stored: a file in it is still an empty place."""
    return json.loads(wire.body)


def job(model: str = "stable-audio", job_id: str | None = "7f1c:stable-audio") -> Job:
    return Job(job_id, KEY, EARLIER_URL, model, 1)
