"""OpenAI and its imitators on loopback keep to their documents. Ranges are written down anew, not the server's own."""

from __future__ import annotations

import base64
import io
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.faults import CutAfter, Drip, Drop, HoldAfter
from tests.servers.openai_dialects import (
    KOKORO,
    LOCALAI,
    OLD_KOKORO,
    OPENEDAI,
    SELF_HOSTED,
    SPEACHES,
    VLLM_OMNI,
    Dialect,
)
from tests.servers.openai_errors import quota_exhausted, rate_limited
from tests.servers.openai_server import KEY, OpenAIServer
from tests.servers.sounds import Sound
from tests.servers.transcribing import spoken

_BEARER = {"Authorization": f"Bearer {KEY}"}
_CONTAINERS = {"mp3": "MP3", "opus": "OGG", "flac": "FLAC", "wav": "WAV"}
_SAID = "alfa bravo charlie delta. echo foxtrot"
_HEARD = "alfa bravo charlie delta echo foxtrot"


def line(**fields: Any) -> dict[str, Any]:
    return {"model": "gpt-4o-mini-tts", "input": "Do not open the door.", "voice": "alloy"} | fields


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in line().items() if key != name}


def info_of(content: bytes) -> Any:
    return soundfile.info(io.BytesIO(content))


def events_of(text: str) -> list[dict[str, Any]]:
    lines = [told.removeprefix("data: ") for told in text.splitlines() if told.startswith("data: ")]
    return [json.loads(told) for told in lines if told != "[DONE]"]


def audio_in(events: list[dict[str, Any]]) -> bytes:
    return b"".join(base64.b64decode(told["audio"]) for told in events if told["type"] == "speech.audio.delta")


class Client:
    """Sends requests, and nothing else."""

    def __init__(self, server: OpenAIServer, http: httpx.AsyncClient) -> None:
        self._server = server
        self._http = http

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self._http.get(f"{self._server.url}{path}", params=query, headers=_BEARER)

    async def speak(self, body: Any) -> httpx.Response:
        return await self._http.post(f"{self._server.url}/audio/speech", json=body, headers=_BEARER)

    async def transcribe(
        self, content: bytes | None = None, file_name: str = "take.wav", **fields: Any
    ) -> httpx.Response:
        audio = spoken(_SAID) if content is None else content
        return await self._http.post(
            f"{self._server.url}/audio/transcriptions",
            data={"model": "whisper-1"} | {name.replace("__", "[]"): value for name, value in fields.items()},
            files={"file": (file_name, audio, "audio/wav")},
            headers=_BEARER,
        )


@pytest.fixture
async def openai():
    async with OpenAIServer(speech_seconds=0.25, custom_voices={"voice_1234"}) as server:
        yield server


@pytest.fixture
def client(openai, http):
    return Client(openai, http)


@pytest.fixture(scope="module")
def openai_in_thread():
    with OpenAIServer(speech_seconds=0.05, balance=Decimal(1_000_000)) as server:
        yield server


def error_of(reply: httpx.Response) -> tuple[int, str | None, str | None]:
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return reply.status_code, error["code"], error["param"]


# --- the door


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/audio/speech"), ("POST", "/audio/transcriptions"), ("GET", "/models"), ("GET", "/models/tts-1")],
)
async def test_nothing_opens_without_the_key(openai, http, method, path):
    none = await http.request(method, f"{openai.url}{path}")
    wrong = await http.request(method, f"{openai.url}{path}", headers={"Authorization": "Bearer other"})

    assert error_of(none) == (401, None, None)
    assert error_of(wrong) == (401, "invalid_api_key", None)
    assert [seen.key for seen in openai.requests] == ["none", "wrong"]


async def test_every_answer_has_an_id_and_limits_and_unknown_paths_are_not_found(openai, client):
    replies = [await client.get(path) for path in ("/models", "/nowhere", "/audio/voices", "/audio/models")]

    assert [reply.status_code for reply in replies] == [200, 404, 404, 404]
    assert len({reply.headers["x-request-id"] for reply in replies}) == 4
    assert all("x-ratelimit-remaining-requests" in reply.headers for reply in replies)
    assert KEY not in repr(openai.requests)


