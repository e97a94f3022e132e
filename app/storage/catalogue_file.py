"""The shape of a catalogue file, and its way into model specs."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from app.domain.audio import AudioFormat
from app.domain.model_spec import Example, Kind, LengthGuess, ModelSpec
from app.domain.parameter_spec import (
    BitrateSpec,
    FormatSpec,
    Panel,
    ParameterSpec,
    ParameterType,
    Range,
)
from app.domain.plan_spec import PlanSpec
from app.domain.price import Price, PriceUnit
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import ParameterValue
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_spec import TranscriptionSpec
from app.domain.voice import Voice


class _Table(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A table of TOML: an unknown key is a mistake."""


class RangeTable(_Table):
    minimum: float
    maximum: float
    default: float
    step: float = 1.0
    unit: str = ""
    is_whole: bool = False

    def value(self) -> Range:
        return Range(self.minimum, self.maximum, self.default, self.step, self.unit, self.is_whole)


class ParameterTable(_Table):
    name: str
    label: str
    type: ParameterType
    panel: Panel = Panel.MODEL
    range: RangeTable | None = None
    choices: tuple[str, ...] = ()
    default: ParameterValue | None = None
    max_length: int | None = None
    hint: str = ""
    excludes: tuple[str, ...] = ()
    min_length: int | None = None
    needs: str = ""
    is_required: bool = False
    unless: str = ""
    is_multiline: bool = False
    is_address: bool = False
    is_secret: bool = False
    is_advanced: bool = False
    is_factor: bool = False
    is_for_one_take: bool = False

    def value(self) -> ParameterSpec:
        return ParameterSpec(
            name=self.name,
            label=self.label,
            type=self.type,
            panel=self.panel,
            range=None if self.range is None else self.range.value(),
            choices=self.choices,
            default=self.default,
            max_length=self.max_length,
            hint=self.hint,
            excludes=self.excludes,
            min_length=self.min_length,
            needs=self.needs,
            is_required=self.is_required,
            unless=self.unless,
            is_multiline=self.is_multiline,
            is_address=self.is_address,
            is_secret=self.is_secret,
            is_advanced=self.is_advanced,
            is_factor=self.is_factor,
            is_for_one_take=self.is_for_one_take,
        )


class BitrateTable(_Table):
    values_kbps: tuple[int, ...]
    sample_rates_hz: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()

    def value(self) -> BitrateSpec:
        return BitrateSpec(tuple(sorted(self.values_kbps)), self.sample_rates_hz, self.channels)


class FormatTable(_Table):
    format: AudioFormat
    sample_rates_hz: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    bitrate: tuple[BitrateTable, ...] = ()
    default_sample_rate_hz: int | None = None
    default_channels: int | None = None
    default_bitrate_kbps: int | None = None

    def value(self) -> FormatSpec:
        return FormatSpec(
            self.format,
            self.sample_rates_hz,
            self.channels,
            tuple(each.value() for each in self.bitrate),
            self.default_sample_rate_hz,
            self.default_channels,
            self.default_bitrate_kbps,
        )


class PriceTable(_Table):
    """`amount` is a string: TOML has no decimal numbers."""

    amount: str
    unit: PriceUnit
    read_on: str = ""
    source: str = ""

    def value(self) -> Price:
        return Price(Decimal(self.amount), self.unit, self.read_on, self.source)


class ExampleTable(_Table):
    label: str
    prompt: str

    def value(self) -> Example:
        return Example(self.label, self.prompt)


class ReferencesTable(_Table):
    min_clips: int = 0
    max_clips: int = 0
    max_pictures: int = 0
    is_one_kind: bool = False
    mention: str = ""
    shortest_s: float | None = None
    longest_s: float | None = None
    largest_bytes: int | None = None
    is_limit_of_service: bool = False

    def value(self) -> ReferenceSpec:
        return ReferenceSpec(
            min_clips=self.min_clips,
            max_clips=self.max_clips,
            max_pictures=self.max_pictures,
            is_one_kind=self.is_one_kind,
            mention=self.mention,
            shortest_s=self.shortest_s,
            longest_s=self.longest_s,
            largest_bytes=self.largest_bytes,
            is_limit_of_service=self.is_limit_of_service,
        )


