"""What the user has set in the panels, for all models at once.

A model takes what it understands; the rest is kept for when it becomes possible again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from app.domain.audio import AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import FormatSpec, ParameterSpec, Range
from app.domain.request import GenerationRequest, InputFile, InputKind, ParameterValue

Values = Mapping[str, Mapping[str, ParameterValue]]


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
        takes: How many by `PROVIDER/MODEL`, only where the user changed it: a number that was set at a cheap model
            must not multiply the price of a dear one.
        voices: Chosen voice by `PROVIDER/MODEL`.
        voice_names: What people call these, where it isn't the id: a service may offer one no longer.
        parameters: By `PROVIDER/MODEL`, then by name; only what the user changed.
        secrets: As `parameters`, of those that may carry credentials: for this session alone, never written down.
        references: Clips and pictures to go by, in their order; for all models.
        plans: Composition plan by `PROVIDER/MODEL`.
        planned: `PROVIDER/MODEL` of those that get their plan instead of the prompt.
    """

    prompt: str = ""
    takes: Mapping[str, int] = field(default_factory=dict)
    duration_s: float | None = None
    seed: int | None = None
    negative_prompt: str = ""
    language: str | None = None
    audio: AudioSettings = field(default_factory=AudioSettings)
    voices: Mapping[str, str] = field(default_factory=dict)
    voice_names: Mapping[str, str] = field(default_factory=dict)
    parameters: Values = field(default_factory=dict)
    secrets: Values = field(default_factory=dict)
    references: tuple[InputFile, ...] = ()
    plans: Mapping[str, CompositionPlan] = field(default_factory=dict)
    planned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("takes", "voices", "voice_names", "plans"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        for name in ("parameters", "secrets"):
            frozen = {model: MappingProxyType(dict(values)) for model, values in getattr(self, name).items()}
            object.__setattr__(self, name, MappingProxyType(frozen))

    # What a model makes of it

    def takes_for(self, spec: ModelSpec) -> int:
        """How many takes one click makes: several requests where the model makes fewer in one."""
        return min(max(1, self.takes.get(_key(spec), spec.default_takes)), spec.most_takes_of_click)

    def duration_for(self, spec: ModelSpec) -> float | None:
        if spec.duration is None or (spec.is_duration_optional and self.duration_s is None):
            return None
        return _within(self.duration_s, spec.duration)

    def references_for(self, spec: ModelSpec) -> tuple[InputFile, ...]:
        """The files of the kinds that the model takes. Too many stay too many: the check says so at their field."""
        most = {InputKind.CLIP: spec.references.max_clips, InputKind.PICTURE: spec.references.max_pictures}
        return tuple(file for file in self.references if most[file.kind] > 0)

    def plan_for(self, spec: ModelSpec) -> CompositionPlan | None:
        """The plan that takes the place of the prompt, if the user wants that."""
        if spec.plan is None or _key(spec) not in self.planned:
            return None
        return self.plans.get(_key(spec), CompositionPlan())

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
        return self.voices.get(_key(spec)) or spec.default_voice

    def voice_name_for(self, spec: ModelSpec) -> str:
        """What the chosen voice was called when it was chosen; empty where only its id is known."""
        return self.voice_names.get(_key(spec), "") if _key(spec) in self.voices else ""

    def value_for(self, spec: ModelSpec, parameter: ParameterSpec) -> ParameterValue | None:
        """What a parameter is set to; its default where the user changed nothing."""
        return self._changed(spec).get(parameter.name, parameter.default)

    def request(self, spec: ModelSpec) -> GenerationRequest:
        """What one click on this model asks for. It may want more takes than one request can: the engine splits it."""
        plan = self.plan_for(spec)
        changed = self._changed(spec)
        usable = [each.name for each in spec.parameters if each.name in changed and self._has_what_it_needs(spec, each)]
        return GenerationRequest(
            provider=spec.provider,
            model=spec.id,
            prompt=self.prompt.strip() if plan is None else plan.title,
            takes=self.takes_for(spec),
            duration_s=self.duration_for(spec) if plan is None else None,
            seed=self.seed if spec.seed is not None else None,
            negative_prompt=(self.negative_prompt.strip() or None) if spec.has_negative_prompt else None,
            voice=self.voice_for(spec),
            language=self.language if self.language in spec.languages else None,
            audio=self.audio_for(spec),
            parameters={name: changed[name] for name in usable},
            references=self.references_for(spec),
            plan=plan,
        )

    def closed_by_others(self, spec: ModelSpec) -> Mapping[str, str]:
        """Fields and parameters that can't be set beside what is set already, each with the reason in words."""
        request = self.request(spec)
        is_single = min(request.takes, spec.max_takes) == 1
        closed: dict[str, str] = {}
        for parameter in spec.parameters:
            if not self._has_what_it_needs(spec, parameter):
                needed, _, value = parameter.needs.partition("=")
                closed[parameter.name] = f"Only with {_label_of(spec, needed)} {_readable(value)}."
            elif parameter.is_for_one_take and not is_single and parameter.name not in request.parameters:
                closed[parameter.name] = "Only with one take."
            for other in parameter.excludes:
                if parameter.name in request.parameters:
                    closed.setdefault(other, f"Can’t be combined with {parameter.label}.")
                elif other in request.parameters or _is_set(request, other):
                    closed.setdefault(parameter.name, f"Can’t be combined with {_label_of(spec, other)}.")
        return closed

    # What the user does to it

    def with_takes(self, spec: ModelSpec, takes: int) -> Draft:
        return replace(self, takes={**self.takes, _key(spec): takes})

    def with_voice(self, spec: ModelSpec, voice: str, name: str = "") -> Draft:
        """Another voice.

        Args:
            name: What people call it, where that is known.
        """
        key = _key(spec)
        names = {**self.voice_names, key: name if name != voice else ""}
        return replace(
            self,
            voices={**self.voices, key: voice},
            voice_names={each: called for each, called in names.items() if called},
        )

    def with_value(self, spec: ModelSpec, name: str, value: ParameterValue | None) -> Draft:
        """A parameter set; None or its default is as if it had never been touched."""
        parameter = spec.parameter(name)
        is_secret = parameter is not None and parameter.is_secret
        kept = self.secrets if is_secret else self.parameters
        values = dict(kept.get(_key(spec), {}))
        values.pop(name, None)
        if value is not None and not (parameter is not None and _is_untouched(parameter, value)):
            values[name] = value
        changed = {**kept, _key(spec): values}
        return replace(self, secrets=changed) if is_secret else replace(self, parameters=changed)

    def with_defaults(self, spec: ModelSpec, names: Collection[str] | None = None) -> Draft:
        """Parameters of one model at their defaults: these, or all of them."""

        def kept(values: Values) -> Values:
            mine = values.get(_key(spec), {})
            return {
                **values,
                _key(spec): {name: mine[name] for name in mine if names is not None and name not in names},
            }

        return replace(self, parameters=kept(self.parameters), secrets=kept(self.secrets))

    def without_secrets(self) -> Draft:
        """As it may be written down."""
        return replace(self, secrets={})

    def with_plan(self, spec: ModelSpec, plan: CompositionPlan) -> Draft:
        return replace(self, plans={**self.plans, _key(spec): plan})

    def with_plan_wanted(self, spec: ModelSpec, *, is_wanted: bool) -> Draft:
        """The plan takes the place of the prompt, or the prompt is back; a plan begins with one section."""
        key = _key(spec)
        others = tuple(each for each in self.planned if each != key)
        if not is_wanted or spec.plan is None:
            return replace(self, planned=others)
        first = PlanSection("Section 1", round(spec.plan.section_duration.default))
        plans = self.plans if key in self.plans else {**self.plans, key: CompositionPlan(sections=(first,))}
        return replace(self, plans=plans, planned=(*others, key))

    def with_request(self, request: GenerationRequest, spec: ModelSpec | None) -> Draft:
        """Take over the prompt and settings of an earlier request.

        Args:
            spec: Of its model. Where there is none any more, nobody knows which parameters are secret: none is taken.
        """
        key = f"{request.provider}/{request.model}"
        open_names = {each.name for each in spec.parameters if not each.is_secret} if spec is not None else set()
        is_planned = request.plan is not None
        is_single = spec is not None and spec.max_takes == 1  # it may be one of several of a click, which isn't known
        others_takes = {model: takes for model, takes in self.takes.items() if model != key}
        is_other_voice = request.voice is not None and request.voice != self.voices.get(key)
        others = tuple(each for each in self.planned if each != key)
        return replace(
            self,
            prompt=self.prompt if is_planned else request.prompt,
            takes=others_takes if is_single else {**others_takes, key: request.takes},
            duration_s=request.duration_s,
            seed=request.seed,
            negative_prompt=request.negative_prompt or "",
            language=request.language,
            audio=request.audio,
            voices={**self.voices, **({key: request.voice} if request.voice is not None else {})},
            voice_names={each: n for each, n in self.voice_names.items() if each != key or not is_other_voice},
            parameters={
                **self.parameters,
                key: {name: value for name, value in request.parameters.items() if name in open_names},
            },
            references=request.references,
            plans={**self.plans, **({key: request.plan} if request.plan is not None else {})},
            planned=(*others, key) if is_planned else others,
        )

    # Inside

    def _changed(self, spec: ModelSpec) -> Mapping[str, ParameterValue]:
        """What the user changed of a model's parameters, secret ones included."""
        return {**self.parameters.get(_key(spec), {}), **self.secrets.get(_key(spec), {})}

    def _has_what_it_needs(self, spec: ModelSpec, parameter: ParameterSpec) -> bool:
        """Whether another parameter has the value without which this one means nothing."""
        name, _, wanted = parameter.needs.partition("=")
        needed = spec.parameter(name)
        if needed is None:
            return True
        value = self.value_for(spec, needed)
        return (str(value).lower() if isinstance(value, bool) else str(value)) == wanted


def _key(spec: ModelSpec) -> str:
    return f"{spec.provider}/{spec.id}"


def _is_untouched(parameter: ParameterSpec, value: ParameterValue) -> bool:
    """Whether a value is what the control shows before anybody has touched it."""
    return value is False if parameter.default is None else value == parameter.default


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


def _readable(value: str) -> str:
    """A value that a parameter needs, as the window writes it."""
    return {"true": "on", "false": "off"}.get(value, value.replace("_", " "))


def _within(value: float | None, allowed: Range) -> float:
    if value is None:
        return allowed.default
    return min(max(value, allowed.minimum), allowed.maximum)
