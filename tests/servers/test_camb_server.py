"""Camb on loopback keeps to its documents. The ranges here are written down anew, not the server's own."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.camb import HARMFUL, KEY, OUT_OF_CREDITS, TIMED_OUT, CambServer, TaskFailure
from tests.servers.faults import CutAfter, Drop, HoldAfter, Instead
from tests.servers.pace import PollDriven, TimeDriven
from tests.servers.sounds import Sound

_KEY = {"x-api-key": KEY}


def sound(**fields: Any) -> dict[str, Any]:
    return {"prompt": "A heavy door slams", "duration": 0.5} | fields


def line(**fields: Any) -> dict[str, Any]:
    return {"text": "Do not open the door.", "language": "en-us", "voice_id": 147320} | fields


def info_of(content: bytes) -> Any:
    return soundfile.info(io.BytesIO(content))


class Client:
    """Sends requests, and nothing else."""

    def __init__(self, server: CambServer, http: httpx.AsyncClient) -> None:
        self._server = server
        self._http = http

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self._http.get(f"{self._server.url}{path}", params=query, headers=_KEY)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self._http.post(f"{self._server.url}{path}", json=body, headers=_KEY)

    async def create(self, **fields: Any) -> str:
        created = await self.post("/text-to-sound", sound(**fields))
        assert created.status_code == 200, created.text
        return created.json()["task_id"]

    async def poll(self, task_id: str) -> dict[str, Any]:
        return (await self.get(f"/text-to-sound/{task_id}")).json()

    async def finish(self, **fields: Any) -> dict[str, Any]:
        """Create, and poll until it is no longer pending."""
        task_id = await self.create(**fields)
        for _ in range(20):
            told = await self.poll(task_id)
            if told["status"] != "PENDING":
                return told
        raise AssertionError("the task never ends")


@pytest.fixture
async def camb():
    async with CambServer(music_seconds=0.75, speech_seconds=0.25) as server:
        yield server


@pytest.fixture
def client(camb, http):
    return Client(camb, http)


@pytest.fixture(scope="module")
def camb_in_thread():
    with CambServer(balance=Decimal(1_000_000)) as server:
        yield server


# --- the door


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "other"}, {"Authorization": f"Bearer {KEY}"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/text-to-sound"),
        ("GET", "/text-to-sound/some-task"),
        ("GET", "/text-to-sound-result/1"),
        ("POST", "/text-to-sound-results"),
        ("POST", "/tts-stream"),
        ("GET", "/list-voices"),
        ("GET", "/source-languages"),
        ("POST", "/create-custom-voice"),
    ],
)
async def test_nothing_opens_without_the_key_in_its_own_header(camb, http, headers, method, path):
    reply = await http.request(method, f"{camb.url}{path}", headers=headers)

    assert (reply.status_code, reply.json()) == (401, {"error": "Invalid API key", "status": 401})


async def test_the_record_says_which_key_came_and_holds_none(camb, client, http):
    await client.get("/list-voices")
    await http.get(f"{camb.url}/list-voices", headers={"x-api-key": "other-key"})

    assert [seen.key for seen in camb.requests] == ["right", "wrong"]
    assert KEY not in repr(camb.requests)
    assert "other-key" not in repr(camb.requests)


async def test_other_paths_and_methods_are_not_found(camb, client, http):
    for path in ("/text-to-sound", "/text-to-sound/", "/text-to-sound-result/", "/tts/1", "/list-voices/"):
        assert (await client.get(path)).status_code == 404
    assert (await http.get(f"{camb.origin}/list-voices", headers=_KEY)).status_code == 404
    assert {seen.phase for seen in camb.requests} == {"other"}


# --- creating


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "x"},
        sound(duration=10),
        sound(duration=10.0, audio_type="sound"),
        sound(audio_type="music", duration=60),
        sound(project_name="Castle", project_description="", folder_id=7),
    ],
)
async def test_a_sound_takes_what_its_page_lists(client, body):
    reply = await client.post("/text-to-sound", body)

    assert reply.status_code == 200
    assert set(reply.json()) == {"task_id"}


@pytest.mark.parametrize(
    ("body", "where", "kind"),
    [
        ({}, ["body", "prompt"], "missing"),
        (sound(prompt=""), ["body", "prompt"], "string_too_short"),
        (sound(prompt=None), ["body", "prompt"], "string_type"),
        (sound(duration=10.5), ["body", "duration"], "less_than_equal"),
        (sound(duration=-1), ["body", "duration"], "greater_than_equal"),
        (sound(duration="5"), ["body", "duration"], "float_type"),
        (sound(duration=None), ["body", "duration"], "float_type"),
        (sound(audio_type="ambient"), ["body", "audio_type"], "literal_error"),
        (sound(audio_type="Sound"), ["body", "audio_type"], "literal_error"),
        (sound(folder_id="7"), ["body", "folder_id"], "integer_type"),
        (sound(seed=7), ["body", "seed"], "extra_forbidden"),
    ],
)
async def test_a_sound_takes_nothing_else(camb, client, body, where, kind):
    reply = await client.post("/text-to-sound", body)

    assert reply.status_code == 422
    assert [(wrong["loc"], wrong["type"]) for wrong in reply.json()["detail"]] == [(where, kind)]
    assert camb.tasks == {}
    assert camb.ledger.accepted == []


async def test_the_refusal_of_a_length_is_worded_as_documented(client):
    wrong = (await client.post("/text-to-sound", sound(duration=11))).json()

    assert wrong == {
        "detail": [
            {
                "loc": ["body", "duration"],
                "msg": "Input should be less than or equal to 10",
                "type": "less_than_equal",
            }
        ]
    }


_values = st.one_of(st.integers(-2, 12), st.floats(-1, 12), st.booleans(), st.none(), st.text(max_size=2))


@given(_values, st.sampled_from(["sound", "music", None]))
@settings(max_examples=200)
def test_lengths_of_sounds_are_at_most_ten_seconds_and_of_music_any(camb_in_thread, plain, duration, audio_type):
    body = sound(duration=duration) | ({"audio_type": audio_type} if audio_type else {})
    good = type(duration) in {int, float} and duration >= 0 and (duration <= 10 or audio_type == "music")

    reply = plain.post(f"{camb_in_thread.url}/text-to-sound", json=body, headers=_KEY)

    assert reply.status_code == (200 if good else 422)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"no json", b'{"prompt": NaN}'])
async def test_the_body_must_be_a_json_object(camb, http, content):
    headers = {**_KEY, "Content-Type": "application/json"}
    for path in ("/text-to-sound", "/tts-stream", "/text-to-sound-results"):
        assert (await http.post(f"{camb.url}{path}", content=content, headers=headers)).status_code == 422


async def test_parameters_that_mean_nothing_are_refused_and_tracing_is_not(camb, client, http):
    refused = await http.post(f"{camb.url}/text-to-sound", params={"run_id": 1}, json=sound(), headers=_KEY)
    traced = await http.post(f"{camb.url}/text-to-sound", json=sound(), headers={**_KEY, "traceparent": "00-1-1-00"})

    assert refused.json()["detail"][0]["loc"] == ["query", "run_id"]
    assert traced.status_code == 200


async def test_an_answer_may_lack_the_task_id_though_the_task_runs(camb, client):
    camb.behaviour.with_task_id = False

    created = await client.post("/text-to-sound", sound())
    camb.settle()

    assert (created.status_code, created.json()) == (200, {})
    assert len(camb.ledger.charges) == 1


# --- the life of a task


async def test_a_task_is_pending_and_then_has_a_run(http):
    async with CambServer(pace=PollDriven(before=2)) as camb:
        client = Client(camb, http)
        task_id = await client.create()

        polls = [await client.poll(task_id) for _ in range(4)]

    assert polls[:2] == [{"status": "PENDING", "run_id": None}] * 2
    assert polls[2:] == [{"status": "SUCCESS", "run_id": 48213}] * 2


async def test_in_time_a_task_ends_without_being_asked(http):
    async with CambServer(pace=TimeDriven(0.0)) as camb:
        task_id = await Client(camb, http).create()
        await camb.tick()

        assert camb.tasks[task_id].done


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (
            TaskFailure(),
            {"status": "ERROR", "exception_reason": "PROCESSING_ERROR", "message": "Generation failed"},
        ),
        (
            TaskFailure(message={"detail": {"code": 7}}),
            {"status": "ERROR", "exception_reason": "PROCESSING_ERROR", "message": {"detail": {"code": 7}}},
        ),
        (
            HARMFUL,
            {
                "status": "ERROR",
                "exception_reason": "HARMFUL_CONTENT_DETECTED",
                "message": "The prompt was refused",
            },
        ),
        (
            OUT_OF_CREDITS,
            {
                "status": "PAYMENT_REQUIRED",
                "exception_reason": "PAYMENT_REQUIRED",
                "message": "Not enough credits",
            },
        ),
        (TIMED_OUT, {"status": "TIMEOUT", "exception_reason": None, "message": None}),
    ],
)
async def test_a_failed_task_says_why_costs_nothing_and_has_no_result(camb, client, failure, told):
    camb.behaviour.failure = failure

    assert await client.finish() == {"run_id": None, **told}
    assert camb.ledger.charges == []
    assert camb.ledger.reserved_usd == {}
    assert (await client.get("/text-to-sound-result/48213")).status_code == 404


async def test_statuses_may_be_odd(camb, client):
    odd = camb.behaviour
    odd.pending_word, odd.success_word, odd.run_id_as_text, odd.extra = "HALFWAY", "success", True, {"surprise": 1}
    task_id = await client.create()

    polls = [await client.poll(task_id) for _ in range(2)]

    assert polls == [
        {"status": "HALFWAY", "run_id": None, "surprise": 1},
        {"status": "success", "run_id": "48213", "surprise": 1},
    ]


async def test_an_unknown_task_is_not_found(client):
    reply = await client.get("/text-to-sound/unknown")

    assert (reply.status_code, reply.json()) == (404, {"detail": "Not found"})


async def test_a_task_is_charged_once_when_it_succeeds(camb, client):
    task_id = await client.create()
    assert camb.ledger.charges == []
    assert camb.ledger.reserved_usd == {task_id: Decimal("0.05")}

    for _ in range(4):
        await client.poll(task_id)

    assert [(charge.task, charge.item) for charge in camb.ledger.charges] == [(task_id, "48213")]
    assert camb.ledger.reserved_usd == {}


async def test_a_lost_answer_is_paid_all_the_same_and_a_second_one_too(camb, client):
    camb.faults.at("submit", Drop(processed=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await client.create()
    await client.create()

    camb.settle()

    assert len(camb.ledger.charges) == 2


@pytest.mark.parametrize("too_poor", ["402", "status"])
async def test_a_low_balance_is_told_at_once_or_as_a_status(http, too_poor):
    async with CambServer(balance=Decimal("0.04")) as camb:
        camb.behaviour.too_poor = too_poor
        client = Client(camb, http)

        created = await client.post("/text-to-sound", sound())

        if too_poor == "402":
            assert (created.status_code, created.json()) == (402, {"detail": "Not enough credits"})
        else:
            polls = [await client.poll(created.json()["task_id"]) for _ in range(2)]
            assert [poll["status"] for poll in polls] == ["PENDING", "PAYMENT_REQUIRED"]
        assert camb.ledger.charges == []


# --- results


async def test_a_result_comes_as_a_stream_of_wav(client):
    run_id = (await client.finish(duration=0.5))["run_id"]

    reply = await client.get(f"/text-to-sound-result/{run_id}")
    again = await client.get(f"/text-to-sound-result/{run_id}", output_type="raw_bytes")

    assert reply.headers["Content-Type"] == "audio/wav"
    assert "Content-Length" not in reply.headers
    assert (info_of(reply.content).format, info_of(reply.content).duration) == ("WAV", 0.5)
    assert again.content == reply.content


async def test_music_is_as_long_as_it_likes_and_a_sound_of_no_length_has_eight_seconds(client, camb):
    music = (await client.finish(audio_type="music", duration=60))["run_id"]
    task_id = (await client.post("/text-to-sound", {"prompt": "x"})).json()["task_id"]

    assert info_of((await client.get(f"/text-to-sound-result/{music}")).content).duration == 0.75
    assert camb.tasks[task_id].sound.seconds == 8.0


async def test_links_have_both_key_names_in_turn_and_lead_to_another_origin(camb, client, http):
    run_id = (await client.finish())["run_id"]

    told = [(await client.get(f"/text-to-sound-result/{run_id}", output_type="file_url")).json() for _ in range(3)]

    assert [list(answer) for answer in told] == [["file_url"], ["output_url"], ["file_url"]]
    links = [link for answer in told for link in answer.values()]
    assert len(set(links)) == 3
    assert "?sig=" in links[0]
    assert httpx.URL(links[0]).port != httpx.URL(camb.url).port
    contents = [(await http.get(link)).content for link in links]
    assert set(contents) == {(await client.get(f"/text-to-sound-result/{run_id}")).content}
    assert camb.files.violations == []


@pytest.mark.parametrize("link_key", ["file_url", "output_url"])
async def test_links_may_keep_to_one_key(camb, client, link_key):
    camb.behaviour.link_key = link_key
    run_id = (await client.finish())["run_id"]

    for _ in range(2):
        answer = await client.get(f"/text-to-sound-result/{run_id}", output_type="file_url")
        assert list(answer.json()) == [link_key]


@pytest.mark.parametrize("gone_status", [403, 404, 410])
async def test_a_dead_link_is_replaced_by_asking_again(http, gone_status):
    async with CambServer(link_gone_status=gone_status, link_valid_s=60) as camb:
        client = Client(camb, http)
        path = f"/text-to-sound-result/{(await client.finish())['run_id']}"
        first = (await client.get(path, output_type="file_url")).json()["file_url"]
        assert (await http.get(first)).status_code == 200

        camb.clock.advance(61)
        second = (await client.get(path, output_type="file_url")).json()["output_url"]

        assert [(await http.get(link)).status_code for link in (first, second)] == [gone_status, 200]
        assert len(camb.ledger.charges) == 1


async def test_the_storage_refuses_whoever_shows_it_a_key(camb, client, http):
    run_id = (await client.finish())["run_id"]
    link = (await client.get(f"/text-to-sound-result/{run_id}", output_type="file_url")).json()["file_url"]

    assert (await http.get(link, headers=_KEY)).status_code == 400
    assert len(camb.files.violations) == 1


async def test_several_runs_are_told_at_once(camb, client, http):
    runs = [(await client.finish())["run_id"] for _ in range(2)]

    told = (await client.post("/text-to-sound-results", {"run_ids": runs})).json()

    assert list(told) == [str(run_id) for run_id in runs]
    contents = {(await http.get(entry["output_url"])).content for entry in told.values()}
    assert len(contents) == 2
    assert (await client.post("/text-to-sound-results", {"run_ids": [runs[0], 1]})).status_code == 404
    for wrong in ({}, {"run_ids": []}, {"run_ids": [str(runs[0])]}, {"run_ids": runs, "x": 1}):
        assert (await client.post("/text-to-sound-results", wrong)).status_code == 422


async def test_runs_that_are_unknown_unfinished_or_of_another_kind_have_no_result(camb, client):
    task_id = await client.create()
    unfinished = camb.tasks[task_id].run_id
    camb.other_runs.add(77)

    statuses = [(await client.get(f"/text-to-sound-result/{run}")).status_code for run in (1, unfinished, 77, "abc")]

    assert statuses == [404, 404, 400, 422]


@pytest.mark.parametrize("output_type", ["RAW_BYTES", "url", ""])
async def test_the_form_of_a_result_is_one_of_two_in_lower_case(client, output_type):
    run_id = (await client.finish())["run_id"]

    reply = await client.get(f"/text-to-sound-result/{run_id}", output_type=output_type)

    assert reply.status_code == 422
    assert reply.json()["detail"][0]["loc"] == ["query", "output_type"]


@pytest.mark.parametrize(("result_format", "container"), [("flac", "FLAC"), ("mp3", "MP3")])
async def test_a_result_may_be_something_else_than_it_is_called(camb, client, result_format, container):
    camb.behaviour.result_format, camb.behaviour.result_content_type = result_format, "audio/wav"
    run_id = (await client.finish())["run_id"]

    reply = await client.get(f"/text-to-sound-result/{run_id}")

    assert reply.headers["Content-Type"] == "audio/wav"
    assert info_of(reply.content).format == container


async def test_a_result_may_fail_once_or_break_off_and_is_there_afterwards(camb, client):
    run_id = (await client.finish())["run_id"]
    camb.faults.at("result", Instead(500, "busy"))
    camb.faults.at("result", CutAfter(0.5))

    failed = await client.get(f"/text-to-sound-result/{run_id}")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(f"/text-to-sound-result/{run_id}")

    assert failed.status_code == 500
    assert (await client.get(f"/text-to-sound-result/{run_id}")).status_code == 200
    assert len(camb.ledger.charges) == 1


async def test_a_service_that_comes_back_knows_its_tasks(http):
    camb = CambServer()
    async with camb:
        task_id = await Client(camb, http).create()
    async with camb:
        client = Client(camb, http)
        polls = [await client.poll(task_id) for _ in range(2)]

    assert [poll["status"] for poll in polls] == ["PENDING", "SUCCESS"]


# --- speech


@pytest.mark.parametrize(
    "body",
    [
        line(),
        line(text="x" * 3000, speech_model="mars-pro"),
        line(speech_model="mars-instruct", user_instructions="Whisper"),
        line(speech_model="mars-8.1-pro-beta", language="is-is"),
        line(
            speech_model="mars-flash",
            enhance_named_entities_pronunciation=True,
            output_configuration={"format": "wav", "sample_rate": 22050, "duration": 0.5, "apply_enhancement": False},
            voice_settings={
                "enhance_reference_audio_quality": True,
                "maintain_source_accent": False,
                "apply_ref_loudness_norm": True,
                "speaking_rate": 1.5,
            },
            inference_options={
                "stability": 1,
                "temperature": 0.01,
                "inference_steps": 1000,
                "speaker_similarity": 0,
                "localize_speaker_weight": 0.5,
                "acoustic_quality_boost": True,
            },
        ),
    ],
)
async def test_speech_takes_what_its_page_lists(client, body):
    assert (await client.post("/tts-stream", body)).status_code == 200


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (line(text="ab"), ["text"]),
        (line(text="x" * 3001), ["text"]),
        (line(text=None), ["text"]),
        ({"text": "Hello", "voice_id": 147320}, ["language"]),
        ({"text": "Hello", "language": "en-us"}, ["voice_id"]),
        (line(language="en-US"), ["language"]),
        (line(language="xx-xx"), ["language"]),
        (line(language="is-is", speech_model="mars-pro"), ["language"]),
        (line(voice_id="147320"), ["voice_id"]),
        (line(voice_id=147320.0), ["voice_id"]),
        (line(speech_model="mars-9"), ["speech_model"]),
        (line(user_instructions="Whisper", speech_model="mars-pro"), ["user_instructions"]),
        (line(enhance_named_entities=True), ["enhance_named_entities"]),
        (line(output_configuration={"format": "WAV"}), ["output_configuration", "format"]),
        (line(output_configuration={"format": "ogg"}), ["output_configuration", "format"]),
        (line(output_configuration={"sample_rate": 22_000}), ["output_configuration", "sample_rate"]),
        (line(output_configuration={"bitrate": 128}), ["output_configuration", "bitrate"]),
        (line(voice_settings={"speaking_rate": "fast"}), ["voice_settings", "speaking_rate"]),
        (line(inference_options={"stability": 1.1}), ["inference_options", "stability"]),
        (line(inference_options={"temperature": 0}), ["inference_options", "temperature"]),
        (line(inference_options={"inference_steps": 0}), ["inference_options", "inference_steps"]),
        (line(inference_options={"inference_steps": 2.5}), ["inference_options", "inference_steps"]),
        (
            line(speech_model="mars-8.1-flash-beta", inference_options={"acoustic_quality_boost": False}),
            ["inference_options", "acoustic_quality_boost"],
        ),
    ],
)
async def test_speech_takes_nothing_else(camb, client, body, where):
    reply = await client.post("/tts-stream", body)

    assert reply.status_code == 422
    assert reply.headers["Content-Type"] == "application/json"
    assert [wrong["loc"] for wrong in reply.json()["detail"]] == [["body", *where]]
    assert camb.ledger.accepted == []


@pytest.mark.parametrize(
    ("speech_format", "content_type", "container"),
    [
        ("wav", "audio/wav", "WAV"),
        ("flac", "audio/flac", "FLAC"),
        ("mp3", "audio/mpeg", "MP3"),
        (None, "audio/mpeg", "MP3"),
    ],
)
async def test_speech_is_streamed_in_the_format_asked_for(client, speech_format, content_type, container):
    asked = {"output_configuration": {"format": speech_format}} if speech_format else {}
    reply = await client.post("/tts-stream", line(speech_model="mars-pro", **asked))

    assert reply.headers["Content-Type"] == content_type
    assert reply.headers["Transfer-Encoding"] == "chunked"
    info = info_of(reply.content)
    assert (info.format, info.samplerate, info.channels) == (container, 48_000, 1)


@pytest.mark.parametrize(
    ("speech_format", "dtype", "full_scale"),
    [
        ("pcm_s16le", "<i2", 2**15),
        ("pcm_s16be", ">i2", 2**15),
        ("pcm_s32le", "<i4", 2**31),
        ("pcm_s32be", ">i4", 2**31),
        ("pcm_f32le", "<f4", 1),
        ("pcm_f32be", ">f4", 1),
    ],
)
async def test_headerless_speech_has_the_samples_it_promises(client, speech_format, dtype, full_scale):
    body = line(output_configuration={"format": speech_format, "sample_rate": 24_000})

    content = (await client.post("/tts-stream", body)).content

    samples = np.frombuffer(content, dtype).astype(np.float64) / full_scale
    assert len(samples) == 6_000
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.01)


async def test_speech_has_the_rate_length_and_pace_asked_for(client):
    async def told(**settings: Any) -> Any:
        return info_of((await client.post("/tts-stream", line(speech_model="mars-flash", **settings))).content)

    plain = await told(output_configuration={"format": "wav"})
    long = await told(output_configuration={"format": "wav", "duration": 1.5, "sample_rate": 16_000})
    fast = await told(output_configuration={"format": "wav"}, voice_settings={"speaking_rate": 2})

    assert (plain.samplerate, plain.duration) == (22_050, pytest.approx(0.25, abs=0.001))
    assert (long.samplerate, long.duration) == (16_000, 1.5)
    assert fast.duration == pytest.approx(0.125, abs=0.001)


async def test_aac_is_a_stream_of_adts_frames(client):
    reply = await client.post("/tts-stream", line(output_configuration={"format": "adts"}))

    assert reply.content[:2] == b"\xff\xf1"
    assert reply.headers["Content-Type"] == "audio/aac"


async def test_speech_is_charged_each_time_and_tells_its_cost(camb, client):
    reply = await client.post("/tts-stream", line(text="x" * 100))
    await client.post("/tts-stream", line(text="x" * 100))
    camb.behaviour.with_credits = False
    silent = await client.post("/tts-stream", line())

    assert Decimal(reply.headers["X-Credits-Required"]) == 2
    assert [charge.amount_usd for charge in camb.ledger.charges[:2]] == [Decimal("0.002")] * 2
    assert "X-Credits-Required" not in silent.headers


async def test_an_unknown_voice_or_no_credit_is_refused_in_json(http):
    async with CambServer(balance=Decimal("0.0001")) as camb:
        client = Client(camb, http)

        unknown, poor = await client.post("/tts-stream", line(voice_id=1)), await client.post("/tts-stream", line())

        assert (unknown.status_code, unknown.json()) == (404, {"detail": "Voice not found"})
        assert poor.status_code == 402
        assert camb.ledger.charges == []


async def test_half_of_the_speech_can_be_held_back(camb, http):
    camb.behaviour.speech_wav_size = 0xFFFFFFFF
    hold = camb.faults.at("speech", HoldAfter(0.5))
    body = line(output_configuration={"format": "wav"})
    whole_bytes = 44 + 2 * round(0.25 * 22_050)

    async with http.stream("POST", f"{camb.url}/tts-stream", json=body, headers=_KEY) as reply:
        blocks = reply.aiter_bytes()
        await hold.reached.wait()
        first = b""
        while len(first) < whole_bytes // 2:
            first += await anext(blocks)
        hold.release()
        rest = b"".join([block async for block in blocks])

    assert first[4:8] == first[40:44] == b"\xff" * 4
    assert (len(first), len(first + rest)) == (whole_bytes // 2, whole_bytes)


# --- voices and languages


async def test_voices_and_languages_are_bare_lists(client):
    voices = (await client.get("/list-voices")).json()
    sources, targets = [(await client.get(f"/{kind}-languages")).json() for kind in ("source", "target")]

    assert voices[0] == {
        "id": 147320,
        "voice_name": "Narrator A",
        "gender": 2,
        "age": 35,
        "language": 1,
        "transcript": None,
        "description": "Warm",
        "is_published": True,
        "signed_url": None,
    }
    assert all({"id", "voice_name"} <= set(voice) for voice in voices)
    assert sources == targets
    assert sources[0] == {"id": 1, "language": "English (United States)", "short_name": "en-us"}


async def test_a_custom_voice_is_made_from_a_clip_and_speaks(camb, client, http):
    clip = Sound("wav", 16_000, 1, 0.5).encoded()
    fields = {"voice_name": "Ada", "gender": "2", "age": "30", "enhance_audio": "true"}

    made = await http.post(
        f"{camb.url}/create-custom-voice", data=fields, files={"file": ("ada.wav", clip, "audio/wav")}, headers=_KEY
    )

    voice_id = made.json()["voice_id"]
    assert (await client.get("/list-voices")).json()[-1]["id"] == voice_id == 99001
    assert camb.voices[-1]["is_published"] is False
    assert (await client.post("/tts-stream", line(voice_id=voice_id))).status_code == 200


@pytest.mark.parametrize(
    ("fields", "clip", "status"),
    [
        ({"gender": "2"}, b"RIFF", 422),
        ({"voice_name": "Ada"}, b"RIFF", 422),
        ({"voice_name": "Ada", "gender": "female"}, b"RIFF", 422),
        ({"voice_name": "Ada", "gender": "3"}, b"RIFF", 422),
        ({"voice_name": "Ada", "gender": "2", "publish_voice_to_market_place": "yes"}, b"RIFF", 422),
        ({"voice_name": "Ada", "gender": "2", "surprise": "1"}, b"RIFF", 422),
        ({"voice_name": "Ada", "gender": "2"}, None, 422),
        ({"voice_name": "Ada", "gender": "2"}, b"no audio", 400),
    ],
)
async def test_a_custom_voice_is_made_of_nothing_else(camb, http, fields, clip, status):
    files = {"file": ("ada.wav", clip, "audio/wav")} if clip is not None else {"other": ("", b"")}

    reply = await http.post(f"{camb.url}/create-custom-voice", data=fields, files=files, headers=_KEY)

    assert reply.status_code == status
    assert len(camb.voices) == 3