class LengthGuessTable(_Table):
    characters_per_second: float
    shortest_s: float = 1.0
    longest_s: float | None = None

    def value(self) -> LengthGuess:
        return LengthGuess(self.characters_per_second, self.shortest_s, self.longest_s)


class PlanTable(_Table):
    section_duration: RangeTable
    name_max: int = 100
    most_sections: int | None = None

    def value(self) -> PlanSpec:
        return PlanSpec(self.section_duration.value(), self.name_max, self.most_sections)


class TranscriptionTable(_Table):
    formats: tuple[TranscriptFormat, ...]
    suffixes: tuple[str, ...] = ()
    largest_bytes: int | None = None
    longest_s: float | None = None
    temperature: RangeTable | None = None
    prompt_max: int | None = None
    takes_prompt: bool = True
    takes_language: bool = True
    has_diarize: bool = False
    has_redact: bool = False

    def value(self) -> TranscriptionSpec:
        return TranscriptionSpec(
            formats=self.formats,
            suffixes=self.suffixes,
            largest_bytes=self.largest_bytes,
            longest_s=self.longest_s,
            temperature=None if self.temperature is None else self.temperature.value(),
            prompt_max=self.prompt_max,
            takes_prompt=self.takes_prompt,
            takes_language=self.takes_language,
            has_diarize=self.has_diarize,
            has_redact=self.has_redact,
        )


class VoiceTable(_Table):
    id: str
    name: str = ""
    languages: tuple[str, ...] = ()
    gender: str = ""
    traits: str = ""

    def value(self, provider: str) -> Voice:
        return Voice(self.id, self.name or self.id, provider, self.languages, self.gender, self.traits)


class ModelTable(_Table):
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
    duration: RangeTable | None = None
    is_duration_optional: bool = False
    length_guess: LengthGuessTable | None = None
    seed: RangeTable | None = None
    has_negative_prompt: bool = False
    has_voices: bool = False
    voice: tuple[VoiceTable, ...] = ()
    takes_any_voice: bool = False
    has_numbered_voices: bool = False
    default_voice: str | None = None
    languages: tuple[str, ...] = ()
    default_language: str | None = None
    parameter: tuple[ParameterTable, ...] = ()
    format: tuple[FormatTable, ...] = ()
    references: ReferencesTable | None = None
    plan: PlanTable | None = None
    transcription: TranscriptionTable | None = None
    price: PriceTable | None = None
    example: tuple[ExampleTable, ...] = ()

    def value(self, provider: str) -> ModelSpec:
        return ModelSpec(
            provider=provider,
            id=self.id,
            label=self.label,
            kinds=self.kinds,
            summary=self.summary,
            prompt_label=self.prompt_label,
            prompt_placeholder=self.prompt_placeholder,
            prompt_min=self.prompt_min,
            prompt_max=self.prompt_max,
            is_prompt_optional=self.is_prompt_optional,
            max_takes=self.max_takes,
            default_takes=self.default_takes,
            duration=None if self.duration is None else self.duration.value(),
            is_duration_optional=self.is_duration_optional,
            length_guess=None if self.length_guess is None else self.length_guess.value(),
            seed=None if self.seed is None else self.seed.value(),
            has_negative_prompt=self.has_negative_prompt,
            has_voices=self.has_voices,
            voices=tuple(each.value(provider) for each in self.voice),
            takes_any_voice=self.takes_any_voice,
            has_numbered_voices=self.has_numbered_voices,
            default_voice=self.default_voice,
            languages=self.languages,
            default_language=self.default_language,
            parameters=tuple(each.value() for each in self.parameter),
            formats=tuple(each.value() for each in self.format),
            references=ReferenceSpec() if self.references is None else self.references.value(),
            plan=None if self.plan is None else self.plan.value(),
            transcription=None if self.transcription is None else self.transcription.value(),
            price=None if self.price is None else self.price.value(),
            examples=tuple(each.value() for each in self.example),
        )


class CatalogueFile(_Table):
    """One provider's models.

    Attributes:
        unlisted: What is assumed of a model that isn't listed; its `id` is the pattern (a regular expression) of
            the ids that such models have.
    """

    provider: str
    model: tuple[ModelTable, ...]
    unlisted: ModelTable | None = None
