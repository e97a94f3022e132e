"""RunInfra on loopback keeps to its documents. The ranges here are written down anew, not the server's own."""

from __future__ import annotations

import asyncio
import base64
import io
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.faults import CutAfter, Drop, Hold, HoldAfter
from tests.servers.runinfra import KEY, RunInfraServer, rate_limited, took_too_long, unavailable
from tests.servers.sounds import Sound
from tests.servers.transcribing import spoken

_BEARER = {"Authorization": f"Bearer {KEY}"}
_SAID = "alfa bravo charlie delta. ada@example.org echo. Grace 555-0143"
_HEARD = "alfa bravo charlie delta ada@example.org echo Grace 555-0143"


def line(**fields: Any) -> dict[str, Any]:
    return {"model": "kokoro", "input": "Do not open the door."} | fields


def clip(seconds: float = 3.0) -> str:
    return base64.b64encode(Sound("wav", 8_000, 1, seconds).encoded()).decode()


def cloned(**fields: Any) -> dict[str, Any]:
    return {"model": "xtts-v2", "voice": "cloned", "input": "Hello.", "reference_audio": clip()} | fields


def newer(**fields: Any) -> dict[str, Any]:
    body = {"model": "qwen3-tts", "input": "Hello.", "ref_audio": clip(), "ref_text": "Said in the clip."} | fields
    return {name: value for name, value in body.items() if value is not ...}


def info_of(content: bytes) -> Any:
    return soundfile.info(io.BytesIO(content))


def error_of(reply: httpx.Response) -> tuple[int, str | None, str | None]:
    error = reply.json()["error"]
    assert {"message", "type"} <= set(error)
    return reply.status_code, error.get("code"), error.get("param")


class Client:
    """Sends requests, and nothing else."""

    def __init__(self, server: RunInfraServer, http: httpx.AsyncClient) -> None:
        self._server = server
        self._http = http

    async def speak(self, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{self._server.url}/audio/speech"
        return await self._http.post(url, json=line() if body is None else body, headers={**_BEARER, **named})

    async def transcribe(
        self, content: bytes | None = None, file_name: str = "take.wav", **fields: Any
    ) -> httpx.Response:
        audio = spoken(_SAID) if content is None else content
        return await self._http.post(
            f"{self._server.url}/audio/transcriptions",
            data={"model": "whisper-large-v3"} | fields,
            files={"file": (file_name, audio, "audio/wav")},
            headers=_BEARER,
        )


@pytest.fixture
async def runinfra():
    async with RunInfraServer(speech_seconds=0.25) as server:
        yield server


@pytest.fixture
def client(runinfra, http):
    return Client(runinfra, http)


@pytest.fixture(scope="module")
def runinfra_in_thread():
    with RunInfraServer(speech_seconds=0.05, balance=Decimal(1_000_000)) as server:
        yield server


# --- the door


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": KEY}])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/audio/speech"), ("POST", "/audio/transcriptions"), ("GET", "/models")]
)
async def test_nothing_opens_without_the_key(runinfra, http, headers, method, path):
    reply = await http.request(method, f"{runinfra.url}{path}", headers=headers)

    assert error_of(reply) == (401, "invalid_api_key", None)
    assert KEY not in repr(runinfra.requests)


async def test_a_key_is_for_its_own_pipeline_or_for_the_workspace(http):
    async with RunInfraServer(pipeline_keys={"pipeline-key": "p_7"}, speech_seconds=0.1) as runinfra:

        async def status_of(key: str, pipeline: str) -> int:
            url = f"{runinfra.url}{pipeline}/audio/speech"
            reply = await http.post(url, json=line(), headers={"Authorization": f"Bearer {key}"})
            return reply.status_code

        statuses = [await status_of(key, path) for key in (KEY, "pipeline-key") for path in ("", "/p_7", "/p_8")]

    assert statuses == [200, 403, 403, 403, 200, 403]
    assert [seen.account for seen in runinfra.requests] == ["", "", "", "p_7", "p_7", "p_7"]


