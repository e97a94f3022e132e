"""Which models there are and what each accepts: our own TOML files, and the user's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import one_of
from app.storage.catalogue_checks import mistakes
from app.storage.catalogue_file import CatalogueFile
from app.storage.kept_tables import KeptTables
from app.storage.toml_lines import line_of

_LARGEST_BYTES = 4 << 20
_LONGEST_REASON = 1_000  # it may quote what stands there
_SHAPE = re.compile(r"(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """A file that was left out, and why.

    Attributes:
        line: From 1; None where the whole file is meant.
    """

    file: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line is not None else str(self.file)
        reason = self.reason if len(self.reason) <= _LONGEST_REASON else f"{self.reason[: _LONGEST_REASON - 1]}…"
        return f"The models in this file are left out: {place}: {reason}"


class Catalogue:
    """Model specs by provider and id.

    Attributes:
        models: By provider, then in the order of their files, ours before the user's.
        problems: Files that can't be used.
    """

    def __init__(
        self,
        models: Sequence[ModelSpec],
        problems: Sequence[CatalogueProblem] = (),
        unlisted: Sequence[ModelSpec] = (),
    ) -> None:
        self._unlisted = {spec.provider: spec for spec in unlisted}
        self._specs = {(spec.provider, spec.id): spec for spec in models}
        self.models = tuple(self._specs.values())
        self.problems = tuple(problems)

    @classmethod
    def load(cls, folders: Sequence[Path], order: Sequence[str] = (), *, tables: KeptTables | None = None) -> Catalogue:
        """Read every `*.toml` of some folders; a later one adds models, or takes the place of earlier ones.

        Never fails: what can't be read is left out and told in `problems`.

        Args:
            order: Ids of the providers whose models come first.
            tables: Where files may be that were parsed before.
        """
        parse = tomllib.loads if tables is None else tables.parsed
        models: list[ModelSpec] = []
        unlisted: list[ModelSpec] = []
        problems: list[CatalogueProblem] = []
        for folder in folders:
            for path in sorted(folder.glob("*.toml")):
                try:
                    listed, assumed = _read(path, parse)
                except _Refused as refused:
                    problems += refused.problems
                else:
                    models += listed
                    unlisted += assumed
        places = {provider: place for place, provider in enumerate(order)}
        models.sort(key=lambda spec: places.get(spec.provider, len(places)))
        return cls(models, problems, unlisted)

    @property
    def providers(self) -> tuple[str, ...]:
        """The ids of all providers that have models, in the order of their files."""
        return tuple(dict.fromkeys(spec.provider for spec in self.models))

    def of_provider(self, provider: str) -> tuple[ModelSpec, ...]:
        """The models of one provider; none where it isn't known."""
        return tuple(spec for spec in self.models if spec.provider == provider)

    def assumed(self, provider: str) -> ModelSpec | None:
        """What is assumed of its unlisted models; of a profile `openai:NAME`, what is assumed of its family's."""
        own = self._unlisted.get(provider)
        family, colon, _ = provider.partition(":")
        if own is not None or not colon or family not in self._unlisted:
            return own
        template = self._unlisted[family]
        voices = tuple(replace(voice, provider=provider) for voice in template.voices)
        return replace(template, provider=provider, voices=voices)

    def takes_any_model(self, provider: str) -> bool:
        """Whether models of this provider can be named that aren't listed."""
        return self.assumed(provider) is not None

    def spec(self, provider: str, model: str) -> ModelSpec:
        """One model; of one that isn't listed, what is assumed of all such models, if its id can be one.

        Raises:
            RequestInvalid: There is no such provider or model; the message names those that there are.
        """
        found = self._specs.get((provider, model)) or self._assumed(provider, model)
        if found is not None:
            return found
        known = self.of_provider(provider)
        if not known and self.takes_any_model(provider):
            wanted = "Name a model that" if not model else f"There can’t be a model “{model}”. Name one that"
            problem = Problem("model", f"{wanted} {provider} offers.")
        elif not known:
            problem = Problem("provider", f"There is no service “{provider}”{_but(self.providers)}.")
        else:
            ids = [spec.id for spec in known]
            problem = Problem("model", f"{provider} has no model “{model}”{_but(ids)}.")
        raise RequestInvalid([problem])

    def _assumed(self, provider: str, model: str) -> ModelSpec | None:
        template = self.assumed(provider)
        if template is None or not re.fullmatch(template.id, model):
            return None
        return replace(template, id=model, label=model, is_unlisted=True)


def _but(known: Sequence[str]) -> str:
    return f"; there is {one_of(known)}" if known else ""


class _Refused(Exception):
    def __init__(self, problems: Sequence[CatalogueProblem]) -> None:
        super().__init__(*problems)
        self.problems = tuple(problems)


_Parse = Callable[[str], dict[str, Any]]


def _read(path: Path, parse: _Parse) -> tuple[list[ModelSpec], list[ModelSpec]]:
    """The models of one file, and what is assumed of others: all or none."""
    text = _text_of(path)
    try:
        file = msgspec.convert(_parsed(path, text, parse), CatalogueFile)
    except msgspec.ValidationError as error:
        raise _Refused([_of_shape(path, text, str(error))]) from error
    found = [
        CatalogueProblem(path, line_of(text, mistake.path), f"{_words(mistake.path)}: {mistake.reason}")
        for mistake in mistakes(file)
    ]
    if found:
        raise _Refused(found)
    assumed = [] if file.unlisted is None else [file.unlisted.value(file.provider)]
    return [model.value(file.provider) for model in file.model], assumed


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise _Refused([CatalogueProblem(path, None, f"It can’t be read ({error.strerror}).")]) from error
    if len(data) > _LARGEST_BYTES:
        raise _Refused([CatalogueProblem(path, None, f"It is larger than {_LARGEST_BYTES >> 20} MB.")])
    try:
        return data.decode("utf-8-sig")  # some editors of Windows begin with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Refused([CatalogueProblem(path, line, "It isn’t UTF-8 text.")]) from error


def _parsed(path: Path, text: str, parse: _Parse) -> dict[str, Any]:
    try:
        return parse(text)
    except RecursionError as error:
        raise _Refused([CatalogueProblem(path, None, "It is nested too deeply.")]) from error
    except tomllib.TOMLDecodeError as error:
        told = _LINE.search(str(error))
        line = int(told[1]) if told else None
        raise _Refused([CatalogueProblem(path, line, f"It isn’t TOML: {_LINE.sub('', str(error))}.")]) from error
    except ValueError as error:
        raise _Refused([CatalogueProblem(path, None, "A number in it is too long.")]) from error


def _of_shape(path: Path, text: str, message: str) -> CatalogueProblem:
    """msgspec says "Expected `int`, got `str` - at `$.model[0].max_takes`"."""
    told = _SHAPE.fullmatch(message)
    assert told is not None
    steps = tuple(_steps(told["path"] or ""))
    if unknown := _UNKNOWN.search(message):
        steps = (*steps, unknown[1])
    reason = f"{_words(steps)}: {told['reason']}.".removeprefix(": ")
    return CatalogueProblem(path, line_of(text, steps), reason)


def _steps(path: str) -> Iterator[str | int]:
    for name, index in _STEP.findall(path):
        yield int(index) if index else name


def _words(path: Sequence[str | int]) -> str:
    """`("model", 1, "duration", "step")` -> `model 2, duration, step`."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] = f"{words[-1]} {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words)
