"""What is sent, field by field, with nothing that the user left open."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.providers.camb.provider import CambProvider
from tests.providers.camb.faking import KEY, body_of, request_for

SPEAKERS = ("mars-flash", "mars-pro", "mars-instruct", "mars-8.1-flash-beta")
SPOKEN: dict[str, Any] = {
    "text": "We leave at first light.",
    "language": "en-us",
    "voice_id": 147320,
    "speech_model": "mars-flash",
    "output_configuration": {"format": "wav"},
}


def sound_of(provider: CambProvider, model: str = "text-to-sound", **more: Any) -> Any:
    wire = provider.prepare(request_for(model, "Door slams", **more), KEY)
    assert (wire.method, wire.path, dict(wire.headers)) == (
        "POST",
        "/text-to-sound",
        {"Content-Type": "application/json"},
    )
    return body_of(wire)


def speech_of(provider: CambProvider, model: str = "mars-flash", **more: Any) -> Any:
    wire = provider.prepare(request_for(model, SPOKEN["text"], **more), KEY)
    assert (wire.method, wire.path) == ("POST", "/tts-stream")
    return body_of(wire)


def test_a_sound_has_its_prompt_its_type_and_nothing_else(provider: CambProvider) -> None:
    assert sound_of(provider) == {"prompt": "Door slams", "audio_type": "sound"}


@pytest.mark.parametrize("seconds", [0.5, 6.0, 10.0])
def test_a_sound_is_as_long_as_was_asked_for(seconds: float, provider: CambProvider) -> None:
    assert sound_of(provider, duration_s=seconds)["duration"] == seconds


@pytest.mark.parametrize("more", [{}, {"duration_s": 6.0}])
def test_music_has_no_length_as_the_service_keeps_to_none(more: dict[str, Any], provider: CambProvider) -> None:
    assert sound_of(provider, "text-to-music", **more) == {"prompt": "Door slams", "audio_type": "music"}


@pytest.mark.parametrize("model", ["text-to-sound", "text-to-music"])
@pytest.mark.parametrize(
    ("name", "value"), [("project_name", "Film"), ("project_description", "Reel 3\nDoors"), ("folder_id", 12)]
)
def test_the_names_for_the_studio_go_along_if_they_are_set(
    model: str, name: str, value: Any, provider: CambProvider
) -> None:
    assert sound_of(provider, model, parameters={name: value})[name] == value


def test_a_name_that_was_emptied_stays_away(provider: CambProvider) -> None:
    assert "project_name" not in sound_of(provider, parameters={"project_name": ""})


def test_speech_always_says_its_language_its_voice_its_model_and_its_format(provider: CambProvider) -> None:
    assert speech_of(provider) == SPOKEN


@pytest.mark.parametrize("model", SPEAKERS)
def test_every_speech_model_is_named(model: str, provider: CambProvider) -> None:
    assert speech_of(provider, model)["speech_model"] == model


def test_a_language_is_written_in_small_letters(provider: CambProvider) -> None:
    assert speech_of(provider, language="pt-br")["language"] == "pt-br"
    assert speech_of(provider, language="pt-BR")["language"] == "pt-br"


def test_a_language_that_is_not_listed_beats_the_chosen_one(provider: CambProvider) -> None:
    body = speech_of(provider, "mars-8.1-pro-beta", language="zh-cn", parameters={"locale": " zh-CN-Sichuan "})

    assert body["language"] == "zh-cn-sichuan"
    assert "locale" not in body


def test_a_voice_is_a_number(provider: CambProvider) -> None:
    assert speech_of(provider, voice="99001")["voice_id"] == 99001


@pytest.mark.parametrize("voice", ["Narrator A", "-1", "1.5", "٣", "147320 "])
def test_a_voice_that_is_no_number_is_refused_at_its_field(voice: str, provider: CambProvider) -> None:
    with pytest.raises(RequestInvalid) as caught:
        provider.prepare(request_for("mars-flash", voice=voice), KEY)

    assert [problem.field for problem in caught.value.problems] == ["voice"]


@pytest.mark.parametrize("audio_format", [AudioFormat.WAV, AudioFormat.FLAC, AudioFormat.MP3])
def test_the_format_and_the_rate_are_those_of_the_output(audio_format: AudioFormat, provider: CambProvider) -> None:
    body = speech_of(provider, audio=AudioSettings(audio_format, 22_050))

    assert body["output_configuration"] == {"format": audio_format.value, "sample_rate": 22_050}


@pytest.mark.parametrize(
    ("parameter", "value", "group", "name"),
    [
        ("target_duration", 4.5, "output_configuration", "duration"),
        ("apply_enhancement", False, "output_configuration", "apply_enhancement"),
        ("enhance_reference_audio_quality", True, "voice_settings", "enhance_reference_audio_quality"),
        ("maintain_source_accent", True, "voice_settings", "maintain_source_accent"),
        ("apply_ref_loudness_norm", True, "voice_settings", "apply_ref_loudness_norm"),
        ("speed", 1.5, "voice_settings", "speaking_rate"),
        ("stability", 0.6, "inference_options", "stability"),
        ("temperature", 0.8, "inference_options", "temperature"),
        ("inference_steps", 60, "inference_options", "inference_steps"),
        ("speaker_similarity", 0.7, "inference_options", "speaker_similarity"),
        ("localize_speaker_weight", 0.3, "inference_options", "localize_speaker_weight"),
        ("acoustic_quality_boost", True, "inference_options", "acoustic_quality_boost"),
    ],
)
def test_each_setting_of_speech_goes_into_its_group_under_the_name_that_the_service_has_for_it(
    parameter: str, value: Any, group: str, name: str, provider: CambProvider
) -> None:
    body = speech_of(provider, parameters={parameter: value})

    assert body[group] == SPOKEN.get(group, {}) | {name: value}
    assert set(body) == set(SPOKEN) | {group}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("enhance_named_entities_pronunciation", True), ("user_instructions", "Whisper, in a hurry")],
)
def test_some_settings_of_speech_are_in_no_group(parameter: str, value: Any, provider: CambProvider) -> None:
    assert speech_of(provider, parameters={parameter: value}) == {**SPOKEN, parameter: value}


def test_the_same_request_is_the_same_bytes_each_time_and_holds_no_key(provider: CambProvider) -> None:
    request = request_for("mars-pro", parameters={"speed": 1.1, "stability": 0.5})

    assert provider.prepare(request, KEY) == provider.prepare(request, KEY)
    assert b"sk-" not in provider.prepare(request, KEY).body