async def test_models_are_listed_and_told_one_by_one(client):
    listed = (await client.get("/models")).json()

    assert listed["object"] == "list"
    assert {"tts-1", "gpt-4o-mini-tts", "whisper-1", "gpt-4o-transcribe-diarize"} <= {m["id"] for m in listed["data"]}
    assert (await client.get("/models/tts-1")).json() in listed["data"]
    assert error_of(await client.get("/models/tts-9")) == (404, "model_not_found", "model")


async def test_too_many_requests_and_no_money_have_the_same_status(http):
    async with OpenAIServer(balance=Decimal(0)) as openai:
        client = Client(openai, http)
        openai.faults.at("speech", rate_limited(retry_after_s=7))
        openai.faults.at("speech", quota_exhausted())

        limited, quota, poor = [await client.speak(line()) for _ in range(3)]

        assert (limited.headers["Retry-After"], error_of(limited)) == ("7", (429, "rate_limit_exceeded", None))
        assert error_of(quota) == error_of(poor) == (429, "insufficient_quota", None)
        assert "Retry-After" not in poor.headers
        assert openai.ledger.charges == []


# --- what speech takes


@pytest.mark.parametrize(
    "body",
    [
        line(),
        line(model="tts-1", speed=0.25, response_format="wav", stream_format="audio"),
        line(model="tts-1-hd", speed=4),
        line(input="x" * 4096, instructions="x" * 4096),
        line(voice={"id": "voice_1234"}),
        *(line(voice=voice) for voice in ("ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage")),
        *(line(voice=voice) for voice in ("shimmer", "verse", "marin", "cedar")),
    ],
)
async def test_speech_takes_what_its_page_lists(client, body):
    assert (await client.speak(body)).status_code == 200


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        (without("model"), "missing_required_parameter", "model"),
        (without("input"), "missing_required_parameter", "input"),
        (without("voice"), "missing_required_parameter", "voice"),
        (line(input="x" * 4097), "string_above_max_length", "input"),
        (line(input=None), "invalid_type", "input"),
        (line(voice="cloned"), "invalid_value", "voice"),
        (line(voice={"id": "voice_9"}), "invalid_value", "voice"),
        (line(voice={"name": "x"}), "unknown_parameter", "voice.name"),
        (line(response_format="ogg"), "invalid_value", "response_format"),
        (line(response_format="MP3"), "invalid_value", "response_format"),
        (line(speed=0.249), "invalid_value", "speed"),
        (line(speed=4.001), "invalid_value", "speed"),
        (line(speed="1"), "invalid_type", "speed"),
        (line(speed=True), "invalid_type", "speed"),
        (line(stream=True), "unknown_parameter", "stream"),
        (line(reference_audio="UklGRg=="), "unknown_parameter", "reference_audio"),
        (line(model="tts-1", instructions="Whisper"), "unsupported_parameter", "instructions"),
        (line(model="tts-1-hd", stream_format="sse"), "unsupported_value", "stream_format"),
        (line(model="whisper-1"), "invalid_value", "model"),
    ],
)
async def test_speech_takes_nothing_else(openai, client, body, code, param):
    assert error_of(await client.speak(body)) == (400, code, param)
    assert openai.ledger.accepted == []
    assert openai.speeches == []


_values = st.one_of(st.integers(-1, 5), st.floats(0, 5), st.booleans(), st.none(), st.text(max_size=2))


@given(_values)
@settings(max_examples=100)
def test_speed_is_a_quarter_to_four(openai_in_thread, plain, speed):
    good = type(speed) in {int, float} and 0.25 <= speed <= 4

    reply = plain.post(
        f"{openai_in_thread.url}/audio/speech", json=line(speed=speed, response_format="wav"), headers=_BEARER
    )

    assert reply.status_code == (200 if good else 400)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"no json", b'{"model": NaN}'])
async def test_the_body_of_speech_is_a_json_object(openai, http, content):
    headers = {**_BEARER, "Content-Type": "application/json"}

    reply = await http.post(f"{openai.url}/audio/speech", content=content, headers=headers)

    assert reply.status_code == 400


async def test_unknown_models_do_not_exist_unless_they_are_announced(openai, client):
    unknown = await client.speak(line(model="invented-tts"))
    openai.speech_models.append("invented-tts")

    assert error_of(unknown) == (404, "model_not_found", "model")
    assert (await client.speak(line(model="invented-tts"))).status_code == 200


