"""Runware on loopback keeps to Runware's documents. The tables here are written down anew, not the server's own."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
from decimal import Decimal
from typing import Any
from uuid import uuid1, uuid4

import httpx
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.faults import Drop, Hold, Instead
from tests.servers.pace import PollDriven, TimeDriven
from tests.servers.runware import KEY, RunwareServer
from tests.servers.runware_jobs import PROVIDER_TIMEOUT, UNSAFE, Failure

_BEARER = {"Authorization": f"Bearer {KEY}"}
_WAV = base64.b64encode(b"RIFF\x24\x00\x00\x00WAVE").decode()
_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n invented").decode()
_MP3_KBPS = {
    **dict.fromkeys((8000, 11025, 12000), (8, 64)),
    **dict.fromkeys((16000, 22050, 24000), (8, 160)),
    **dict.fromkeys((32000, 44100, 48000), (32, 320)),
}
_OGG_MONO_KBPS = {8000: (8, 40), 12000: (16, 48), 16000: (16, 96), 24000: (16, 80), 48000: (32, 224)}
_OGG_STEREO_KBPS = {8000: (16, 80), 12000: (16, 96), 16000: (24, 192), 24000: (32, 160), 48000: (48, 256)}
_RATES_HZ = sorted({*_MP3_KBPS, *_OGG_STEREO_KBPS, 96000})

PLAN = {
    "positiveGlobalStyles": ["tense", "low strings"],
    "negativeGlobalStyles": [],
    "sections": [
        {"sectionName": "rise", "positiveLocalStyles": [], "negativeLocalStyles": [], "duration": 12, "lines": []},
        {"sectionName": "hit", "positiveLocalStyles": [], "negativeLocalStyles": [], "duration": 8, "lines": []},
    ],
}


def seed_audio(**fields: Any) -> dict[str, Any]:
    return {
        "taskType": "audioInference",
        "taskUUID": str(uuid4()),
        "model": "bytedance:seed-audio@1.0",
        "positivePrompt": "Rain on a tin roof",
        "deliveryMethod": "async",
        "includeCost": True,
    } | fields


def music(**fields: Any) -> dict[str, Any]:
    return seed_audio(model="elevenlabs:1@1", positivePrompt="Low drone", duration=10) | fields


def composed(plan: dict[str, Any], provider: str = "elevenlabs", **fields: Any) -> dict[str, Any]:
    task = music(providerSettings={provider: {"music": {"compositionPlan": plan}}}) | fields
    return {name: value for name, value in task.items() if name in fields or name not in {"positivePrompt", "duration"}}


def without(task: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in task.items() if key != name}


class Client:
    """Sends tasks, and nothing else."""

    def __init__(self, server: RunwareServer, http: httpx.AsyncClient) -> None:
        self._server = server
        self._http = http

    async def post(self, *tasks: dict[str, Any]) -> httpx.Response:
        return await self._http.post(self._server.url, json=list(tasks), headers=_BEARER)

    async def do(self, kind: str, **fields: Any) -> dict[str, Any]:
        return (await self.post({"taskType": kind, "taskUUID": str(uuid4())} | fields)).json()

    async def poll(self, task: dict[str, Any]) -> dict[str, Any]:
        return await self.do("getResponse", taskUUID=task["taskUUID"])

    async def finish(self, task: dict[str, Any]) -> dict[str, Any]:
        """Submit and poll until nothing runs any more."""
        assert (await self.post(task)).status_code == 200
        for _ in range(20):
            body = await self.poll(task)
            if all(item["status"] in {"success", "error"} for item in body["data"]):
                return body
        raise AssertionError("the task never ends")

    async def code(self, *tasks: dict[str, Any]) -> str:
        """The code of the first error, after checking that nothing was accepted."""
        reply = await self.post(*tasks)
        assert reply.status_code == 400
        assert self._server.jobs == {}
        assert self._server.ledger.accepted == []
        return reply.json()["errors"][0]["code"]


@pytest.fixture
def client(runware, http):
    return Client(runware, http)


# --- the door


async def test_a_key_may_come_as_bearer_or_as_a_leading_task(runware, http):
    ping = {"taskType": "ping", "taskUUID": str(uuid4())}
    as_task = {"taskType": "authentication", "apiKey": KEY}

    replies = [
        await http.post(runware.url, json=[ping], headers=_BEARER),
        await http.post(runware.url, json=[as_task, ping]),
    ]

    for reply in replies:
        assert reply.json() == {"data": [{**ping, "pong": True}]}
    assert (await http.post(runware.url, json=[as_task])).json() == {"data": []}
    assert {seen.key for seen in runware.requests} == {"right"}
    assert KEY not in repr(runware.requests)


async def test_a_key_in_the_body_is_never_recorded(runware, http):
    runware.faults.at("ping", Instead(503))
    body = [{"taskType": "authentication", "apiKey": KEY}, {"taskType": "ping", "taskUUID": str(uuid4())}]

    await http.post(runware.url, json=body)

    assert KEY not in repr(runware.requests)
    assert runware.requests[0].body[0] == {"taskType": "authentication", "apiKey": "right"}


@pytest.mark.parametrize(
    ("headers", "first", "code"),
    [
        ({}, [], "missingApiKey"),
        ({"Authorization": "Bearer other"}, [], "invalidApiKey"),
        ({"Authorization": f"Basic {KEY}"}, [], "invalidApiKey"),
        ({}, [{"taskType": "authentication", "apiKey": "other"}], "invalidApiKey"),
    ],
)
async def test_other_keys_open_nothing(runware, http, headers, first, code):
    reply = await http.post(runware.url, json=[*first, seed_audio()], headers=headers)

    assert reply.status_code == 401
    assert [(e["code"], e["parameter"], e["taskType"]) for e in reply.json()["errors"]] == [
        (code, "apiKey", "authentication")
    ]
    assert runware.jobs == {}


@pytest.mark.parametrize("content", [b"{}", b"[]", b"[1]", b"null", b"not json", b'[{"ttl": NaN}]', b"\xff"])
async def test_the_body_must_be_an_array_of_tasks(runware, http, content):
    reply = await http.post(runware.url, content=content, headers={**_BEARER, "Content-Type": "application/json"})

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "invalidParameter"


async def test_there_is_one_path_and_one_method(runware, http):
    assert (await http.get(runware.url, headers=_BEARER)).status_code == 405
    assert (await http.post(f"{runware.url}/", json=[seed_audio()], headers=_BEARER)).status_code == 404
    assert (await http.post(f"{runware.origin}/v1/audio", json=[seed_audio()], headers=_BEARER)).status_code == 404
    assert (await http.post(runware.url, content=b"[]", headers=_BEARER)).status_code == 415


# --- what Seed Audio accepts


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"positivePrompt": "x" * 2048},
        {"positivePrompt": "🌧" * 2048},
        {"outputFormat": "WAV"},
        {"outputFormat": "flac"},
        {"outputType": "dataURI"},
        {"numberResults": 4},
        {"ttl": 60},
        {"speech": {"volume": -50, "speed": 100, "pitch": -12}},
        {"speech": {"volume": 100, "speed": -50, "pitch": 12}},
        {"inputs": {"referenceAudios": ["https://media.example.org/a.wav"] * 3}},
        {"inputs": {"referenceImages": [_PNG]}},
        {"inputs": {"referenceImages": [f"data:image/png;base64,{_PNG}"]}},
        {"uploadEndpoint": "https://bucket.example.org/x?sig=1", "numberResults": 2},
        {"webhookURL": "https://hook.example.org/"},
        {"audioSettings": {"channels": 1}},
    ],
)
async def test_seed_audio_takes_what_its_page_lists(client, fields):
    task = seed_audio(**fields)

    reply = await client.post(task)

    assert reply.status_code == 200
    assert reply.json() == {"data": [{"taskType": "audioInference", "taskUUID": task["taskUUID"]}]}


@pytest.mark.parametrize(
    ("fields", "code", "parameter"),
    [
        ({"positivePrompt": ""}, "missingPositivePrompt", "positivePrompt"),
        ({"positivePrompt": "  \n"}, "missingPositivePrompt", "positivePrompt"),
        ({"positivePrompt": "x" * 2049}, "invalidPositivePromptLength", "positivePrompt"),
        ({"positivePrompt": 5}, "invalidPositivePrompt", "positivePrompt"),
        ({"positivePrompt": None}, "invalidPositivePrompt", "positivePrompt"),
        ({"taskUUID": "5"}, "invalidParameter", "taskUUID"),
        ({"taskUUID": str(uuid1())}, "invalidParameter", "taskUUID"),
        ({"duration": 10}, "unsupportedParameter", "duration"),
        ({"seed": 1}, "unsupportedParameter", "seed"),
        ({"negativePrompt": "x"}, "unsupportedParameter", "negativePrompt"),
        ({"settings": {}}, "unsupportedParameter", "settings"),
        ({"providerSettings": {}}, "unsupportedParameter", "providerSettings"),
        ({"speech": {"voice": "x"}}, "unsupportedParameter", "speech.voice"),
        ({"speech": {"speed": 1.0}}, "invalidParameter", "speech.speed"),
        ({"speech": {"pitch": True}}, "invalidParameter", "speech.pitch"),
        ({"speech": {"pitch": 13}}, "invalidParameter", "speech.pitch"),
        ({"speech": {"volume": -51}}, "invalidParameter", "speech.volume"),
        ({"speech": None}, "invalidParameter", "speech"),
        ({"numberResults": 0}, "invalidParameter", "numberResults"),
        ({"numberResults": 5}, "invalidParameter", "numberResults"),
        ({"numberResults": True}, "invalidParameter", "numberResults"),
        ({"numberResults": 2.0}, "invalidParameter", "numberResults"),
        ({"outputFormat": "OPUS"}, "invalidParameter", "outputFormat"),
        ({"outputType": "url"}, "invalidParameter", "outputType"),
        ({"deliveryMethod": "later"}, "invalidParameter", "deliveryMethod"),
        ({"includeCost": 1}, "invalidParameter", "includeCost"),
        ({"ttl": 59}, "invalidParameter", "ttl"),
        ({"ttl": 60.0}, "invalidParameter", "ttl"),
        ({"ttl": 60, "outputType": "base64Data"}, "incompatibleParameters", ["ttl", "outputType"]),
        ({"outputFormat": "WAV", "audioSettings": {}}, "incompatibleParameters", ["audioSettings", "outputFormat"]),
        (
            {"outputFormat": "FLAC", "audioSettings": {"channels": 2}},
            "incompatibleParameters",
            ["audioSettings", "outputFormat"],
        ),
        ({"audioSettings": {"bitrate": 128}}, "missingSampleRate", "audioSettings.sampleRate"),
        ({"audioSettings": {"channels": 3}}, "invalidParameter", "audioSettings.channels"),
        ({"audioSettings": {"quality": 3}}, "unsupportedParameter", "audioSettings.quality"),
        ({"inputs": {"referenceAudios": []}}, "arrayTooSmall", "inputs.referenceAudios"),
        ({"inputs": {"referenceAudios": ["https://a.example/"] * 4}}, "invalidParameter", "inputs.referenceAudios"),
        ({"inputs": {"referenceImages": ["https://a.example/"] * 2}}, "invalidParameter", "inputs.referenceImages"),
        ({"inputs": {"referenceAudios": [_WAV]}}, "invalidParameter", "inputs.referenceAudios[0]"),
        (
            {"inputs": {"referenceAudios": [f"data:audio/wav;base64,{_WAV}"]}},
            "invalidParameter",
            "inputs.referenceAudios[0]",
        ),
        ({"inputs": {"referenceAudios": [str(uuid4())]}}, "mediaNotFound", "inputs.referenceAudios[0]"),
        ({"inputs": {"referenceImages": [str(uuid4())]}}, "mediaNotFound", "inputs.referenceImages[0]"),
        (
            {"inputs": {"referenceImages": [_PNG], "referenceAudios": ["https://a.example/"]}},
            "incompatibleParameters",
            ["inputs.referenceAudios", "inputs.referenceImages"],
        ),
        ({"webhookURL": "ftp://a.example/"}, "invalidParameter", "webhookURL"),
        ({"model": "seed-audio"}, "modelNotFound", "model"),
        ({"taskType": "soundInference"}, "unsupportedTaskType", "taskType"),
    ],
)
async def test_seed_audio_refuses_everything_else_and_keeps_nothing(client, runware, fields, code, parameter):
    task = seed_audio(**fields)

    reply = await client.post(task)

    assert reply.status_code == 400
    assert list(reply.json()) == ["errors"]
    assert [(error["code"], error["parameter"]) for error in reply.json()["errors"]] == [(code, parameter)]
    assert reply.json()["errors"][0]["taskUUID"] == task["taskUUID"]
    assert runware.jobs == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [("taskUUID", "missingTaskUUID"), ("model", "missingModel"), ("positivePrompt", "missingPositivePrompt")],
)
async def test_required_fields_are_required(client, name, code):
    assert await client.code(without(seed_audio(), name)) == code


_settings = st.fixed_dictionaries(
    {
        "sampleRate": st.sampled_from(_RATES_HZ),
        "bitrate": st.one_of(st.integers(-5, 400), st.sampled_from([8, 40, 96])),
    },
    optional={"channels": st.sampled_from([1, 2])},
)


@given(_settings, st.sampled_from(["MP3", "OGG"]))
@settings(max_examples=300)
def test_lossy_settings_are_accepted_exactly_where_the_tables_have_a_row(
    runware_in_thread, plain, given_settings, kind
):
    channels = given_settings.get("channels", 2)
    table = _MP3_KBPS if kind == "MP3" else {1: _OGG_MONO_KBPS, 2: _OGG_STEREO_KBPS}[channels]
    least, most = table.get(given_settings["sampleRate"], (1, 0))

    status = _asked(runware_in_thread, plain, seed_audio(outputFormat=kind, audioSettings=given_settings))

    assert status == (200 if least <= given_settings["bitrate"] <= most else 400)


@given(
    st.dictionaries(
        st.sampled_from(["volume", "speed", "pitch"]),
        st.one_of(st.integers(-120, 120), st.floats(-60, 60), st.booleans()),
    )
)
@settings(max_examples=200)
def test_speech_takes_integers_in_their_ranges_only(runware_in_thread, plain, speech):
    reach = {"volume": (-50, 100), "speed": (-50, 100), "pitch": (-12, 12)}
    good = all(type(value) is int and reach[name][0] <= value <= reach[name][1] for name, value in speech.items())

    assert _asked(runware_in_thread, plain, seed_audio(speech=speech)) == (200 if good else 400)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["taskType", "taskUUID", "model", "positivePrompt", "audioSettings", "inputs", "speech", "ttl", "duration",
     "providerSettings", "outputFormat", "numberResults", "operation", "media", "image", "apiKey"]
)  # fmt: skip


@given(st.lists(st.dictionaries(_names, _json, max_size=4), max_size=3) | _json, st.sampled_from(range(5)))
@settings(max_examples=300)
def test_no_body_confuses_the_server(runware_in_thread, plain, body, kind):
    kinds = ["audioInference", "mediaStorage", "getResponse", "imageUpload", "accountManagement"]
    if isinstance(body, list):
        body = [{"taskType": kinds[kind], **task} if isinstance(task, dict) else task for task in body]

    content = json.dumps(body).encode()
    reply = plain.post(runware_in_thread.url, content=content, headers={**_BEARER, "Content-Type": "application/json"})

    assert reply.status_code in {200, 400, 401, 404}
    assert reply.json()


def _asked(server: RunwareServer, plain: httpx.Client, task: dict[str, Any]) -> int:
    server.ledger.opening_balance_usd += 1
    return plain.post(server.url, json=[task], headers=_BEARER).status_code


# --- other models


@pytest.mark.parametrize(
    "task",
    [
        music(),
        music(duration=300.0, numberResults=3),
        music(outputFormat="OGG"),
        music(outputFormat="WAV"),
        music(audioSettings={"sampleRate": 22050, "bitrate": 192}),
        composed(PLAN),
        composed(PLAN, outputFormat="MP3"),
    ],
)
async def test_eleven_music_takes_a_prompt_with_a_length_or_a_plan(client, task):
    assert (await client.post(task)).status_code == 200


def _with_section(**fields: Any) -> dict[str, Any]:
    return PLAN | {"sections": [PLAN["sections"][0] | fields]}


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (without(music(), "duration"), "missingDuration"),
        (without(music(), "positivePrompt"), "missingPositivePrompt"),
        (music(duration=9.9), "unsupportedDuration"),
        (music(duration="10"), "invalidParameter"),
        (music(numberResults=4), "invalidParameter"),
        (music(speech={"speed": 1}), "unsupportedParameter"),
        (music(audioSettings={"sampleRate": 44100, "bitrate": 128, "channels": 2}), "unsupportedParameter"),
        (music(audioSettings={"sampleRate": 48000, "bitrate": 128}), "invalidParameter"),
        (music(audioSettings={"sampleRate": 44100, "bitrate": 160}), "invalidParameter"),
        (music(audioSettings={}, outputFormat="FLAC"), "incompatibleParameters"),
        (composed(PLAN, duration=20), "incompatibleParameters"),
        (composed(PLAN, positivePrompt="x"), "incompatibleParameters"),
        (composed(PLAN, provider="minimax"), "mismatchProviderSettingsProvider"),
        (composed(PLAN, provider="invented"), "unknownProviderSettingsProvider"),
        (composed(without(PLAN, "negativeGlobalStyles")), "missingNegativeGlobalStyles"),
        (composed(PLAN | {"sections": []}), "arrayTooSmall"),
        (composed(_with_section(duration=2)), "invalidParameter"),
        (composed(_with_section(duration=121)), "invalidParameter"),
        (composed(_with_section(duration=3.0)), "invalidParameter"),
        (composed(_with_section(sectionName="x" * 101)), "invalidParameter"),
        (composed(_with_section(lines="la")), "invalidParameter"),
        (composed(_with_section(key="C")), "unsupportedParameter"),
    ],
)
async def test_eleven_music_refuses_everything_else(client, task, code):
    assert await client.code(task) == code


async def test_a_length_that_is_too_long_is_refused_in_the_documented_words(client):
    [error] = (await client.post(music(duration=301))).json()["errors"]

    assert (error["code"], error["parameter"], error["type"]) == ("unsupportedDuration", "duration", "float")
    assert "request-duration" in error["documentation"]


async def test_unlisted_models_take_the_common_fields(client, runware):
    runware.missing_models.add("mirelo:sfx@1.6")
    task = seed_audio(model="runware:ace-step@v1.5-turbo", duration=30.5, seed=3, settings={"bpm": 90})

    assert (await client.code(task | {"model": "mirelo:sfx@1.6"})) == "modelNotFound"
    assert (await client.code(task | {"bpm": 90})) == "unsupportedParameter"
    assert (await client.code(task | {"duration": 301})) == "unsupportedDuration"
    assert (await client.post(task)).status_code == 200


# --- the life of a task


async def test_results_become_ready_one_by_one_and_answers_are_cumulative(client, runware):
    task = seed_audio(numberResults=3)
    await client.post(task)

    polls = [await client.poll(task) for _ in range(5)]

    ready = [[item["audioUUID"] for item in poll["data"] if item["status"] == "success"] for poll in polls]
    assert [len(uuids) for uuids in ready] == [0, 1, 2, 3, 3]
    assert all(set(before) <= set(after) for before, after in itertools.pairwise(ready))
    assert {item["taskType"] for poll in polls for item in poll["data"]} == {"audioInference"}
    assert [len(poll["data"]) for poll in polls] == [3] * 5
    assert len({item["seed"] for item in polls[-1]["data"]}) == 3


async def test_each_result_is_charged_once_when_it_is_ready(client, runware):
    body = await client.finish(task := seed_audio(numberResults=2))
    await client.poll(task)

    charges = runware.ledger.charges
    each = (Decimal("0.158") * Decimal("0.25") / 60).quantize(Decimal("0.000001"))
    assert [charge.amount_usd for charge in charges] == [each, each]
    assert [item["cost"] for item in body["data"]] == [float(each)] * 2
    assert {charge.task for charge in charges} == {task["taskUUID"]}
    assert runware.ledger.reserved_usd == {}


async def test_music_is_charged_by_the_length_asked_for(http):
    async with RunwareServer(honours_duration=True) as server:
        [item] = (await Client(server, http).finish(music(duration=12)))["data"]

    assert item["cost"] == pytest.approx(0.08)


async def test_a_task_that_is_never_asked_about_is_paid_all_the_same(client, runware):
    await client.post(seed_audio(numberResults=2))
    assert runware.ledger.charges == []

    runware.settle()

    assert len(runware.ledger.charges) == 2


async def test_cost_is_told_only_when_asked_for(client):
    [item] = (await client.finish(without(seed_audio(), "includeCost")))["data"]

    assert "cost" not in item


async def test_a_used_id_is_a_conflict_and_costs_nothing_more(client, runware):
    await client.finish(task := seed_audio())

    for body in (task, task | {"taskUUID": task["taskUUID"].upper()}, task | {"positivePrompt": ""}):
        reply = await client.post(body)
        assert reply.status_code == 400
        assert reply.json()["data"] == []
        assert [error["code"] for error in reply.json()["errors"]] == ["conflictTaskUUID"]
    runware.settle()
    assert len(runware.ledger.charges) == 1


async def test_an_id_refused_in_validation_is_free(client):
    task = seed_audio(ttl=1)
    assert (await client.post(task)).status_code == 400

    assert (await client.post(without(task, "ttl"))).status_code == 200


async def test_a_lost_answer_can_be_recovered_by_asking(client, runware):
    runware.faults.at("submit", Drop(processed=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(task := seed_audio())

    await client.poll(task)
    [item] = (await client.poll(task))["data"]

    assert item["status"] == "success"
    assert [error["code"] for error in (await client.post(task)).json()["errors"]] == ["conflictTaskUUID"]
    assert len(runware.ledger.charges) == 1


async def test_a_connection_lost_before_the_work_leaves_no_trace(client, runware):
    runware.faults.at("submit", Drop())
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(task := seed_audio())

    assert (await client.poll(task)) == {"data": []}
    assert runware.jobs == {}


async def test_server_errors_come_before_or_after_the_work(client, runware):
    runware.faults.at("submit", Instead(503))
    runware.faults.at("submit", Instead(500, {"errors": []}, processed=True))
    tasks = [seed_audio(), seed_audio()]

    statuses = [(await client.post(task)).status_code for task in tasks]

    assert statuses == [503, 500]
    assert list(runware.jobs) == [tasks[1]["taskUUID"]]


async def test_a_held_submit_is_accepted_when_it_is_released(client, runware):
    hold = runware.faults.at("submit", Hold())
    pending = asyncio.create_task(client.post(seed_audio()))
    await hold.reached.wait()
    assert runware.jobs == {}

    hold.release()

    assert (await pending).status_code == 200
    assert len(runware.jobs) == 1


async def test_an_acknowledgement_may_be_empty(client, runware):
    runware.ack_empty = True

    assert (await client.post(seed_audio())).json() == {"data": []}


async def test_a_balance_that_is_too_low_is_402_and_nothing_is_kept(http):
    async with RunwareServer(balance=Decimal("0.012"), result_seconds=2) as server:
        client = Client(server, http)
        too_many = await client.post(task := seed_audio(numberResults=3))
        assert (await client.post(task | {"numberResults": 2})).status_code == 200
        one_more = await client.post(seed_audio())

    assert [reply.status_code for reply in (too_many, one_more)] == [402, 402]
    assert too_many.json()["errors"][0]["code"] == "insufficientCredits"
    assert list(server.jobs) == [task["taskUUID"]]


async def test_sync_answers_hold_the_results_without_a_status(client, runware):
    task = without(seed_audio(numberResults=2), "deliveryMethod")

    body = (await client.post(task)).json()

    assert len({item["audioUUID"] for item in body["data"]}) == 2
    assert all("status" not in item for item in body["data"])
    assert len(runware.ledger.charges) == 2


async def test_a_sync_window_may_end_before_the_work(client, runware):
    runware.behaviour.sync_window_ends = True

    reply = await client.post(task := seed_audio(deliveryMethod="sync"))

    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (504, "timeout")
    await client.poll(task)
    assert (await client.poll(task))["data"][0]["status"] == "success"


async def test_batches_hold_what_was_accepted_beside_what_was_not(client):
    tasks = [seed_audio(), seed_audio(ttl=1), {"taskType": "ping", "taskUUID": str(uuid4())}]

    reply = await client.post(*tasks)

    assert reply.status_code == 200
    assert [item["taskUUID"] for item in reply.json()["data"]] == [tasks[0]["taskUUID"], tasks[2]["taskUUID"]]
    assert [error["taskUUID"] for error in reply.json()["errors"]] == [tasks[1]["taskUUID"]]
    assert (await client.post(seed_audio(ttl=1), seed_audio(ttl=1))).status_code == 400


async def test_results_can_be_driven_by_time(http):
    async with RunwareServer(result_seconds=0.1, pace=TimeDriven(60, 10)) as server:
        client = Client(server, http)
        await client.post(task := seed_audio(numberResults=2))
        early = await client.poll(task)
        server.clock.advance(61)
        partly = await client.poll(task)
        server.clock.advance(10)
        await asyncio.sleep(0.5)  # charges fall due without a poll
        charges = len(server.ledger.charges)

    assert [item["status"] for item in early["data"]] == ["processing"] * 2
    assert [item["status"] for item in partly["data"]] == ["success", "processing"]
    assert charges == 2


async def test_details_hold_the_request_and_its_results(client):
    await client.finish(task := seed_audio())

    [item] = (await client.do("getTaskDetails", taskUUID=task["taskUUID"]))["data"]

    assert item["request"] == [task]
    assert item["response"]["data"][0]["audioURL"].startswith("http://127.0.0.1:")
    assert (await client.do("getTaskDetails"))["errors"][0]["code"] == "taskNotFound"


# --- what results look like


@pytest.mark.parametrize(
    ("fields", "rate_hz", "channels", "subtype"),
    [
        ({}, 44100, 2, "MPEG_LAYER_III"),
        ({"audioSettings": {"sampleRate": 8000, "bitrate": 64, "channels": 1}}, 8000, 1, "MPEG_LAYER_III"),
        ({"outputFormat": "WAV"}, 44100, 2, "PCM_16"),
        ({"outputFormat": "FLAC"}, 44100, 2, "PCM_16"),
        (
            {"outputFormat": "OGG", "audioSettings": {"sampleRate": 16000, "bitrate": 96, "channels": 1}},
            16000,
            1,
            "VORBIS",
        ),
    ],
)
async def test_files_are_as_asked_for(client, runware, http, fields, rate_hz, channels, subtype):
    [item] = (await client.finish(seed_audio(**fields)))["data"]

    reply = await http.get(item["audioURL"])

    with soundfile.SoundFile(io.BytesIO(reply.content)) as file:
        assert (file.samplerate, file.channels, file.subtype) == (rate_hz, channels, subtype)
        assert file.frames == pytest.approx(rate_hz / 4, abs=1)
    assert httpx.URL(item["audioURL"]).port != httpx.URL(runware.url).port
    assert runware.files.violations == []


async def test_ogg_may_hold_opus(http):
    async with RunwareServer(result_seconds=0.2, ogg="opus") as server:
        [item] = (await Client(server, http).finish(seed_audio(outputFormat="OGG")))["data"]
        content = (await http.get(item["audioURL"])).content

    assert b"OpusHead" in content[:64]


async def test_results_come_as_link_base64_or_data_uri(client, http):
    bodies = [await client.finish(seed_audio(outputType=kind)) for kind in ("URL", "base64Data", "dataURI")]

    link, plain, uri = (body["data"][0] for body in bodies)
    assert "audioURL" in link
    assert "audioBase64Data" not in link
    assert base64.b64decode(plain["audioBase64Data"], validate=True)[:1] == b"\xff"
    assert uri["audioDataURI"].startswith("data:audio/mpeg;base64,")
    assert (await http.get(link["audioURL"])).content != base64.b64decode(plain["audioBase64Data"])


async def test_links_end_after_their_ttl(client, runware, http):
    [short] = (await client.finish(seed_audio(ttl=60)))["data"]
    [usual] = (await client.finish(seed_audio()))["data"]

    runware.clock.advance(60)

    assert (await http.get(short["audioURL"])).status_code == 404
    assert (await http.get(usual["audioURL"])).status_code == 200
    runware.clock.advance(3600)
    assert (await http.get(usual["audioURL"])).status_code == 404


async def test_the_bearer_header_at_the_file_host_is_a_violation(client, runware, http):
    [item] = (await client.finish(seed_audio()))["data"]

    assert (await http.get(item["audioURL"], headers=_BEARER)).status_code == 400
    assert len(runware.files.violations) == 1


async def test_one_result_may_fail_beside_its_siblings(client, runware):
    runware.behaviour.failing = {1: PROVIDER_TIMEOUT}

    body = await client.finish(task := seed_audio(numberResults=3))

    assert [item["status"] for item in body["data"]] == ["success", "success"]
    [error] = body["errors"]
    assert (error["code"], error["status"], error["taskUUID"]) == ("timeoutProvider", "error", task["taskUUID"])
    assert len(runware.ledger.charges) == 2
    assert runware.ledger.reserved_usd == {}


async def test_one_error_may_stand_for_all_results(client, runware):
    runware.behaviour.whole_failure = UNSAFE

    body = await client.finish(seed_audio(numberResults=3))

    assert body["data"] == []
    assert [error["code"] for error in body["errors"]] == ["providerContentPolicyViolation"]
    assert body["errors"][0]["responseContent"]
    assert runware.ledger.charges == []


async def test_errors_may_lie_in_data_or_be_one_object(client, runware):
    runware.behaviour.failing = {0: Failure("providerError", "upstream broke", {"parameter": ["a", "b"]})}
    runware.behaviour.errors_in_data = True
    nested = await client.finish(seed_audio())
    runware.behaviour.errors_in_data = False
    runware.behaviour.errors_as_object = True
    single = await client.finish(seed_audio())

    assert "errors" not in nested
    assert nested["data"][0]["error"]["code"] == "providerError"
    assert single["errors"]["parameter"] == ["a", "b"]


async def test_a_task_may_be_refused_for_its_content(client, runware):
    runware.behaviour.refusal = UNSAFE

    assert await client.code(seed_audio()) == "providerContentPolicyViolation"


async def test_finished_items_may_be_odd(client, runware):
    odd = runware.behaviour
    odd.with_cost = odd.with_audio_uuid = odd.with_file = False
    odd.duplicated = odd.reordered = odd.with_result_index = True
    odd.extra = {"surprise": {"deep": [1]}}

    body = await client.finish(seed_audio(numberResults=2))

    assert [item["resultIndex"] for item in body["data"]] == [1, 1, 0, 0]
    assert all(set(item) & {"cost", "audioUUID", "audioURL"} == set() for item in body["data"])
    assert all(item["surprise"] == {"deep": [1]} for item in body["data"])


@pytest.mark.parametrize("word", ["pending", "queued", "dreaming"])
async def test_what_runs_may_be_called_otherwise(client, runware, word):
    runware.behaviour.running_word = word
    runware.behaviour.progress = True
    await client.post(task := seed_audio())

    [item] = (await client.poll(task))["data"]

    assert (item["status"], item["progress"]) == (word, 0)


async def test_a_job_keeps_the_behaviour_of_its_acceptance(client, runware):
    runware.behaviour.whole_failure = PROVIDER_TIMEOUT
    await client.post(doomed := seed_audio())
    runware.behaviour.whole_failure = None
    await client.post(fine := seed_audio())

    for _ in range(2):
        bodies = [await client.poll(doomed), await client.poll(fine)]

    assert bodies[0]["errors"]
    assert bodies[1]["data"][0]["status"] == "success"


async def test_finished_files_are_put_and_posted_where_the_task_says(client, runware, http):
    inbox = runware.files.inbox_url
    body = await client.finish(seed_audio(uploadEndpoint=f"{inbox}put?sig=1", webhookURL=f"{inbox}hook"))

    put, post = runware.files.received

    assert put.content == (await http.get(body["data"][0]["audioURL"])).content
    assert (put.method, put.query, put.headers["content-type"]) == ("PUT", {"sig": "1"}, "audio/mpeg")
    assert post.body == without(body["data"][0], "status")


# --- stored media, account


@pytest.mark.parametrize("given", [_WAV, f"data:audio/wav;base64,{_WAV}"])
async def test_uploads_are_kept_and_can_be_referred_to(client, runware, http, given):
    [item] = (await client.do("mediaStorage", operation="upload", media=given))["data"]
    reference = seed_audio(inputs={"referenceAudios": [item["mediaUUID"]]})

    assert runware.media[item["mediaUUID"]].content == base64.b64decode(_WAV)
    assert (await http.get(item["mediaURL"])).content == base64.b64decode(_WAV)
    assert (await client.post(reference)).status_code == 200


async def test_an_upload_by_link_is_fetched_from_loopback_only(client, runware):
    link = runware.files.publish("/mine.wav", lambda: b"RIFFmine", content_type="audio/wav")

    near = await client.do("mediaStorage", operation="upload", media=link)
    far = await client.do("mediaStorage", operation="upload", media="https://media.example.org/x.wav")

    assert runware.media[near["data"][0]["mediaUUID"]].content == b"RIFFmine"
    assert runware.media[far["data"][0]["mediaUUID"]].content is None


async def test_expired_and_deleted_media_cannot_be_referred_to(client, runware):
    uuids = [(await client.do("mediaStorage", operation="upload", media=_WAV))["data"][0]["mediaUUID"] for _ in "ab"]
    deleted = await client.do("mediaStorage", operation="delete", media=uuids[0])
    runware.expire_media()

    assert set(deleted["data"][0]) == {"taskType", "taskUUID", "operation", "mediaUUID"}
    assert await client.code(seed_audio(inputs={"referenceAudios": [uuids[0]]})) == "mediaNotFound"
    assert await client.code(seed_audio(inputs={"referenceAudios": [uuids[1]]})) == "mediaExpired"
    assert (await client.do("mediaStorage", operation="delete", media=uuids[0]))["errors"][0]["code"] == "mediaNotFound"


@pytest.mark.parametrize(
    "fields", [{"operation": "upload", "media": "no base64!"}, {"operation": "move", "media": _WAV}, {"media": _WAV}]
)
async def test_media_storage_refuses_what_it_cannot_keep(client, runware, fields):
    assert (await client.do("mediaStorage", **fields))["errors"]
    assert runware.media == {}


async def test_images_are_uploaded_into_an_object_shaped_answer(client):
    answer = await client.do("imageUpload", image=_PNG)

    assert (await client.post(seed_audio(inputs={"referenceImages": [answer["data"]["imageUUID"]]}))).status_code == 200
    assert (await client.do("imageUpload", image=_WAV))["errors"]


async def test_large_uploads_are_taken(client, runware):
    content = bytes(30_000_000)

    [item] = (await client.do("mediaStorage", operation="upload", media=base64.b64encode(content).decode()))["data"]

    assert runware.media[item["mediaUUID"]].content == content


async def test_the_account_tells_more_than_anyone_should_keep(client, runware):
    [item] = (await client.do("accountManagement", operation="getDetails"))["data"]
    runware.account_refusal = (403, "insufficientPermissions")
    refused = await client.do("accountManagement", operation="getDetails")

    assert item["balance"] == 10.0
    assert "petra@invented.example" in json.dumps(item)
    assert refused["errors"][0]["code"] == "insufficientPermissions"


async def test_phases_are_told_apart(client, runware):
    await client.finish(seed_audio())
    for kind in ("getTaskDetails", "mediaStorage", "imageUpload", "accountManagement", "ping", "modelSearch"):
        await client.do(kind)

    phases = [seen.phase for seen in runware.requests]

    assert phases == ["submit", "poll", "poll", "details", "upload", "upload", "account", "ping", "other"]
    assert len(runware.requests_of("poll")) == 2


async def test_results_may_all_be_ready_at_once(http):
    async with RunwareServer(result_seconds=0.1, pace=PollDriven(before=0, between=0)) as server:
        client = Client(server, http)
        await client.post(task := seed_audio(numberResults=4))
        body = await client.poll(task)

    assert [item["status"] for item in body["data"]] == ["success"] * 4