async def test_models_that_are_deployed_are_listed(runinfra, http):
    told = (await http.get(f"{runinfra.url}/models", headers=_BEARER)).json()

    assert [model["id"] for model in told["data"]] == [
        "kokoro",
        "xtts-v2",
        "bark",
        "qwen3-tts",
        "whisper-large-v3",
        "whisper-large-v3-turbo",
    ]
    assert (await http.get(f"{runinfra.url}/voices", headers=_BEARER)).status_code == 404
    assert (await http.get(f"{runinfra.url}/audio/speech", headers=_BEARER)).status_code == 404


async def test_answers_carry_ids_the_clients_own_and_limits(client):
    replies = [await client.speak(X_Client_Request_Id="attempt-1"), await client.speak(line(speed=9))]

    assert [reply.headers.get("X-Client-Request-Id") for reply in replies] == ["attempt-1", None]
    assert len({reply.headers["X-Request-Id"] for reply in replies}) == 2
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] in (["499", "498"], ["499", "499"])
    assert abs(int(replies[0].headers["X-RateLimit-Reset"]) - time.time()) < 5


async def test_a_full_bucket_leaks_in_time(http):
    async with RunInfraServer(requests_per_minute=60, burst=2, speech_seconds=0.1) as runinfra:
        client = Client(runinfra, http)
        early = [await client.speak() for _ in range(3)]
        runinfra.clock.advance(int(early[2].headers["Retry-After"]))
        later = await client.speak()

    assert [reply.status_code for reply in early] == [200, 200, 429]
    assert (early[2].headers["Retry-After"], later.status_code) == ("1", 200)
    assert len(runinfra.ledger.charges) == 3


async def test_waiting_can_be_asked_for(runinfra, client):
    for fault in (rate_limited(7), unavailable(2), rate_limited(None)):
        runinfra.faults.at("speech", fault)

    replies = [await client.speak() for _ in range(4)]

    assert [reply.status_code for reply in replies] == [429, 503, 429, 200]
    assert [reply.headers.get("Retry-After") for reply in replies] == ["7", "2", None, None]
    assert len(runinfra.ledger.charges) == 1


async def test_a_low_balance_is_told_in_cents(http):
    async with RunInfraServer(balance=Decimal("0.0312")) as runinfra:
        reply = await Client(runinfra, http).speak(line(input="x" * 10_000))

    error = reply.json()["error"]
    assert reply.status_code == 402
    assert (error["current_balance_cents"], error["required_cents"]) == (3, 10)
    assert error["topup_url"].startswith("https://")
    assert runinfra.ledger.charges == []


# --- speech


@pytest.mark.parametrize(
    "body",
    [
        line(),
        line(voice="alloy", speed=0.25),
        line(voice="af_heart", speed=4),
        line(input="x" * 20_000),
        cloned(),
        cloned(model="bark"),
        newer(),
        newer(task_type="Base", ref_audio="https://files.example.org/clip.wav"),
        newer(ref_audio=f"data:audio/wav;base64,{clip()}"),
    ],
)
async def test_speech_takes_what_its_page_lists(client, body):
    assert (await client.speak(body)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({"input": "x"}, 400, "missing_required_parameter", "model"),
        ({"model": "kokoro"}, 400, "missing_required_parameter", "input"),
        (line(input=""), 400, "missing_required_parameter", "input"),
        (line(voice=None), 400, "invalid_type", "voice"),
        (line(voice={"id": "x"}), 400, "invalid_type", "voice"),
        (line(response_format="ogg"), 400, "invalid_value", "response_format"),
        (line(speed=0.249), 400, "invalid_value", "speed"),
        (line(speed="1"), 400, "invalid_type", "speed"),
        (line(stream_format="sse"), 400, "unsupported_parameter", "stream_format"),
        (line(stream=True), 400, "unsupported_parameter", "stream"),
        (line(instructions="Whisper"), 400, "unsupported_parameter", "instructions"),
        (line(model="whisper-large-v3"), 404, "model_not_found", "model"),
        (line(model="invented"), 404, "model_not_found", "model"),
        (line(voice="cloned"), 400, "missing_parameter", "reference_audio"),
        (cloned(model="kokoro"), 400, "unsupported_parameter", "reference_audio"),
        (cloned(voice="alloy"), 400, "invalid_value", "voice"),
        (cloned(reference_audio="no base64!"), 400, "invalid_value", "reference_audio"),
        (cloned(reference_audio="bm8gYXVkaW8="), 400, "invalid_value", "reference_audio"),
        (cloned(reference_audio=f"data:audio/wav;base64,{clip()}"), 400, "invalid_value", "reference_audio"),
        (cloned(ref_text="x"), 400, "unsupported_parameter", "ref_audio"),
        (newer(ref_text=...), 400, "missing_parameter", "ref_text"),
        (newer(ref_audio=...), 400, "missing_parameter", "ref_audio"),
        (newer(voice="alloy"), 400, "unsupported_parameter", "voice"),
        (newer(ref_audio="bm8gYXVkaW8="), 400, "invalid_value", "ref_audio"),
        (newer(task_type="Clone"), 400, "invalid_value", "task_type"),
        (newer(model="kokoro"), 400, "unsupported_parameter", "ref_audio"),
    ],
)
async def test_speech_takes_nothing_else(runinfra, client, body, status, code, param):
    assert error_of(await client.speak(body)) == (status, code, param)
    assert runinfra.ledger.accepted == []
    assert runinfra.speeches == []


