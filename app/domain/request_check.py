"""The check of a request against what its model accepts, before anything leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.errors import Problem
from app.domain.parameter_spec import BROKEN_TEXT, ParameterSpec, counted, is_text, one_of
from app.domain.request import GenerationRequest

if TYPE_CHECKING:
    from app.domain.model_spec import ModelSpec

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def problems(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    """Everything that keeps a request from being sent, each at its field with the allowed values."""
    if not spec.makes_audio:
        yield Problem("model", f"{spec.label} writes down what is said; it makes no audio. Use “Transcribe” for it.")
        return
    if request.plan is None:
        yield from _of_prompt(spec, request)
    else:
        yield from _of_plan(spec, request)
    yield from _of_texts(spec, request)
    yield from _of_numbers(spec, request)
    yield from _of_voice(spec, request)
    yield from spec.references.problems(spec.label, request)
    yield from _of_audio(spec, request)
    yield from _of_parameters(spec, request)


def warnings(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    """What may be meant otherwise, though it can be sent."""
    yield from spec.references.warnings(request)
    if spec.prompt_max is None or len(request.prompt) > spec.prompt_max or request.plan is not None:
        return
    # No service says what it counts; a text that is longer in another unit may be refused there.
    if len(request.prompt.encode(errors="replace")) > spec.prompt_max:
        yield Problem("prompt", f"{spec.prompt_label} is near its limit: the service may count some letters twice.")


def _of_prompt(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    length = len(request.prompt)
    if not request.prompt.strip():
        if not spec.is_prompt_optional:
            yield Problem("prompt", f"{spec.prompt_label} is empty. Describe what you want to hear.")
    elif spec.prompt_max is not None and length > spec.prompt_max:
        allowed = counted(spec.prompt_max, "character")
        yield Problem("prompt", f"{spec.prompt_label} may have {allowed}; it has {length:,}.")
    elif spec.prompt_min is not None and length < spec.prompt_min:
        needed = counted(spec.prompt_min, "character")
        yield Problem("prompt", f"{spec.prompt_label} must have at least {needed}; it has {length:,}.")


def _of_plan(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    assert request.plan is not None
    if spec.plan is None:
        yield Problem("plan", f"{spec.label} takes no composition plan.")
        return
    yield from spec.plan.problems(request.plan)
    if request.prompt != request.plan.title:
        yield Problem("prompt", "A composition plan takes the place of the prompt. Leave one of them out.")
    if request.duration_s is not None:
        yield Problem("duration", "A composition plan has the lengths of its sections. Leave the length out.")


def _of_texts(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    for field in ("prompt", "negative_prompt", "voice"):
        if not is_text(getattr(request, field) or ""):
            yield Problem(field, BROKEN_TEXT)
    if request.negative_prompt is not None and not spec.has_negative_prompt:
        yield Problem("negative_prompt", f"{spec.label} takes no negative prompt.")


def _of_numbers(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    if not 1 <= request.takes <= spec.max_takes:
        most = f"from 1 to {spec.max_takes}" if spec.max_takes > 1 else "1"
        yield Problem("takes", f"Takes must be {most} for {spec.label}; asked for {request.takes:,}.")
    for field, label, allowed, value in (
        ("duration", "Length", spec.duration, request.duration_s),
        ("seed", "Seed", spec.seed, request.seed),
    ):
        if value is None or (field == "duration" and request.plan is not None):
            continue
        complaint = f"{spec.label} takes no {label.lower()}." if allowed is None else allowed.complaint(label, value)
        if complaint is not None:
            yield Problem(field, complaint)


def _of_voice(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    if request.voice is not None and not spec.has_voices:
        yield Problem("voice", f"{spec.label} has no voices.")
    elif request.voice is not None and spec.voices and not spec.takes_any_voice:
        known = [voice.id for voice in spec.voices]
        if request.voice not in known:
            yield Problem("voice", f"The voice must be {one_of(known)}; it is {request.voice}.")
    elif request.voice is not None and spec.has_numbered_voices and not _NUMBER.fullmatch(request.voice):
        yield Problem("voice", f"The voice must be a number from the list of voices; it is {request.voice}.")
    if request.language is not None and request.language not in spec.languages:
        known_languages = f"must be {one_of(spec.languages)}" if spec.languages else f"can't be chosen for {spec.label}"
        yield Problem("language", f"The language {known_languages}; it is {request.language}.")


def _of_audio(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    audio = request.audio
    chosen = spec.format(audio.format)
    if chosen is not None:
        yield from chosen.problems(audio)
    elif audio.format is not None:
        made = f"makes {one_of([each.format.value for each in spec.formats])}" if spec.formats else "decides it"
        yield Problem("format", f"{spec.label} {made}, not {audio.format}. Convert at export instead.")


def _of_parameters(spec: ModelSpec, request: GenerationRequest) -> Iterator[Problem]:
    for name, value in request.parameters.items():
        parameter = spec.parameter(name)
        if parameter is None:
            yield Problem(name, f"{spec.label} has no parameter “{name}”.")
            continue
        complaint = parameter.complaint(value)
        if complaint is not None:
            yield Problem(name, complaint)
        if value is not False:  # what is switched off excludes nothing
            yield from _of_company(spec, parameter, request)
    for parameter in spec.parameters:
        if parameter.is_required and not _has(request, parameter.name) and not request.parameters.get(parameter.unless):
            yield Problem(parameter.name, f"{parameter.label} is empty; {spec.label} needs it.")


def _of_company(spec: ModelSpec, parameter: ParameterSpec, request: GenerationRequest) -> Iterator[Problem]:
    """Whether a parameter can go with everything else that is chosen."""
    for other in parameter.excludes:
        if _has(request, other) or is_chosen(request, other):
            yield Problem(parameter.name, f"{parameter.label} can't be combined with {_label(spec, other)}.")
    needed, _, value = parameter.needs.partition("=")
    if needed and _written(spec, request, needed) != value:
        yield Problem(parameter.name, f"{parameter.label} goes only with {_label(spec, needed)} {value}.")
    if parameter.is_for_one_take and request.takes > 1:
        message = f"{parameter.label} takes one file, so it goes only with one take; asked for {request.takes:,}."
        yield Problem(parameter.name, message)


def _has(request: GenerationRequest, name: str) -> bool:
    return request.parameters.get(name) not in (None, False, "")


def _written(spec: ModelSpec, request: GenerationRequest, name: str) -> str:
    """The value of a parameter, or its default, as `needs` writes it."""
    parameter = spec.parameter(name)
    value = request.parameters.get(name, parameter.default if parameter is not None else None)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _label(spec: ModelSpec, name: str) -> str:
    parameter = spec.parameter(name)
    return parameter.label if parameter is not None else name


def is_chosen(request: GenerationRequest, field: str) -> bool:
    """Whether the user chose something at a field, by its name in problems."""
    audio = request.audio
    values = {
        "duration": request.duration_s,
        "format": audio.format,
        "sample_rate": audio.sample_rate_hz,
        "channels": audio.channels,
        "bitrate": audio.bitrate_kbps,
        "references": request.references or None,
    }
    value = values[field] if field in values else getattr(request, field, None)
    return value is not None
