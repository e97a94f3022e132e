"""What one model accepts, as data; and the check of a request against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.audio import AudioFormat
from app.domain.errors import Problem
from app.domain.parameter_spec import BROKEN_TEXT, FormatSpec, ParameterSpec, Range, counted, is_text, one_of
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest


class Kind(StrEnum):
    """What a model makes."""

    EFFECT = "effect"
    MUSIC = "music"
    SPEECH = "speech"
    SCENE = "scene"
    TRANSCRIPTION = "transcription"


class PriceUnit(StrEnum):
    """What a price is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    CHARACTER = "character"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Price:
    """A published price in US dollars.

    Attributes:
        amount: For one unit; zero is free.
        read_on: ISO date on which it was read.
        source: Where it was published.
    """

    amount: Decimal
    unit: PriceUnit
    read_on: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt to start from; `label` is short enough for a chip."""

    label: str
    prompt: str


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What one model accepts. A control exists in the window only if the model has it.

    Attributes:
        prompt_max: Characters; None is without a limit of ours.
        max_takes: Results of one request.
        duration: Length of a take in seconds; None where the model decides.
        seed: None where the model takes none.
        has_voices: Whether a voice is chosen; the list comes from the provider.
        default_voice: Used when none is chosen.
        languages: BCP 47 tags; empty where no language is chosen.
        max_references: Reference clips at the most.
        price: None is unknown.
    """

    provider: str
    id: str
    label: str
    kinds: tuple[Kind, ...]
    summary: str = ""
    prompt_label: str = "Prompt"
    prompt_placeholder: str = ""
    prompt_max: int | None = None
    max_takes: int = 1
    default_takes: int = 1
    duration: Range | None = None
    seed: Range | None = None
    has_negative_prompt: bool = False
    has_voices: bool = False
    default_voice: str | None = None
    languages: tuple[str, ...] = ()
    parameters: tuple[ParameterSpec, ...] = ()
    formats: tuple[FormatSpec, ...] = ()
    max_references: int = 0
    price: Price | None = None
    examples: tuple[Example, ...] = ()
    is_unlisted: bool = False

    @property
    def kind(self) -> Kind:
        """The kind that its tasks are filed under."""
        return self.kinds[0]

    def parameter(self, name: str) -> ParameterSpec | None:
        return next((spec for spec in self.parameters if spec.name == name), None)

    def format(self, wanted: AudioFormat | None) -> FormatSpec | None:
        """The spec of a format; of the model's first one when None is wanted."""
        if wanted is None:
            return self.formats[0] if self.formats else None
        return next((spec for spec in self.formats if spec.format == wanted), None)

    def check(self, request: GenerationRequest) -> tuple[Problem, ...]:
        """Every problem of a request, each at its field; empty when it can be sent."""
        return (
            *self._prompt_problems(request),
            *self._number_problems(request),
            *self._voice_problems(request),
            *self._audio_problems(request),
            *self._parameter_problems(request),
        )

    def _prompt_problems(self, request: GenerationRequest) -> Iterator[Problem]:
        length = len(request.prompt)
        if not request.prompt.strip():
            yield Problem("prompt", f"{self.prompt_label} is empty. Describe what you want to hear.")
        elif self.prompt_max is not None and length > self.prompt_max:
            allowed = counted(self.prompt_max, "character")
            yield Problem("prompt", f"{self.prompt_label} may have {allowed}; it has {length:,}.")
        for field in ("prompt", "negative_prompt", "voice"):
            if not is_text(getattr(request, field) or ""):
                yield Problem(field, BROKEN_TEXT)
        if request.negative_prompt is not None and not self.has_negative_prompt:
            yield Problem("negative_prompt", f"{self.label} takes no negative prompt.")

    def _number_problems(self, request: GenerationRequest) -> Iterator[Problem]:
        if not 1 <= request.takes <= self.max_takes:
            most = f"from 1 to {self.max_takes}" if self.max_takes > 1 else "1"
            yield Problem("takes", f"Takes must be {most} for {self.label}; asked for {request.takes:,}.")
        for field, label, allowed, value in (
            ("duration", "Length", self.duration, request.duration_s),
            ("seed", "Seed", self.seed, request.seed),
        ):
            if value is None:
                continue
            complaint = (
                f"{self.label} takes no {label.lower()}." if allowed is None else allowed.complaint(label, value)
            )
            if complaint is not None:
                yield Problem(field, complaint)

    def _voice_problems(self, request: GenerationRequest) -> Iterator[Problem]:
        if request.voice is not None and not self.has_voices:
            yield Problem("voice", f"{self.label} has no voices.")
        if request.language is not None and request.language not in self.languages:
            known = f"must be {one_of(self.languages)}" if self.languages else f"can't be chosen for {self.label}"
            yield Problem("language", f"The language {known}; it is {request.language}.")
        count = len(request.references)
        if count > self.max_references:
            most = f"takes {counted(self.max_references, 'clip')} at most" if self.max_references else "takes no clips"
            yield Problem("references", f"{self.label} {most}; there are {count}.")

    def _audio_problems(self, request: GenerationRequest) -> Iterator[Problem]:
        audio = request.audio
        chosen = self.format(audio.format)
        if chosen is not None:
            yield from chosen.problems(audio)
        elif audio.format is not None:
            made = f"makes {one_of([spec.format.value for spec in self.formats])}" if self.formats else "decides it"
            yield Problem("format", f"{self.label} {made}, not {audio.format}. Convert at export instead.")

    def _parameter_problems(self, request: GenerationRequest) -> Iterator[Problem]:
        for name, value in request.parameters.items():
            spec = self.parameter(name)
            if spec is None:
                yield Problem(name, f"{self.label} has no parameter “{name}”.")
                continue
            complaint = spec.complaint(value)
            if complaint is not None:
                yield Problem(name, complaint)
            for other in spec.excludes:
                if other in request.parameters or _is_chosen(request, other):
                    yield Problem(name, f"{spec.label} can't be combined with {other}.")

    def estimate(self, request: GenerationRequest) -> Estimate:
        """What the request should cost; unknown where the price or the length isn't known."""
        if self.price is None:
            return Estimate(basis="No published price")
        if self.price.amount == FREE:
            return Estimate(FREE, FREE, "free")
        units = self._units(request)
        if units is None:
            return Estimate(basis="The length isn't known beforehand")
        amount = self.price.amount * units
        return Estimate(amount, amount, f"${self.price.amount} a {self.price.unit}")

    def _units(self, request: GenerationRequest) -> Decimal | None:
        """How many units of the price the request will use."""
        assert self.price is not None
        if self.price.unit is PriceUnit.REQUEST:
            return Decimal(1)
        if self.price.unit is PriceUnit.CHARACTER:
            return Decimal(len(request.prompt)) * request.takes
        seconds = request.duration_s if request.duration_s is not None else self._default_duration_s()
        if seconds is None:
            return None
        total = Decimal(str(seconds)) * request.takes
        return total if self.price.unit is PriceUnit.SECOND else total / 60

    def _default_duration_s(self) -> float | None:
        return self.duration.default if self.duration is not None else None


def _is_chosen(request: GenerationRequest, field: str) -> bool:
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
