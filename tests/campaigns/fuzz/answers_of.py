"""What services answer when all is well, by provider, to be changed; and every question that is asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from app.audio.encoding import encode
from app.domain.errors import AppError
from app.domain.provider import (
    AudioProvider,
    Job,
    KeyChecker,
    ModelLister,
    Progress,
    Result,
    Submission,
    Transcriber,
    WireRequest,
)
from app.domain.request import AudioPart, GenerationRequest, InputFile, TranscriptionRequest
from app.providers.client import Network, ServiceClient
from app.providers.registry import providers
from tests.providers.contract.bench import Keyring, Sink

KEY = "rw-invented-key-4711"
ATTEMPT = UUID("11111111-2222-4333-8444-555555555555")
_BASE = "http://127.0.0.1:9/v1"
_LINK = "http://127.0.0.1:9/files/a.wav"
_PATIENCE_S = 20.0
_LONGEST = 10_000  # characters of a name or a message that is kept
_MOST = 5_000

REQUESTS = {
    "runware": GenerationRequest("runware", "bytedance:seed-audio@1.0", "Rain.", takes=2),
    "camb": GenerationRequest("camb", "text-to-sound", "Rain.", duration_s=1.0),
    "runinfra": GenerationRequest("runinfra", "kokoro", "Rain.", voice="nova"),
    "aimlapi": GenerationRequest("aimlapi", "stable-audio", "Rain.", duration_s=1.0),
    "openai": GenerationRequest("openai", "tts-1", "Rain.", voice="alloy"),
}
_RUNWARE = {
    "taskType": "audioInference",
    "taskUUID": str(ATTEMPT),
    "status": "success",
    "audioUUID": "a1",
    "audioURL": _LINK,
    "cost": 0.02,
    "seed": 5,
    "resultIndex": 0,
    "progress": 50,
}
_VERBOSE = {
    "text": "rain",
    "language": "en",
    "duration": 1.5,
    "segments": [{"id": 0, "start": 0.0, "end": 1.5, "text": "rain", "speaker": "A"}],
    "words": [{"word": "rain", "start": 0.1, "end": 0.4}],
    "usage": {"type": "duration", "seconds": 2},
}
SAMPLES: dict[str, tuple[Any, ...]] = {
    "runware": (
        {"data": [_RUNWARE, {**_RUNWARE, "audioUUID": "a2", "resultIndex": 1}]},
        {
            "errors": [
                {"code": "timeoutProvider", "message": "too late", "parameter": "model", "taskUUID": str(ATTEMPT)}
            ]
        },
        {"data": [{**_RUNWARE, "status": "processing"}], "errors": [{"code": "x", "message": "y", "status": "error"}]},
        {"data": [{"taskType": "accountManagement", "balance": 10.5}]},
        {"data": [{"response": {"data": [_RUNWARE]}}]},
    ),
    "camb": (
        {"task_id": "t1"},
        {"status": "SUCCESS", "run_id": 7, "exception_reason": None},
        {"output_url": _LINK},
        {"detail": [{"loc": ["body", "prompt"], "msg": "too long", "type": "value_error"}]},
        [{"id": 147320, "voice_name": "Ann", "gender": 1, "age": 30, "language": 1, "description": "calm"}],
        [{"id": 1, "language": "english", "short_name": "en-us"}],
    ),
    "runinfra": (
        {"error": {"message": "busy", "type": "rate_limit", "param": "voice", "code": "slow_down"}},
        {"data": [{"id": "kokoro", "object": "model"}]},
        _VERBOSE,
    ),
    "aimlapi": (
        {
            "id": "g1",
            "status": "completed",
            "audio_file": {"url": _LINK},
            "meta": {"usage": {"usd_spent": 0.1, "credits_used": 200}},
        },
        {"id": "g1", "status": "error", "error": {"name": "GenerationError", "message": "no"}},
        {"message": "bad", "statusCode": 400, "meta": {"formErrors": ["a"], "fieldErrors": {"prompt": ["long"]}}},
        {"current_balance": 10.5, "currency": "USD"},
        {"data": [{"id": "stable-audio", "info": {"name": "Stable Audio"}, "type": "audio"}]},
    ),
    "openai": (
        {"error": {"message": "busy", "type": "rate_limit", "param": "voice", "code": "slow_down"}},
        {"data": [{"id": "tts-1", "object": "model"}], "voices": ["alloy", {"id": "nova", "name": "Nova"}]},
        {"type": "speech.audio.delta", "audio": "UklGRg=="},
        _VERBOSE,
    ),
}
STATUSES = (200, 200, 200, 201, 202, 204, 302, 400, 401, 402, 403, 404, 409, 422, 429, 500, 503)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Content-Type": "application/json"},
    {"Content-Type": "text/event-stream"},
    {"Content-Type": "audio/wav"},
    {"Content-Type": "audio/pcm;rate=99999999999999999999;channels=0"},
    {"Content-Type": "text/vtt"},
    {"Content-Encoding": "gzip"},
    {"Content-Encoding": "deflate"},
    {"Retry-After": "9" * 400, "Date": "Thu, 99 Nov 2026 99:99:99 GMT"},
    {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"},
    {"Location": "file:///etc/passwd"},
    {"X-Aimlapi-Usd-Spent": "1e999999999", "X-Credits-Required": "-9"},
    {"Content-Length": "99999999999999999999999"},
)


@dataclass(frozen=True)
class Answer:
    """What a service sends, whatever it was asked."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask_everything(provider_id: str, answers: Sequence[Answer], folder: Path) -> None:
    """Ask a service all there is, which answers with these in turn.

    Raises:
        AssertionError: What came of an answer can't be kept or shown.
        Exception: Whatever is no `AppError` is a bug.
    """
    asyncio.run(_ask_everything(provider_id, answers, folder))


