"""What a catalogue file must not say, though its shape is right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date
from decimal import Decimal, InvalidOperation

from app.domain.model_spec import Kind
from app.domain.parameter_spec import ParameterType, counted, number, one_of
from app.domain.request import GenerationRequest
from app.storage.catalogue_file import (
    BitrateTable,
    CatalogueFile,
    FormatTable,
    ModelTable,
    ParameterTable,
    PriceTable,
    RangeTable,
    ReferencesTable,
    TranscriptionTable,
)

Path = tuple[str | int, ...]

_PROVIDER = re.compile(r"[a-z][a-z0-9_-]*(:[A-Za-z0-9_-]+)?")
_SUFFIX = re.compile(r"\.[a-z0-9]+")
_RATES_HZ = (1_000, 768_000)
_MOST_CHANNELS = 8
# Parameters are named beside these in problems and exclusions, so they need names of their own.
_FIELDS = frozenset(field.name for field in fields_of(GenerationRequest)) | {
    "duration",
    "format",
    "sample_rate",
    "channels",
    "bitrate",
}

_OF_TYPES = {
    "range": (ParameterType.INT, ParameterType.FLOAT),
    "choices": (ParameterType.CHOICE,),
    "max_length": (ParameterType.TEXT,),
    "min_length": (ParameterType.TEXT,),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    Attributes:
        path: Keys and indices that lead to it.
        reason: What is wrong, as a sentence.
    """

    path: Path
    reason: str


def mistakes(file: CatalogueFile) -> Iterator[Mistake]:
    """Everything that is wrong with a file, from top to bottom."""
    if not _PROVIDER.fullmatch(file.provider):
        yield Mistake(("provider",), f"“{file.provider}” can’t be the id of a service.")
    if not file.model:
        yield Mistake(("model",), "There is no model in it.")
    yield from _twice([model.id for model in file.model], ("model",), "model")
    for index, model in enumerate(file.model):
        yield from _of_model(model, ("model", index))
    if file.unlisted is not None:
        yield from _of_model(file.unlisted, ("unlisted",))
        try:
            re.compile(file.unlisted.id)
        except re.error as error:
            yield Mistake(("unlisted", "id"), f"It isn’t a pattern: {error}.")


def _of_model(model: ModelTable, at: Path) -> Iterator[Mistake]:
    yield from _of_names(model, at)
    yield from _of_takes(model, at)
    for key, allowed in (("duration", model.duration), ("seed", model.seed)):
        if allowed is not None:
            yield from _of_range(allowed, (*at, key))
    for index, parameter in enumerate(model.parameter):
        yield from _of_parameter(parameter, (*at, "parameter", index))
        yield from _of_exclusions(parameter, model, (*at, "parameter", index, "excludes"))
    yield from _twice([each.name for each in model.parameter], (*at, "parameter"), "parameter")
    for index, each in enumerate(model.format):
        yield from _of_format(each, (*at, "format", index))
    yield from _twice([each.format for each in model.format], (*at, "format"), "format")
    if model.references is not None:
        yield from _of_references(model.references, (*at, "references"))
    yield from _of_lengths(model, at)
    yield from _of_hearing(model, at)
    if model.price is not None:
        yield from _of_price(model.price, (*at, "price"))
    yield from _of_examples(model, (*at, "example"))


def _of_names(model: ModelTable, at: Path) -> Iterator[Mistake]:
    for key in ("id", "label"):
        text = getattr(model, key)
        if not text.strip() or not text.isprintable():
            yield Mistake((*at, key), f"The {key} must be a line of text.")
    if not model.kinds:
        yield Mistake((*at, "kinds"), "A model is of one kind at least.")
    yield from _twice(model.kinds, (*at, "kinds"), "kind")
    yield from _twice(model.languages, (*at, "languages"), "language")
    yield from _twice([voice.id for voice in model.voice], (*at, "voice"), "voice")
    if model.voice and not model.has_voices:
        yield Mistake((*at, "voice", 0), "There are voices, but has_voices isn’t true.")
    if model.default_voice is not None and not model.has_voices:
        yield Mistake((*at, "default_voice"), "There is a default voice, but has_voices isn’t true.")
    if model.default_language is not None and model.default_language not in model.languages:
        yield Mistake((*at, "default_language"), "The default language is none of the languages.")


def _of_takes(model: ModelTable, at: Path) -> Iterator[Mistake]:
    for key, least in (("prompt_min", 1), ("prompt_max", 1), ("max_takes", 1)):
        value = getattr(model, key)
        if value is not None and value < least:
            yield Mistake((*at, key), f"It must be {least} at least; it is {value}.")
    if not 1 <= model.default_takes <= model.max_takes:
        yield Mistake((*at, "default_takes"), f"It must be from 1 to {model.max_takes}.")


