"""What one model accepts, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain import estimating, request_check
from app.domain.audio import AudioFormat
from app.domain.errors import Problem
from app.domain.parameter_spec import FormatSpec, ParameterSpec, Range
from app.domain.plan_spec import PlanSpec
from app.domain.price import Price
from app.domain.receipt import Estimate
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest, TranscriptionRequest
from app.domain.transcription_spec import TranscriptionSpec
from app.domain.voice import Voice

_ONE_BY_ONE_TAKES = 8


class Kind(StrEnum):
    """What a model makes."""

    EFFECT = "effect"
    MUSIC = "music"
    SPEECH = "speech"
    SCENE = "scene"
    TRANSCRIPTION = "transcription"


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt to start from; `label` is short enough for a chip."""

    label: str
    prompt: str


@dataclass(frozen=True, slots=True)
class LengthGuess:
    """How long a take becomes, where the text decides; for estimates alone.

    Attributes:
        characters_per_second: How quickly the text is spoken.
        shortest_s: No take is shorter.
        longest_s: The model's own limit; None where nobody knows one.
    """

    characters_per_second: float
    shortest_s: float = 1.0
    longest_s: float | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What one model accepts. A control exists in the window only if the model has it.

    Attributes:
        prompt_min, prompt_max: Characters; None is without a limit of ours.
        is_prompt_optional: It may be left out.
        max_takes: Results of one request.
        duration: Length of a take in seconds; None where the model decides.
        is_duration_optional: It is only sent if the user sets it; else the model decides.
        length_guess: For estimates, where there is no duration.
        seed: None where the model takes none.
        has_voices: Whether a voice is chosen; the list comes from `voices`, or from the provider.
        voices: The voices of this model, where they are known without asking.
        takes_any_voice: Whether other voices than the listed ones can be named.
        has_numbered_voices: Voices are named by whole numbers.
        default_voice: Used when none is chosen.
        languages: BCP 47 tags; empty where no language is chosen.
        default_language: Sent beside the voice where none is chosen; None where the voice or the service decides.
        references: Clips and pictures to go by.
        plan: A composition plan instead of a prompt and a length; None where there is no such thing.
        transcription: What it accepts as a transcription; None for models that make audio.
        price: None is unknown.
        is_unlisted: Only its id is known; the service may refuse what it doesn't have.
    """

    provider: str
    id: str
    label: str
    kinds: tuple[Kind, ...]
    summary: str = ""
    prompt_label: str = "Prompt"
    prompt_placeholder: str = ""
    prompt_min: int | None = None
    prompt_max: int | None = None
    is_prompt_optional: bool = False
    max_takes: int = 1
    default_takes: int = 1
    duration: Range | None = None
    is_duration_optional: bool = False
    length_guess: LengthGuess | None = None
    seed: Range | None = None
    has_negative_prompt: bool = False
    has_voices: bool = False
    voices: tuple[Voice, ...] = ()
    takes_any_voice: bool = False
    has_numbered_voices: bool = False
    default_voice: str | None = None
    languages: tuple[str, ...] = ()
    default_language: str | None = None
    parameters: tuple[ParameterSpec, ...] = ()
    formats: tuple[FormatSpec, ...] = ()
    references: ReferenceSpec = field(default_factory=ReferenceSpec)
    plan: PlanSpec | None = None
    transcription: TranscriptionSpec | None = None
    price: Price | None = None
    examples: tuple[Example, ...] = ()
    is_unlisted: bool = False

    @property
    def kind(self) -> Kind:
        """The kind that its tasks are filed under."""
        return self.kinds[0]

    @property
    def makes_audio(self) -> bool:
        """Whether it can be asked for takes; a model that only transcribes can't."""
        return any(kind is not Kind.TRANSCRIPTION for kind in self.kinds)

    @property
    def most_takes_of_click(self) -> int:
        """How many takes one click may ask for; a model that makes one a request is asked several times."""
        return self.max_takes if self.max_takes > 1 else _ONE_BY_ONE_TAKES

    def parameter(self, name: str) -> ParameterSpec | None:
        return next((spec for spec in self.parameters if spec.name == name), None)

    def format(self, wanted: AudioFormat | None) -> FormatSpec | None:
        """The spec of a format; of the model's first one when None is wanted."""
        if wanted is None:
            return self.formats[0] if self.formats else None
        return next((spec for spec in self.formats if spec.format == wanted), None)

    def check(self, request: GenerationRequest) -> tuple[Problem, ...]:
        """Every problem of a request, each at its field; empty when it can be sent."""
        if self.kinds == (Kind.TRANSCRIPTION,):
            return (Problem("model", f"{self.label} writes down what is said and makes no audio."),)
        return tuple(request_check.problems(self, request))

    def check_transcription(self, request: TranscriptionRequest) -> tuple[Problem, ...]:
        """Every problem of a transcription, each at its field."""
        if self.transcription is None:
            return (Problem("model", f"{self.label} makes audio and writes nothing down."),)
        return tuple(self.transcription.problems(self.label, request))

    def warnings(self, request: GenerationRequest) -> tuple[Problem, ...]:
        """What may be meant otherwise, each at its field; nothing of it keeps the request from being sent."""
        return tuple(request_check.warnings(self, request))

    def estimate(self, request: GenerationRequest) -> Estimate:
        """What the request should cost; unknown where the price or the length isn't known."""
        return estimating.estimate(self, request)

    def estimate_transcription(self, request: TranscriptionRequest) -> Estimate:
        """What a transcription should cost; unknown where the price isn't published."""
        return estimating.of_recording(self, request.duration_s)
