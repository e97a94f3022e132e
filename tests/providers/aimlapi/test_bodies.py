"""The exact body of every model: the fields that it has, under their names there, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.provider import FileEncoding
from app.domain.request import InputFile
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import KEY, SHA256, body_of, clip, request_for

GENERATE, SPEAK = "/v2/generate/audio", "/v1/tts"
LYRICS = "[Verse]\nStreetlights flicker\nShadows stretch"
STYLE = "Soft jazz, brushed drums"
MP3_44_256 = AudioSettings(AudioFormat.MP3, 44_100, None, 256)

GENERATIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("stable-audio", {}, {}),
    ("stable-audio", {"duration_s": 20.0, "parameters": {"steps": 100}}, {"seconds_total": 20, "steps": 100}),
    ("stable-audio", {"parameters": {"seconds_start": 3}}, {"seconds_start": 3}),
    ("stable-audio", {"audio": AudioSettings(AudioFormat.WAV)}, {}),
    ("elevenlabs/eleven_music", {}, {}),
    ("elevenlabs/eleven_music", {"duration_s": 12.5}, {"music_length_ms": 12_500}),
    ("elevenlabs/eleven_music", {"duration_s": 10.0001}, {"music_length_ms": 10_000}),
    ("google/lyria2", {}, {}),
    ("google/lyria2", {"negative_prompt": "drums", "seed": 0}, {"negative_prompt": "drums", "seed": 0}),
    ("google/lyria2", {"negative_prompt": ""}, {}),
    ("minimax/music-1.5", {"parameters": {"lyrics": LYRICS}}, {"lyrics": LYRICS}),
    (
        "minimax/music-1.5",
        {"parameters": {"lyrics": LYRICS}, "audio": MP3_44_256},
        {
            "lyrics": LYRICS,
            "audio_setting": {"format": "mp3", "audio_sample_rate": 44_100, "bitrate": 256_000},
        },
    ),
    (
        "minimax/music-2.0",
        {"parameters": {"lyrics": LYRICS}, "audio": AudioSettings(AudioFormat.WAV, 16_000)},
        {"lyrics": LYRICS, "audio_setting": {"format": "wav", "audio_sample_rate": 16_000}},
    ),
    (
        "minimax/music-2.0",
        {"parameters": {"lyrics": LYRICS}, "audio": AudioSettings(bitrate_kbps=32)},
        {"lyrics": LYRICS, "audio_setting": {"format": "mp3", "bitrate": 32_000}},
    ),
    ("minimax/music-2.6", {"parameters": {"is_instrumental": True}}, {"is_instrumental": True}),
    ("minimax/music-2.6", {"parameters": {"lyrics_optimizer": True}}, {"lyrics_optimizer": True}),
    ("minimax/music-2.6", {"parameters": {"lyrics": ""}}, {}),
    (
        "minimax/music-2.6",
        {"audio": AudioSettings(sample_rate_hz=24_000)},
        {"audio_setting": {"format": "mp3", "audio_sample_rate": 24_000}},
    ),
    (
        "minimax/music-cover",
        {"references": (clip("hum.wav"),), "parameters": {"lyrics": LYRICS}, "audio": MP3_44_256},
        {
            "lyrics": LYRICS,
            "audio_setting": {"format": "mp3", "sample_rate": 44_100, "bitrate": 256_000},
            "reference_audio_url": "data:audio/wav;base64,",
        },
    ),
    (
        "minimax-music",
        {"references": (clip("hum.MP3"),)},
        {"reference_audio_url": "data:audio/mpeg;base64,"},
    ),
    ("somebody/new-model", {}, {}),
    ("somebody/new-model", {"parameters": {"speaks": False}}, {}),
]


@pytest.mark.parametrize(("model", "asked", "fields"), GENERATIONS)
def test_a_generation_has_the_fields_of_its_model_and_no_others(
    model: str,
    asked: dict[str, Any],
    fields: dict[str, Any],
    aimlapi: AimlapiProvider,
    spec_of: Callable[[str], ModelSpec],
) -> None:
    request = request_for(model, STYLE, **asked)
    assert spec_of(model).check(request) == ()

    wire = aimlapi.prepare(request, KEY)

    assert (wire.method, wire.path) == ("POST", GENERATE)
    assert dict(wire.headers) == {"Content-Type": "application/json"}
    assert body_of(wire) == {"model": model, "prompt": STYLE, **fields}


def test_whole_numbers_are_written_as_integers(aimlapi: AimlapiProvider) -> None:
    stable = aimlapi.prepare(request_for("stable-audio", duration_s=20.0), KEY)
    music = aimlapi.prepare(request_for("elevenlabs/eleven_music", duration_s=10.0), KEY)

    assert b'"seconds_total":20}' in stable.body
    assert b'"music_length_ms":10000}' in music.body


def test_a_song_of_lyrics_alone_has_no_prompt(aimlapi: AimlapiProvider) -> None:
    request = request_for("minimax/music-2.6", "", parameters={"lyrics": LYRICS})

    assert body_of(aimlapi.prepare(request, KEY)) == {"model": "minimax/music-2.6", "lyrics": LYRICS}


def test_a_song_of_nothing_at_all_is_not_sent(aimlapi: AimlapiProvider) -> None:
    request = request_for("minimax/music-2.6", "", parameters={"is_instrumental": True})

    with pytest.raises(RequestInvalid) as caught:
        aimlapi.prepare(request, KEY)

    assert caught.value.problems[0].field == "prompt"


@pytest.mark.parametrize(
    ("model", "name", "content_type"),
    [
        ("minimax/music-cover", "a.mp3", "audio/mpeg"),
        ("minimax/music-cover", "a.WAV", "audio/wav"),
        ("minimax/music-cover", "a.flac", "audio/flac"),
        ("minimax/music-cover", "a.ogg", "audio/ogg"),
        ("minimax/music-cover", "a.opus", "audio/ogg"),
        ("minimax-music", "a.wav", "audio/wav"),
    ],
)
def test_a_reference_goes_along_as_a_data_uri_whose_content_is_put_in_when_it_leaves(
    model: str, name: str, content_type: str, aimlapi: AimlapiProvider
) -> None:
    wire = aimlapi.prepare(request_for(model, STYLE, references=(clip(name),)), KEY)

    (file,) = wire.files
    assert (file.sha256, file.encoding) == (SHA256, FileEncoding.BASE64)
    assert wire.body[: file.at].endswith(f'"reference_audio_url":"data:{content_type};base64,'.encode())
    assert wire.body[file.at :].startswith(b'"')


@pytest.mark.parametrize(
    ("model", "name", "words"),
    [("minimax-music", "a.flac", "a.flac must be MP3 or WAV"), ("minimax/music-cover", "a.txt", "FLAC, M4A, MP3")],
)
def test_a_reference_of_a_kind_that_the_model_does_not_take_is_refused_with_those_that_it_does(
    model: str, name: str, words: str, aimlapi: AimlapiProvider
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        aimlapi.prepare(request_for(model, STYLE, references=(clip(name),)), KEY)

    (problem,) = caught.value.problems
    assert problem.field == "references"
    assert words in problem.message


@pytest.mark.parametrize("references", [(), (InputFile(clip().path),)])
def test_without_a_copied_reference_nothing_is_sent(
    references: tuple[InputFile, ...], aimlapi: AimlapiProvider
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        aimlapi.prepare(request_for("minimax/music-cover", STYLE, references=references), KEY)

    assert caught.value.problems[0].field == "references"


TEXT = "We leave at first light."
SPOKEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("openai/tts-1", {}, {"stream": False}),
    (
        "openai/tts-1",
        {
            "voice": "coral",
            "audio": AudioSettings(AudioFormat.OPUS),
            "parameters": {"speed": 1.25, "style": "calm"},
        },
        {"voice": "coral", "response_format": "opus", "speed": 1.25, "style": "calm", "stream": False},
    ),
    ("elevenlabs/eleven_multilingual_v2", {}, {"output_format": "mp3_44100_128", "stream": False}),
    (
        "elevenlabs/eleven_multilingual_v2",
        {
            "voice": "Santa Claus",
            "seed": 0,
            "parameters": {
                "stability": 0.3,
                "similarity_boost": 0.9,
                "style": 0.1,
                "use_speaker_boost": False,
                "speed": 1.1,
                "apply_text_normalization": "off",
                "previous_text": "Before.",
                "next_text": "After.",
            },
        },
        {
            "voice": "Santa Claus",
            "seed": 0,
            "apply_text_normalization": "off",
            "previous_text": "Before.",
            "next_text": "After.",
            "output_format": "mp3_44100_128",
            "voice_settings": {
                "stability": 0.3,
                "similarity_boost": 0.9,
                "style": 0.1,
                "use_speaker_boost": False,
                "speed": 1.1,
            },
            "stream": False,
        },
    ),
    ("somebody/new-voice", {"parameters": {"speaks": True}}, {}),
]


@pytest.mark.parametrize(("model", "asked", "fields"), SPOKEN)
def test_speech_has_a_text_the_fields_of_its_model_and_no_others(
    model: str,
    asked: dict[str, Any],
    fields: dict[str, Any],
    aimlapi: AimlapiProvider,
    spec_of: Callable[[str], ModelSpec],
) -> None:
    request = request_for(model, TEXT, **asked)
    assert spec_of(model).check(request) == ()

    wire = aimlapi.prepare(request, KEY)

    assert (wire.method, wire.path) == ("POST", SPEAK)
    assert body_of(wire) == {"model": model, "text": TEXT, **fields}


@pytest.mark.parametrize(
    ("audio", "word"),
    [
        (AudioSettings(AudioFormat.MP3), "mp3_44100_128"),
        (AudioSettings(sample_rate_hz=22_050), "mp3_22050_32"),
        (AudioSettings(AudioFormat.MP3, 22_050, None, 32), "mp3_22050_32"),
        (AudioSettings(bitrate_kbps=32), "mp3_44100_32"),
        (AudioSettings(bitrate_kbps=64), "mp3_44100_64"),
        (AudioSettings(bitrate_kbps=96), "mp3_44100_96"),
        (AudioSettings(AudioFormat.MP3, 44_100, None, 192), "mp3_44100_192"),
        (AudioSettings(AudioFormat.OPUS), "opus_48000_128"),
        (AudioSettings(AudioFormat.OPUS, 48_000, None, 32), "opus_48000_32"),
        (AudioSettings(AudioFormat.OPUS, bitrate_kbps=192), "opus_48000_192"),
    ],
)
def test_format_rate_and_bit_rate_of_eleven_multilingual_are_one_word(
    audio: AudioSettings, word: str, aimlapi: AimlapiProvider, spec_of: Callable[[str], ModelSpec]
) -> None:
    request = request_for("elevenlabs/eleven_multilingual_v2", TEXT, audio=audio)
    assert spec_of(request.model).check(request) == ()

    assert body_of(aimlapi.prepare(request, KEY))["output_format"] == word


def test_every_choice_of_format_that_the_catalogue_offers_can_be_written(
    aimlapi: AimlapiProvider, spec_of: Callable[[str], ModelSpec]
) -> None:
    spec = spec_of("elevenlabs/eleven_multilingual_v2")
    choices = [
        AudioSettings(made.format, rate_hz, None, bitrate_kbps)
        for made in spec.formats
        for rate_hz in (None, *made.sample_rates_hz)
        for bitrate_kbps in (None, *made.bitrates_kbps(rate_hz or made.default_sample_rate_hz, None))
    ]

    words = {body_of(aimlapi.prepare(request_for(spec.id, audio=each), KEY))["output_format"] for each in choices}

    assert words == {
        "mp3_22050_32",
        *(f"mp3_44100_{kbps}" for kbps in (32, 64, 96, 128, 192)),
        *(f"opus_48000_{kbps}" for kbps in (32, 64, 96, 128, 192)),
    }


def test_the_same_request_is_written_in_the_same_bytes(aimlapi: AimlapiProvider) -> None:
    request = request_for("minimax/music-cover", STYLE, references=(clip(),), audio=MP3_44_256)

    assert aimlapi.prepare(request, KEY) == aimlapi.prepare(request, KEY)
