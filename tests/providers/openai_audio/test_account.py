"""Keys, models, voices and what may be done about a lost answer: as the service and its address are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import CredentialsRejected, OutcomeUnknown, ResultGone, UnexpectedReply
from app.domain.provider import (
    Account,
    AudioProvider,
    Job,
    KeyChecker,
    ListedModel,
    ModelLister,
    Recovery,
    Result,
    Transcriber,
    WireRequest,
)
from app.domain.voice import Voice
from app.providers.openai_audio.provider import OpenAIAudioProvider
from tests.providers.openai_audio.faking import ELSEWHERE_URL, KEY, FakeClient, Sink


def voice(voice_id: str, name: str = "", languages: tuple[str, ...] = (), gender: str = "") -> Voice:
    return Voice(voice_id, name or voice_id, "openai:own", languages, gender)


def test_it_is_a_provider_in_every_respect(anyone: OpenAIAudioProvider) -> None:
    assert isinstance(anyone, AudioProvider)
    assert isinstance(anyone, Transcriber)
    assert isinstance(anyone, KeyChecker)
    assert isinstance(anyone, ModelLister)


def test_runinfra_makes_nothing_twice_under_one_key_for_a_day(runinfra: OpenAIAudioProvider) -> None:
    assert runinfra.recovery == Recovery(replay_within=timedelta(hours=24))


@pytest.mark.parametrize(
    ("url", "is_unbilled"),
    [
        ("https://api.openai.com/v1", False),
        (ELSEWHERE_URL, False),
        ("http://127.0.0.1:8880", True),
        ("http://localhost:8880/v1", True),
        ("http://[::1]:8880/v1", True),
        ("https://127.0.0.1.example/v1", False),
    ],
)
def test_only_a_server_on_this_computer_costs_nothing(
    url: str, is_unbilled: bool, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.base_url = url

    assert openai.base_url == url
    assert openai.recovery == Recovery(is_unbilled=is_unbilled)


async def test_nothing_can_be_asked_about_or_fetched_afterwards(anyone: OpenAIAudioProvider) -> None:
    job = Job(None, KEY, anyone.base_url, "kokoro", 1)

    with pytest.raises(ResultGone):
        await anyone.poll(job)
    with pytest.raises(ResultGone):
        await anyone.fetch(job, Result("1"), Sink())
    with pytest.raises(OutcomeUnknown):
        await anyone.find(WireRequest("POST", "/audio/speech"), job)


async def test_a_key_is_tried_out_by_asking_for_models(anyone: OpenAIAudioProvider, client: FakeClient) -> None:
    client.will_answer(200, {"object": "list", "data": []})
    client.will_answer(401, {"error": {"message": "Incorrect API key"}})

    assert await anyone.check_key() == Account(None)
    with pytest.raises(CredentialsRejected):
        await anyone.check_key()
    assert [(wire.method, wire.path) for wire in client.asked] == [("GET", "/models")] * 2


@pytest.mark.parametrize(
    ("body", "models"),
    [
        ({"object": "list", "data": [{"id": "tts-1", "object": "model"}, {"id": "kokoro"}]}, ["kokoro", "tts-1"]),
        ({}, []),
        ({"data": None}, []),
        ({"models": [{"id": "b"}, "a", {"id": "b"}]}, ["a", "b"]),
        ([{"id": "a"}], ["a"]),
        ({"data": [{"id": 7}, None, {}, {"id": ""}, {"id": "a\nb"}, {"id": "a"}]}, ["a"]),
        (
            {
                "data": [
                    {"id": "speaks", "task": "text-to-speech"},
                    {"id": "hears", "task": "automatic-speech-recognition"},
                    {"id": "cuts", "task": "voice-activity-detection"},
                ]
            },
            ["hears", "speaks"],
        ),
    ],
)
async def test_models_are_listed_in_every_shape(
    body: Any, models: list[str], own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_answer(200, body)

    assert await own.models() == tuple(map(ListedModel, models))


async def test_of_all_the_models_of_openai_those_of_audio_are_listed(
    openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    names = ["gpt-5", "tts-1-hd", "whisper-1", "gpt-4o-mini-tts-2025-12-15", "gpt-4o-transcribe", "sora-2"]
    client.will_answer(200, {"data": [{"id": name} for name in names]})

    listed = [model.id for model in await openai.models()]

    assert listed == ["gpt-4o-mini-tts-2025-12-15", "gpt-4o-transcribe", "tts-1-hd", "whisper-1"]


@pytest.mark.parametrize(
    ("body", "voices"),
    [
        ({"voices": ["af_heart", "am_adam"]}, [voice("af_heart"), voice("am_adam")]),
        ({"voices": [{"id": "af_heart", "name": "Heart"}]}, [voice("af_heart", "Heart")]),
        (
            {
                "voices": [{"name": "Emma", "id": "bf_emma", "language": "en_GB", "gender": "Female"}],
                "object": "list",
            },
            [voice("bf_emma", "Emma", ("en-GB",), "female")],
        ),
        (
            {"data": [{"voice_id": "v1", "languages": ["de", "fr"], "gender": "m"}]},
            [voice("v1", "", ("de", "fr"), "male")],
        ),
        ([{"name": "anna"}, "bob", "anna"], [voice("anna"), voice("bob")]),
        ([None, 7, {}, {"id": ""}, "", {"id": 7, "name": "x\ny"}, {"id": "ok", "gender": "robot"}], [voice("ok")]),
        ({}, []),
        ({"voices": {"a": 1}}, []),
    ],
)
async def test_voices_are_listed_in_every_shape(
    body: Any, voices: list[Voice], own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_answer(200, body)

    assert await own.voices() == tuple(voices)
    assert [wire.path for wire in client.asked] == ["/audio/voices"]


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_a_server_that_lists_no_voices_is_well_all_the_same(
    status: int, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.will_answer(status, {"detail": "Not Found"})

    assert await own.voices() == ()


async def test_other_trouble_with_voices_is_told(own: OpenAIAudioProvider, client: FakeClient) -> None:
    for status, body, kind in (
        (403, {}, CredentialsRejected),
        (200, b"<html>", UnexpectedReply),
        (200, 7, UnexpectedReply),
    ):
        client.will_answer(status, body)

        with pytest.raises(kind):
            await own.voices()


async def test_who_lists_no_voices_isnt_asked(
    runinfra: OpenAIAudioProvider, client: FakeClient, openai: OpenAIAudioProvider
) -> None:
    client.base_url = "https://api.runinfra.ai/v1"
    assert await runinfra.voices() == ()
    client.base_url = "https://api.openai.com/v1"
    assert await openai.voices() == ()

    assert client.asked == []


async def test_questions_find_their_place_below_any_address(own: OpenAIAudioProvider, client: FakeClient) -> None:
    client.base_url = "http://127.0.0.1:8880"
    client.will_answer(200, {})
    client.will_answer(404, {})
    client.will_answer(200, {})

    await own.check_key()
    await own.voices()
    await own.models()

    assert [wire.path for wire in client.asked] == ["/v1/models", "/v1/audio/voices", "/v1/models"]
