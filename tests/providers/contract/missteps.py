"""Requests one step outside each limit of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import FormatSpec, ParameterSpec, ParameterType, Range, number
from app.domain.request import GenerationRequest, ParameterValue
from tests.providers.contract.requests import Inputs

_LITTLE = 0.001


@dataclass(frozen=True)
class Misstep:
    """One request that must not leave.

    Attributes:
        field: Where the problem is told.
        allowed: What the message says can be had instead.
        is_of_file: Only the file itself shows it.
    """

    request: GenerationRequest
    field: str
    allowed: str = ""
    is_of_file: bool = False


def missteps(spec: ModelSpec, usual: GenerationRequest, inputs: Inputs) -> Iterator[Misstep]:
    """Everything that is just not allowed.

    Args:
        usual: A request that the spec allows.
    """
    return chain(
        _of_prompt(spec, usual),
        _of_numbers(spec, usual),
        _of_words(spec, usual),
        _of_audio(spec, usual),
        chain.from_iterable(_of_parameter(spec, usual, each) for each in spec.parameters),
        _of_references(spec, usual, inputs),
        _of_plan(spec, usual),
    )


def _of_prompt(spec: ModelSpec, usual: GenerationRequest) -> Iterator[Misstep]:
    if not spec.is_prompt_optional:
        yield Misstep(replace(usual, prompt=" \n"), "prompt")
    if spec.prompt_max is not None:
        yield Misstep(replace(usual, prompt="é" * (spec.prompt_max + 1)), "prompt", number(spec.prompt_max))
    if spec.prompt_min is not None and spec.prompt_min > 1:
        yield Misstep(replace(usual, prompt="é" * (spec.prompt_min - 1)), "prompt", number(spec.prompt_min))
    yield Misstep(replace(usual, prompt="half a letter \ud800 among whole ones"), "prompt")


def _of_numbers(spec: ModelSpec, usual: GenerationRequest) -> Iterator[Misstep]:
    for takes in (0, spec.max_takes + 1):
        yield Misstep(replace(usual, takes=takes), "takes", number(spec.max_takes))
    for value, allowed in _beside(spec.duration):
        yield Misstep(replace(usual, duration_s=float(value)), "duration", allowed)
    for value, allowed in _beside(spec.seed):
        if float(value).is_integer():
            yield Misstep(replace(usual, seed=int(value)), "seed", allowed)
    if spec.duration is None:
        yield Misstep(replace(usual, duration_s=10.0), "duration", "takes no length")
    if spec.seed is None:
        yield Misstep(replace(usual, seed=1), "seed", "takes no seed")


def _beside(allowed: Range | None) -> Iterator[tuple[float, str]]:
    """Values just beside a range, and which end a message about them names."""
    if allowed is None:
        return
    step = 1 if allowed.is_whole or allowed.step >= 1 else _LITTLE
    yield allowed.minimum - step, number(allowed.minimum)
    yield allowed.maximum + step, number(allowed.maximum)
    if allowed.is_whole:
        yield allowed.minimum + 0.5, "whole"


def _of_words(spec: ModelSpec, usual: GenerationRequest) -> Iterator[Misstep]:
    if not spec.has_negative_prompt:
        yield Misstep(replace(usual, negative_prompt="birds"), "negative_prompt", "takes no negative prompt")
    if not spec.has_voices:
        yield Misstep(replace(usual, voice="Rachel"), "voice", "has no voices")
    elif spec.voices and not spec.takes_any_voice:
        yield Misstep(replace(usual, voice="nobody"), "voice", spec.voices[-1].id)
    yield Misstep(replace(usual, language="xx-XX"), "language", spec.languages[-1] if spec.languages else "chosen")


def _of_audio(spec: ModelSpec, usual: GenerationRequest) -> Iterator[Misstep]:
    made = {each.format for each in spec.formats}
    for other in set(AudioFormat) - made:
        allowed = spec.formats[-1].format.value if spec.formats else "decides"
        yield Misstep(replace(usual, audio=AudioSettings(other)), "format", allowed)
    for each in spec.formats:
        yield from _of_format(usual, each)


def _of_format(usual: GenerationRequest, made: FormatSpec) -> Iterator[Misstep]:
    def asked(rate: int | None = None, channels: int | None = None, kbps: int | None = None) -> GenerationRequest:
        return replace(usual, audio=AudioSettings(made.format, rate, channels, kbps))

    ours = "the model"  # decides
    last_rate = number(made.sample_rates_hz[-1]) if made.sample_rates_hz else ours
    yield Misstep(
        asked(rate=made.sample_rates_hz[-1] + 1 if made.sample_rates_hz else 44_100), "sample_rate", last_rate
    )
    yield Misstep(asked(channels=3), "channels", number(made.channels[-1]) if made.channels else ours)
    for rate in made.sample_rates_hz or (None,):
        for channels in made.channels or (None,):
            row = made.bitrates_kbps(rate or made.default_sample_rate_hz, channels or made.default_channels)
            for kbps in (row[0] - 1, row[-1] + 1) if row else (128,):
                yield Misstep(asked(rate, channels, kbps), "bitrate", number(row[-1]) if row else ours)


def _of_parameter(spec: ModelSpec, usual: GenerationRequest, parameter: ParameterSpec) -> Iterator[Misstep]:
    def asked(value: ParameterValue, **others: ParameterValue) -> GenerationRequest:
        return replace(usual, parameters={**usual.parameters, parameter.name: value, **others})

    for value, allowed in _bad_values(parameter):
        yield Misstep(asked(value), parameter.name, allowed)
    good = _any_good_value(parameter)
    for other in filter(None, map(spec.parameter, parameter.excludes)):
        yield Misstep(asked(good, **{other.name: _any_good_value(other)}), parameter.name, other.label)
    name, _, wanted = parameter.needs.partition("=")
    needed = spec.parameter(name)
    if needed is not None:
        others = [choice for choice in needed.choices if choice != wanted]
        yield Misstep(asked(good, **{name: others[0]}), parameter.name, wanted)
    if parameter.is_for_one_take and spec.max_takes > 1:
        yield Misstep(replace(asked(good), takes=2), parameter.name, "one take")
    if parameter.is_required and not parameter.unless:
        without = {key: value for key, value in usual.parameters.items() if key != parameter.name}
        yield Misstep(replace(usual, parameters=without), parameter.name, parameter.label)
        yield Misstep(asked(" " * (parameter.min_length or 1)), parameter.name, parameter.label)


def _bad_values(parameter: ParameterSpec) -> Iterator[tuple[ParameterValue, str]]:
    """Values that a parameter doesn't take, and what the message says instead."""
    match parameter.type:
        case ParameterType.BOOL:
            yield "true", "true or false"
        case ParameterType.CHOICE:
            yield "nonsense", parameter.choices[-1]
        case ParameterType.TEXT:
            yield from _bad_texts(parameter)
        case ParameterType.INT | ParameterType.FLOAT:
            is_whole = parameter.type is ParameterType.INT
            yield "1", "number"
            yield True, "number"
            yield float("nan"), "number"
            for value, allowed in _beside(parameter.range):
                yield (round(value) if is_whole and value == round(value) else value), allowed


