"""A client without a network: it answers what a test laid out, and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.domain.errors import AppError
from app.domain.provider import AudioSink, Job, WireRequest
from app.domain.request import GenerationRequest
from app.providers.client import Reply
from app.providers.runware.provider import RunwareProvider

KEY = UUID("5c2f2d3e-7f0a-4f0c-9a51-0d7b9e6a4411")
OTHER = "93d0b6a8-2c8a-4b6e-8d4c-7a1b0e5f2c77"
BASE_URL = "https://api.runware.ai/v1"
SEED_AUDIO, ELEVEN_MUSIC = "bytedance:seed-audio@1.0", "elevenlabs:1@1"


@dataclass
class Asked:
    """One exchange: what left, and where to."""

    wire: WireRequest
    is_paid: bool
    base_url: str | None = None

    @property
    def task(self) -> dict[str, Any]:
        """The one task in the body."""
        body = json.loads(self.wire.body)
        assert isinstance(body, list)
        assert len(body) == 1
        return dict(body[0])


@dataclass
class FakeClient:
    """Answers in the order in which they were laid out."""

    answers: list[Reply | AppError] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    downloads: list[tuple[str, str]] = field(default_factory=list)
    base_url: str = BASE_URL

    async def ask(self, wire: WireRequest, *, base_url: str | None = None, **_: Any) -> Reply:
        return self._answer(Asked(wire, is_paid=False, base_url=base_url))

    async def submit(self, wire: WireRequest, **_: Any) -> Reply:
        return self._answer(Asked(wire, is_paid=True))

    async def download(self, link: str, into: AudioSink, *, base_url: str) -> None:
        self.downloads.append((link, base_url))
        await into.write(b"downloaded")

    def _answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        assert self.answers, f"nobody expected {asked.task['taskType']}"
        answer = self.answers.pop(0)
        if isinstance(answer, AppError):
            raise answer
        return answer


@dataclass
class Sink:
    """An audio sink in memory."""

    data: bytearray = field(default_factory=bytearray)
    writes: int = 0

    async def write(self, data: bytes) -> None:
        self.data += data
        self.writes += 1


@dataclass
class Runware:
    """The provider and what its service will say."""

    client: FakeClient
    provider: RunwareProvider

    def will_say(self, *answers: Reply | AppError) -> None:
        self.client.answers += answers

    @property
    def questions(self) -> list[str]:
        return [asked.task["taskType"] for asked in self.client.asked]


def runware() -> Runware:
    client = FakeClient()
    return Runware(client, RunwareProvider(client))  # type: ignore[arg-type]


def job(takes: int = 1) -> Job:
    return Job(None, KEY, "https://stored.example/v1", SEED_AUDIO, takes)


def request(prompt: str = "Rain on a tin roof.", model: str = SEED_AUDIO, **more: Any) -> GenerationRequest:
    return GenerationRequest("runware", model, prompt, **more)


def reply(body: object, status: int = 200, **headers: str) -> Reply:
    """An answer; a body that isn't bytes is written as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def ack(**more: Any) -> dict[str, Any]:
    return {"taskType": "audioInference", "taskUUID": str(KEY), **more}


def running(**more: Any) -> dict[str, Any]:
    return ack(status="processing", **more)


def done(number: int = 1, **more: Any) -> dict[str, Any]:
    """A finished item, as the documents show it."""
    item = ack(
        status="success",
        audioUUID=f"0e7f3a52-3f1f-4a0e-9a0d-{number:012x}",
        audioURL=f"https://am.runware.ai/audio/os/a1/ws/2/ai/{number}.ogg",
        seed=481516 + number,
        cost=0.0374,
    )
    return {name: value for name, value in (item | more).items() if value is not None}


def failed(code: str = "timeoutProvider", message: str = "upstream took too long", **more: Any) -> dict[str, Any]:
    """An entry of `errors` for one result of our task."""
    return {"code": code, "status": "error", "message": message, "taskUUID": str(KEY), **more}


def refused(code: str, message: str = "no", **more: Any) -> dict[str, Any]:
    """An entry of `errors` for the whole of our task."""
    return {"code": code, "message": message, "taskUUID": str(KEY), **more}


def errors(*entries: object, status: int = 200, **headers: str) -> Reply:
    return reply({"errors": list(entries)}, status, **headers)


def data(*items: object, errors: Sequence[object] | None = None, status: int = 200) -> Reply:
    body: dict[str, Any] = {"data": list(items)}
    return reply(body if errors is None else body | {"errors": list(errors)}, status)


NOTHING_YET = data()


def details(response: object) -> Reply:
    """Stored details of our task, with the answer that is stored in them."""
    return data({"taskType": "getTaskDetails", "taskUUID": str(KEY), "request": [], "response": response})
