"""What is asked for, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from app.domain.audio import AudioSettings

ParameterValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that goes along with a request: a reference clip or a picture.

    Attributes:
        path: Where the user has it.
        sha256: Its content, once it is copied into the library; hexadecimal.
    """

    path: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Audio to be made by one model of one provider.

    None means that the user left the choice to the model.

    Attributes:
        takes: How many results are asked for in one submission.
        duration_s: Length of each take in seconds.
        parameters: Values of the model's own parameters by their names in the spec, in the model's units.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))
