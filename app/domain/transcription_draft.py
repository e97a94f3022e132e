"""What the user has set for transcriptions, for all models at once.

A model takes what it understands; the rest is kept for when it becomes possible again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import ParameterSpec
from app.domain.request import InputFile, ParameterValue, TranscriptionRequest
from app.domain.transcript import TranscriptFormat


@dataclass(frozen=True, slots=True)
class TranscriptionDraft:
    """A transcription in the making, before anybody says of what.

    Attributes:
        provider, model: What was chosen last; empty before the first time.
        format: None is the one that can be read along best: with times, where the model has them.
        prompt: Names and words that may occur.
        parameters: By `PROVIDER/MODEL`, then by name; only what the user changed.
    """

    provider: str = ""
    model: str = ""
    format: TranscriptFormat | None = None
    language: str | None = None
    prompt: str = ""
    temperature: float | None = None
    diarize: bool = False
    redact: bool = False
    parameters: Mapping[str, Mapping[str, ParameterValue]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frozen = {model: MappingProxyType(dict(values)) for model, values in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(frozen))

    # What a model makes of it

    def formats_for(self, spec: ModelSpec) -> tuple[TranscriptFormat, ...]:
        """What can be chosen now: speakers come only with times, where the model has these."""
        assert spec.transcription is not None
        formats = spec.transcription.formats
        with_times = tuple(each for each in formats if each.has_times)
        return with_times if with_times and self._tells_speakers(spec) else formats

    def format_for(self, spec: ModelSpec) -> TranscriptFormat:
        formats = self.formats_for(spec)
        for each in (self.format, TranscriptFormat.VERBOSE_JSON):
            if each in formats:
                return each
        return next((each for each in formats if each.has_times), formats[0])

    def temperature_for(self, spec: ModelSpec) -> float | None:
        """The nearest one that the model has."""
        allowed = spec.transcription.temperature if spec.transcription is not None else None
        if allowed is None or self.temperature is None:
            return None
        return min(max(self.temperature, allowed.minimum), allowed.maximum)

    def value_for(self, spec: ModelSpec, parameter: ParameterSpec) -> ParameterValue | None:
        """What a parameter is set to; its default where the user changed nothing."""
        return self.parameters.get(_key(spec), {}).get(parameter.name, parameter.default)

    def request(self, spec: ModelSpec, audio: InputFile, duration_s: float | None = None) -> TranscriptionRequest:
        """What one click on this model asks for."""
        takes = spec.transcription
        assert takes is not None, "only models that transcribe are offered"
        usable = {parameter.name for parameter in parameters_of(spec)}
        changed = self.parameters.get(_key(spec), {})
        return TranscriptionRequest(
            provider=spec.provider,
            model=spec.id,
            audio=audio,
            format=self.format_for(spec),
            language=self.language if takes.takes_language else None,
            prompt=self.prompt.strip() if takes.takes_prompt else "",
            temperature=self.temperature_for(spec),
            diarize=self._tells_speakers(spec),
            redact=self.redact and takes.has_redact,
            parameters={name: value for name, value in changed.items() if name in usable},
            duration_s=duration_s,
        )

    def _tells_speakers(self, spec: ModelSpec) -> bool:
        return self.diarize and spec.transcription is not None and spec.transcription.has_diarize

    # What the user does to it

    def with_model(self, spec: ModelSpec) -> TranscriptionDraft:
        return replace(self, provider=spec.provider, model=spec.id)

    def with_value(self, spec: ModelSpec, parameter: ParameterSpec, value: ParameterValue | None) -> TranscriptionDraft:
        """A parameter set; None or its default is as if it had never been touched."""
        values = dict(self.parameters.get(_key(spec), {}))
        values.pop(parameter.name, None)
        if value is not None and value != parameter.default:
            values[parameter.name] = value
        return replace(self, parameters={**self.parameters, _key(spec): values})

    def with_request(self, request: TranscriptionRequest) -> TranscriptionDraft:
        """Take over the settings of an earlier request."""
        return TranscriptionDraft(
            provider=request.provider,
            model=request.model,
            format=request.format,
            language=request.language,
            prompt=request.prompt,
            temperature=request.temperature,
            diarize=request.diarize,
            redact=request.redact,
            parameters={**self.parameters, f"{request.provider}/{request.model}": request.parameters},
        )


def parameters_of(spec: ModelSpec) -> tuple[ParameterSpec, ...]:
    """The parameters that are about transcriptions: those of a model that makes audio as well are about audio."""
    return spec.parameters if spec.kinds == (Kind.TRANSCRIPTION,) else ()


def _key(spec: ModelSpec) -> str:
    return f"{spec.provider}/{spec.id}"
