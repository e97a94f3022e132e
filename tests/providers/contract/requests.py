"""Any request that a model's spec allows, its ends included."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.domain.audio import AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import ParameterSpec, ParameterType, Range
from app.domain.plan_spec import PlanSpec
from app.domain.request import GenerationRequest, InputFile, InputKind, ParameterValue
from tests.servers.sounds import Sound

Draw = Callable[[st.SearchStrategy[Any]], Any]

_LONGEST = 5_000  # where nobody names a limit
_LETTERS = st.characters(exclude_categories=["Cs"])
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_LOCAL_VOICES = ("en-us", "de", "en-us+f2")
_NUMBERED_VOICES = ("147320", "147321")
_OTHER_LOCALES = ("en-gb", "zh-cn")


@dataclass(frozen=True)
class Inputs:
    """Files to go by.

    Attributes:
        clips: Each long enough for every model.
        short_clip: Too short for every model that has a limit.
    """

    clips: tuple[InputFile, ...]
    picture: InputFile
    short_clip: InputFile


def make_inputs(folder: Path) -> Inputs:
    """Sixteen seconds of each kind, and a picture of one pixel."""

    def written(name: str, content: bytes, kind: InputKind = InputKind.CLIP) -> InputFile:
        path = folder / name
        path.write_bytes(content)
        return InputFile(path, kind=kind)

    kinds = ("wav", "mp3", "wav", "mp3")
    clips = [
        written(f"clip {number}.{kind}", Sound(kind, 8_000, 1, 16.0, 8, number).encoded())
        for number, kind in enumerate(kinds, start=1)
    ]
    short = written("short.wav", Sound("wav", 8_000, 1, 1.0).encoded())
    return Inputs(tuple(clips), written("face.png", _PIXEL, InputKind.PICTURE), short)


def ordinary(spec: ModelSpec, inputs: Inputs) -> GenerationRequest:
    """The least that a model needs, everything else left to it."""
    needed: dict[str, ParameterValue] = {
        each.name: "la " * (each.min_length or 10) for each in spec.parameters if each.is_required
    }
    prompt = "Rain on a roof, and nothing else."
    return GenerationRequest(
        spec.provider, spec.id, prompt, parameters=needed, references=inputs.clips[: spec.references.min_clips]
    )


def valid_requests(spec: ModelSpec, inputs: Inputs) -> st.SearchStrategy[GenerationRequest]:
    """Requests that the spec allows, as far apart as it allows."""

    @st.composite
    def request(draw: Draw) -> GenerationRequest:
        takes = draw(st.integers(1, spec.max_takes))
        plan = draw(st.none() | _plans(spec.plan)) if spec.plan is not None else None
        clips, picture = _references(draw, spec, inputs)
        wanted = GenerationRequest(
            spec.provider,
            spec.id,
            plan.title if plan is not None else _prompt(draw, spec, len(clips)),
            takes=takes,
            duration_s=draw(st.none() | numbers(spec.duration)) if spec.duration and plan is None else None,
            seed=draw(st.none() | _whole_numbers(spec.seed)) if spec.seed else None,
            negative_prompt=draw(st.none() | texts(0)) if spec.has_negative_prompt else None,
            voice=draw(st.none() | _voices(spec)) if spec.has_voices else None,
            language=draw(st.none() | st.sampled_from(spec.languages)) if spec.languages else None,
            audio=_audio(draw, spec),
            references=(*clips, *picture),
            plan=plan,
        )
        wanted = replace(wanted, parameters=_parameters(draw, spec, wanted))
        has_words = any(isinstance(value, str) and value.strip() for value in wanted.parameters.values())
        if spec.is_prompt_optional and has_words and draw(st.booleans()):
            wanted = replace(wanted, prompt=draw(st.sampled_from(["", " "])))
        return wanted

    return request()


def texts(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    """Texts in any letters, with the shortest and the longest; from 1 character on never blank."""

    @st.composite
    def text(draw: Draw) -> str:
        begin = draw(st.text(_LETTERS, min_size=1, max_size=12).filter(lambda text: bool(text[0].strip())))
        longest = most if most is not None else _LONGEST
        length = draw(st.integers(least, min(longest, max(least, 200))) | st.sampled_from([least, longest]))
        return str((begin * (length // len(begin) + 1))[:length])

    return text() | st.sampled_from(["", " \n"]) if least == 0 else text()


def numbers(allowed: Range) -> st.SearchStrategy[int] | st.SearchStrategy[float]:
    if allowed.is_whole:
        return _whole_numbers(allowed)
    return st.floats(allowed.minimum, allowed.maximum) | st.sampled_from([allowed.minimum, allowed.maximum])


def _whole_numbers(allowed: Range) -> st.SearchStrategy[int]:
    low, high = math.ceil(allowed.minimum), math.floor(allowed.maximum)
    return st.integers(low, high) | st.sampled_from([low, high])


def _prompt(draw: Draw, spec: ModelSpec, clips: int) -> str:
    """A prompt that may name clips."""
    named = f"{spec.references.name_of_clip(draw(st.integers(1, clips)))} " if clips else ""
    if not spec.references.mention or draw(st.booleans()):
        named = ""
    most = None if spec.prompt_max is None else spec.prompt_max - len(named)
    return named + str(draw(texts(max(spec.prompt_min or 1, 1), most)))


def _references(draw: Draw, spec: ModelSpec, inputs: Inputs) -> tuple[tuple[InputFile, ...], tuple[InputFile, ...]]:
    allowed = spec.references
    clips = inputs.clips[: draw(st.integers(allowed.min_clips, allowed.max_clips))]
    has_picture = allowed.max_pictures > 0 and not (allowed.is_one_kind and clips) and draw(st.booleans())
    return clips, (inputs.picture,) if has_picture else ()


def _voices(spec: ModelSpec) -> st.SearchStrategy[str]:
    if spec.has_numbered_voices:
        return st.sampled_from(_NUMBERED_VOICES)
    listed = st.sampled_from([voice.id for voice in spec.voices] or list(_LOCAL_VOICES))
    return listed | texts(1, 40) if spec.takes_any_voice else listed


def _audio(draw: Draw, spec: ModelSpec) -> AudioSettings:
    chosen = draw(st.sampled_from([None, *(each.format for each in spec.formats)]))
    made = spec.format(chosen)
    if made is None:
        return AudioSettings()
    rate = draw(st.sampled_from([None, *made.sample_rates_hz]))
    channels = draw(st.sampled_from([None, *made.channels]))
    rates_kbps = made.bitrates_kbps(rate or made.default_sample_rate_hz, channels or made.default_channels)
    return AudioSettings(chosen, rate, channels, draw(st.sampled_from([None, *rates_kbps])))


def _parameters(draw: Draw, spec: ModelSpec, wanted: GenerationRequest) -> Mapping[str, ParameterValue]:
    values: dict[str, ParameterValue] = {}
    for each in spec.parameters:
        is_lifted = each.unless and values.get(each.unless) is True
        if (each.is_required and not is_lifted) or draw(st.booleans()):
            values[each.name] = draw(_values(each))
    for each in spec.parameters:
        if each.name in values and not _may_stay(spec, each, values, wanted):
            del values[each.name]
    return values


def _may_stay(
    spec: ModelSpec, parameter: ParameterSpec, values: Mapping[str, ParameterValue], wanted: GenerationRequest
) -> bool:
    """Whether a parameter goes together with what else was drawn."""
    if parameter.is_for_one_take and wanted.takes > 1:
        return False
    name, _, value = parameter.needs.partition("=")
    if name:
        needed = spec.parameter(name)
        assert needed is not None
        return str(values.get(name, needed.default)) == value
    others = [each for each in parameter.excludes if values.get(each) not in (None, False, "")]
    return values[parameter.name] is False or not others


def _values(parameter: ParameterSpec) -> st.SearchStrategy[Any]:
    match parameter.type:
        case ParameterType.BOOL:
            return st.booleans()
        case ParameterType.CHOICE:
            return st.sampled_from(parameter.choices)
        case ParameterType.TEXT if parameter.is_address:
            return st.sampled_from(["https://in.example.com/x?token=a%20b", "https://in.example.com:8443/é"])
        case ParameterType.TEXT if parameter.name == "locale":
            return st.sampled_from(_OTHER_LOCALES)
        case ParameterType.TEXT:
            return texts(parameter.min_length or (1 if parameter.is_required else 0), parameter.max_length)
        case ParameterType.INT:
            return _whole_numbers(parameter.range) if parameter.range else st.integers()
    return numbers(parameter.range) if parameter.range else st.floats(allow_nan=False, allow_infinity=False)


def _plans(allowed: PlanSpec) -> st.SearchStrategy[CompositionPlan]:
    words = st.lists(texts(1, 40), max_size=3).map(tuple)
    section = st.builds(
        PlanSection,
        name=texts(1, allowed.name_max),
        duration_s=_whole_numbers(allowed.section_duration),
        styles=words,
        avoided=words,
        lines=words,
    )
    return st.builds(
        CompositionPlan,
        styles=st.lists(texts(1, 40), min_size=1, max_size=3).map(tuple),
        avoided=words,
        sections=st.lists(section, min_size=1, max_size=allowed.most_sections or 5).map(tuple),
    )