async def test_every_speech_is_charged_an_idempotency_key_or_not(openai, http):
    headers = {**_BEARER, "Idempotency-Key": "the-same"}
    for _ in range(2):
        await http.post(f"{openai.url}/audio/speech", json=line(input="x" * 100), headers=headers)
    openai.faults.at("speech", Drop(processed=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post(f"{openai.url}/audio/speech", json=line(input="x" * 100), headers=headers)

    assert [charge.amount_usd for charge in openai.ledger.charges] == [Decimal("0.0015")] * 3


# --- how speech comes


@pytest.mark.parametrize(("audio_format", "container"), _CONTAINERS.items())
async def test_speech_is_streamed_in_the_format_asked_for(client, audio_format, container):
    reply = await client.speak(line(response_format=audio_format))

    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert reply.headers["Content-Type"].startswith("audio/")
    info = info_of(reply.content)
    assert (info.format, info.samplerate, info.channels) == (container, 24_000, 1)


async def test_speech_without_a_format_is_mp3_and_pcm_and_aac_have_their_own_shapes(client):
    mp3, pcm, aac = [
        await client.speak(line(**fields)) for fields in ({}, {"response_format": "pcm"}, {"response_format": "aac"})
    ]

    assert info_of(mp3.content).format == "MP3"
    assert len(pcm.content) == 2 * 24_000 // 4
    assert aac.content[:2] == b"\xff\xf1"


async def test_speed_shortens_speech(client):
    contents = [(await client.speak(line(response_format="pcm", speed=speed))).content for speed in (1, 2, 0.5)]

    assert [len(content) for content in contents] == [12_000, 6_000, 24_000]


@pytest.mark.parametrize(("size", "head"), [(0xFFFFFFFF, b"\xff" * 4), (0, bytes(4)), (None, None)])
async def test_streamed_wav_has_placeholders_for_its_sizes(openai, client, size, head):
    openai.behaviour.wav_size = size

    content = (await client.speak(line(response_format="wav"))).content

    expected = head or (len(content) - 8).to_bytes(4, "little")
    assert content[4:8] == expected
    assert len(content) == 44 + 12_000


@pytest.mark.parametrize("audio_format", ["mp3", "wav", "pcm", "opus"])
async def test_events_hold_the_audio_piece_by_piece_and_end_with_the_usage(openai, client, audio_format):
    openai.behaviour.sse_block_bytes = 500
    raw = Sound(audio_format, 24_000, 1, 0.25, 128 if audio_format == "mp3" else None).encoded()

    reply = await client.speak(line(response_format=audio_format, stream_format="sse"))

    assert reply.headers["Content-Type"].startswith("text/event-stream")
    *deltas, done = events_of(reply.text)
    assert len(deltas) == -(-len(raw) // 500)
    assert audio_in(deltas)[44:] == raw[44:]
    assert (done["type"], set(done["usage"])) == (
        "speech.audio.done",
        {"input_tokens", "output_tokens", "total_tokens"},
    )


async def test_event_streams_may_be_odd(openai, client):
    odd = openai.behaviour
    odd.sse_done, odd.sse_end_marker, odd.sse_comments, odd.sse_block_bytes = False, True, True, 1_000

    reply = await client.speak(line(stream_format="sse"))

    assert reply.text.endswith("data: [DONE]\n\n")
    assert reply.text.startswith(": still here\n\n")
    assert {told["type"] for told in events_of(reply.text)} == {"speech.audio.delta"}
    assert info_of(audio_in(events_of(reply.text))).format == "MP3"


async def test_speech_may_ignore_the_format_and_what_it_is_called_or_come_in_json(openai, client):
    openai.behaviour.ignores_format, openai.behaviour.speech_content_type = True, "audio/mpeg"
    wav = await client.speak(line(response_format="mp3"))
    openai.behaviour.speech_answer = "json"
    wrapped = (await client.speak(line(response_format="mp3"))).json()

    assert (wav.headers["Content-Type"], info_of(wav.content).format) == ("audio/mpeg", "WAV")
    assert info_of(base64.b64decode(wrapped["audio_data"])).format == "WAV"


@pytest.mark.parametrize("stream_format", ["audio", "sse"])
async def test_half_of_a_stream_can_be_held_back(openai, http, client, stream_format):
    body = line(response_format="pcm", stream_format=stream_format)
    whole = (await client.speak(body)).content
    hold = openai.faults.at("speech", HoldAfter(0.5))

    async with http.stream("POST", f"{openai.url}/audio/speech", json=body, headers=_BEARER) as reply:
        blocks = reply.aiter_bytes()
        await hold.reached.wait()
        first = b""
        while len(first) < len(whole) // 2:
            first += await anext(blocks)
        hold.release()
        rest = b"".join([block async for block in blocks])

    assert (len(first), len(first + rest)) == (len(whole) // 2, len(whole))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
async def test_a_stream_can_be_cut_and_is_paid_all_the_same(openai, client, share):
    openai.faults.at("speech", CutAfter(share))

    with pytest.raises(httpx.RemoteProtocolError):
        await client.speak(line())

    assert len(openai.ledger.charges) == 1


async def test_a_stream_can_drip(openai, http):
    openai.faults.at("speech", Drip(size_bytes=2_000, every_s=0.01))
    body = line(response_format="pcm")

    async with http.stream("POST", f"{openai.url}/audio/speech", json=body, headers=_BEARER) as reply:
        blocks = [block async for block in reply.aiter_raw()]

    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert len(blocks) > 2
    assert len(b"".join(blocks)) == 12_000


# --- transcriptions


async def test_a_transcript_comes_as_json_by_default(openai, client):
    reply = await client.transcribe(language="en", prompt="NATO", temperature="0.2")

    assert reply.json() == {"text": _HEARD, "usage": {"type": "duration", "seconds": 4}}
    assert openai.transcriptions[0].fields == {
        "model": "whisper-1",
        "language": "en",
        "prompt": "NATO",
        "temperature": 0.2,
    }
    assert openai.transcriptions[0].upload.file_name == "take.wav"
    assert [charge.amount_usd for charge in openai.ledger.charges] == [Decimal("0.0004")]


async def test_text_subtitles_and_captions_are_plain_text(client):
    text, srt, vtt = [await client.transcribe(response_format=wanted) for wanted in ("text", "srt", "vtt")]

    assert {reply.headers["Content-Type"] for reply in (text, srt, vtt)} == {"text/plain; charset=utf-8"}
    assert text.text == f"{_HEARD}\n"
    assert srt.text == (
        "1\n00:00:00,000 --> 00:00:02,000\nalfa bravo charlie delta\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\necho foxtrot\n\n"
    )
    assert vtt.text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nalfa bravo charlie delta\n\n"
        "00:00:03.000 --> 00:00:04.000\necho foxtrot\n\n"
    )


@pytest.mark.parametrize(
    ("granularities", "has_words", "has_segments"),
    [([], False, True), (["segment"], False, True), (["word"], True, False), (["word", "segment"], True, True)],
)
async def test_verbose_json_has_the_times_asked_for(client, granularities, has_words, has_segments):
    told = (
        await client.transcribe(
            response_format="verbose_json", timestamp_granularities__=granularities, language="de", temperature="0"
        )
    ).json()

    assert (told["task"], told["language"], told["duration"], told["text"]) == ("transcribe", "german", 4.0, _HEARD)
    assert ("words" in told, "segments" in told) == (has_words, has_segments)
    if has_words:
        assert told["words"][4] == {"word": "echo", "start": 3.0, "end": 3.5}
    if has_segments:
        assert [(s["id"], s["start"], s["end"], s["text"].strip()) for s in told["segments"]] == [
            (0, 0.0, 2.0, "alfa bravo charlie delta"),
            (1, 3.0, 4.0, "echo foxtrot"),
        ]
        assert {"seek", "tokens", "temperature", "avg_logprob", "compression_ratio", "no_speech_prob"} < set(
            told["segments"][0]
        )


async def test_the_duration_may_be_text_and_the_usage_missing(openai, client):
    openai.behaviour.duration_as_text, openai.behaviour.with_usage = True, False

    told = (await client.transcribe(response_format="verbose_json")).json()

    assert told["duration"] == "4.0"
    assert "usage" not in told


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-transcribe"])
async def test_newer_models_answer_in_json_and_count_tokens(client, model):
    told = (await client.transcribe(model=model)).json()

    assert told["text"] == _HEARD
    assert told["usage"] == {"type": "tokens", "input_tokens": 40, "output_tokens": 6, "total_tokens": 46}
    assert (await client.transcribe(model=model, response_format="text")).status_code == 400


async def test_probabilities_and_languages_are_told_where_asked_for(client):
    probable = (await client.transcribe(model="gpt-4o-transcribe", include__=["logprobs"])).json()
    many = (await client.transcribe(model="gpt-transcribe", languages__=["en", "de"], keywords__=["alfa"])).json()

    assert [told["token"] for told in probable["logprobs"]] == _HEARD.split()
    assert many["languages"] == ["en", "de"]


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe"])
async def test_a_transcript_can_be_streamed(client, model):
    *deltas, done = events_of((await client.transcribe(model=model, stream="true")).text)

    assert "".join(told["delta"] for told in deltas) == done["text"] == _HEARD
    assert {told["type"] for told in deltas} == {"transcript.text.delta"}
    assert (done["type"], done["usage"]["type"]) == ("transcript.text.done", "tokens")


async def test_whisper_ignores_the_wish_for_a_stream(client):
    assert (await client.transcribe(stream="true")).json()["text"] == _HEARD


async def test_speakers_take_turns_and_have_letters_or_names(client):
    clip = base64.b64encode(Sound("wav", 8_000, 1, 3.0).encoded()).decode()
    names = {
        "known_speaker_names__": ["Ada"],
        "known_speaker_references__": [f"data:audio/wav;base64,{clip}"],
    }
    asked = {"model": "gpt-4o-transcribe-diarize", "response_format": "diarized_json"}

    plain, named = [(await client.transcribe(**asked, **more)).json() for more in ({}, names)]

    assert [segment["speaker"] for segment in plain["segments"]] == ["A", "B"]
    assert [segment["speaker"] for segment in named["segments"]] == ["Ada", "A"]
    assert plain["segments"][1] == {
        "type": "transcript.text.segment",
        "id": "seg_1",
        "start": 3.0,
        "end": 4.0,
        "text": "echo foxtrot",
        "speaker": "B",
    }


async def test_speakers_can_be_streamed(client):
    reply = await client.transcribe(model="gpt-4o-transcribe-diarize", response_format="diarized_json", stream="true")

    *segments, done = events_of(reply.text)
    assert [told["speaker"] for told in segments] == ["A", "B"]
    assert done["text"] == _HEARD


@pytest.mark.parametrize(
    ("strategy", "status"),
    [
        ({}, 400),
        ({"chunking_strategy": "auto"}, 200),
        ({"chunking_strategy": '{"type": "server_vad", "threshold": 0.5}'}, 200),
        ({"chunking_strategy[type]": "server_vad", "chunking_strategy[prefix_padding_ms]": "300"}, 200),
        ({"chunking_strategy": "server_vad"}, 400),
        ({"chunking_strategy[threshold]": "0.5"}, 400),
        ({"chunking_strategy": '{"type": "server_vad", "threshold": 2}'}, 400),
        ({"chunking_strategy": '{"type": "server_vad"'}, 400),
    ],
)
async def test_speakers_in_long_audio_need_a_chunking_strategy(client, strategy, status):
    long = Sound("flac", 8_000, 1, 31.0).encoded()

    reply = await client.transcribe(long, "long.flac", model="gpt-4o-transcribe-diarize", **strategy)

    assert reply.status_code == status


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"language": "english"}, "invalid_value", "language"),
        ({"temperature": "1.5"}, "invalid_value", "temperature"),
        ({"temperature": "warm"}, "invalid_type", "temperature"),
        ({"temperature": "nan"}, "invalid_value", "temperature"),
        ({"response_format": "diarized_json"}, "unsupported_value", "response_format"),
        ({"response_format": "xml"}, "invalid_value", "response_format"),
        ({"timestamp_granularities__": ["word"]}, "unsupported_parameter", "timestamp_granularities"),
        ({"timestamp_granularities": "word"}, "unknown_parameter", "timestamp_granularities"),
        (
            {"timestamp_granularities__": ["letter"], "response_format": "verbose_json"},
            "invalid_value",
            "timestamp_granularities[][0]",
        ),
        ({"include__": ["logprobs"]}, "unsupported_parameter", "include"),
        ({"languages__": ["en"]}, "unsupported_parameter", "languages"),
        ({"known_speaker_names__": ["Ada"]}, "unsupported_parameter", "known_speaker_names"),
        ({"diarize": "true"}, "unknown_parameter", "diarize"),
        ({"redact": "true"}, "unknown_parameter", "redact"),
        ({"stream": "1"}, "invalid_type", "stream"),
        ({"model": "gpt-4o-transcribe-diarize", "prompt": "x"}, "unsupported_parameter", "prompt"),
        (
            {"model": "gpt-4o-transcribe-diarize", "response_format": "verbose_json"},
            "unsupported_value",
            "response_format",
        ),
        (
            {"model": "gpt-4o-transcribe-diarize", "known_speaker_names__": ["Ada"]},
            "invalid_value",
            "known_speaker_references",
        ),
        ({"model": "tts-1"}, "invalid_value", "model"),
    ],
)
async def test_transcription_takes_nothing_that_is_not_on_its_page(openai, client, fields, code, param):
    assert error_of(await client.transcribe(**fields)) == (400, code, param)
    assert openai.ledger.charges == []


