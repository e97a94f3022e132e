"""What is asked for, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from app.domain.audio import AudioSettings
from app.domain.composition import CompositionPlan
from app.domain.transcript import TranscriptFormat

ParameterValue = str | int | float | bool


class InputKind(StrEnum):
    """What an input file is."""

    CLIP = "clip"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that goes along with a request: a reference clip or a picture.

    Attributes:
        path: Where the user has it.
        sha256: Its content, once it is copied into the library; hexadecimal.
        handle: The service's name for it, once it is uploaded; only for `prepare`, never stored with a request.
    """

    path: Path
    sha256: str | None = None
    kind: InputKind = InputKind.CLIP
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class AudioPart:
    """A stretch of a recording that is transcribed by itself, since services take only so much at once.

    Attributes:
        start_s, end_s: Seconds from the start of the recording.
        sha256: Its own copy in the library, hexadecimal; the recording's where there is only one part.
        suffix: What its file is, such as `.mp3`.
    """

    start_s: float
    end_s: float
    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """Words to be written down from a recording by one model of one provider.

    Attributes:
        audio: The recording.
        language: A BCP 47 tag; None lets the service find out.
        prompt: Names and words that may occur.
        temperature: None is the service's own.
        diarize: Tell speakers apart.
        redact: Leave out personal data.
        parameters: Values of the model's own parameters by their names in the spec.
        parts: The stretches that are sent, in order; empty before the recording was looked at.
        duration_s: Of the recording, once it was looked at.
    """

    provider: str
    model: str
    audio: InputFile
    format: TranscriptFormat = TranscriptFormat.VERBOSE_JSON
    language: str | None = None
    prompt: str = ""
    temperature: float | None = None
    diarize: bool = False
    redact: bool = False
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    parts: tuple[AudioPart, ...] = ()
    duration_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.audio.path.name

    @property
    def takes(self) -> int:
        """A transcription brings a transcript and no take."""
        return 0

    @property
    def references(self) -> tuple[InputFile, ...]:
        """Everything that goes along."""
        return (self.audio,)


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Audio to be made by one model of one provider.

    None means that the user left the choice to the model.

    Attributes:
        takes: How many results are asked for in one submission.
        duration_s: Length of each take in seconds.
        parameters: Values of the model's own parameters by their names in the spec, in the model's units.
        references: Clips and pictures to go by, in the order in which the prompt may name them.
        plan: What is asked for instead of a prompt; then the prompt is the plan's title, for people.
    """

    provider: str
    model: str
    prompt: str
    takes: int = 1
    duration_s: float | None = None
    seed: int | None = None
    negative_prompt: str | None = None
    voice: str | None = None
    language: str | None = None
    audio: AudioSettings = field(default_factory=AudioSettings)
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    references: tuple[InputFile, ...] = ()
    plan: CompositionPlan | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.prompt

    @property
    def clips(self) -> tuple[InputFile, ...]:
        return tuple(file for file in self.references if file.kind is InputKind.CLIP)

    @property
    def pictures(self) -> tuple[InputFile, ...]:
        return tuple(file for file in self.references if file.kind is InputKind.PICTURE)


Request = GenerationRequest | TranscriptionRequest
"""What a task asks for."""
