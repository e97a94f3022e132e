"""What is asked for leaves exactly as each service takes it, and nothing that it doesn't know."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.domain.provider import FileEncoding, WireFile
from app.providers.openai_audio.provider import OpenAIAudioProvider
from tests.providers.openai_audio.faking import (
    ELSEWHERE_URL,
    KEY,
    SHA256,
    FakeClient,
    body_of,
    clip,
    text_for,
)

TEXT = "We leave at first light."
MODEL_AND_TEXT = {"model": "gpt-4o-mini-tts", "input": TEXT}


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ({}, {"voice": "alloy"}),
        ({"voice": "cedar"}, {"voice": "cedar"}),
        ({"voice": "voice_123"}, {"voice": {"id": "voice_123"}}),
        ({"audio": AudioSettings(AudioFormat.WAV)}, {"voice": "alloy", "response_format": "wav"}),
        ({"audio": AudioSettings(AudioFormat.OPUS)}, {"voice": "alloy", "response_format": "opus"}),
        ({"parameters": {"speed": 0.25}}, {"voice": "alloy", "speed": 0.25}),
        ({"parameters": {"instructions": "Whisper."}}, {"voice": "alloy", "instructions": "Whisper."}),
        ({"parameters": {"instructions": ""}}, {"voice": "alloy"}),
        ({"parameters": {"stream_format": "audio"}}, {"voice": "alloy"}),
        ({"parameters": {"stream_format": "sse"}}, {"voice": "alloy", "stream_format": "sse"}),
        ({"parameters": {"raw_samples": True}}, {"voice": "alloy", "response_format": "pcm"}),
        ({"parameters": {"raw_samples": False}}, {"voice": "alloy"}),
    ],
)
def test_openai_gets_its_own_fields_alone(
    asked: dict[str, Any], more: dict[str, Any], openai: OpenAIAudioProvider
) -> None:
    wire = openai.prepare(text_for(**asked), KEY)

    assert (wire.method, wire.path) == ("POST", "/audio/speech")
    assert wire.headers == {"Content-Type": "application/json"}
    assert body_of(wire) == MODEL_AND_TEXT | more


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"references": (clip(),)}, "references"),
        ({"parameters": {"lang_code": "a"}}, "lang_code"),
        ({"parameters": {"volume_multiplier": 2.0}}, "volume_multiplier"),
        ({"parameters": {"extra_fields": "{}"}}, "extra_fields"),
        ({"audio": AudioSettings(AudioFormat.WAV, 48_000)}, "sample_rate"),
    ],
)
@pytest.mark.parametrize("url", ["https://api.openai.com/v1", "https://api.openai.com", "https://api.openai.com./v1"])
def test_what_openai_doesnt_know_is_refused_before_it_leaves(
    asked: dict[str, Any], field: str, url: str, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.base_url = url

    with pytest.raises(RequestInvalid) as caught:
        openai.prepare(text_for(**asked), KEY)

    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_server_of_ones_own_gets_what_it_may_know(own: OpenAIAudioProvider) -> None:
    extra = '{"normalization_options": {"normalize": false}, "return_download_link": true, "stream": false}'
    request = text_for(
        "kokoro",
        voice="af_bella(2)+af_heart(1)",
        audio=AudioSettings(AudioFormat.FLAC, 48_000),
        parameters={"lang_code": "b", "volume_multiplier": 1.5, "extra_fields": extra, "speed": 1.25},
    )

    assert body_of(own.prepare(request, KEY)) == {
        "model": "kokoro",
        "input": TEXT,
        "voice": "af_bella(2)+af_heart(1)",
        "response_format": "flac",
        "sample_rate": 48_000,
        "speed": 1.25,
        "lang_code": "b",
        "volume_multiplier": 1.5,
        "normalization_options": {"normalize": False},
        "return_download_link": True,
        "stream": False,
    }


def test_a_server_of_ones_own_chooses_its_own_voice(own: OpenAIAudioProvider) -> None:
    assert "voice" not in body_of(own.prepare(text_for("kokoro"), KEY))
    assert body_of(own.prepare(text_for("kokoro", voice="voice_1"), KEY))["voice"] == "voice_1"


@pytest.mark.parametrize("extra", ["{", "[1]", "7", '{"model": "other"}', '{"voice": "x"}', '{"stream_format": "sse"}'])
def test_further_fields_are_an_object_of_other_fields(extra: str, own: OpenAIAudioProvider) -> None:
    with pytest.raises(RequestInvalid) as caught:
        own.prepare(text_for("kokoro", parameters={"extra_fields": extra}), KEY)

    assert [problem.field for problem in caught.value.problems] == ["extra_fields"]


def test_raw_samples_go_only_with_the_format_that_they_are_kept_in(anyone: OpenAIAudioProvider) -> None:
    raw: dict[str, Any] = {"parameters": {"raw_samples": True}}

    with pytest.raises(RequestInvalid) as caught:
        anyone.prepare(text_for(audio=AudioSettings(AudioFormat.MP3), **raw), KEY)
    wire = anyone.prepare(text_for(audio=AudioSettings(AudioFormat.WAV), **raw), KEY)

    assert [problem.field for problem in caught.value.problems] == ["raw_samples"]
    assert body_of(wire)["response_format"] == "pcm"


def test_runinfra_knows_the_attempt_by_its_key_whenever_it_is_sent(runinfra: OpenAIAudioProvider) -> None:
    wire = runinfra.prepare(text_for("kokoro", voice="alloy"), KEY)

    assert wire.headers["Idempotency-Key"] == str(KEY)
    assert wire.headers["X-Client-Request-Id"] == str(KEY)
    assert runinfra.prepare(text_for("kokoro", voice="alloy"), KEY) == wire


@pytest.mark.parametrize("url", ["http://127.0.0.1:8880/v1", ELSEWHERE_URL, "https://api.openai.com/v1"])
def test_nobody_else_gets_the_key_of_an_attempt(url: str, openai: OpenAIAudioProvider, client: FakeClient) -> None:
    client.base_url = url

    assert set(openai.prepare(text_for(voice="alloy"), KEY).headers) == {"Content-Type"}


def test_a_clip_takes_the_place_of_a_voice(runinfra: OpenAIAudioProvider) -> None:
    wire = runinfra.prepare(text_for("xtts-v2", references=(clip(),), voice="alloy"), KEY)

    body = body_of(wire)
    assert body == {"model": "xtts-v2", "input": TEXT, "voice": "cloned", "reference_audio": ""}
    (file,) = wire.files
    assert (file.sha256, file.encoding) == (SHA256, FileEncoding.BASE64)
    assert wire.body[: file.at].endswith(b'"reference_audio":"')  # nothing stands before the content


@pytest.mark.parametrize(
    ("name", "content_type"), [("a.wav", "audio/wav"), ("a.MP3", "audio/mpeg"), ("a.xyz", "application/octet-stream")]
)
def test_a_clip_goes_in_the_other_form_with_its_words_and_without_a_voice(
    name: str, content_type: str, runinfra: OpenAIAudioProvider, own: OpenAIAudioProvider
) -> None:
    parameters = {"clone_form": "ref_audio", "ref_text": "Hello there."}

    request = text_for("xtts-v2", references=(clip(name),), parameters=parameters)
    wire = own.prepare(request, KEY)

    prefix = f"data:{content_type};base64,"
    assert body_of(wire) == {
        "model": "xtts-v2",
        "input": TEXT,
        "ref_audio": prefix,
        "ref_text": "Hello there.",
        "task_type": "Base",
    }
    assert wire.files == (WireFile(wire.body.index(prefix.encode()) + len(prefix), SHA256, FileEncoding.BASE64),)
    assert runinfra.prepare(request, KEY).body == wire.body


def test_the_other_form_needs_the_words_of_the_clip(runinfra: OpenAIAudioProvider) -> None:
    parameters = {"clone_form": "ref_audio", "ref_text": " "}

    with pytest.raises(RequestInvalid) as caught:
        runinfra.prepare(text_for("xtts-v2", references=(clip(),), parameters=parameters), KEY)

    assert [problem.field for problem in caught.value.problems] == ["ref_text"]


def test_words_of_a_clip_stay_here_where_there_is_no_clip(runinfra: OpenAIAudioProvider) -> None:
    parameters = {"clone_form": "ref_audio", "ref_text": "Hello.", "task_type": "Base"}

    wire = runinfra.prepare(text_for("xtts-v2", voice="anna", parameters=parameters), KEY)

    assert body_of(wire) == {"model": "xtts-v2", "input": TEXT, "voice": "anna"}


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://127.0.0.1:8880/v1", "/audio/speech"),
        ("http://127.0.0.1:8880/V1", "/audio/speech"),
        ("http://127.0.0.1:8880", "/v1/audio/speech"),
        ("https://host.example/openai", "/v1/audio/speech"),
        ("https://host.example/openai/v1", "/audio/speech"),
        ("https://api.runinfra.ai/v1/pipe_12", "/audio/speech"),
        ("https://host.example/v1beta1/openai", "/audio/speech"),
        ("https://v1.example/vault", "/v1/audio/speech"),
    ],
)
def test_an_address_may_be_given_with_or_without_its_version(
    url: str, path: str, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    client.base_url = url

    assert own.prepare(text_for("kokoro"), KEY).path == path
