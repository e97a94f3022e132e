"""AI/ML API on loopback keeps to its documents. The ranges here are written down anew, not the server's own."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from typing import Any

import httpx
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.aimlapi import KEY, AimlapiServer, GenerationError
from tests.servers.faults import Drop, Instead, html_page
from tests.servers.pace import PollDriven, TimeDriven
from tests.servers.sounds import Sound

_BEARER = {"Authorization": f"Bearer {KEY}"}
_LONG_PROMPT = "A slow song about rain"
_LYRICS = "Rain, rain, on the roof"
_LINK = "https://media.example.org/song.mp3"
_LINK_FIELDS = {"prompt": _LONG_PROMPT, "reference_audio_url": _LINK}


def _clip(seconds: float) -> str:
    return base64.b64encode(Sound("wav", 8000, 1, seconds).encoded()).decode()


def stable(**fields: Any) -> dict[str, Any]:
    return {"model": "stable-audio", "prompt": "Distant thunder"} | fields


def voice(model: str, **fields: Any) -> dict[str, Any]:
    return {"model": model, "text": "Do not open the door."} | fields


class Client:
    """Sends requests, and nothing else."""

    def __init__(self, server: AimlapiServer, http: httpx.AsyncClient) -> None:
        self._server = server
        self._http = http

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self._http.get(f"{self._server.url}{path}", params=query, headers=_BEARER)

    async def create(self, body: Any) -> httpx.Response:
        return await self._http.post(f"{self._server.url}/v2/generate/audio", json=body, headers=_BEARER)

    async def speak(self, body: Any) -> httpx.Response:
        return await self._http.post(f"{self._server.url}/v1/tts", json=body, headers=_BEARER)

    async def poll(self, generation_id: str) -> dict[str, Any]:
        return (await self.get("/v2/generate/audio", generation_id=generation_id)).json()

    async def finish(self, body: Any) -> dict[str, Any]:
        """Create and poll until it neither waits nor generates."""
        created = await self.create(body)
        assert created.status_code in {200, 201}, created.text
        for _ in range(20):
            told = await self.poll(created.json()["id"])
            if told["status"] not in {"queued", "generating"}:
                return told
        raise AssertionError("the generation never ends")


@pytest.fixture
def client(aimlapi, http):
    return Client(aimlapi, http)


# --- the door


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": KEY}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v2/generate/audio"), ("GET", "/v2/generate/audio"), ("POST", "/v1/tts"), ("GET", "/v2/billing")],
)
async def test_nothing_but_the_catalogue_opens_without_the_key(aimlapi, http, headers, method, path):
    reply = await http.request(method, f"{aimlapi.url}{path}", headers=headers)

    assert reply.status_code == 401
    assert set(reply.json()) == {"message", "path", "requestId", "statusCode", "timestamp"}
    assert (await http.get(f"{aimlapi.url}/v1/models", headers=headers)).status_code == 200
    assert KEY not in repr(aimlapi.requests)


async def test_other_paths_and_methods_are_not_found(client, aimlapi):
    assert (await client.get("/v1/audio/speech")).status_code == 404
    assert (await client.get("/v1/tts")).status_code == 404
    assert (await client.get("/v2/generate/audio/")).status_code == 404
    assert {seen.phase for seen in aimlapi.requests} == {"other", "tts"}


async def test_status_codes_in_bodies_may_be_text(client, aimlapi):
    aimlapi.status_code_as_text = True

    assert (await client.create(stable(steps=0))).json()["statusCode"] == "400"


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"no json", b'{"model": NaN}'])
async def test_the_body_must_be_a_json_object(aimlapi, http, content):
    headers = {**_BEARER, "Content-Type": "application/json"}
    for path in ("/v2/generate/audio", "/v1/tts"):
        assert (await http.post(f"{aimlapi.url}{path}", content=content, headers=headers)).status_code == 400


# --- what the models of /v2/generate/audio accept


@pytest.mark.parametrize(
    "body",
    [
        stable(),
        stable(seconds_start=1, seconds_total=47, steps=1000),
        {"model": "elevenlabs/eleven_music", "prompt": "x" * 2000, "music_length_ms": 300_000},
        {"model": "google/lyria2", "prompt": "x", "negative_prompt": "drums", "seed": 0},
        {
            "model": "minimax/music-1.5",
            "prompt": _LONG_PROMPT,
            "lyrics": _LYRICS,
            "audio_setting": {"audio_sample_rate": 16_000, "bitrate": 32_000, "format": "wav"},
        },
        {"model": "minimax/music-2.0", "prompt": "x" * 2000, "lyrics": "x" * 3000},
        {"model": "minimax/music-2.6"},
        {"model": "minimax/music-2.6", "is_instrumental": True, "lyrics_optimizer": False},
        {"model": "minimax/music-cover", **_LINK_FIELDS, "audio_setting": {"sample_rate": 44_100}},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT, "reference_audio_url": _clip(6)},
        {
            "model": "minimax/music-cover",
            "prompt": _LONG_PROMPT,
            "reference_audio_url": f"data:audio/wav;base64,{_clip(7)}",
        },
        {"model": "minimax-music", **_LINK_FIELDS},
        {"model": "minimax-music", "prompt": "x", "reference_audio_url": _clip(16)},
    ],
)
async def test_models_take_what_their_pages_list(client, body):
    reply = await client.create(body)

    assert reply.status_code == 200
    assert set(reply.json()) == {"id", "status"}


@pytest.mark.parametrize(
    "body",
    [
        {"model": "stable-audio"},
        {"prompt": "x"},
        {"model": 5, "prompt": "x"},
        stable(prompt=""),
        stable(prompt=None),
        stable(seconds_start=0),
        stable(seconds_total=48),
        stable(seconds_total=12.5),
        stable(seconds_total=12.0),
        stable(seconds_total="12"),
        stable(steps=1001),
        stable(steps=True),
        stable(seed=1),
        stable(negative_prompt="x"),
        stable(music_length_ms=10_000),
        {"model": "elevenlabs/eleven_music", "prompt": "x" * 2001},
        {"model": "elevenlabs/eleven_music", "prompt": "x", "seconds_total": 10},
        {"model": "elevenlabs/eleven_music", "prompt": "x", "music_length_ms": 9_999},
        {"model": "google/lyria2", "prompt": "x", "seed": -1},
        {"model": "minimax/music-1.5", "prompt": "too short", "lyrics": _LYRICS},
        {"model": "minimax/music-1.5", "prompt": "x" * 301, "lyrics": _LYRICS},
        {"model": "minimax/music-1.5", "prompt": _LONG_PROMPT},
        {
            "model": "minimax/music-2.0",
            "prompt": _LONG_PROMPT,
            "lyrics": _LYRICS,
            "audio_setting": {"sample_rate": 44100},
        },
        {
            "model": "minimax/music-2.0",
            "prompt": _LONG_PROMPT,
            "lyrics": _LYRICS,
            "audio_setting": {"audio_sample_rate": "44100"},
        },
        {"model": "minimax/music-2.6", "audio_setting": {"bitrate": 96_000}},
        {"model": "minimax/music-2.6", "audio_setting": {"format": "flac"}},
        {"model": "minimax/music-2.6", "is_instrumental": 1},
        {"model": "minimax/music-cover", **_LINK_FIELDS, "audio_setting": {"audio_sample_rate": 44_100}},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT, "reference_audio_url": _clip(5.9)},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT, "reference_audio_url": _clip(361)},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT, "reference_audio_url": "no link, no base64"},
        {"model": "minimax/music-cover", "prompt": _LONG_PROMPT, "reference_audio_url": "bm8gYXVkaW8="},
        {"model": "minimax-music", "prompt": "x" * 601, "reference_audio_url": _LINK},
        {"model": "minimax-music", "prompt": "x", "reference_audio_url": _clip(14)},
    ],
)
async def test_models_refuse_everything_else(client, aimlapi, body):
    reply = await client.create(body)

    assert reply.status_code == 400
    assert reply.json()["message"].startswith("Body validation error: ")
    assert reply.json()["meta"]
    assert aimlapi.generations == {}
    assert aimlapi.ledger.accepted == []


_values = st.one_of(st.integers(-2, 1100), st.floats(0, 50), st.booleans(), st.none(), st.text(max_size=3))


@given(st.dictionaries(st.sampled_from(["seconds_start", "seconds_total", "steps"]), _values))
@settings(max_examples=300)
def test_stable_audio_takes_integers_in_their_ranges_only(aimlapi_in_thread, plain, fields):
    most = {"seconds_start": 47, "seconds_total": 47, "steps": 1000}
    good = all(type(value) is int and 1 <= value <= most[name] for name, value in fields.items())
    aimlapi_in_thread.ledger.opening_balance_usd += 1

    reply = plain.post(f"{aimlapi_in_thread.url}/v2/generate/audio", json=stable(**fields), headers=_BEARER)

    assert reply.status_code == (200 if good else 400)


async def test_unknown_models_are_not_found_unless_they_are_announced(client, aimlapi):
    body = {"model": "invented/sound-9", "prompt": "x", "anything": {"deep": 1}}
    unknown = [(await client.create(body)).status_code, (await client.speak(voice("invented/sound-9"))).status_code]
    aimlapi.extra_models.add("invented/sound-9")

    assert unknown == [404, 404]
    assert (await client.create(body)).status_code == 200
    assert (await client.create({"model": "invented/sound-9"})).status_code == 400
    assert (await client.speak(voice("invented/sound-9", speakers=[1]))).status_code == 200


# --- the life of a generation


async def test_a_generation_waits_then_generates_then_is_completed(client, aimlapi, http):
    created = (await client.create(stable())).json()

    polls = [await client.poll(created["id"]) for _ in range(4)]

    assert created["status"] == "queued"
    assert [poll["status"] for poll in polls] == ["queued", "generating", "completed", "completed"]
    assert polls[0] == {"id": created["id"], "status": "queued", "audio_file": None, "error": None, "meta": None}
    assert polls[2]["meta"] == {"usage": {"credits_used": 120_000, "usd_spent": 0.06}}
    file = await http.get(polls[2]["audio_file"]["url"])
    assert polls[2]["audio_file"]["file_size"] == len(file.content)
    assert polls[2]["audio_file"]["content_type"] == file.headers["Content-Type"] == "application/octet-stream"
    assert soundfile.info(io.BytesIO(file.content)).format == "WAV"
    assert httpx.URL(polls[2]["audio_file"]["url"]).port != httpx.URL(aimlapi.url).port
    assert aimlapi.files.violations == []


async def test_the_id_must_come_back_exactly(client, aimlapi, http):
    generation_id = (await client.create({"model": "google/lyria2", "prompt": "x"})).json()["id"]
    base = f"{aimlapi.url}/v2/generate/audio"
    assert generation_id.endswith(":google/lyria2")

    asked = {
        f"{base}?generation_id={generation_id.replace(':', '%3A').replace('/', '%2F')}": 200,
        f"{base}?generation_id={generation_id.partition(':')[0]}": 404,
        f"{base}?generation_id={generation_id}%20": 404,
        f"{base}?generation_id={generation_id.replace(':', '%253A')}": 404,
        f"{base}/{generation_id}": 404,
        f"{base}?id={generation_id}": 400,
        base: 400,
    }

    for url, status in asked.items():
        assert (await http.get(url, headers=_BEARER)).status_code == status


@pytest.mark.parametrize(("style", "has_colon"), [("uuid:model", True), ("uuid", False), ("short", False)])
async def test_ids_come_in_several_styles(client, aimlapi, style, has_colon):
    aimlapi.behaviour.id_style = style

    told = await client.finish(stable())

    assert (":" in told["id"]) == has_colon


async def test_a_generation_is_charged_once_when_it_is_completed(client, aimlapi):
    generation_id = (await client.create(stable())).json()["id"]
    assert aimlapi.ledger.charges == []
    assert aimlapi.ledger.reserved_usd == {generation_id: Decimal("0.06")}

    for _ in range(4):
        await client.poll(generation_id)

    assert [(charge.task, charge.amount_usd) for charge in aimlapi.ledger.charges] == [(generation_id, Decimal("0.06"))]
    assert (await client.get("/v2/billing")).json() == {"current_balance": 9.94, "currency": "USD"}


async def test_a_lost_answer_is_paid_all_the_same_and_a_second_one_too(client, aimlapi):
    aimlapi.faults.at("submit", Drop(processed=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await client.create(stable())
    await client.create(stable())

    aimlapi.settle()

    assert len(aimlapi.ledger.charges) == 2


async def test_a_failure_comes_with_http_200_and_costs_nothing(client, aimlapi):
    aimlapi.behaviour.failure = GenerationError(message="The prompt was refused")

    told = await client.finish(stable())

    assert (told["status"], told["audio_file"]) == ("error", None)
    assert told["error"] == {"name": "GenerationError", "message": "The prompt was refused"}
    assert aimlapi.ledger.charges == []
    assert aimlapi.ledger.reserved_usd == {}


async def test_answers_may_be_odd(client, aimlapi):
    odd = aimlapi.behaviour
    odd.create_status, odd.usage_on_create, odd.with_usd = 201, True, False
    odd.finished_word, odd.absent, odd.extra = "complete", "missing", {"surprise": 1}
    odd.polls_without_url, odd.with_file_details = 1, False

    created = await client.create(stable())
    generation_id = created.json()["id"]
    polls = [await client.poll(generation_id) for _ in range(4)]

    assert (created.status_code, created.json()["meta"]) == (201, {"usage": {"credits_used": 120_000}})
    assert polls[0] == {"id": generation_id, "status": "queued", "surprise": 1}
    assert [poll["status"] for poll in polls[2:]] == ["complete", "complete"]
    assert "audio_file" not in polls[2]
    assert set(polls[3]["audio_file"]) == {"url"}


async def test_links_expire_and_may_be_renewed(client, aimlapi, http):
    stale = await client.finish(stable())
    aimlapi.behaviour.fresh_links = True
    fresh = await client.finish(stable())
    aimlapi.clock.advance(86_400)

    assert (await http.get(stale["audio_file"]["url"])).status_code == 403
    assert (await client.poll(stale["id"]))["audio_file"]["url"] == stale["audio_file"]["url"]
    renewed = (await client.poll(fresh["id"]))["audio_file"]["url"]
    assert renewed != fresh["audio_file"]["url"]
    assert (await http.get(renewed)).status_code == 200
    assert len(aimlapi.ledger.charges) == 2


async def test_the_bearer_header_at_the_file_host_is_a_violation(client, aimlapi, http):
    told = await client.finish(stable())

    assert (await http.get(told["audio_file"]["url"], headers=_BEARER)).status_code == 400
    assert len(aimlapi.files.violations) == 1


@pytest.mark.parametrize(
    ("body", "audio_format", "rate_hz", "seconds"),
    [
        (stable(seconds_total=3), "WAV", 44_100, 3),
        ({"model": "elevenlabs/eleven_music", "prompt": "x"}, "MP3", 44_100, 10),
        ({"model": "google/lyria2", "prompt": "x"}, "WAV", 48_000, 0.5),
        ({"model": "minimax/music-2.6", "audio_setting": {"audio_sample_rate": 16_000}}, "MP3", 16_000, 0.5),
        ({"model": "minimax/music-2.6", "audio_setting": {"format": "wav"}}, "WAV", 44_100, 0.5),
    ],
)
async def test_files_are_as_their_models_make_them(http, body, audio_format, rate_hz, seconds):
    async with AimlapiServer(result_seconds=0.5) as server:
        told = await Client(server, http).finish(body)
        content = (await http.get(told["audio_file"]["url"])).content

    info = soundfile.info(io.BytesIO(content))
    assert (info.format, info.samplerate, info.channels) == (audio_format, rate_hz, 2)
    assert info.duration == pytest.approx(seconds, abs=0.001)


async def test_minimax_tells_more_and_signs_its_links(client, http):
    told = await client.finish({"model": "minimax/music-2.6"})

    assert told["extra_info"]["music_duration"] == 250
    assert told["extra_info"]["music_size"] == told["audio_file"]["file_size"]
    assert "Expires=" in told["audio_file"]["url"]
    assert (await http.get(told["audio_file"]["url"])).status_code == 200


async def test_an_empty_account_is_403(http):
    async with AimlapiServer(balance=Decimal("0.01")) as server:
        client = Client(server, http)
        refused = [await client.create(stable()), await client.speak(voice("openai/tts-1", text="x" * 4000))]

    assert [reply.status_code for reply in refused] == [403, 403]
    assert "credits" in refused[0].json()["message"]
    assert server.generations == {}


async def test_trouble_while_polling_passes(client, aimlapi):
    generation_id = (await client.create(stable())).json()["id"]
    aimlapi.faults.at("poll", html_page(502))
    aimlapi.faults.at("poll", Instead(429, {"message": "Too many requests", "statusCode": 429}))

    replies = [await client.get("/v2/generate/audio", generation_id=generation_id) for _ in range(5)]

    assert [reply.status_code for reply in replies] == [502, 429, 200, 200, 200]
    assert "Retry-After" not in replies[1].headers
    assert replies[4].json()["status"] == "completed"


async def test_generations_can_be_driven_by_time(http):
    async with AimlapiServer(result_seconds=0.1, honours_duration=False, pace=TimeDriven(60)) as server:
        client = Client(server, http)
        generation_id = (await client.create(stable())).json()["id"]
        early = [(await client.poll(generation_id))["status"] for _ in range(3)]
        server.clock.advance(60)
        late = (await client.poll(generation_id))["status"]

    assert (early, late) == (["queued", "generating", "generating"], "completed")


async def test_a_generation_may_be_ready_at_the_first_poll(http):
    async with AimlapiServer(result_seconds=0.1, honours_duration=False, pace=PollDriven(before=0)) as server:
        client = Client(server, http)
        generation_id = (await client.create(stable())).json()["id"]

        assert (await client.poll(generation_id))["status"] == "completed"


# --- speech


@pytest.mark.parametrize("model", ["openai/tts-1", "openai/tts-1-hd", "openai/gpt-4o-mini-tts"])
async def test_openai_voices_answer_json_with_a_link(client, aimlapi, http, model):
    reply = await client.speak(voice(model, voice="verse", style="calm", speed=1.25, stream=False))

    body = reply.json()
    file = await http.get(body["audio"]["url"])
    assert soundfile.info(io.BytesIO(file.content)).format == "MP3"
    assert body["meta"]["usage"]["credits_used"] == int(reply.headers["x-aimlapi-credits-used"]) == 819
    assert float(reply.headers["x-aimlapi-usd-spent"]) == body["meta"]["usage"]["usd_spent"]
    assert reply.headers["x-request-id"]
    assert [charge.amount_usd for charge in aimlapi.ledger.charges] == [Decimal("0.0004095")]


@pytest.mark.parametrize(
    "model", ["elevenlabs/eleven_multilingual_v2", "elevenlabs/eleven_turbo_v2_5", "elevenlabs/v3_alpha"]
)
async def test_elevenlabs_voices_stream_unless_told_not_to(client, http, model):
    streamed = await client.speak(voice(model))
    linked = await client.speak(voice(model, stream=False))

    assert streamed.headers["Content-Type"] == "audio/mpeg"
    assert streamed.headers["Transfer-Encoding"] == "chunked"
    assert soundfile.info(io.BytesIO(streamed.content)).samplerate == 44_100
    assert (await http.get(linked.json()["audio"]["url"])).content[:1] == b"\xff"


@pytest.mark.parametrize(
    ("form", "check"),
    [
        ("object", lambda reply: reply.json()["audio"]["url"]),
        ("string", lambda reply: reply.json()["audio"].startswith("http")),
        ("bytes", lambda reply: reply.content[:4] == b"RIFF" and reply.headers["Content-Type"] == "audio/wav"),
    ],
)
async def test_speech_comes_in_every_form(client, aimlapi, form, check):
    aimlapi.behaviour.speech_answer = form

    assert check(await client.speak(voice("openai/tts-1", response_format="wav")))


async def test_a_stream_may_be_called_what_it_is_not(client, aimlapi):
    aimlapi.behaviour.speech_content_type = "audio/wav"

    reply = await client.speak(voice("elevenlabs/v3_alpha"))

    assert reply.headers["Content-Type"] == "audio/wav"
    assert reply.content[:1] == b"\xff"


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (voice("openai/tts-1", response_format="opus"), b"OggS"),
        (voice("openai/tts-1", response_format="aac"), b"\xff\xf1"),
        (voice("openai/tts-1", response_format="flac"), b"fLaC"),
        (voice("openai/tts-1", response_format="wav"), b"RIFF"),
        (voice("openai/tts-1", response_format="pcm"), b"\x00\x00"),
        (voice("elevenlabs/v3_alpha", output_format="opus_48000_64"), b"OggS"),
        (voice("elevenlabs/v3_alpha", output_format="mp3_22050_32"), b"\xff"),
    ],
)
async def test_speech_is_in_the_format_asked_for(client, aimlapi, body, start):
    aimlapi.behaviour.speech_answer = "bytes"

    assert (await client.speak(body)).content.startswith(start)


async def test_pcm_has_the_rate_in_its_name(client):
    reply = await client.speak(voice("elevenlabs/v3_alpha", output_format="pcm_24000"))

    assert len(reply.content) == 24_000 * 2 // 4


@pytest.mark.parametrize(
    "body",
    [
        {"model": "openai/tts-1"},
        {"model": "openai/tts-1", "input": "x"},
        voice("openai/tts-1", text=""),
        voice("openai/tts-1", text="x" * 4097),
        voice("openai/tts-1", voice="rachel"),
        voice("openai/tts-1", speed=0.2),
        voice("openai/tts-1", speed=True),
        voice("openai/tts-1", stream=True),
        voice("openai/tts-1", response_format="ogg"),
        voice("openai/tts-1", seed=1),
        voice("openai/tts-1", style=None),
        voice("elevenlabs/v3_alpha", voice=""),
        voice("elevenlabs/v3_alpha", response_format="mp3"),
        voice("elevenlabs/v3_alpha", output_format="mp3_48000_128"),
        voice("elevenlabs/v3_alpha", seed=1.0),
        voice("elevenlabs/v3_alpha", voice_settings={"stability": 1.1}),
        voice("elevenlabs/v3_alpha", voice_settings={"speed": 0.6}),
        voice("elevenlabs/v3_alpha", voice_settings={"use_speaker_boost": 1}),
        voice("elevenlabs/v3_alpha", voice_settings={"pitch": 1}),
        voice("elevenlabs/v3_alpha", apply_text_normalization=True),
        voice("elevenlabs/v3_alpha", previous_text="x"),
        voice("elevenlabs/eleven_turbo_v2_5", next_text="x"),
    ],
)
async def test_speech_refuses_everything_else(client, aimlapi, body):
    assert (await client.speak(body)).status_code == 400
    assert aimlapi.ledger.charges == []


async def test_all_fields_of_the_multilingual_voice_are_taken(client):
    everything = voice(
        "elevenlabs/eleven_multilingual_v2",
        voice="Rachel",
        seed=7,
        stream=False,
        previous_text="Before.",
        next_text="After.",
        apply_text_normalization="auto",
        output_format="mp3_44100_192",
        voice_settings={"stability": 0, "similarity_boost": 1, "style": 0.5, "use_speaker_boost": False, "speed": 1.2},
    )

    assert (await client.speak(everything)).status_code == 200


async def test_speech_whose_answer_is_lost_is_paid(client, aimlapi):
    aimlapi.faults.at("tts", Drop(processed=True))

    with pytest.raises(httpx.RemoteProtocolError):
        await client.speak(voice("openai/tts-1"))

    assert len(aimlapi.ledger.charges) == 1


# --- catalogue


async def test_the_catalogue_can_be_filtered(client, aimlapi):
    aimlapi.extra_models.add("invented/sound-9")
    everything = (await client.get("/v1/models", include="all")).json()
    audio = (await client.get("/v1/models", output_modalities="audio")).json()["data"]
    speech = (await client.get("/v1/models", type="tts")).json()["data"]
    [single] = (await client.get("/v1/models", id="google/lyria2")).json()["data"]

    assert everything["object"] == "list"
    assert len(everything["data"]) > len(audio) > len(speech) == 6
    assert "invented/sound-9" in {entry["id"] for entry in audio}
    assert all(entry["modalities"]["output"] for entry in everything["data"])
    assert set(single) == {"id", "aliases", "type", "info", "tags"}
    assert (await client.get("/model/google/lyria2")).json()["id"] == "google/lyria2"
    assert (await client.get("/model/google/none")).status_code == 404


async def test_an_unchanged_catalogue_is_304(aimlapi, http):
    first = await http.get(f"{aimlapi.url}/v1/models")
    known = {"If-None-Match": first.headers["ETag"]}
    again = await http.get(f"{aimlapi.url}/v1/models", headers=known)
    aimlapi.extra_models.add("invented/sound-9")
    changed = await http.get(f"{aimlapi.url}/v1/models", headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert changed.status_code == 200
