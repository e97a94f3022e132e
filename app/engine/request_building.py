"""From what somebody typed, in options or in the cells of a sheet, to a request of one model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.audio import AudioSettings
from app.domain.composition import CompositionPlan
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import ParameterSpec, ParameterType
from app.domain.request import GenerationRequest, InputFile, InputKind, ParameterValue

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a model; None and empty leave the choice to it.

    Attributes:
        speed: In the model's own unit, as text.
        parameters: Names and values as text.
        plan: Instead of a prompt.
    """

    prompt: str = ""
    takes: int | None = None
    duration_s: float | None = None
    seed: int | None = None
    negative_prompt: str | None = None
    voice: str | None = None
    language: str | None = None
    speed: str | None = None
    audio: AudioSettings = field(default_factory=AudioSettings)
    parameters: tuple[tuple[str, str], ...] = ()
    references: tuple[Path, ...] = ()
    plan: CompositionPlan | None = None


def request_for(
    asked: Asked, spec: ModelSpec, kind_of: Callable[[Path], InputKind] = lambda _path: InputKind.CLIP
) -> tuple[GenerationRequest, list[Problem]]:
    """The request that this means for a model, and what of it means nothing; the model's own check comes after.

    Args:
        kind_of: Whether a file that is there is a clip or a picture. Blocking, as the look for files is.
    """
    parameters, problems = _parameters(asked, spec)
    problems += _missing(asked.references)
    request = GenerationRequest(
        provider=spec.provider,
        model=spec.id,
        prompt=asked.plan.title if asked.plan is not None else asked.prompt.strip(),
        takes=1 if asked.takes is None else asked.takes,
        duration_s=asked.duration_s,
        seed=asked.seed,
        negative_prompt=asked.negative_prompt,
        voice=_usual_voice(asked, spec) if asked.voice is None else asked.voice,
        language=asked.language,
        audio=asked.audio,
        parameters=parameters,
        references=tuple(InputFile(path, kind=kind_of(path)) for path in asked.references if path.is_file()),
        plan=asked.plan,
    )
    return request, problems


def decimal_point(text: str) -> str:
    """A number as Python reads it, also where somebody's country writes a comma."""
    trimmed = text.strip()
    return trimmed.replace(",", ".") if _DECIMAL_COMMA.fullmatch(trimmed) else trimmed


def _usual_voice(asked: Asked, spec: ModelSpec) -> str | None:
    """As the window chooses it; a language alone decides the voice where it isn't sent beside one."""
    return None if asked.language and spec.default_language is None else spec.default_voice


def _parameters(asked: Asked, spec: ModelSpec) -> tuple[dict[str, ParameterValue], list[Problem]]:
    values: dict[str, ParameterValue] = {}
    problems: list[Problem] = []
    if asked.speed is not None:
        _take_up("speed", asked.speed, spec, values, problems)
    for name, value in asked.parameters:
        if name in values:
            problems.append(Problem("param", f"“{name}” is given twice."))
        else:
            _take_up(name, value, spec, values, problems)
    return values, problems


def _take_up(name: str, text: str, spec: ModelSpec, values: dict[str, ParameterValue], problems: list[Problem]) -> None:
    """Keep a parameter's value as the type that the model takes, or the reason why not."""
    parameter = spec.parameter(name)
    if parameter is None:
        known = ", ".join(p.name for p in spec.parameters)
        hint = f" It has: {known}." if known else ""
        problems.append(Problem(name, f"{spec.label} has no parameter “{name}”.{hint}"))
        return
    try:
        values[name] = _value(parameter, text)
    except ValueError as exc:
        problems.append(Problem(name, str(exc)))


def _value(parameter: ParameterSpec, text: str) -> ParameterValue:
    """Read a value as its parameter's type; whether it is in range is the spec's to say."""
    if parameter.type in (ParameterType.TEXT, ParameterType.CHOICE):
        return text
    if parameter.type is ParameterType.BOOL:
        word = text.strip().casefold()
        if word not in (*_TRUE, *_FALSE):
            raise ValueError(f"{parameter.label} must be true or false; it is {text}.")
        return word in _TRUE
    whole = parameter.type is ParameterType.INT
    try:
        return int(text) if whole else float(decimal_point(text))
    except ValueError as exc:
        wanted = "a whole number" if whole else "a number"
        raise ValueError(f"{parameter.label} must be {wanted}; it is {text}.") from exc


def _missing(paths: Sequence[Path]) -> Iterator[Problem]:
    for path in paths:
        if not path.is_file():
            yield Problem("references", f"There is no file {path}.")
