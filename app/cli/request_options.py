"""The options of `generate`, and the request that they make."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from app.cli.plan_file import plan_of
from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest, InputKind
from app.engine.request_building import Asked, request_for

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
    "project": "--project",
    "out": "--out",
    "max_cost": "--max-cost",
}
"""Fields of a request, and what sets them; every other field is `--param NAME=VALUE`."""


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
    parameters, problems = _parameters(options.param)
    asked = Asked(
        prompt=options.prompt or "",
        takes=options.takes,
        duration_s=options.duration,
        seed=options.seed,
        negative_prompt=options.negative_prompt,
        voice=options.voice,
        language=options.language,
        speed=options.speed,
        audio=AudioSettings(
            AudioFormat(options.format) if options.format else None,
            options.sample_rate,
            options.channels,
            options.bitrate,
        ),
        parameters=parameters,
        references=tuple(options.reference),
        plan=None if options.plan is None else plan_of(options.plan),
    )
    request, others = request_for(asked, spec, kind_of)
    problems += [*others, *spec.check(request)]
    if problems:
        raise RequestInvalid(problems)
    return request


def _parameters(texts: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """Names and values, and whatever is no pair of them."""
    pairs: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for text in texts:
        name, equals, value = text.partition("=")
        if equals and name:
            pairs.append((name, value))
        else:
            problems.append(Problem("param", f"“{text}” must look like NAME=VALUE."))
    return tuple(pairs), problems
