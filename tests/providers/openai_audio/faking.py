"""A client that answers what a test told it, and short ways to requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from app.domain.provider import AudioSink, AudioStream, Submission, WireRequest
from app.domain.request import AudioPart, GenerationRequest, InputFile, TranscriptionRequest
from app.domain.transcript import TranscriptFormat
from app.providers.client import Reply
from tests.providers.open_answer import OpenAnswer

KEY = UUID("0d5f1c58-4a3c-4e0b-9a4c-6c2f8f6f1a77")
SHA256 = "5e" * 32
OPENAI_URL = "https://api.openai.com/v1"
RUNINFRA_URL = "https://api.runinfra.ai/v1"
LOOPBACK_URL = "http://127.0.0.1:8880/v1"
ELSEWHERE_URL = "https://speech.example/v1"
PART = AudioPart(0.0, 12.5, SHA256, ".mp3")


@dataclass
class FakeClient:
    """Records what it is asked, and gives the next answer."""

    base_url: str = OPENAI_URL
    answers: list[Reply | OpenAnswer] = field(default_factory=list)
    asked: list[WireRequest] = field(default_factory=list)
    submitted: list[tuple[WireRequest, float]] = field(default_factory=list)

    def will_answer(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(Reply(status, headers or {}, content))

    def will_stream(self, *pieces: bytes, content_type: str = "", status: int = 200, **more: Any) -> OpenAnswer:
        headers = {"content-type": content_type, **more.pop("headers", {})}
        answer = OpenAnswer(status, headers, pieces, **more)
        self.answers.append(answer)
        return answer

    async def ask(self, wire: WireRequest, **_: Any) -> Reply:
        self.asked.append(wire)
        return cast(Reply, self.answers.pop(0))

    async def submit_streaming(self, wire: WireRequest, *, timeout_s: float) -> OpenAnswer:
        self.submitted.append((wire, timeout_s))
        return cast(OpenAnswer, self.answers.pop(0))


@dataclass
class Sink(AudioSink):
    data: bytearray = field(default_factory=bytearray)

    async def write(self, data: bytes) -> None:
        self.data += data


def text_for(
    model: str = "gpt-4o-mini-tts", prompt: str = "We leave at first light.", **more: Any
) -> GenerationRequest:
    return GenerationRequest(more.pop("provider", "openai"), model, prompt, **more)


def recording_for(
    model: str = "whisper-1", written: TranscriptFormat = TranscriptFormat.JSON, **more: Any
) -> TranscriptionRequest:
    return TranscriptionRequest(
        more.pop("provider", "openai"), model, InputFile(Path("/clips/take 1.mp3"), SHA256), written, **more
    )


def clip(name: str = "hum.wav") -> InputFile:
    return InputFile(Path("/clips") / name, SHA256)


def body_of(wire: WireRequest) -> Any:
    """The body as it is stored: a file in it is still an empty place."""
    return json.loads(wire.body)


def fields_of(wire: WireRequest) -> list[tuple[str, str]]:
    """The fields of a stored form and, at the end, the name and type of its file."""
    boundary = wire.headers["Content-Type"].partition("boundary=")[2].encode()
    before, *parts = (b"\r\n" + wire.body).split(b"\r\n--" + boundary)
    assert before == b""
    assert parts.pop() == b"--\r\n"
    fields = []
    for part in parts:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        fields.append((name, content.decode() if name != "file" else head.decode()))
    return fields


async def heard(stream: AudioStream | None) -> bytes:
    """Everything that a stream brings."""
    assert stream is not None
    audio = b"".join([data async for data in stream])
    await stream.aclose()
    return audio


def audio_of(submission: Submission) -> AudioStream:
    assert submission.stream is not None
    return submission.stream