async def test_an_upload_must_be_a_form_with_one_named_file(openai, http):
    url, audio = f"{openai.url}/audio/transcriptions", spoken("alfa")
    wrong: list[dict[str, Any]] = [
        {"json": {"model": "whisper-1"}},
        {"data": {"model": "whisper-1"}, "files": {"audio": ("a.wav", audio)}},
        {"data": {"model": "whisper-1"}, "files": [("file", ("a.wav", audio)), ("file", ("b.wav", audio))]},
        {"data": {"model": ["whisper-1", "whisper-1"]}, "files": {"file": ("a.wav", audio)}},
        {"files": {"file": ("a.wav", audio)}},
    ]

    statuses = [(await http.post(url, headers=_BEARER, **form)).status_code for form in wrong]

    assert statuses == [400] * 5


@pytest.mark.parametrize(
    ("content", "file_name"),
    [
        (b"no audio at all", "take.wav"),
        (b"", "take.wav"),
        (spoken("alfa")[:20], "take.wav"),
        (spoken("alfa"), "take"),
        (spoken("alfa"), "take.aiff"),
        (Sound("wav", 8_000, 1, 0.05).encoded(), "take.wav"),
    ],
)
async def test_what_is_no_audio_of_a_known_kind_or_too_short_is_refused(client, content, file_name):
    reply = await client.transcribe(content, file_name)

    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "file")


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
async def test_an_upload_has_a_largest_size(openai, client, excess, status):
    audio = spoken("alfa")
    openai.largest_upload_bytes = len(audio) - excess

    assert (await client.transcribe(audio)).status_code == status