def _bad_texts(parameter: ParameterSpec) -> Iterator[tuple[ParameterValue, str]]:
    yield 1, "text"
    if parameter.max_length is not None:
        yield "é" * (parameter.max_length + 1), number(parameter.max_length)
    if parameter.min_length is not None:
        yield "é" * (parameter.min_length - 1), number(parameter.min_length)
    if parameter.is_address:
        yield "http://in.example.com/x", "https://"
        yield "ftp://in.example.com/x", "https://"


def _any_good_value(parameter: ParameterSpec) -> ParameterValue:
    match parameter.type:
        case ParameterType.BOOL:
            return True
        case ParameterType.CHOICE:
            return parameter.choices[0]
        case ParameterType.TEXT:
            return "https://in.example.com/x" if parameter.is_address else "la " * 10
    assert parameter.range is not None
    return round(parameter.range.default)


def _of_references(spec: ModelSpec, usual: GenerationRequest, inputs: Inputs) -> Iterator[Misstep]:
    allowed = spec.references

    def asked(*files: object, prompt: str = usual.prompt) -> GenerationRequest:
        return replace(usual, prompt=prompt, references=files)  # type: ignore[arg-type]

    at_most = number(allowed.max_clips) if allowed.max_clips else "no clips"
    yield Misstep(asked(*inputs.clips[: allowed.max_clips + 1]), "references", at_most)
    pictures = number(allowed.max_pictures) if allowed.max_pictures else "no pictures"
    yield Misstep(asked(*[inputs.picture] * (allowed.max_pictures + 1)), "references", pictures)
    if allowed.min_clips:
        yield Misstep(asked(), "references", number(allowed.min_clips))
    if allowed.is_one_kind:
        yield Misstep(asked(inputs.clips[0], inputs.picture), "references", "not both")
    if allowed.mention:
        one_too_high = f"{usual.prompt} {allowed.name_of_clip(2)}"
        yield Misstep(asked(inputs.clips[0], prompt=one_too_high), "prompt", "1 clip")
    if allowed.shortest_s is not None and allowed.is_limit_of_service:
        shortest = number(allowed.shortest_s)
        yield Misstep(asked(inputs.short_clip), "references", shortest, is_of_file=True)


def _of_plan(spec: ModelSpec, usual: GenerationRequest) -> Iterator[Misstep]:
    section = PlanSection("Intro", 10)
    good = CompositionPlan(("calm",), sections=(section,))

    def asked(plan: CompositionPlan) -> GenerationRequest:
        return replace(usual, prompt=plan.title, plan=plan)

    if spec.plan is None:
        yield Misstep(asked(good), "plan", "takes no composition plan")
        return
    yield Misstep(asked(replace(good, sections=())), "plan")
    yield Misstep(asked(replace(good, styles=())), "plan.styles")
    long_name = replace(section, name="é" * (spec.plan.name_max + 1))
    yield Misstep(asked(replace(good, sections=(long_name,))), "plan.sections.1.name", number(spec.plan.name_max))
    for length, allowed in _beside(spec.plan.section_duration):
        other = replace(section, duration_s=length)  # type: ignore[arg-type]
        yield Misstep(asked(replace(good, sections=(section, other))), "plan.sections.2.duration", allowed)
    yield Misstep(replace(asked(good), prompt="And a prompt besides."), "prompt")
    yield Misstep(replace(asked(good), duration_s=30.0), "duration")
