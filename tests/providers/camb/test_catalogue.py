"""Every limit that the service documents is refused at its field, with what is allowed, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.draft import Draft
from app.domain.errors import RequestInvalid
from app.domain.model_spec import Kind, ModelSpec
from app.domain.provider import AudioProvider, KeyChecker
from app.providers.camb.provider import CambProvider
from app.providers.registry import CAMB, SERVICES
from tests.providers.camb.faking import request_for

SpecOf = Callable[[str], ModelSpec]

SOUNDS = ("text-to-sound", "text-to-music")
LISTED = ("mars-flash", "mars-pro", "mars-instruct")
BETAS = ("mars-8.1-flash-beta", "mars-8.1-pro-beta")
SPEAKERS = (*LISTED, *BETAS)


def audio(**settings: Any) -> dict[str, Any]:
    return {"audio": AudioSettings(**settings)}


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("text-to-sound", {"duration_s": 11}, "duration", "from 0.5 to 10 s; it is 11"),
    ("text-to-sound", {"duration_s": 10.01}, "duration", "from 0.5 to 10 s"),
    ("text-to-sound", {"duration_s": 0.4}, "duration", "from 0.5 to 10 s"),
    ("text-to-music", {"duration_s": 5}, "duration", "takes no length"),
    ("text-to-music", {"parameters": {"duration": 5.0}}, "duration", "has no parameter"),
    ("mars-flash", {"duration_s": 5}, "duration", "takes no length"),
    ("mars-flash", {"parameters": {"user_instructions": "Whisper"}}, "user_instructions", "has no parameter"),
    ("mars-pro", {"parameters": {"user_instructions": "Whisper"}}, "user_instructions", "has no parameter"),
    ("mars-8.1-pro-beta", {"parameters": {"user_instructions": "Hm"}}, "user_instructions", "has no parameter"),
    ("mars-8.1-pro-beta", {"parameters": {"acoustic_quality_boost": True}}, "acoustic_quality_boost", "no parameter"),
    ("mars-flash", {"parameters": {"locale": "zh-cn-sichuan"}}, "locale", "has no parameter"),
    ("mars-flash", audio(sample_rate_hz=48_000), "sample_rate", "must be 22,050 Hz"),
    ("mars-instruct", audio(sample_rate_hz=48_000), "sample_rate", "must be 22,050 Hz"),
    ("mars-pro", audio(sample_rate_hz=22_050), "sample_rate", "must be 48,000 Hz"),
    ("mars-8.1-pro-beta", audio(sample_rate_hz=48_000), "sample_rate", "the model decides"),
]
for _model in SOUNDS:
    REFUSED += [
        (_model, {"prompt": " \n"}, "prompt", "empty"),
        (_model, {"takes": 2}, "takes", "must be 1"),
        (_model, {"seed": 7}, "seed", "takes no seed"),
        (_model, {"negative_prompt": "birds"}, "negative_prompt", "takes no negative prompt"),
        (_model, {"voice": "147320"}, "voice", "has no voices"),
        (_model, {"language": "en-us"}, "language", "can't be chosen"),
        (_model, audio(format=AudioFormat.MP3), "format", "makes wav, not mp3"),
        (_model, audio(sample_rate_hz=48_000), "sample_rate", "the model decides"),
        (_model, {"parameters": {"folder_id": 0}}, "folder_id", "from 1 to"),
        (_model, {"parameters": {"folder_id": 1.5}}, "folder_id", "a whole number"),
    ]
for _model in SPEAKERS:
    REFUSED += [
        (_model, {"prompt": ""}, "prompt", "empty"),
        (_model, {"prompt": "Hm"}, "prompt", "at least 3 characters; it has 2"),
        (_model, {"prompt": "x" * 3001}, "prompt", "may have 3,000 characters; it has 3,001"),
        (_model, {"language": "xx-xx"}, "language", "de-de, el-gr, en-au, en-in, en-uk, en-us, es-es"),
        (_model, {"language": "en-US"}, "language", "it is en-US"),
        (_model, {"voice": "Narrator A"}, "voice", "a number from the list of voices; it is Narrator A"),
        (_model, {"voice": "-1"}, "voice", "a number"),
        (_model, audio(format=AudioFormat.OGG), "format", "makes wav, flac or mp3, not ogg"),
        (_model, audio(bitrate_kbps=128), "bitrate", "the model decides"),
        (_model, {"parameters": {"speed": 2.1}}, "speed", "from 0.5 to 2"),
        (_model, {"parameters": {"speed": 0.4}}, "speed", "from 0.5 to 2"),
        (_model, {"parameters": {"stability": 1.1}}, "stability", "from 0 to 1"),
        (_model, {"parameters": {"stability": -0.1}}, "stability", "from 0 to 1"),
        (_model, {"parameters": {"temperature": 0.0}}, "temperature", "from 0.01 to 4"),
        (_model, {"parameters": {"temperature": 4.1}}, "temperature", "from 0.01 to 4"),
        (_model, {"parameters": {"inference_steps": 0}}, "inference_steps", "from 1 to 1,000"),
        (_model, {"parameters": {"inference_steps": 1001}}, "inference_steps", "from 1 to 1,000"),
        (_model, {"parameters": {"inference_steps": 10.5}}, "inference_steps", "a whole number"),
        (_model, {"parameters": {"speaker_similarity": 1.1}}, "speaker_similarity", "from 0 to 1"),
        (_model, {"parameters": {"localize_speaker_weight": 2.0}}, "localize_speaker_weight", "from 0 to 1"),
        (_model, {"parameters": {"target_duration": 0.1}}, "target_duration", "from 0.5 to 600 s"),
        (_model, {"parameters": {"maintain_source_accent": 1}}, "maintain_source_accent", "true or false"),
        (_model, {"parameters": {"apply_enhancement": "no"}}, "apply_enhancement", "true or false"),
        (_model, {"takes": 2}, "takes", "must be 1"),
    ]

ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("text-to-sound", {"duration_s": 0.5, "prompt": "x"}),
    ("text-to-sound", {"duration_s": 10, "prompt": "x" * 9000, **audio(format=AudioFormat.WAV)}),
    ("text-to-sound", {"parameters": {"project_name": "Film", "project_description": "Doors", "folder_id": 1}}),
    ("text-to-music", {"parameters": {"folder_id": 2_147_483_647}}),
    ("mars-flash", {"prompt": "Hey", "language": "en-us", "voice": "1"}),
    ("mars-flash", {"prompt": "x" * 3000, **audio(format=AudioFormat.MP3, sample_rate_hz=22_050)}),
    ("mars-pro", {"language": "hi-in", **audio(format=AudioFormat.FLAC, sample_rate_hz=48_000)}),
    ("mars-pro", {"parameters": {"stability": 0.0, "temperature": 0.01, "inference_steps": 1, "speed": 0.5}}),
    ("mars-flash", {"parameters": {"stability": 1.0, "temperature": 4.0, "inference_steps": 1000, "speed": 2.0}}),
    ("mars-flash", {"parameters": {"acoustic_quality_boost": True, "enhance_named_entities_pronunciation": True}}),
    ("mars-instruct", {"parameters": {"user_instructions": "Whisper", "locale": "sw-ke"}}),
    ("mars-8.1-flash-beta", {"parameters": {"locale": "zh-cn-sichuan"}, "voice": "999999999999"}),
]


@pytest.mark.parametrize(("model", "asked", "field", "words"), REFUSED)
def test_what_a_model_does_not_take_is_refused_at_its_field_with_what_is_allowed(
    model: str, asked: dict[str, Any], field: str, words: str, spec_of: SpecOf
) -> None:
    request = request_for(model, **{"prompt": "We leave at first light", **asked})

    problems = [problem for problem in spec_of(model).check(request) if problem.field == field]

    assert len(problems) == 1
    assert words in problems[0].message


@pytest.mark.parametrize(("model", "asked"), ACCEPTED)
def test_what_a_model_takes_up_to_its_limits_is_accepted(model: str, asked: dict[str, Any], spec_of: SpecOf) -> None:
    request = request_for(model, **{"prompt": "We leave at first light", **asked})

    assert spec_of(model).check(request) == ()


@pytest.mark.parametrize(
    ("model", "kind"),
    [("text-to-sound", Kind.EFFECT), ("text-to-music", Kind.MUSIC), *((model, Kind.SPEECH) for model in SPEAKERS)],
)
def test_each_model_is_of_one_kind(model: str, kind: Kind, spec_of: SpecOf) -> None:
    assert spec_of(model).kinds == (kind,)


def test_the_defaults_are_those_of_the_service(spec_of: SpecOf) -> None:
    sound, flash = spec_of("text-to-sound"), spec_of("mars-flash")

    assert sound.duration is not None
    assert (sound.duration.default, sound.duration.is_whole) == (8.0, False)
    assert flash.default_voice == "147320"
    assert {each.name: each.default for each in flash.parameters if each.default is not None} == {
        "speed": 1.0,
        "enhance_named_entities_pronunciation": False,
        "apply_enhancement": True,
        "enhance_reference_audio_quality": False,
        "apply_ref_loudness_norm": False,
    }


@pytest.mark.parametrize("model", SPEAKERS)
def test_what_nobody_touched_is_not_sent(model: str, spec_of: SpecOf) -> None:
    request = Draft("We leave at first light").request(spec_of(model))

    assert dict(request.parameters) == {}
    assert (request.voice, request.duration_s, request.audio.format) == ("147320", None, AudioFormat.WAV)


@pytest.mark.parametrize("model", SPEAKERS)
def test_the_languages_are_tags_in_small_letters_with_the_usual_one_among_them(model: str, spec_of: SpecOf) -> None:
    languages = spec_of(model).languages

    assert len(languages) == 62
    assert "en-us" in languages
    assert all(tag == tag.lower() and "-" in tag for tag in languages)
    assert list(languages) == sorted(languages)


@pytest.mark.parametrize("model", SPEAKERS)
def test_voices_are_asked_of_the_service_and_any_number_can_be_named(model: str, spec_of: SpecOf) -> None:
    spec = spec_of(model)

    assert spec.has_voices
    assert spec.takes_any_voice
    assert spec.voices == ()


@pytest.mark.parametrize("model", [*SOUNDS, *SPEAKERS])
def test_prices_are_in_credits_so_the_estimate_is_unknown(model: str, spec_of: SpecOf) -> None:
    estimate = spec_of(model).estimate(request_for(model))

    assert (estimate.expected, estimate.most) == (None, None)


@pytest.mark.parametrize("model", ["text-to-sond", "mars flash", "mars-", "gpt-4o", "mars-\n"])
def test_an_id_that_no_speech_model_has_is_no_model(model: str, spec_of: SpecOf) -> None:
    with pytest.raises(RequestInvalid):
        spec_of(model)


def test_the_provider_makes_audio_and_checks_keys(provider: CambProvider) -> None:
    assert isinstance(provider, AudioProvider)
    assert isinstance(provider, KeyChecker)
    assert provider.id == CAMB.id == "camb"


def test_the_service_is_reached_at_its_own_address_with_its_own_kind_of_key() -> None:
    assert CAMB in SERVICES
    assert CAMB.base_url == "https://client.camb.ai/apis"
    assert (CAMB.key_header, CAMB.key_prefix) == ("x-api-key", "")
    assert (CAMB.key_variable, CAMB.concurrency) == ("CAMB_API_KEY", 2)
    assert CAMB.account_page.startswith("https://")
