"""Every limit that the service documents is refused at its field, with what is allowed, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.domain.model_spec import Kind, ModelSpec
from app.domain.provider import AudioProvider, KeyChecker, ModelLister
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import clip, request_for

LYRICS = "[Verse]\nStreetlights flicker, the night breeze sighs"
STYLE = "Soft jazz, brushed drums"
WITH_LYRICS = {"parameters": {"lyrics": LYRICS}}
WITH_CLIP = {"references": (clip(),)}

SpecOf = Callable[[str], ModelSpec]


def audio(**settings: Any) -> dict[str, Any]:
    return {"audio": AudioSettings(**settings)}


def with_lyrics(**parameters: Any) -> dict[str, Any]:
    return {"parameters": {"lyrics": LYRICS, **parameters}}


REFUSED = [
    ("stable-audio", {"duration_s": 48}, "duration", "a whole number from 1 to 47 s"),
    ("stable-audio", {"duration_s": 0}, "duration", "a whole number from 1 to 47 s"),
    ("stable-audio", {"duration_s": 12.5}, "duration", "a whole number from 1 to 47 s; it is 12.5"),
    ("stable-audio", {"parameters": {"seconds_start": 0}}, "seconds_start", "from 1 to 47 s; it is 0"),
    ("stable-audio", {"parameters": {"seconds_start": 48}}, "seconds_start", "from 1 to 47 s"),
    ("stable-audio", {"parameters": {"seconds_start": 1.5}}, "seconds_start", "a whole number"),
    ("stable-audio", {"parameters": {"steps": 1001}}, "steps", "from 1 to 1,000; it is 1,001"),
    ("stable-audio", {"parameters": {"steps": 0}}, "steps", "from 1 to 1,000"),
    ("stable-audio", {"parameters": {"steps": 50.0}}, "steps", "a whole number"),
    ("stable-audio", {"prompt": " "}, "prompt", "empty"),
    ("stable-audio", {"seed": 7}, "seed", "takes no seed"),
    ("stable-audio", {"negative_prompt": "birds"}, "negative_prompt", "takes no negative prompt"),
    ("stable-audio", {"takes": 2}, "takes", "must be 1"),
    ("stable-audio", audio(format=AudioFormat.MP3), "format", "makes wav, not mp3"),
    ("stable-audio", audio(sample_rate_hz=48_000), "sample_rate", "the model decides"),
    ("elevenlabs/eleven_music", {"prompt": "x" * 2001}, "prompt", "2,000 characters"),
    ("elevenlabs/eleven_music", {"duration_s": 9.9}, "duration", "from 10 to 300 s"),
    ("elevenlabs/eleven_music", {"duration_s": 300.1}, "duration", "from 10 to 300 s"),
    ("elevenlabs/eleven_music", {"parameters": {"seconds_total": 20}}, "seconds_total", "has no parameter"),
    ("elevenlabs/eleven_music", audio(format=AudioFormat.WAV), "format", "makes mp3, not wav"),
    ("google/lyria2", {"seed": -1}, "seed", "from 0 to"),
    ("google/lyria2", {"duration_s": 20}, "duration", "takes no length"),
    ("google/lyria2", audio(format=AudioFormat.MP3), "format", "makes wav"),
    ("minimax/music-1.5", {"prompt": "x" * 9, **WITH_LYRICS}, "prompt", "at least 10 characters; it has 9"),
    ("minimax/music-1.5", {"prompt": "x" * 301, **WITH_LYRICS}, "prompt", "300 characters"),
    ("minimax/music-1.5", {}, "lyrics", "needs it"),
    ("minimax/music-1.5", {"parameters": {"lyrics": "x" * 9}}, "lyrics", "at least 10 characters"),
    ("minimax/music-1.5", {"parameters": {"lyrics": "x" * 3001}}, "lyrics", "3,000 characters"),
    ("minimax/music-1.5", {**WITH_LYRICS, **WITH_CLIP}, "references", "takes no clips"),
    ("minimax/music-2.0", {"prompt": "x" * 9, **WITH_LYRICS}, "prompt", "at least 10 characters"),
    ("minimax/music-2.0", {"prompt": "x" * 2001, **WITH_LYRICS}, "prompt", "2,000 characters"),
    ("minimax/music-2.0", {}, "lyrics", "needs it"),
    ("minimax/music-2.0", {"parameters": {"lyrics": "x" * 9}}, "lyrics", "at least 10 characters"),
    ("minimax/music-2.0", {"parameters": {"lyrics": "x" * 3001}}, "lyrics", "3,000 characters"),
    ("minimax/music-2.6", {"prompt": "x" * 2001}, "prompt", "2,000 characters"),
    ("minimax/music-2.6", {"parameters": {"lyrics": "x" * 3001}}, "lyrics", "3,000 characters"),
    ("minimax/music-2.6", with_lyrics(is_instrumental=True), "is_instrumental", "can't be combined with Lyrics"),
    ("minimax/music-2.6", {"parameters": {"is_instrumental": "yes"}}, "is_instrumental", "true or false"),
    ("minimax/music-2.6", {"parameters": {"lyrics_optimizer": 1}}, "lyrics_optimizer", "true or false"),
    ("minimax/music-cover", {"prompt": "x" * 9, **WITH_CLIP}, "prompt", "at least 10 characters"),
    ("minimax/music-cover", {"prompt": "x" * 2001, **WITH_CLIP}, "prompt", "2,000 characters"),
    ("minimax/music-cover", {}, "references", "needs 1 clip"),
    ("minimax/music-cover", {"references": (clip(), clip())}, "references", "1 clip at most"),
    ("minimax/music-cover", {"parameters": {"lyrics": "x" * 9}, **WITH_CLIP}, "lyrics", "at least 10 characters"),
    ("minimax/music-cover", {"parameters": {"lyrics": "x" * 3001}, **WITH_CLIP}, "lyrics", "3,000 characters"),
    ("minimax-music", {"prompt": "x" * 601, **WITH_CLIP}, "prompt", "600 characters"),
    ("minimax-music", {}, "references", "needs 1 clip"),
    ("openai/tts-1", {"prompt": "x" * 4097}, "prompt", "4,096 characters"),
    ("openai/tts-1", {"prompt": ""}, "prompt", "empty"),
    ("openai/tts-1", {"voice": "Rachel"}, "voice", "alloy, ash, ballad, coral, echo, fable, nova, onyx, sage, shimmer"),
    ("openai/tts-1", {"parameters": {"speed": 0.2}}, "speed", "from 0.25 to 4"),
    ("openai/tts-1", {"parameters": {"speed": 4.1}}, "speed", "from 0.25 to 4"),
    ("openai/tts-1", audio(format=AudioFormat.OGG), "format", "makes mp3, opus, flac or wav"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"speed": 1.3}}, "speed", "from 0.7 to 1.2"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"speed": 0.6}}, "speed", "from 0.7 to 1.2"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"stability": 1.1}}, "stability", "from 0 to 1"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"similarity_boost": -0.1}}, "similarity_boost", "0 to 1"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"style": 2}}, "style", "from 0 to 1"),
    ("elevenlabs/eleven_multilingual_v2", {"parameters": {"use_speaker_boost": 1}}, "use_speaker_boost", "true or"),
    (
        "elevenlabs/eleven_multilingual_v2",
        {"parameters": {"apply_text_normalization": "maybe"}},
        "apply_text_normalization",
        "auto, on or off",
    ),
    ("elevenlabs/eleven_multilingual_v2", {"seed": -1}, "seed", "from 0 to"),
    ("elevenlabs/eleven_multilingual_v2", audio(format=AudioFormat.WAV), "format", "makes mp3 or opus"),
    ("elevenlabs/eleven_multilingual_v2", audio(sample_rate_hz=48_000), "sample_rate", "22,050 or 44,100 Hz"),
    ("elevenlabs/eleven_multilingual_v2", audio(bitrate_kbps=256), "bitrate", "32, 64, 96, 128 or 192 kbps"),
    ("elevenlabs/eleven_multilingual_v2", audio(sample_rate_hz=22_050, bitrate_kbps=64), "bitrate", "be 32 kbps"),
    ("somebody/new-model", {"parameters": {"speaks": "yes"}}, "speaks", "true or false"),
    ("somebody/new-model", {"prompt": ""}, "prompt", "empty"),
]
REFUSED += [
    row
    for model, more in (
        ("minimax/music-1.5", WITH_LYRICS),
        ("minimax/music-2.0", WITH_LYRICS),
        ("minimax/music-2.6", {}),
        ("minimax/music-cover", WITH_CLIP),
    )
    for row in (
        (model, {**more, **audio(format=AudioFormat.FLAC)}, "format", "makes mp3 or wav"),
        (model, {**more, **audio(sample_rate_hz=48_000)}, "sample_rate", "16,000, 24,000, 32,000 or 44,100 Hz"),
        (model, {**more, **audio(bitrate_kbps=192)}, "bitrate", "32, 64, 128 or 256 kbps"),
        (model, {**more, **audio(format=AudioFormat.WAV, bitrate_kbps=128)}, "bitrate", "the model decides"),
    )
]

ACCEPTED = [
    ("stable-audio", {"duration_s": 1}),
    ("stable-audio", {"duration_s": 47, "parameters": {"seconds_start": 1, "steps": 1}}),
    ("stable-audio", {"parameters": {"seconds_start": 47, "steps": 1000}, "prompt": "x" * 9000}),
    ("elevenlabs/eleven_music", {"prompt": "x" * 2000, "duration_s": 10}),
    ("elevenlabs/eleven_music", {"duration_s": 300}),
    ("google/lyria2", {"seed": 0, "negative_prompt": "drums"}),
    ("minimax/music-1.5", {"prompt": "x" * 10, "parameters": {"lyrics": "x" * 10}}),
    ("minimax/music-1.5", {"prompt": "x" * 300, "parameters": {"lyrics": "x" * 3000}}),
    ("minimax/music-2.0", {"prompt": "x" * 2000, "parameters": {"lyrics": "x" * 3000}}),
    ("minimax/music-2.6", {"prompt": "", "parameters": {"lyrics": "x" * 3000}}),
    ("minimax/music-2.6", {"prompt": "x" * 2000, "parameters": {"is_instrumental": True}}),
    ("minimax/music-2.6", {"parameters": {"lyrics_optimizer": True}}),
    ("minimax/music-2.6", with_lyrics(is_instrumental=False, lyrics_optimizer=False)),
    ("minimax/music-cover", {"prompt": "x" * 10, **WITH_CLIP}),
    ("minimax/music-cover", {"parameters": {"lyrics": "x" * 10}, **WITH_CLIP}),
    ("minimax-music", {"prompt": "x" * 600, **WITH_CLIP}),
    ("openai/tts-1", {"prompt": "x", "voice": "verse", "parameters": {"speed": 0.25, "style": "calm"}}),
    ("openai/tts-1", {"prompt": "x" * 4096, "parameters": {"speed": 4.0}}),
    ("elevenlabs/eleven_multilingual_v2", {"voice": "Mimi", "parameters": {"speed": 0.7, "stability": 0.0}}),
    ("elevenlabs/eleven_multilingual_v2", {"voice": "21m00Tcm4TlvDq8ikWAM", "seed": 0}),
    ("somebody/new-model", {"parameters": {"speaks": True}}),
]


@pytest.mark.parametrize(("model", "asked", "field", "words"), REFUSED)
def test_what_a_model_does_not_take_is_refused_at_its_field_with_what_is_allowed(
    model: str, asked: dict[str, Any], field: str, words: str, spec_of: SpecOf
) -> None:
    request = request_for(model, **{"prompt": STYLE, **asked})

    problems = [problem for problem in spec_of(model).check(request) if problem.field == field]

    assert len(problems) == 1
    assert words in problems[0].message


@pytest.mark.parametrize(("model", "asked"), ACCEPTED)
def test_what_a_model_takes_up_to_its_limits_is_accepted(model: str, asked: dict[str, Any], spec_of: SpecOf) -> None:
    request = request_for(model, **{"prompt": STYLE, **asked})

    assert spec_of(model).check(request) == ()


def test_the_defaults_are_those_of_the_service(spec_of: SpecOf) -> None:
    stable, music = spec_of("stable-audio"), spec_of("elevenlabs/eleven_music")
    steps, start = stable.parameter("steps"), stable.parameter("seconds_start")

    assert stable.duration is not None
    assert stable.duration.default == 30
    assert steps is not None
    assert steps.default == 100
    assert start is not None
    assert start.default is None  # it is never sent by itself
    assert music.duration is not None
    assert music.duration.default == 10
    assert spec_of("openai/tts-1").default_voice == "alloy"
    assert spec_of("elevenlabs/eleven_multilingual_v2").default_voice == "Rachel"


def test_the_voices_are_those_of_the_service(spec_of: SpecOf) -> None:
    openai, elevenlabs = spec_of("openai/tts-1"), spec_of("elevenlabs/eleven_multilingual_v2")

    assert len(openai.voices) == 11
    assert len(elevenlabs.voices) == 53
    assert "Santa Claus" in {voice.id for voice in elevenlabs.voices}
    assert elevenlabs.takes_any_voice
    assert not openai.takes_any_voice


@pytest.mark.parametrize("model", ["stable-audio", "google/lyria2", "openai/tts-1", "somebody/new-model"])
def test_no_price_is_published_so_the_estimate_is_unknown(model: str, spec_of: SpecOf) -> None:
    estimate = spec_of(model).estimate(request_for(model))

    assert (estimate.expected, estimate.most) == (None, None)


def test_a_cover_goes_by_a_clip_of_six_seconds_to_six_minutes_and_50_mb(spec_of: SpecOf) -> None:
    references = spec_of("minimax/music-cover").references

    assert (references.shortest_s, references.longest_s) == (6, 360)
    assert references.largest_bytes == 50_000_000
    assert references.is_limit_of_service


def test_the_old_music_model_goes_by_a_clip_of_more_than_15_seconds(spec_of: SpecOf) -> None:
    references = spec_of("minimax-music").references

    assert (references.shortest_s, references.is_limit_of_service) == (15, True)


def test_stable_audio_makes_effects_as_well_as_music(spec_of: SpecOf) -> None:
    assert spec_of("stable-audio").kinds == (Kind.EFFECT, Kind.MUSIC)


def test_an_id_with_a_space_is_no_model(spec_of: SpecOf) -> None:
    with pytest.raises(RequestInvalid):
        spec_of("no model")


def test_the_provider_makes_audio_checks_keys_and_lists_models(aimlapi: AimlapiProvider) -> None:
    assert isinstance(aimlapi, AudioProvider)
    assert isinstance(aimlapi, KeyChecker)
    assert isinstance(aimlapi, ModelLister)
    assert aimlapi.id == "aimlapi"