_values = st.one_of(st.integers(-1, 5), st.floats(0, 5), st.booleans(), st.none(), st.text(max_size=2))


@given(_values)
@settings(max_examples=100)
def test_speed_is_a_quarter_to_four(runinfra_in_thread, plain, speed):
    good = type(speed) in {int, float} and 0.25 <= speed <= 4

    reply = plain.post(
        f"{runinfra_in_thread.url}/audio/speech", json=line(speed=speed, response_format="wav"), headers=_BEARER
    )

    assert reply.status_code == (200 if good else 400)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"no json", b'{"model": NaN}'])
async def test_the_body_of_speech_is_a_json_object(runinfra, http, content):
    headers = {**_BEARER, "Content-Type": "application/json"}

    assert (await http.post(f"{runinfra.url}/audio/speech", content=content, headers=headers)).status_code == 400


@pytest.mark.parametrize(("forms", "statuses"), [({"seed"}, [200, 400]), ({"newer"}, [400, 200])])
async def test_a_pipeline_may_know_one_form_of_clips_only(http, forms, statuses):
    async with RunInfraServer(clone_forms=forms, speech_seconds=0.1) as runinfra:
        client = Client(runinfra, http)
        replies = [await client.speak(body) for body in (cloned(), newer())]

    assert [reply.status_code for reply in replies] == statuses
    assert "unsupported_parameter" in [reply.json()["error"]["code"] for reply in replies if reply.status_code == 400]


async def test_clips_are_cut_to_ten_seconds_and_links_are_not_followed(runinfra, client):
    for body in (cloned(), cloned(reference_audio=clip(12.0)), newer(ref_audio="https://files.example.org/a.wav")):
        await client.speak(body)

    assert [(told.form, told.used_s, told.truncated) for told in runinfra.clips] == [
        ("seed", 3.0, False),
        ("seed", 10.0, True),
        ("newer", None, False),
    ]


@pytest.mark.parametrize(
    ("audio_format", "container"), [("mp3", "MP3"), ("wav", "WAV"), ("flac", "FLAC"), ("opus", "OGG"), (None, "MP3")]
)
async def test_speech_comes_raw_in_the_format_asked_for(client, audio_format, container):
    reply = await client.speak(line(**({"response_format": audio_format} if audio_format else {})))

    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert (info_of(reply.content).format, info_of(reply.content).samplerate) == (container, 24_000)


async def test_speech_may_be_what_the_model_made_instead(runinfra, client):
    runinfra.behaviour.produces, runinfra.behaviour.speech_content_type = "wav", "audio/mpeg"
    runinfra.behaviour.wav_size = 0xFFFFFFFF

    reply = await client.speak(line(response_format="mp3"))

    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert (reply.content[:4], reply.content[4:8], len(reply.content)) == (b"RIFF", b"\xff" * 4, 44 + 12_000)