def _of_references(references: ReferencesTable, at: Path) -> Iterator[Mistake]:
    for key in ("min_clips", "max_clips", "max_pictures"):
        value = getattr(references, key)
        if value < 0:
            yield Mistake((*at, key), f"It must be 0 at least; it is {value}.")
    if references.min_clips > references.max_clips:
        yield Mistake((*at, "min_clips"), f"It must be {references.max_clips} at most; it is {references.min_clips}.")
    for key in ("shortest_s", "longest_s", "largest_bytes"):
        value = getattr(references, key)
        if value is not None and not (math.isfinite(value) and value > 0):
            yield Mistake((*at, key), "It must be above 0.")


def _of_hearing(model: ModelTable, at: Path) -> Iterator[Mistake]:
    """What a model says of transcriptions, and that it says so at all if it makes them."""
    is_one = Kind.TRANSCRIPTION in model.kinds
    if model.transcription is not None:
        if not is_one:
            yield Mistake((*at, "transcription"), "There is a transcription, but the kinds don’t say so.")
        yield from _of_transcription(model.transcription, (*at, "transcription"))
    elif is_one:
        yield Mistake((*at, "kinds"), "A model that transcribes needs its table transcription.")


def _of_transcription(transcription: TranscriptionTable, at: Path) -> Iterator[Mistake]:
    if not transcription.formats:
        yield Mistake((*at, "formats"), "There is no format in it.")
    yield from _twice(transcription.formats, (*at, "formats"), "format")
    yield from _twice(transcription.suffixes, (*at, "suffixes"), "suffix")
    for index, suffix in enumerate(transcription.suffixes):
        if not _SUFFIX.fullmatch(suffix):
            yield Mistake((*at, "suffixes", index), f"“{suffix}” is no suffix in small letters, such as .mp3.")
    for key in ("largest_bytes", "longest_s", "prompt_max"):
        value = getattr(transcription, key)
        if value is not None and not (math.isfinite(value) and value > 0):
            yield Mistake((*at, key), "It must be above 0.")
    if transcription.temperature is not None:
        yield from _of_range(transcription.temperature, (*at, "temperature"))


def _of_lengths(model: ModelTable, at: Path) -> Iterator[Mistake]:
    guess = model.length_guess
    if guess is not None:
        for key in ("characters_per_second", "shortest_s", "longest_s"):
            value = getattr(guess, key)
            if value is not None and not (math.isfinite(value) and value > 0):
                yield Mistake((*at, "length_guess", key), "It must be above 0.")
    if model.is_duration_optional and model.duration is None:
        yield Mistake((*at, "is_duration_optional"), "There is no duration.")
    if model.plan is not None:
        yield from _of_range(model.plan.section_duration, (*at, "plan", "section_duration"))


def _of_examples(model: ModelTable, at: Path) -> Iterator[Mistake]:
    for index, example in enumerate(model.example):
        for key, text in (("label", example.label), ("prompt", example.prompt)):
            if not text.strip():
                yield Mistake((*at, index, key), "It is empty.")
        if model.prompt_max is not None and len(example.prompt) > model.prompt_max:
            most = counted(model.prompt_max, "character")
            yield Mistake((*at, index, "prompt"), f"A prompt of this model may have {most}.")


def _of_range(allowed: RangeTable, at: Path) -> Iterator[Mistake]:
    for key in ("minimum", "maximum", "default", "step"):
        if not math.isfinite(getattr(allowed, key)):
            yield Mistake((*at, key), "It must be a finite number.")
            return
    if allowed.minimum > allowed.maximum:
        yield Mistake((*at, "minimum"), "The minimum is above the maximum.")
    elif not allowed.minimum <= allowed.default <= allowed.maximum:
        span = f"from {number(allowed.minimum)} to {number(allowed.maximum)}"
        yield Mistake((*at, "default"), f"The default must be {span}; it is {number(allowed.default)}.")
    if allowed.step <= 0:
        yield Mistake((*at, "step"), "The step must be above 0.")


