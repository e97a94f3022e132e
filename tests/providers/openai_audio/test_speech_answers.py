"""Audio is told by its bytes, whatever the service calls it, and an end that is missing is missed."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from typing import Any

import pytest

from app.domain.audio import AudioSettings
from app.domain.errors import AppError, ContentRefused, GenerationFailed, OutcomeUnknown, RequestRejected
from app.domain.provider import Submission
from app.providers.openai_audio.provider import OpenAIAudioProvider
from tests.providers.openai_audio.faking import KEY, FakeClient, audio_of, heard, text_for

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
MP3_FRAME = b"\xff\xfb\x90\x64" + bytes(28)
SAMPLES = struct.pack("<8h", 0, 300, -300, 1_000, -1_000, 20, 30, 40)
SSE = "text/event-stream; charset=utf-8"
DONE = {"type": "speech.audio.done"}
OCTETS = "application/octet-stream"


async def spoken(provider: OpenAIAudioProvider, **asked: Any) -> Submission:
    return await provider.submit(provider.prepare(text_for(**asked), KEY), KEY)


def delta(audio: bytes) -> dict[str, str]:
    return {"type": "speech.audio.delta", "audio": b64encode(audio).decode()}


def event(told: Any) -> bytes:
    return f"data: {json.dumps(told)}\n\n".encode()


async def broken(submission: Submission) -> tuple[bytes, AppError]:
    """What arrived, and the error after it."""
    arrived = bytearray()

    async def to_its_end() -> None:
        async for data in audio_of(submission):
            arrived.extend(data)

    with pytest.raises(AppError) as caught:
        await to_its_end()
    return bytes(arrived), caught.value


@pytest.mark.parametrize(
    ("content_type", "head"),
    [
        ("audio/wav", WAV),
        ("audio/mpeg", MP3_FRAME),
        ("audio/mpeg", WAV),  # another format than was asked for
        ("application/json", WAV),  # its type lies, its bytes don't
        ("text/plain", b"ID3\x04" + bytes(20)),
        ("text/html", MP3_FRAME),
        ("text/event-stream", b"OggS" + bytes(20)),
        ("", b"fLaC" + bytes(20)),
        (OCTETS, WAV),
        ("audio/aac", b"\xff\xf1" + bytes(20)),
        (OCTETS, b"unheard of, but no text by its type"),
    ],
)
async def test_audio_is_given_on_as_it_arrives(
    content_type: str, head: bytes, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    answer = client.will_stream(head[:3], head[3:], b"more", content_type=content_type)

    stream = audio_of(await spoken(anyone, voice="alloy"))

    assert stream.result.id == "1"
    assert stream.result.cost is None
    assert not answer.is_closed
    assert await heard(stream) == head + b"more"
    assert answer.is_closed


async def test_audio_that_breaks_off_says_so_after_what_arrived(
    anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(WAV, b"some", content_type="audio/wav", breaks=True)

    arrived, error = await broken(await spoken(anyone))

    assert arrived == WAV + b"some"
    assert isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(
    ("content_type", "pieces"),
    [
        ("text/html", (b"<html><body>Welcome to our proxy</body></html>",)),
        ("audio/mpeg", (b"<!DOCTYPE html><html>Welcome to our proxy</html>",)),
        ("", (b"<!DOCTYPE html>",)),
        ("text/plain", (b"all is well",)),
        ("audio/mpeg", ()),
        ("application/json", (b"",)),
        ("application/json", (b"{}",)),
        ("application/json", (b"[]",)),
        ("application/json", (b'{"audio": "',)),
        ("application/json", (b'{"audio": "%%%"}',)),
        ("application/json", (b'{"audio": 7, "data": ""}',)),
        ("", (b'{"status": "ok", "note": "done"}',)),
    ],
)
async def test_a_whole_answer_without_audio_is_an_unknown_outcome_where_it_may_be_charged(
    content_type: str,
    pieces: tuple[bytes, ...],
    openai: OpenAIAudioProvider,
    own: OpenAIAudioProvider,
    client: FakeClient,
) -> None:
    for provider, url, kind in (
        (openai, "https://api.openai.com/v1", OutcomeUnknown),
        (own, "http://127.0.0.1:8880/v1", GenerationFailed),
    ):
        client.base_url = url
        answer = client.will_stream(*pieces, content_type=content_type)

        with pytest.raises(AppError) as caught:
            await spoken(provider)

        assert type(caught.value) is kind
        assert "without audio" in str(caught.value)
        assert answer.is_closed


@pytest.mark.parametrize("key", ["audio_data", "audio", "data"])
@pytest.mark.parametrize("prefix", ["", "data:audio/wav;base64,"])
async def test_audio_may_be_wrapped_in_json(
    key: str, prefix: str, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    told = json.dumps({"format": "wav", key: prefix + b64encode(WAV + b"more").decode()}).encode()
    client.will_stream(told[:5], told[5:], content_type="application/json; charset=utf-8")

    submission = await spoken(anyone)

    assert await heard(submission.stream) == WAV + b"more"


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        ({"error": {"message": "The GPU caught fire", "code": "boom"}}, GenerationFailed, "The GPU caught fire"),
        ({"error": "The GPU caught fire"}, GenerationFailed, "The GPU caught fire"),
        ({"detail": "The GPU caught fire"}, GenerationFailed, "The GPU caught fire"),
        ({"type": "error", "message": "The GPU caught fire"}, GenerationFailed, "The GPU caught fire"),
        ({"error": {"code": "content_filter", "message": "No"}}, ContentRefused, "No"),
        ({"error": {}, "detail": {}}, OutcomeUnknown, "without audio"),
    ],
)
async def test_an_error_inside_an_answer_that_calls_itself_well_is_told(
    told: dict[str, Any], kind: type[AppError], words: str, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(json.dumps(told).encode(), content_type="application/json")

    with pytest.raises(AppError) as caught:
        await spoken(openai)

    assert type(caught.value) is kind
    assert words in str(caught.value)


async def test_an_error_status_is_read_to_its_end_and_told(openai: OpenAIAudioProvider, client: FakeClient) -> None:
    told = {"error": {"message": "Too long", "type": "invalid_request_error", "param": "input", "code": None}}
    answer = client.will_stream(json.dumps(told).encode(), content_type="application/json", status=400)

    with pytest.raises(RequestRejected) as caught:
        await spoken(openai)

    assert caught.value.field == "prompt"
    assert answer.is_closed


# Events


@pytest.mark.parametrize("done", [DONE, DONE | {"usage": {"total_tokens": 3}}, DONE | {"token_usage": {"input": 1}}])
@pytest.mark.parametrize("after", [b"", b"data: [DONE]\n\n", b": bye\n\n"])
async def test_events_are_decoded_one_by_one(
    done: dict[str, Any], after: bytes, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    pieces = (event(delta(WAV)), b": still here\n\n\n", event(delta(b"a")), event(delta(b"bc")), event(done), after)
    client.will_stream(*pieces, content_type=SSE)

    submission = await spoken(anyone, parameters={"stream_format": "sse"})

    assert await heard(submission.stream) == WAV + b"abc"


@pytest.mark.parametrize("counts", [{"usage": {"total_tokens": 3}}, {"token_usage": {"total_tokens": 3}}])
async def test_the_last_event_may_forget_its_type(
    counts: dict[str, Any], own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(event({"audio": b64encode(WAV).decode()}), event(counts), content_type=SSE)

    assert await heard((await spoken(own)).stream) == WAV


async def test_events_are_known_by_their_first_bytes(own: OpenAIAudioProvider, client: FakeClient) -> None:
    client.will_stream(b"\r\n" + event(delta(WAV)) + event(DONE))

    assert await heard((await spoken(own)).stream) == WAV


async def test_events_that_mean_nothing_here_are_passed_over(openai: OpenAIAudioProvider, client: FakeClient) -> None:
    told = ({"type": "speech.audio.started"}, delta(b""), delta(WAV), {"type": "ping", "audio": None}, DONE)
    client.will_stream(*map(event, told), content_type=SSE)

    assert await heard((await spoken(openai)).stream) == WAV


@pytest.mark.parametrize(
    "end",
    [
        b"",
        b"data: [DONE]\n\n",
        b"data: {broken\n\n",
        event({"type": "speech.audio.delta", "audio": "%%%"}),
        event({"type": "speech.audio.delta", "audio": 7}),
        event({"type": "error", "error": {"message": "The GPU caught fire"}}),
        event(7),
    ],
)
async def test_events_without_their_last_one_are_incomplete_after_what_arrived(
    end: bytes, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(event(delta(WAV)), event(delta(b"a")), end, content_type=SSE)

    arrived, error = await broken(await spoken(anyone))

    assert arrived == WAV + b"a"
    assert isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize("end", [b"", b"data: [DONE]\n\n"])
async def test_a_mark_at_the_end_is_no_last_event(end: bytes, openai: OpenAIAudioProvider, client: FakeClient) -> None:
    client.will_stream(event(delta(WAV)), end, content_type=SSE)

    _, error = await broken(await spoken(openai))

    assert "its end is missing" in str(error)


async def test_events_of_a_connection_that_breaks_are_incomplete(
    openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(event(delta(WAV)), event(delta(b"a"))[:9], content_type=SSE, breaks=True)

    arrived, error = await broken(await spoken(openai))

    assert arrived == WAV
    assert isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ((event({"type": "error", "error": {"message": "No"}}),), GenerationFailed),
        ((event({"error": {"message": "No", "type": "content_filter"}}),), ContentRefused),
        ((event(DONE),), OutcomeUnknown),
        ((), OutcomeUnknown),
        ((event(delta(b"")),), OutcomeUnknown),
    ],
)
async def test_events_without_any_audio_are_told_at_once(
    events: tuple[bytes, ...], kind: type[AppError], openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    answer = client.will_stream(*events, content_type=SSE)

    with pytest.raises(kind):
        await spoken(openai)

    assert answer.is_closed


# Raw samples


def header_of(data: bytes) -> tuple[int, int, int]:
    """Channels, rate and bits of a WAV header."""
    channels, rate_hz, _, _, bits = struct.unpack("<HIIHH", data[22:36])
    return channels, rate_hz, bits


@pytest.mark.parametrize(
    ("content_type", "asked", "expected"),
    [
        ("audio/pcm", {}, (1, 24_000, 16)),
        (OCTETS, {}, (1, 24_000, 16)),
        ("audio/pcm;rate=22050", {}, (1, 22_050, 16)),
        ('audio/L16; rate="48000"; channels=2', {}, (2, 48_000, 16)),
        ("audio/pcm", {"sample_rate_hz": 8_000}, (1, 8_000, 16)),
        ("audio/pcm; rate=16000", {"sample_rate_hz": 8_000}, (1, 16_000, 16)),
    ],
)
# Samples may look like the beginning of anything.
@pytest.mark.parametrize("start", [SAMPLES, b"{" + SAMPLES, b":" + SAMPLES, MP3_FRAME[:2] + SAMPLES])
async def test_raw_samples_are_kept_as_wav_at_their_rate(
    content_type: str,
    asked: dict[str, Any],
    expected: tuple[int, int, int],
    start: bytes,
    own: OpenAIAudioProvider,
    client: FakeClient,
) -> None:
    client.will_stream(start[:7], start[7:], SAMPLES, content_type=content_type)

    submission = await spoken(own, parameters={"raw_samples": True}, audio=AudioSettings(**asked))
    data = await heard(submission.stream)

    assert (data[:4], data[8:12], data[36:40]) == (b"RIFF", b"WAVE", b"data")
    assert header_of(data) == expected
    assert data[44:] == start + SAMPLES


async def test_samples_that_call_themselves_raw_are_kept_as_wav_though_nobody_asked(
    own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(SAMPLES, content_type="audio/pcm;rate=16000")

    data = await heard((await spoken(own)).stream)

    assert header_of(data) == (1, 16_000, 16)


@pytest.mark.parametrize("wrapped", ["events", "json"])
async def test_raw_samples_inside_something_else_get_a_header_once(
    wrapped: str, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    if wrapped == "events":
        client.will_stream(event(delta(SAMPLES)), event(delta(SAMPLES)), event(DONE), content_type=SSE)
    else:
        told = json.dumps({"audio": b64encode(SAMPLES * 2).decode()}).encode()
        client.will_stream(told, content_type="application/json")

    data = await heard((await spoken(own, parameters={"raw_samples": True})).stream)

    assert header_of(data) == (1, 24_000, 16)
    assert data[44:] == SAMPLES * 2


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_file_instead_of_raw_samples_stays_as_it_is(
    wrapped: bool, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_stream(event(delta(WAV)) + event(DONE) if wrapped else WAV, content_type=SSE if wrapped else OCTETS)

    assert await heard((await spoken(own, parameters={"raw_samples": True})).stream) == WAV


# Replays


@pytest.mark.parametrize(("value", "is_replayed"), [("true", True), ("TRUE", True), ("false", False), (None, False)])
async def test_an_answer_that_was_kept_says_so(
    value: str | None, is_replayed: bool, runinfra: OpenAIAudioProvider, client: FakeClient
) -> None:
    headers = {} if value is None else {"x-runinfra-idempotent-replay": value}
    client.will_stream(WAV, content_type="audio/wav", headers=headers)

    stream = audio_of(await spoken(runinfra))

    assert ("nothing was made or charged again" in stream.result.remark) is is_replayed


async def test_long_texts_have_time_to_be_spoken(anyone: OpenAIAudioProvider, client: FakeClient) -> None:
    client.will_stream(WAV)

    await spoken(anyone)

    assert [timeout_s for _, timeout_s in client.submitted] == [600.0]