async def test_speed_shortens_speech_and_characters_are_what_is_paid(runinfra, client):
    contents = [(await client.speak(line(response_format="pcm", speed=speed))).content for speed in (1, 2)]

    assert [len(content) for content in contents] == [12_000, 6_000]
    assert [charge.amount_usd for charge in runinfra.ledger.charges] == [Decimal("0.00021")] * 2


async def test_half_of_the_speech_can_be_held_back_or_cut_off(runinfra, http):
    hold = runinfra.faults.at("speech", HoldAfter(0.5))
    runinfra.faults.at("speech", CutAfter(0.5))
    url, body = f"{runinfra.url}/audio/speech", line(response_format="pcm")

    async with http.stream("POST", url, json=body, headers=_BEARER) as reply:
        blocks = reply.aiter_bytes()
        await hold.reached.wait()
        first = b""
        while len(first) < 6_000:
            first += await anext(blocks)
        hold.release()
        rest = b"".join([block async for block in blocks])
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post(url, json=body, headers=_BEARER)

    assert (len(first), len(rest)) == (6_000, 6_000)
    assert len(runinfra.ledger.charges) == 2


# --- once, however often it is asked for


async def test_the_same_key_gets_the_same_bytes_and_one_charge(runinfra, client):
    first, second, third = [await client.speak(Idempotency_Key="key-1") for _ in range(3)]
    other = await client.speak(Idempotency_Key="key-2")
    none = await client.speak()

    assert first.content == second.content == third.content
    assert len({first.content, other.content, none.content}) == 3
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == "audio/mpeg"
    marks = [reply.headers.get("x-runinfra-idempotent-replay") for reply in (first, second, third, other, none)]
    assert marks == [None, "true", "true", None, None]
    assert len(runinfra.ledger.charges) == len(runinfra.speeches) == 3


@pytest.mark.parametrize("fault", [Drop(processed=True), CutAfter(0.3), took_too_long(processed=True)])
async def test_what_was_lost_on_the_way_can_be_had_again_for_nothing(runinfra, client, fault):
    runinfra.faults.at("speech", fault)
    try:
        lost = await client.speak(Idempotency_Key="key-1")
        assert lost.status_code == 504
    except httpx.RemoteProtocolError:
        pass

    again = await client.speak(Idempotency_Key="key-1")

    assert info_of(again.content).format == "MP3"
    assert again.headers["x-runinfra-idempotent-replay"] == "true"
    assert len(runinfra.ledger.charges) == 1


async def test_what_was_lost_before_the_work_runs_at_the_retry(runinfra, client):
    runinfra.faults.at("speech", Drop())
    with pytest.raises(httpx.RemoteProtocolError):
        await client.speak(Idempotency_Key="key-1")

    again = await client.speak(Idempotency_Key="key-1")

    assert "x-runinfra-idempotent-replay" not in again.headers
    assert len(runinfra.ledger.charges) == 1


@pytest.mark.parametrize(("hours", "charges"), [(23.99, 1), (24.01, 2)])
async def test_a_day_later_the_key_is_forgotten(runinfra, client, hours, charges):
    await client.speak(Idempotency_Key="key-1")
    runinfra.clock.advance(hours * 3600)

    again = await client.speak(Idempotency_Key="key-1")

    assert again.status_code == 200
    assert len(runinfra.ledger.charges) == charges


async def test_another_body_or_path_under_the_same_key_is_refused(runinfra, client, http):
    await client.speak(Idempotency_Key="key-1")

    other_body = await client.speak(line(speed=1), Idempotency_Key="key-1")
    sent = runinfra.requests_of("speech")[0]
    other_path = await http.post(
        f"{runinfra.url}/audio/transcriptions",
        content=sent.content,
        headers={**_BEARER, "Idempotency-Key": "key-1", "Content-Type": "application/json"},
    )

    refusal = (409, "idempotency_key_mismatch", "Idempotency-Key")
    assert error_of(other_body) == error_of(other_path) == refusal
    assert len(runinfra.ledger.charges) == 1


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=60)
def test_a_key_stands_for_one_body(runinfra_in_thread, plain, text, other_text):
    key = f"key-{len(runinfra_in_thread.requests)}"
    bodies = [line(input=f"x{each}", response_format="wav") for each in (text, other_text)]

    first, second = [
        plain.post(f"{runinfra_in_thread.url}/audio/speech", json=body, headers={**_BEARER, "Idempotency-Key": key})
        for body in bodies
    ]

    assert first.status_code == 200
    assert second.status_code == (200 if text == other_text else 409)
    assert (second.content == first.content) == (text == other_text)