def _of_parameter(parameter: ParameterTable, at: Path) -> Iterator[Mistake]:
    if not parameter.name.strip() or parameter.name in _FIELDS:
        yield Mistake((*at, "name"), f"A parameter can’t be named “{parameter.name}”.")
    if not parameter.label.strip():
        yield Mistake((*at, "label"), "It is empty.")
    for key, types in _OF_TYPES.items():
        if getattr(parameter, key) not in (None, ()) and parameter.type not in types:
            yield Mistake((*at, key), f"A parameter of the type {parameter.type} has none.")
    if parameter.type is ParameterType.CHOICE and not parameter.choices:
        yield Mistake(at, "A choice needs its choices.")
        return
    yield from _twice(parameter.choices, (*at, "choices"), "choice")
    if parameter.max_length is not None and parameter.max_length < 1:
        yield Mistake((*at, "max_length"), "It must be 1 at least.")
    if parameter.type in (ParameterType.INT, ParameterType.FLOAT) and parameter.range is None:
        yield Mistake(at, "A number needs its range.")
    if parameter.range is not None:
        yield from _of_range(parameter.range, (*at, "range"))
    complaint = None if parameter.default is None else parameter.value().complaint(parameter.default)
    if complaint is not None:
        yield Mistake((*at, "default"), complaint)


def _of_exclusions(parameter: ParameterTable, model: ModelTable, at: Path) -> Iterator[Mistake]:
    known = _FIELDS | {each.name for each in model.parameter}
    for index, other in enumerate(parameter.excludes):
        if other not in known or other == parameter.name:
            yield Mistake((*at, index), f"“{other}” is no other field or parameter of the model.")
    for key, other in (("needs", parameter.needs.partition("=")[0]), ("unless", parameter.unless)):
        if other and (other == parameter.name or other not in known):
            yield Mistake((*at[:-1], key), f"“{other}” is no other parameter of the model.")


def _of_format(each: FormatTable, at: Path) -> Iterator[Mistake]:
    yield from _of_numbers(each.sample_rates_hz, _RATES_HZ, (*at, "sample_rates_hz"))
    yield from _of_numbers(each.channels, (1, _MOST_CHANNELS), (*at, "channels"))
    for key, default, allowed in (
        ("default_sample_rate_hz", each.default_sample_rate_hz, each.sample_rates_hz),
        ("default_channels", each.default_channels, each.channels),
    ):
        if default is not None and default not in allowed:
            possible = f"one of its own: {one_of(allowed)}" if allowed else "left out: the model decides"
            yield Mistake((*at, key), f"The default must be {possible}.")
    if each.bitrate and each.format.is_lossless:
        yield Mistake((*at, "bitrate", 0), f"{each.format.value.upper()} has no bit rate.")
    for index, bitrate in enumerate(each.bitrate):
        yield from _of_bitrate(bitrate, each, (*at, "bitrate", index))
    if each.default_bitrate_kbps is not None:
        allowed = each.value().bitrates_kbps(each.default_sample_rate_hz, each.default_channels)
        if each.default_bitrate_kbps not in allowed:
            possible = f"is none of {one_of(allowed)}" if allowed else "has no list that it is from"
            yield Mistake((*at, "default_bitrate_kbps"), f"At the default rate and channels it {possible}.")


def _of_bitrate(bitrate: BitrateTable, owner: FormatTable, at: Path) -> Iterator[Mistake]:
    if not bitrate.values_kbps:
        yield Mistake((*at, "values_kbps"), "There is no bit rate in it.")
    yield from _of_numbers(bitrate.values_kbps, (1, 10_000), (*at, "values_kbps"))
    for key, values, allowed in (
        ("sample_rates_hz", bitrate.sample_rates_hz, owner.sample_rates_hz),
        ("channels", bitrate.channels, owner.channels),
    ):
        strange = [value for value in values if allowed and value not in allowed]
        if strange:
            yield Mistake((*at, key), f"The format itself doesn’t offer {one_of(strange)}.")


def _of_price(price: PriceTable, at: Path) -> Iterator[Mistake]:
    try:
        amount = Decimal(price.amount)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        yield Mistake((*at, "amount"), f'“{price.amount}” is no amount of US dollars, such as "0.158".')
    try:
        date.fromisoformat(price.read_on or "2000-01-01")
    except ValueError:
        yield Mistake((*at, "read_on"), f"“{price.read_on}” is no day such as 2026-03-31.")


def _of_numbers(values: Sequence[int], span: tuple[int, int], at: Path) -> Iterator[Mistake]:
    least, most = span
    for value in values:
        if not least <= value <= most:
            yield Mistake(at, f"{value:,} isn’t from {least:,} to {most:,}.")
    yield from _twice(values, at, "value")


def _twice(values: Sequence[object], at: Path, what: str) -> Iterator[Mistake]:
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Mistake((*at, index), f"The {what} {value} is there twice.")
        seen.add(value)
