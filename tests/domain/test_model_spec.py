"""Every problem of a request is told at its field, with what is allowed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import (
    BitrateSpec,
    FormatSpec,
    Panel,
    ParameterSpec,
    ParameterType,
    Range,
    number,
    one_of,
)
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest, InputFile

OGG = FormatSpec(
    AudioFormat.OGG,
    (24_000, 48_000),
    (1, 2),
    (BitrateSpec((96, 160), (48_000,), (2,)), BitrateSpec((48, 64), (24_000,)), BitrateSpec((32,), channels=(1,))),
    48_000,
    2,
    160,
)
MOOD = ParameterSpec("mood", "Mood", ParameterType.CHOICE, choices=("calm", "wild"), default="calm")
SPEED = ParameterSpec("speed", "Speed", ParameterType.INT, Panel.VOICE, Range(-50, 50, 0, unit="%"))
GAIN = ParameterSpec("gain", "Gain", ParameterType.FLOAT, range=Range(0, 1, 0.5, 0.1))
STYLE = ParameterSpec("style", "Style", ParameterType.TEXT, max_length=8, excludes=("mood", "duration"))
LOOP = ParameterSpec("loop", "Loop", ParameterType.BOOL, excludes=("seed", "references", "sample_rate"))
RICH = ModelSpec(
    "acme",
    "rich",
    "Rich",
    (Kind.MUSIC,),
    prompt_max=20,
    max_takes=4,
    duration=Range(0.5, 30, 8, 0.5, "s"),
    seed=Range(0, 99, 0),
    has_negative_prompt=True,
    has_voices=True,
    languages=("en-US", "de"),
    parameters=(MOOD, SPEED, GAIN, STYLE, LOOP),
    formats=(FormatSpec(AudioFormat.WAV, (48_000,), (2,)), OGG),
    references=ReferenceSpec(max_clips=2),
)
BARE = ModelSpec("acme", "bare", "Bare", (Kind.EFFECT,))
CLIP = InputFile(Path("clip.wav"))


def asked(prompt: str = "rain", **wishes: object) -> GenerationRequest:
    return GenerationRequest("acme", "any", prompt, **wishes)  # type: ignore[arg-type]


def test_a_request_within_all_limits_has_no_problem():
    request = asked(
        "x" * 20,
        takes=4,
        duration_s=30,
        seed=99,
        negative_prompt="noise",
        voice="anna",
        language="de",
        audio=AudioSettings(AudioFormat.OGG, 48_000, 2, 96),
        parameters={"mood": "wild", "speed": -50, "gain": 1},
        references=(CLIP, CLIP),
    )

    assert RICH.check(request) == ()
    assert BARE.check(asked()) == ()


REFUSED = [
    (RICH, asked(""), "prompt", "empty"),
    (RICH, asked(" \n\t"), "prompt", "empty"),
    (RICH, asked("x" * 21), "prompt", "20 characters; it has 21"),
    (RICH, asked("half \ud83c"), "prompt", "broken"),
    (BARE, asked(negative_prompt="noise"), "negative_prompt", "no negative prompt"),
    (RICH, asked(negative_prompt="\udfff"), "negative_prompt", "broken"),
    (RICH, asked(takes=5), "takes", "from 1 to 4"),
    (RICH, asked(takes=0), "takes", "from 1 to 4"),
    (BARE, asked(takes=2), "takes", "must be 1 "),
    (RICH, asked(duration_s=30.1), "duration", "from 0.5 to 30 s; it is 30.1"),
    (RICH, asked(duration_s=float("nan")), "duration", "from 0.5 to 30 s"),
    (RICH, asked(duration_s=float("inf")), "duration", "from 0.5 to 30 s"),
    (BARE, asked(duration_s=1), "duration", "no length"),
    (RICH, asked(seed=100), "seed", "from 0 to 99"),
    (RICH, asked(seed=10**400), "seed", "from 0 to 99"),
    (BARE, asked(seed=1), "seed", "no seed"),
    (BARE, asked(voice="anna"), "voice", "no voices"),
    (RICH, asked(voice="\ud800"), "voice", "broken"),
    (RICH, asked(language="fr"), "language", "en-US or de; it is fr"),
    (BARE, asked(language="de"), "language", "can't be chosen"),
    (RICH, asked(references=(CLIP,) * 3), "references", "2 clips at most; there are 3"),
    (BARE, asked(references=(CLIP,)), "references", "takes no clips"),
    (RICH, asked(audio=AudioSettings(AudioFormat.MP3)), "format", "wav or ogg, not mp3. Convert at export"),
    (BARE, asked(audio=AudioSettings(AudioFormat.MP3)), "format", "decides it"),
    (RICH, asked(audio=AudioSettings(sample_rate_hz=44_100)), "sample_rate", "48,000 Hz; it is 44,100"),
    (RICH, asked(audio=AudioSettings(channels=1)), "channels", "must be 2; it is 1"),
    (RICH, asked(audio=AudioSettings(AudioFormat.OGG, 44_100)), "sample_rate", "24,000 or 48,000 Hz"),
    (RICH, asked(audio=AudioSettings(AudioFormat.OGG, 48_000, 2, 64)), "bitrate", "96 or 160 kbps; it is 64"),
    (RICH, asked(audio=AudioSettings(AudioFormat.OGG, 24_000, 2, 96)), "bitrate", "48 or 64 kbps"),
    (RICH, asked(audio=AudioSettings(AudioFormat.OGG, bitrate_kbps=32)), "bitrate", "96 or 160 kbps"),
    (RICH, asked(audio=AudioSettings(AudioFormat.WAV, bitrate_kbps=96)), "bitrate", "convert at export"),
    (RICH, asked(parameters={"colour": "red"}), "colour", "no parameter"),
    (RICH, asked(parameters={"mood": "merry"}), "mood", "calm or wild; it is merry"),
    (RICH, asked(parameters={"speed": 51}), "speed", "from -50 to 50 %; it is 51"),
    (RICH, asked(parameters={"speed": 1.0}), "speed", "whole number"),
    (RICH, asked(parameters={"speed": True}), "speed", "whole number"),
    (RICH, asked(parameters={"gain": "loud"}), "gain", "a number"),
    (RICH, asked(parameters={"gain": float("nan")}), "gain", "a number"),
    (RICH, asked(parameters={"style": "x" * 9}), "style", "8 characters; it has 9"),
    (RICH, asked(parameters={"style": 3}), "style", "a text"),
    (RICH, asked(parameters={"style": "\udc80"}), "style", "broken"),
    (RICH, asked(parameters={"loop": 1}), "loop", "true or false"),
    (RICH, asked(parameters={"style": "a", "mood": "calm"}), "style", "combined with Mood"),
    (RICH, asked(duration_s=4, parameters={"style": "a"}), "style", "combined with duration"),
    (RICH, asked(seed=0, parameters={"loop": True}), "loop", "combined with seed"),
    (RICH, asked(references=(CLIP,), parameters={"loop": True}), "loop", "combined with references"),
    (RICH, asked(audio=AudioSettings(sample_rate_hz=48_000), parameters={"loop": True}), "loop", "sample_rate"),
]


@pytest.mark.parametrize(("spec", "request_", "field", "words"), REFUSED)
def test_a_request_outside_a_limit_is_refused_at_its_field(spec, request_, field, words):
    (problem,) = spec.check(request_)

    assert problem.field == field
    assert words in problem.message
    assert problem.message.endswith(".")


def test_all_problems_are_told_at_once():
    request = asked("", takes=9, seed=-1, language="xx", parameters={"colour": "red", "speed": 99})

    assert [problem.field for problem in RICH.check(request)] == [
        "prompt",
        "takes",
        "seed",
        "language",
        "colour",
        "speed",
    ]
    assert "Takes must be" in str(RequestInvalid(RICH.check(request)))


def test_a_number_without_a_range_must_still_be_one():
    free = replace(BARE, parameters=(ParameterSpec("x", "X", ParameterType.FLOAT),))

    assert free.check(asked(parameters={"x": 1e300})) == ()
    assert free.check(asked(parameters={"x": 10**400})) == ()
    assert [problem.field for problem in free.check(asked(parameters={"x": float("inf")}))] == ["x"]


ANYTHING = some.text(some.characters(exclude_categories=[]), max_size=30)
NUMBERS = some.floats() | some.integers()


@given(
    some.sampled_from([RICH, BARE]),
    some.builds(
        GenerationRequest,
        provider=ANYTHING,
        model=ANYTHING,
        prompt=ANYTHING,
        takes=some.integers(),
        duration_s=some.none() | some.floats(),
        seed=some.none() | some.integers(),
        negative_prompt=some.none() | ANYTHING,
        voice=some.none() | ANYTHING,
        language=some.none() | ANYTHING,
        audio=some.builds(
            AudioSettings,
            some.none() | some.sampled_from(AudioFormat),
            some.none() | some.integers(),
            some.none() | some.integers(),
            some.none() | some.integers(),
        ),
        parameters=some.dictionaries(
            ANYTHING | some.sampled_from(["mood", "speed", "gain", "style", "loop"]),
            some.booleans() | NUMBERS | ANYTHING,
            max_size=5,
        ),
        references=some.lists(some.just(CLIP), max_size=3).map(tuple),
    ),
)
def test_no_request_makes_the_check_fail(spec, request):
    problems = spec.check(request)

    assert all(isinstance(problem, Problem) and problem.field is not None for problem in problems)
    if not problems:
        request.prompt.encode()  # what passes can be stored and sent
        assert 1 <= request.takes <= spec.max_takes
        assert request.duration_s is None or 0.5 <= request.duration_s <= 30


@given(some.floats(allow_nan=False, allow_infinity=False))
def test_a_range_allows_both_its_ends_and_nothing_beyond(value):
    assert (Range(-1, 1, 0).complaint("It", value) is None) == (-1 <= value <= 1)


def test_the_kind_of_a_model_is_its_first():
    assert replace(BARE, kinds=(Kind.SCENE, Kind.EFFECT)).kind is Kind.SCENE


def test_a_format_is_found_or_the_first_is_meant():
    assert RICH.format(None) is RICH.formats[0]
    assert RICH.format(AudioFormat.OGG) is OGG
    assert RICH.format(AudioFormat.MP3) is None
    assert BARE.format(None) is None


@pytest.mark.parametrize(
    ("rate", "channels", "expected"),
    [
        (48_000, 2, (96, 160)),
        (48_000, 1, (32,)),
        (24_000, 1, (32, 48, 64)),
        (24_000, 2, (48, 64)),
        (None, None, (32, 48, 64, 96, 160)),
        (8_000, 2, ()),
    ],
)
def test_bit_rates_follow_rate_and_channels(rate, channels, expected):
    assert OGG.bitrates_kbps(rate, channels) == expected


def test_values_read_well():
    assert one_of([1]) == "1"
    assert one_of(["a", "b", "c"]) == "a, b or c"
    assert one_of([44_100, 48_000]) == "44,100 or 48,000"
    assert one_of([]) == "nothing"
    assert [number(value) for value in (4.0, 0.1, 2048, 2048.0, -0.5)] == ["4", "0.1", "2,048", "2,048", "-0.5"]