async def test_the_largest_upload_is_25_megabytes(openai, client):
    too_large = spoken("alfa") + bytes(25 * 1024 * 1024)

    reply = await client.transcribe(too_large)

    assert reply.status_code == 413
    assert "26214400" in reply.json()["error"]["message"]


@pytest.mark.parametrize("audio_format", ["flac", "mp3", "ogg"])
async def test_any_usual_format_is_understood(client, audio_format):
    reply = await client.transcribe(spoken(_SAID, audio_format), f"take.{audio_format}")

    assert reply.json()["text"] == _HEARD


# --- self-hosted servers


def asked_of(dialect: Dialect, **fields: Any) -> dict[str, Any]:
    return {"model": dialect.speech_models[0], "input": "Hi", "voice": "af_heart", "response_format": "wav"} | fields


@pytest.mark.parametrize("dialect", SELF_HOSTED, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer anything"}])
async def test_they_need_no_key_and_charge_nothing(http, dialect, headers):
    async with OpenAIServer(dialect, speech_seconds=0.1) as server:
        reply = await http.post(f"{server.url}/audio/speech", json=asked_of(dialect), headers=headers)
        models = await http.get(f"{server.url}/models", headers=headers)
        health = await http.get(f"{server.origin}/health", headers=headers)

    assert (reply.status_code, reply.content[:4]) == (200, b"RIFF")
    assert dialect.speech_models[0] in [model["id"] for model in models.json()["data"]]
    assert health.status_code == 200
    assert server.ledger.charges == []
    assert len(server.speeches) == 1


@pytest.mark.parametrize("dialect", SELF_HOSTED, ids=lambda dialect: dialect.name)
async def test_voices_are_objects_or_names_or_not_listed(http, dialect):
    async with OpenAIServer(dialect) as server:
        reply = await http.get(f"{server.url}/audio/voices")
        legacy = await http.get(f"{server.url}/audio/voices", params={"legacy": "true"})

    if dialect is KOKORO:
        assert reply.json()["voices"][0] == {"id": "af_heart", "name": "af_heart"}
        assert legacy.json()["voices"][0] == "af_heart"
    elif dialect is OLD_KOKORO:
        assert reply.json()["voices"][:2] == ["af_heart", "af_bella"]
    elif dialect is SPEACHES:
        assert reply.json()["object"] == "list"
        assert reply.json()["voices"][0] == {
            "name": "af_heart",
            "id": "af_heart",
            "language": "en-us",
            "gender": "female",
        }
    else:
        assert reply.status_code == 404


@pytest.mark.parametrize(
    ("dialect", "body", "status", "told"),
    [
        (
            KOKORO,
            {"model": "tts-9", "input": "Hi"},
            400,
            {
                "detail": {
                    "error": "invalid_model",
                    "message": "The model `tts-9` does not exist or you do not have access to it.",
                    "type": "invalid_request_error",
                }
            },
        ),
        (
            KOKORO,
            {"input": "Hi", "speed": 5},
            422,
            {
                "detail": [
                    {
                        "loc": ["body", "speed"],
                        "msg": "Input should be less than or equal to 4",
                        "type": "less_than_equal",
                    }
                ]
            },
        ),
        (
            SPEACHES,
            {"model": "tts-9", "input": "Hi", "voice": "af_heart"},
            404,
            {"detail": "The model `tts-9` does not exist or you do not have access to it."},
        ),
        (
            OPENEDAI,
            {"model": "tts-9", "input": "Hi"},
            400,
            {
                "message": "The model `tts-9` does not exist or you do not have access to it.",
                "type": "invalid_request_error",
                "param": "model",
                "code": 400,
            },
        ),
        (
            LOCALAI,
            {"model": "voice-en-us-amy-low", "input": "Hi", "speed": 0},
            400,
            {
                "error": {
                    "message": "speed: must be at least 0.25 and at most 4",
                    "type": "invalid_request_error",
                    "param": "speed",
                    "code": 400,
                }
            },
        ),
        (
            VLLM_OMNI,
            {"input": "Hi"},
            400,
            {
                "error": {
                    "message": "response_format: is required",
                    "type": "invalid_request_error",
                    "param": "response_format",
                    "code": "missing_required_parameter",
                }
            },
        ),
    ],
)
async def test_they_refuse_in_shapes_of_their_own(http, dialect, body, status, told):
    async with OpenAIServer(dialect) as server:
        reply = await http.post(f"{server.url}/audio/speech", json=body)

    assert (reply.status_code, reply.json()) == (status, told)


@pytest.mark.parametrize(
    ("voice", "status"),
    [
        ("af_heart", 200),
        ("af_bella+af_heart", 200),
        ("af_bella(2)+af_heart(1)", 200),
        ("af_bella(0.5)-am_adam", 200),
        ("alloy", 400),
        ("af_bella+", 400),
        ("af_bella(x)", 400),
    ],
)
async def test_kokoro_mixes_voices(http, voice, status):
    async with OpenAIServer(KOKORO, speech_seconds=0.1) as server:
        reply = await http.post(f"{server.url}/audio/speech", json={"input": "Hi", "voice": voice})

    assert reply.status_code == status
    assert status == 200 or reply.json()["detail"]["error"] == "validation_error"


async def test_kokoro_streams_unless_told_not_to_and_leaves_out_what_it_does_not_know(http):
    body = {"input": "Hi", "response_format": "wav", "instructions": "Whisper", "lang_code": None}
    async with OpenAIServer(KOKORO, speech_seconds=0.1) as server:
        streamed, whole = [
            await http.post(f"{server.url}/audio/speech", json=body | more)
            for more in ({}, {"stream": False, "volume_multiplier": 0.5, "return_download_link": True})
        ]

    assert (streamed.headers["Transfer-Encoding"], streamed.content[4:8]) == ("chunked", b"\xff" * 4)
    assert (whole.headers["Content-Length"], whole.content[4:8]) == ("4844", (4836).to_bytes(4, "little"))
    assert whole.headers["X-Download-Path"].startswith("/download/")
    assert server.ignored == ["instructions", "lang_code"] * 2


async def test_speaches_has_rates_events_a_key_if_it_likes_and_fetches_models(http):
    body = asked_of(SPEACHES, sample_rate=16_000)
    async with OpenAIServer(SPEACHES, keys={"own-key"}, speech_seconds=0.25) as server:
        with_key = {"Authorization": "Bearer own-key"}
        doors = [
            (await http.post(f"{server.url}/audio/speech", json=body, headers=headers)).status_code
            for headers in ({}, {"Authorization": "Bearer other"}, with_key)
        ]
        rated = await http.post(f"{server.url}/audio/speech", json=body, headers=with_key)
        events = await http.post(f"{server.url}/audio/speech", json=body | {"stream_format": "sse"}, headers=with_key)
        odd_rate = await http.post(
            f"{server.url}/audio/speech",
            json=body | {"sample_rate": 44_000, "response_format": "mp3"},
            headers=with_key,
        )
        fetched = await http.post(f"{server.url}/models/org/voice", headers=with_key)
        new = await http.post(f"{server.url}/audio/speech", json=body | {"model": "org/voice"}, headers=with_key)
        listed = await http.get(f"{server.url}/models", params={"task": "text-to-speech"}, headers=with_key)
        audio_models = await http.get(f"{server.url}/audio/models", headers=with_key)

    assert doors == [403, 403, 200]
    assert info_of(rated.content).samplerate == 16_000
    assert "token_usage" in events_of(events.text)[-1]
    assert "usage" not in events_of(events.text)[-1]
    assert odd_rate.status_code == 400
    assert (fetched.status_code, new.status_code) == (201, 200)
    assert [model["id"] for model in listed.json()["data"]] == [SPEACHES.speech_models[0], "org/voice"]
    assert audio_models.json()["models"] == listed.json()["data"]


async def test_speaches_transcribes_and_kokoro_does_not(http):
    audio = spoken(_SAID, "opus")
    form = {"data": {"model": "Systran/faster-whisper-small", "vad_filter": "true"}, "files": {"file": ("a", audio)}}
    async with OpenAIServer(SPEACHES) as speaches, OpenAIServer(KOKORO) as kokoro:
        heard = await http.post(f"{speaches.url}/audio/transcriptions", **form)
        deaf = await http.post(f"{kokoro.url}/audio/transcriptions", **form)

    assert heard.json()["text"] == _HEARD
    assert deaf.status_code == 404


@pytest.mark.parametrize(("model", "rate_hz"), [("tts-1", 22_050), ("tts-1-hd", 24_000)])
async def test_openedai_tells_the_rate_of_raw_samples(http, model, rate_hz):
    body = {"model": model, "input": "Hi", "response_format": "pcm"}
    async with OpenAIServer(OPENEDAI, speech_seconds=1.0) as server:
        reply = await http.post(f"{server.url}/audio/speech", json=body)
        server.behaviour.models_answer = "nothing"
        models = await http.get(f"{server.url}/models")

    assert reply.headers["Content-Type"] == f"audio/pcm;rate={rate_hz}"
    assert len(reply.content) == 2 * rate_hz
    assert models.json() == {}


async def test_localai_makes_wav_without_a_format_and_streams_when_asked_to(http):
    body = {"model": "voice-en-us-amy-low", "input": "Hi", "language": "en"}
    async with OpenAIServer(LOCALAI, speech_seconds=0.1) as server:
        whole, streamed, mp3 = [
            await http.post(f"{server.url}/audio/speech", json=body | more)
            for more in ({}, {"stream": True}, {"response_format": "mp3"})
        ]

    assert (whole.headers["Content-Length"], whole.content[:4]) == ("4844", b"RIFF")
    assert (streamed.headers["Transfer-Encoding"], streamed.content[4:8]) == ("chunked", b"\xff" * 4)
    assert info_of(mp3.content).format == "MP3"
