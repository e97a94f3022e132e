"""From options to a request: every problem at its option."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.problems import option_of
from app.cli.request_options import OPTIONS, add_request_options, request_of
from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import FormatSpec, ParameterSpec, ParameterType, Range
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest, InputFile, ParameterValue

SPEC = ModelSpec(
    "acme",
    "choir",
    "Choir",
    (Kind.MUSIC,),
    max_takes=4,
    duration=Range(0.5, 60.0, 8.0),
    seed=Range(0, 99, 0),
    has_voices=True,
    languages=("en", "de-AT"),
    parameters=(
        ParameterSpec("speed", "Speed", ParameterType.FLOAT, range=Range(0.5, 2.0, 1.0)),
        ParameterSpec("steps", "Steps", ParameterType.INT, range=Range(1, 50, 10)),
        ParameterSpec("loop", "Loop", ParameterType.BOOL),
        ParameterSpec("mood", "Mood", ParameterType.CHOICE, choices=("calm", "wild")),
        ParameterSpec("style", "Style", ParameterType.TEXT, max_length=20),
    ),
    formats=(FormatSpec(AudioFormat.WAV, (44_100, 48_000), (1, 2)), FormatSpec(AudioFormat.MP3)),
    references=ReferenceSpec(max_clips=1),
)
BARE = ModelSpec("acme", "bare", "Bare", (Kind.EFFECT,))


def request(*arguments: str, spec: ModelSpec = SPEC) -> GenerationRequest:
    parser = ArgumentParser()
    add_request_options(parser)
    return request_of(parser.parse_args(arguments), spec)


def refused_options(*arguments: str, spec: ModelSpec = SPEC) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        request(*arguments, spec=spec)
    return [option_of(problem.field, OPTIONS) for problem in caught.value.problems]


def test_a_part_of_a_plan_is_set_where_the_plan_is() -> None:
    assert option_of("plan.sections.2.duration", OPTIONS) == option_of("plan", OPTIONS) == "--plan"
    assert option_of("planning", OPTIONS) == "--param planning"


def test_a_prompt_alone_leaves_everything_to_the_model() -> None:
    assert request("rain") == GenerationRequest("acme", "choir", "rain", takes=1)


def test_without_a_voice_the_usual_one_speaks_unless_a_language_decides() -> None:
    spec = replace(SPEC, default_voice="ann")
    both = replace(spec, default_language="en")

    assert request("rain", spec=spec).voice == "ann"
    assert request("rain", "--voice", "bob", spec=spec).voice == "bob"
    assert request("rain", "--language", "de-AT", spec=spec).voice is None
    assert request("rain", "--language", "de-AT", spec=both).voice == "ann"


def test_every_option_reaches_the_request(tmp_path: Path) -> None:
    clip = tmp_path / "clip.wav"
    clip.write_bytes(b"RIFF")

    made = request(
        *("rain", "--takes", "3", "--duration", "4.5", "--format", "wav", "--sample-rate", "48000"),
        *("--channels", "1", "--voice", "v1", "--language", "de-AT", "--speed", "1.5", "--seed", "7"),
        *("--param", "steps=20", "--param", "style=slow = soft", "--reference", str(clip)),
    )

    assert made == GenerationRequest(
        "acme",
        "choir",
        "rain",
        takes=3,
        duration_s=4.5,
        seed=7,
        voice="v1",
        language="de-AT",
        audio=AudioSettings(AudioFormat.WAV, 48_000, 1),
        parameters={"speed": 1.5, "steps": 20, "style": "slow = soft"},
        references=(InputFile(clip),),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("steps=20", 20), ("speed=1", 1.0), ("loop=yes", True), ("loop=False", False), ("mood=wild", "wild")],
)
def test_parameters_are_read_as_their_type(text: str, value: ParameterValue) -> None:
    parameters = request("rain", "--param", text).parameters

    assert list(parameters.values()) == [value]
    assert isinstance(next(iter(parameters.values())), type(value))


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["rain", "--duration", "90"], ["--duration"]),
        (["rain", "--duration", "nan"], ["--duration"]),
        (["rain", "--takes", "5"], ["--takes"]),
        (["rain", "--takes", "0"], ["--takes"]),
        (["", "--seed", "-1"], ["PROMPT", "--seed"]),
        (["rain", "--negative-prompt", "wind"], ["--negative-prompt"]),
        (["rain", "--language", "fr"], ["--language"]),
        (["rain", "--format", "opus"], ["--format"]),
        (["rain", "--sample-rate", "12345"], ["--sample-rate"]),
        (["rain", "--bitrate", "128"], ["--bitrate"]),
        (["rain", "--speed", "fast"], ["--speed"]),
        (["rain", "--speed", "9"], ["--speed"]),
        (["rain", "--param", "steps=2.5"], ["--param steps"]),
        (["rain", "--param", "loop=maybe"], ["--param loop"]),
        (["rain", "--param", "mood=grim"], ["--param mood"]),
        (["rain", "--param", "tempo=1"], ["--param tempo"]),
        (["rain", "--param", "steps"], ["--param"]),
        (["rain", "--param", "=1"], ["--param"]),
        (["rain", "--param", "steps=1", "--param", "steps=2"], ["--param"]),
        (["rain", "--speed", "1", "--param", "speed=2"], ["--param"]),
        (["rain", "--reference", "/no/such/file"], ["--reference"]),
        (["rain \udcff"], ["PROMPT"]),
        (["rain", "--param", "style=\udcff"], ["--param style"]),
    ],
)
def test_problems_are_told_at_their_options(arguments: list[str], options: list[str]) -> None:
    assert refused_options(*arguments) == options


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["--takes", "2"], "--takes"),
        (["--duration", "2"], "--duration"),
        (["--seed", "2"], "--seed"),
        (["--voice", "v"], "--voice"),
        (["--language", "en"], "--language"),
        (["--speed", "1"], "--speed"),
        (["--format", "wav"], "--format"),
        (["--param", "steps=1"], "--param steps"),
        (["--negative-prompt", "wind"], "--negative-prompt"),
    ],
)
def test_an_option_that_the_model_lacks_is_refused(arguments: list[str], option: str) -> None:
    assert refused_options("rain", *arguments, spec=BARE) == [option]