async def _ask_everything(provider_id: str, answers: Sequence[Answer], folder: Path) -> None:
    number = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal number
        given = answers[number % len(answers)]
        number += 1
        return httpx.Response(given.status, headers=given.headers, stream=_Bytes(given.body))

    network = Network(transport=lambda: httpx.MockTransport(answer))
    clip = folder / ("0" * 64)
    clip.write_bytes(b"RIFF")

    def connect(service: Any) -> ServiceClient:
        return ServiceClient(service, network, Keyring(KEY), lambda _: _BASE, lambda _: clip)

    provider = providers(encode, connect)[provider_id]
    try:
        for ask in _questions(provider, REQUESTS[provider_id]):
            async with asyncio.timeout(_PATIENCE_S):
                try:
                    check(await ask())
                except AppError as error:
                    _check_words(error)
    finally:
        await provider.aclose()
        await network.aclose()


class _Bytes(httpx.AsyncByteStream):
    """A body as it comes from a socket: not unpacked, not measured."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> Any:
        for at in range(0, len(self._body), 4_096):
            yield self._body[at : at + 4_096]


def _questions(provider: AudioProvider, request: GenerationRequest) -> Iterator[Callable[[], Awaitable[object]]]:
    wire = provider.prepare(request, ATTEMPT)
    job = Job("job-1", ATTEMPT, _BASE, request.model, request.takes)
    yield lambda: _submitted(provider, wire)
    yield lambda: provider.poll(job)
    yield lambda: _fetched(provider, job, Result("1", link=_LINK))
    if provider.recovery.can_find:
        yield lambda: provider.find(wire, job)
    yield provider.voices
    if isinstance(provider, ModelLister):
        yield provider.models
    if isinstance(provider, KeyChecker):
        yield provider.check_key
    if isinstance(provider, Transcriber):
        audio = InputFile(Path("a.wav"), sha256="0" * 64)
        part = AudioPart(0.0, 1.5, "0" * 64, ".wav")
        model = {"openai": "whisper-1", "runinfra": "whisper-large-v3"}[provider.id]
        asked = TranscriptionRequest(provider.id, model, audio, parts=(part,), duration_s=1.5)
        yield lambda: _submitted(provider, provider.prepare_transcription(asked, part, ATTEMPT))


async def _submitted(provider: AudioProvider, wire: WireRequest) -> Submission:
    submission = await provider.submit(wire, ATTEMPT)
    if submission.stream is not None:
        try:
            async for _ in submission.stream:
                pass
        finally:
            await submission.stream.aclose()
    return submission


async def _fetched(provider: AudioProvider, job: Job, result: Result) -> None:
    await provider.fetch(job, result, Sink())


def _check_words(error: AppError) -> None:
    """What the window and the terminal show: one line, not too long, that obeys nobody and tells no key."""
    for said in (str(error), getattr(error, "code", None), getattr(error, "field", None)):
        assert said is None or (said.strip() and said.isprintable() and len(said) < _LONGEST and KEY not in said), said


def check(value: object) -> None:
    """What an answer brought can be kept in the library, shown, and added up."""
    match value:
        case None | bool() | int() | bytes():
            return
        case Decimal():
            assert value.is_finite()
            assert abs(value) <= 10**9
        case float():
            assert abs(value) < 1e12, value
        case str():
            value.encode()
            assert len(value) <= _LONGEST, f"a text of {len(value)} characters"
        case list() | tuple():
            assert len(value) <= _MOST
            for each in value:
                check(each)
        case dict():
            check(list(value))
            check(list(value.values()))
        case Submission() | Progress() | Result():
            _check_fields(value)
        case _ if is_dataclass(value):
            _check_fields(value)


def _check_fields(value: Any) -> None:
    for each in fields(value):
        told = getattr(value, each.name)
        if each.name in ("cost", "balance") and told is not None:
            assert told >= 0 or each.name == "balance", f"a {each.name} of {told}"
        if each.name == "fraction" and told is not None:
            assert 0.0 <= told <= 1.0
        if each.name not in (
            "answer",
            "stream",
            "transcript",
            "link",
        ):  # these may be long, within the limit of an answer
            check(told)
