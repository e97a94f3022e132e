"""The options of `generate`, and the request that they make."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.cli.plan_file import plan_of
from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import ParameterSpec, ParameterType
from app.domain.request import GenerationRequest, InputFile, InputKind, ParameterValue

OPTIONS = {
    "prompt": "PROMPT",
    "provider": "--provider",
    "model": "--model",
    "takes": "--takes",
    "duration": "--duration",
    "format": "--format",
    "sample_rate": "--sample-rate",
    "channels": "--channels",
    "bitrate": "--bitrate",
    "voice": "--voice",
    "language": "--language",
    "speed": "--speed",
    "seed": "--seed",
    "negative_prompt": "--negative-prompt",
    "references": "--reference",
    "plan": "--plan",
    "param": "--param",
    "out": "--out",
    "max_cost": "--max-cost",
}
"""Fields of a request, and what sets them; every other field is `--param NAME=VALUE`."""

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def add_request_options(parser: ArgumentParser) -> None:
    """Everything that describes the audio; what a model lacks is refused later, with its spec at hand."""
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("prompt", metavar="PROMPT", nargs="?", help="what you want to hear, or the words to speak")
    asked.add_argument("--plan", metavar="FILE", type=Path, help="a composition plan in JSON, instead of a prompt")
    parser.add_argument("--provider", metavar="ID", default="local", help="service; built-in generator: local")
    parser.add_argument("--model", metavar="ID", help="model of the service; its first one if not given")
    parser.add_argument("--takes", metavar="N", type=int, help="how many results, 1 if not given")
    parser.add_argument("--duration", metavar="S", type=float, help="length of each take in seconds")
    parser.add_argument("--format", choices=[f.value for f in AudioFormat], help="what the files are")
    parser.add_argument("--sample-rate", metavar="HZ", type=int, help="samples a second")
    parser.add_argument("--channels", metavar="1|2", type=int, choices=(1, 2), help="mono or stereo")
    parser.add_argument("--bitrate", metavar="KBPS", type=int, help="for formats that have one")
    parser.add_argument("--voice", metavar="ID", help="see: cuesmith voices --provider ID")
    parser.add_argument("--language", metavar="L", help="such as en or de-AT")
    parser.add_argument("--speed", metavar="X", help="in the model's own unit")
    parser.add_argument("--seed", metavar="N", type=int, help="the same seed gives the same take again")
    parser.add_argument("--negative-prompt", metavar="TEXT", help="what you don't want to hear")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[], help="a parameter of the model")
    parser.add_argument("--trim", action="store_true", help="use only the beginning of a clip that is too long")
    parser.add_argument(
        "--reference", metavar="FILE", action="append", type=Path, default=[], help="a clip or picture to go by"
    )


def request_of(
    options: Namespace, spec: ModelSpec, kind_of: Callable[[Path], InputKind] = lambda _path: InputKind.CLIP
) -> GenerationRequest:
    """The request that the options mean for this model.

    Args:
        kind_of: Whether a file that is there is a clip or a picture.
    Raises:
        RequestInvalid: Every problem, each at its field.
    """
    parameters, problems = _parameters(options, spec)
    problems += _missing_references(options.reference)
    plan = None if options.plan is None else plan_of(options.plan)
    request = GenerationRequest(
        provider=spec.provider,
        model=spec.id,
        prompt=plan.title if plan is not None else (options.prompt or "").strip(),
        takes=1 if options.takes is None else options.takes,
        duration_s=options.duration,
        seed=options.seed,
        negative_prompt=options.negative_prompt,
        voice=_usual_voice(options, spec) if options.voice is None else options.voice,
        language=options.language,
        audio=AudioSettings(
            AudioFormat(options.format) if options.format else None,
            options.sample_rate,
            options.channels,
            options.bitrate,
        ),
        parameters=parameters,
        references=tuple(InputFile(path, kind=kind_of(path)) for path in options.reference if path.is_file()),
        plan=plan,
    )
    problems += spec.check(request)
    if problems:
        raise RequestInvalid(problems)
    return request


def _usual_voice(options: Namespace, spec: ModelSpec) -> str | None:
    """As the window chooses it; a language alone decides the voice where it isn't sent beside one."""
    return None if options.language and spec.default_language is None else spec.default_voice


def _parameters(options: Namespace, spec: ModelSpec) -> tuple[dict[str, ParameterValue], list[Problem]]:
    values: dict[str, ParameterValue] = {}
    problems: list[Problem] = []
    if options.speed is not None:
        _take_up("speed", options.speed, spec, values, problems)
    for text in options.param:
        name, equals, value = text.partition("=")
        if not equals or not name:
            problems.append(Problem("param", f"“{text}” must look like NAME=VALUE."))
        elif name in values:
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
        return int(text) if whole else float(text)
    except ValueError as exc:
        wanted = "a whole number" if whole else "a number"
        raise ValueError(f"{parameter.label} must be {wanted}; it is {text}.") from exc


def _missing_references(paths: Sequence[Path]) -> Iterator[Problem]:
    for path in paths:
        if not path.is_file():
            yield Problem("references", f"There is no file {path}.")
