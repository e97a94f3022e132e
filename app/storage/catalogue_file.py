"""The shape of a catalogue file, and its way into model specs."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from app.domain.audio import AudioFormat
from app.domain.model_spec import Example, Kind, ModelSpec, Price, PriceUnit
from app.domain.parameter_spec import (
    BitrateSpec,
    FormatSpec,
    Panel,
    ParameterSpec,
    ParameterType,
    Range,
)
from app.domain.request import ParameterValue


class _Table(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A table of TOML: an unknown key is a mistake."""


class RangeTable(_Table):
    minimum: float
    maximum: float
    default: float
    step: float = 1.0
    unit: str = ""

    def value(self) -> Range:
        return Range(self.minimum, self.maximum, self.default, self.step, self.unit)


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

    def value(self) -> ParameterSpec:
        return ParameterSpec(
            self.name,
            self.label,
            self.type,
            self.panel,
            None if self.range is None else self.range.value(),
            self.choices,
            self.default,
            self.max_length,
            self.hint,
            self.excludes,
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


class ModelTable(_Table):
    id: str
    label: str
    kinds: tuple[Kind, ...]
    summary: str = ""
    prompt_label: str = "Prompt"
    prompt_placeholder: str = ""
    prompt_max: int | None = None
    max_takes: int = 1
    default_takes: int = 1
    duration: RangeTable | None = None
    seed: RangeTable | None = None
    has_negative_prompt: bool = False
    has_voices: bool = False
    default_voice: str | None = None
    languages: tuple[str, ...] = ()
    parameter: tuple[ParameterTable, ...] = ()
    format: tuple[FormatTable, ...] = ()
    max_references: int = 0
    price: PriceTable | None = None
    example: tuple[ExampleTable, ...] = ()
    is_unlisted: bool = False

    def value(self, provider: str) -> ModelSpec:
        return ModelSpec(
            provider=provider,
            id=self.id,
            label=self.label,
            kinds=self.kinds,
            summary=self.summary,
            prompt_label=self.prompt_label,
            prompt_placeholder=self.prompt_placeholder,
            prompt_max=self.prompt_max,
            max_takes=self.max_takes,
            default_takes=self.default_takes,
            duration=None if self.duration is None else self.duration.value(),
            seed=None if self.seed is None else self.seed.value(),
            has_negative_prompt=self.has_negative_prompt,
            has_voices=self.has_voices,
            default_voice=self.default_voice,
            languages=self.languages,
            parameters=tuple(each.value() for each in self.parameter),
            formats=tuple(each.value() for each in self.format),
            max_references=self.max_references,
            price=None if self.price is None else self.price.value(),
            examples=tuple(each.value() for each in self.example),
            is_unlisted=self.is_unlisted,
        )


class CatalogueFile(_Table):
    """One provider's models."""

    provider: str
    model: tuple[ModelTable, ...]
