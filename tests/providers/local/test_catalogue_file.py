"""What the catalogue says about the built-in generator is what it does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from app.audio.encoding import encode
from app.domain.audio import AudioSettings
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest
from app.providers.local.provider import LocalProvider
from app.providers.local.speech import list_voices
from app.providers.local.voices import resolved
from app.providers.local.words import understand
from app.storage.catalogue import Catalogue

CATALOGUE = Catalogue.load([Path(__file__).parents[3] / "resources" / "catalogue"])
SKETCH, SPEECH = CATALOGUE.spec("local", "sketch"), CATALOGUE.spec("local", "speech")
KEY = UUID(int=7)

kinds_of_file = [
    (spec, made.format, rate_hz, channels, bitrate_kbps)
    for spec in (SKETCH, SPEECH)
    for made in spec.formats
    for rate_hz in made.sample_rates_hz
    for channels in made.channels
    for bitrate_kbps in (None, *made.bitrates_kbps(rate_hz, channels))
]


def prepared(spec: ModelSpec, audio: AudioSettings) -> dict[str, object]:
    request = GenerationRequest("local", spec.id, "Rain", audio=audio)
    assert spec.check(request) == ()
    return json.loads(LocalProvider(encode).prepare(request, KEY).body)


def test_the_catalogue_is_in_order_and_has_both_models():
    assert CATALOGUE.problems == ()
    assert {spec.id for spec in CATALOGUE.models if spec.provider == "local"} == {"sketch", "speech"}


def test_every_offered_file_can_be_written(tmp_path):
    silence = np.zeros((64, 1), dtype=np.float32)
    for spec, audio_format, rate_hz, channels, bitrate_kbps in kinds_of_file:
        audio = AudioSettings(audio_format, rate_hz, channels, bitrate_kbps)
        settled = prepared(spec, audio)["audio"]
        assert isinstance(settled, dict)
        encode(
            [np.repeat(silence, channels, axis=1)],
            tmp_path / "silence",
            format=audio_format,
            sample_rate_hz=rate_hz,
            channels=channels,
            bitrate_kbps=settled["bitrate_kbps"],
        )


@pytest.mark.parametrize("spec", [SKETCH, SPEECH], ids=lambda spec: spec.id)
def test_what_is_left_open_is_settled_as_the_catalogue_says(spec: ModelSpec):
    for made in spec.formats:
        settled = prepared(spec, AudioSettings(format=made.format))
        assert settled["audio"] == {
            "format": made.format.value,
            "sample_rate_hz": made.default_sample_rate_hz,
            "channels": made.default_channels,
            "bitrate_kbps": made.default_bitrate_kbps,
        }
        if spec.duration is not None:
            assert settled["duration_s"] == spec.duration.default
        names = {"speed": "speed_wpm", "pitch": "pitch", "volume": "volume"}
        assert all(settled[names[parameter.name]] == parameter.default for parameter in spec.parameters)


def test_every_offered_language_has_a_voice_of_its_own():
    voices = list_voices("local")
    for language in SPEECH.languages:
        voice = resolved(language, voices)
        assert voice is not None, language
        assert language in voice.languages


def test_the_default_voice_exists():
    assert SPEECH.default_voice in {voice.id for voice in list_voices("local")}


def test_examples_are_understood_to_the_last_word():
    for example in SKETCH.examples:
        meaning = understand(example.prompt)
        assert meaning.layers
        assert meaning.ignored == ()


def test_both_models_are_free():
    for spec in (SKETCH, SPEECH):
        assert spec.estimate(GenerationRequest("local", spec.id, "Rain")).is_free


def test_limits_are_checked_before_anything_is_made():
    request = GenerationRequest("local", "sketch", "Rain", takes=9, duration_s=61, seed=-1)

    assert {problem.field for problem in SKETCH.check(request)} == {"takes", "duration", "seed"}
    assert SKETCH.check(replace(request, takes=8, duration_s=60, seed=0)) == ()
