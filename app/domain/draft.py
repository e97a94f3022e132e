"""What the user has set in the panels, for all models at once.

A model takes what it understands; the rest is kept for when it becomes possible again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from app.domain.audio import AudioSettings
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import FormatSpec, ParameterSpec, Range
from app.domain.request import GenerationRequest, ParameterValue


def _nearest(value: int | None, allowed: tuple[int, ...], default: int | None) -> int | None:
    """The value if it is allowed, else the default, else nothing where the model decides."""
    if not allowed:
        return None
    if value in allowed:
        return value
    return default if default is not None else allowed[-1]


@dataclass(frozen=True, slots=True)
class Draft:
    """A request in the making.

    Attributes:
        takes: None is the model's default.
        voices: Chosen voice by `PROVIDER/MODEL`.
        parameters: By `PROVIDER/MODEL`, then by name; only what the user changed.
    """

    prompt: str = ""
    takes: int | None = None
    duration_s: float | None = None
    seed: int | None = None
    negative_prompt: str = ""
    language: str | None = None
    audio: AudioSettings = field(default_factory=AudioSettings)
    voices: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, ParameterValue]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "voices", MappingProxyType(dict(self.voices)))
        frozen = {model: MappingProxyType(dict(values)) for model, values in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(frozen))

    # What a model makes of it

    def takes_for(self, spec: ModelSpec) -> int:
        return min(max(1, self.takes if self.takes is not None else spec.default_takes), spec.max_takes)

    def duration_for(self, spec: ModelSpec) -> float | None:
        return _within(self.duration_s, spec.duration) if spec.duration is not None else None

    def format_for(self, spec: ModelSpec) -> FormatSpec | None:
        return spec.format(self.audio.format) or spec.format(None)

    def audio_for(self, spec: ModelSpec) -> AudioSettings:
        """The nearest settings that the model can make."""
        chosen = self.format_for(spec)
        if chosen is None:
            return AudioSettings()
        rate = _nearest(self.audio.sample_rate_hz, chosen.sample_rates_hz, chosen.default_sample_rate_hz)
        channels = _nearest(self.audio.channels, chosen.channels, chosen.default_channels)
        bitrates = chosen.bitrates_kbps(rate, channels)
        bitrate = _nearest(self.audio.bitrate_kbps, bitrates, None)
        if self.audio.bitrate_kbps not in bitrates and chosen.default_bitrate_kbps in bitrates:
            bitrate = chosen.default_bitrate_kbps
        return AudioSettings(chosen.format, rate, channels, bitrate)

    def voice_for(self, spec: ModelSpec) -> str | None:
        if not spec.has_voices:
            return None
        return self.voices.get(_key(spec), spec.default_voice)

    def value_for(self, spec: ModelSpec, parameter: ParameterSpec) -> ParameterValue | None:
        """What a parameter is set to; its default where the user changed nothing."""
        return self.parameters.get(_key(spec), {}).get(parameter.name, parameter.default)

    def request(self, spec: ModelSpec) -> GenerationRequest:
        """The request that this model would get now."""
        changed = self.parameters.get(_key(spec), {})
        known = {name: value for name, value in changed.items() if spec.parameter(name) is not None}
        return GenerationRequest(
            provider=spec.provider,
            model=spec.id,
            prompt=self.prompt.strip(),
            takes=self.takes_for(spec),
            duration_s=self.duration_for(spec),
            seed=self.seed if spec.seed is not None else None,
            negative_prompt=(self.negative_prompt.strip() or None) if spec.has_negative_prompt else None,
            voice=self.voice_for(spec),
            language=self.language if self.language in spec.languages else None,
            audio=self.audio_for(spec),
            parameters=known,
        )

    def closed_by_others(self, spec: ModelSpec) -> Mapping[str, str]:
        """Fields and parameters that can't be set beside what is set already, each with the reason in words."""
        request = self.request(spec)
        closed: dict[str, str] = {}
        for parameter in spec.parameters:
            for other in parameter.excludes:
                if parameter.name in request.parameters:
                    closed.setdefault(other, f"Can’t be combined with {parameter.label}.")
                elif other in request.parameters or _is_set(request, other):
                    closed.setdefault(parameter.name, f"Can’t be combined with {_label_of(spec, other)}.")
        return closed

    # What the user does to it

    def with_voice(self, spec: ModelSpec, voice: str) -> Draft:
        return replace(self, voices={**self.voices, _key(spec): voice})

    def with_value(self, spec: ModelSpec, name: str, value: ParameterValue | None) -> Draft:
        """A parameter set; None or its default is as if it had never been touched."""
        values = dict(self.parameters.get(_key(spec), {}))
        values.pop(name, None)
        parameter = spec.parameter(name)
        if value is not None and not (parameter is not None and _is_untouched(parameter, value)):
            values[name] = value
        return replace(self, parameters={**self.parameters, _key(spec): values})

    def with_defaults(self, spec: ModelSpec, names: Collection[str] | None = None) -> Draft:
        """Parameters of one model at their defaults: these, or all of them."""
        values = self.parameters.get(_key(spec), {})
        kept = {name: value for name, value in values.items() if names is not None and name not in names}
        return replace(self, parameters={**self.parameters, _key(spec): kept})

    def with_request(self, request: GenerationRequest) -> Draft:
        """Take over the prompt and settings of an earlier request."""
        key = f"{request.provider}/{request.model}"
        return replace(
            self,
            prompt=request.prompt,
            takes=request.takes,
            duration_s=request.duration_s,
            seed=request.seed,
            negative_prompt=request.negative_prompt or "",
            language=request.language,
            audio=request.audio,
            voices={**self.voices, **({key: request.voice} if request.voice is not None else {})},
            parameters={**self.parameters, key: request.parameters},
        )


def _key(spec: ModelSpec) -> str:
    return f"{spec.provider}/{spec.id}"


def _is_untouched(parameter: ParameterSpec, value: ParameterValue) -> bool:
    """Whether a value is what the control shows before anybody has touched it."""
    if parameter.default is not None:
        return value == parameter.default
    if parameter.range is not None:
        return value == parameter.range.default
    return value is False


def _is_set(request: GenerationRequest, field_name: str) -> bool:
    """Whether the user chose something at a field of every request; lengths and formats always have a value."""
    values = {
        "seed": request.seed,
        "negative_prompt": request.negative_prompt,
        "references": request.references or None,
    }
    return values.get(field_name) is not None


def _label_of(spec: ModelSpec, name: str) -> str:
    parameter = spec.parameter(name)
    words = {"negative_prompt": "what should not be heard", "seed": "a seed", "references": "clips"}
    return parameter.label if parameter is not None else words.get(name, name.replace("_", " "))


def _within(value: float | None, allowed: Range) -> float:
    if value is None:
        return allowed.default
    return min(max(value, allowed.minimum), allowed.maximum)