async def test_while_the_first_call_runs_a_second_one_is_refused(runinfra, client):
    runinfra.behaviour.working = work = Hold()
    first = asyncio.create_task(client.speak(Idempotency_Key="key-1"))
    await work.reached.wait()

    early = await client.speak(Idempotency_Key="key-1")
    work.release()

    assert error_of(early) == (409, "idempotency_in_progress", "Idempotency-Key")
    assert (await first).content == (await client.speak(Idempotency_Key="key-1")).content
    assert len(runinfra.ledger.charges) == 1


@pytest.mark.parametrize("status", [500, 503])
async def test_a_failure_is_not_remembered_and_free(runinfra, client, status):
    runinfra.behaviour.fails_with = status
    failed = await client.speak(Idempotency_Key="key-1")
    runinfra.behaviour.fails_with = None

    again = await client.speak(Idempotency_Key="key-1")

    assert (failed.status_code, again.status_code) == (status, 200)
    assert len(runinfra.ledger.charges) == 1
    assert runinfra.ledger.reserved_usd == {}


async def test_a_refused_body_leaves_its_key_free(client):
    refused = await client.speak(line(speed=9), Idempotency_Key="key-1")

    assert (refused.status_code, (await client.speak(Idempotency_Key="key-1")).status_code) == (400, 200)


async def test_an_answer_too_large_to_keep_is_paid_and_gone(runinfra, client):
    runinfra.replays.largest_bytes = 1_000
    first = await client.speak(Idempotency_Key="key-1")

    again = [await client.speak(Idempotency_Key="key-1") for _ in range(2)]

    assert first.status_code == 200
    assert [error_of(reply) for reply in again] == [(409, "idempotency_replay_unavailable", None)] * 2
    assert len(runinfra.ledger.charges) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel".encode("latin-1"), "tab\tkey"])
async def test_a_key_is_printable_ascii_of_at_most_255_characters(runinfra, http, key):
    headers = {**_BEARER, "Idempotency-Key": key}

    reply = await http.post(f"{runinfra.url}/audio/speech", json=line(), headers=headers)

    assert error_of(reply) == (400, "invalid_idempotency_key", "Idempotency-Key")
    assert runinfra.ledger.accepted == []


async def test_keys_of_different_accounts_do_not_meet(http):
    async with RunInfraServer(pipeline_keys={"pipeline-key": "p_7"}, speech_seconds=0.1) as runinfra:
        for key, path in ((KEY, ""), ("pipeline-key", "/p_7")):
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "key-1"}
            reply = await http.post(f"{runinfra.url}{path}/audio/speech", json=line(), headers=headers)
            assert reply.status_code == 200

    assert len(runinfra.ledger.charges) == 2


async def test_a_transcript_is_replayed_for_the_same_bytes_only(runinfra, http):
    request = http.build_request(
        "POST",
        f"{runinfra.url}/audio/transcriptions",
        data={"model": "whisper-large-v3"},
        files={"file": ("a.wav", spoken("alfa"))},
        headers={**_BEARER, "Idempotency-Key": "key-1"},
    )
    content = request.read()
    other_boundary = content.replace(request.headers["Content-Type"].partition("boundary=")[2].encode(), b"other")

    async def sent(body: bytes, boundary: str) -> httpx.Response:
        headers = {**_BEARER, "Idempotency-Key": "key-1", "Content-Type": boundary}
        return await http.post(str(request.url), content=body, headers=headers)

    first, again = [await sent(content, request.headers["Content-Type"]) for _ in range(2)]
    rebuilt = await sent(other_boundary, "multipart/form-data; boundary=other")

    assert first.json() == again.json() == {"text": "alfa"}
    assert again.headers["x-runinfra-idempotent-replay"] == "true"
    assert rebuilt.status_code == 409
    assert len(runinfra.transcriptions) == 1


# --- transcriptions


async def test_a_transcript_comes_as_json_text_subtitles_or_captions(runinfra, client):
    plain, text, srt, vtt = [
        await client.transcribe(**fields)
        for fields in ({}, *({"response_format": wanted} for wanted in ("text", "srt", "vtt")))
    ]

    assert plain.json() == {"text": _HEARD}
    assert text.text == f"{_HEARD}\n"
    assert srt.text.startswith("1\n00:00:00,000 --> 00:00:02,000\nalfa bravo charlie delta\n\n2\n00:00:03,000")
    assert vtt.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nalfa")
    assert len(runinfra.ledger.charges) == 4


async def test_verbose_json_has_segments_and_speakers_where_asked_for(runinfra, client):
    plain = (await client.transcribe(response_format="verbose_json", language="de-DE")).json()
    labelled = (await client.transcribe(response_format="verbose_json", diarize="true")).json()
    runinfra.behaviour.speaker_key = "speaker_label"
    other_key = (await client.transcribe(response_format="verbose_json", diarize="true")).json()

    assert list(plain) == ["task", "language", "duration", "segments", "text"]
    assert (plain["task"], plain["language"], plain["duration"]) == ("transcribe", "german", 6.0)
    assert plain["segments"][1] == {"id": 1, "start": 3.0, "end": 4.0, "text": "ada@example.org echo"}
    assert [segment["speaker"] for segment in labelled["segments"]] == ["Speaker 1", "Speaker 2", "Speaker 1"]
    assert "speaker" not in other_key["segments"][0]
    assert other_key["segments"][0]["speaker_label"] == "Speaker 1"


async def test_private_words_are_replaced_where_asked_for(client):
    told = [(await client.transcribe(redact=wanted)).json()["text"] for wanted in ("true", "false")]

    assert told == ["alfa bravo charlie delta [REDACTED_EMAIL] echo [REDACTED_NAME] [REDACTED_PHONE]", _HEARD]


@pytest.mark.parametrize("name", ["diarize", "redact"])
async def test_speakers_and_redaction_are_for_transcription_pipelines_only(http, name):
    async with RunInfraServer(transcription_use_case=False) as runinfra:
        client = Client(runinfra, http)

        assert error_of(await client.transcribe(**{name: "true"})) == (400, "unsupported_parameter", name)
        assert (await client.transcribe()).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "code", "param"),
    [
        ({"model": "kokoro"}, 404, "model_not_found", "model"),
        ({"response_format": "diarized_json"}, 400, "invalid_value", "response_format"),
        ({"language": "german language"}, 400, "invalid_value", "language"),
        ({"temperature": "-1"}, 400, "invalid_value", "temperature"),
        ({"diarize": "1"}, 400, "invalid_type", "diarize"),
        ({"redact": "True"}, 400, "invalid_type", "redact"),
        ({"timestamp_granularities[]": "word"}, 400, "unsupported_parameter", "timestamp_granularities[]"),
        ({"stream": "true"}, 400, "unsupported_parameter", "stream"),
    ],
)
async def test_transcription_takes_nothing_that_is_not_on_its_page(runinfra, client, fields, status, code, param):
    assert error_of(await client.transcribe(**fields)) == (status, code, param)
    assert runinfra.ledger.charges == []


@pytest.mark.parametrize(
    ("content", "file_name"),
    [(b"no audio at all", "take.wav"), (b"", "take.mp3"), (spoken("alfa"), "take"), (spoken("alfa"), "take.txt")],
)
async def test_what_is_no_audio_of_a_known_kind_is_refused(client, content, file_name):
    assert error_of(await client.transcribe(content, file_name))[::2] == (400, "file")


async def test_an_upload_larger_than_25_megabytes_is_fine(client):
    large = spoken("alfa") + bytes(26 * 1024 * 1024)

    assert (await client.transcribe(large)).json() == {"text": "alfa"}
