"""Parameters and formats of a model, as data, and the check of one value against them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.base_url import is_loopback
from app.domain.errors import Problem
from app.domain.request import ParameterValue

BROKEN_TEXT = "The text has a character that is broken. Type it again."


class ParameterType(StrEnum):
    """How a parameter's value is written."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    CHOICE = "choice"
    TEXT = "text"


class Panel(StrEnum):
    """Which panel of the window shows a parameter."""

    PROMPT = "prompt"
    VOICE = "voice"
    AUDIO = "audio"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Range:
    """A number between two ends, both allowed.

    Attributes:
        step: Distance of neighbouring values on the control; typed values may lie between unless integers.
        unit: As people read it: `s`, `st`, `wpm`, `%` or nothing.
        is_whole: Only whole numbers are allowed.
    """

    minimum: float
    maximum: float
    default: float
    step: float = 1.0
    unit: str = ""
    is_whole: bool = False

    def complaint(self, label: str, value: float) -> str | None:
        """What is wrong with a value, with the allowed ones; None if it fits."""
        is_inside = self.minimum <= value <= self.maximum  # also refuses NaN
        if is_inside and (not self.is_whole or float(value).is_integer()):
            return None
        unit = f" {self.unit}" if self.unit else ""
        whole = "a whole number " if self.is_whole else ""
        span = f"{whole}from {number(self.minimum)} to {number(self.maximum)}{unit}"
        return f"{label} must be {span}; it is {number(value)}."


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter of a model, under the model's own name and in its own unit.

    Attributes:
        range: For numbers.
        choices: For `choice`: the allowed values.
        min_length, max_length: For `text`: characters.
        hint: A few words beside the control.
        excludes: Names of fields or parameters that can't be used together with this one.
        needs: `NAME=VALUE` of another parameter without which this one means nothing.
        is_required: The model makes nothing without it; `unless` names a parameter that lifts this while it is true.
        is_multiline: For `text`: several lines, such as lyrics.
        is_address: For `text`: an address that begins with https://, or http:// on this computer.
        is_secret: It may carry credentials: kept out of logs, presets, recipes, exports and the window's memory.
        is_advanced: Shown only when asked for.
        is_factor: For numbers in percent: people read 12 as 1.12×.
        is_for_one_take: Can't be used with more than one take in a request.
    """

    name: str
    label: str
    type: ParameterType
    panel: Panel = Panel.MODEL
    range: Range | None = None
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

    def complaint(self, value: ParameterValue) -> str | None:
        """What is wrong with a value, with the allowed ones; None if it fits."""
        match self.type:
            case ParameterType.BOOL:
                return None if isinstance(value, bool) else f"{self.label} must be true or false."
            case ParameterType.TEXT:
                return self._text_complaint(value)
            case ParameterType.CHOICE:
                return None if value in self.choices else f"{self.label} must be {one_of(self.choices)}; it is {value}."
            case ParameterType.INT | ParameterType.FLOAT:
                return self._number_complaint(value)

    def _text_complaint(self, value: ParameterValue) -> str | None:
        if not isinstance(value, str):
            return f"{self.label} must be a text."
        if not is_text(value):
            return BROKEN_TEXT
        if self.max_length is not None and len(value) > self.max_length:
            return f"{self.label} may have {counted(self.max_length, 'character')}; it has {len(value):,}."
        if self.min_length is not None and (len(value) < self.min_length or not value.strip()):
            length = len(value) if value.strip() else 0  # a service that wants words takes no empty lines for them
            return f"{self.label} must have at least {counted(self.min_length, 'character')}; it has {length:,}."
        return _address_complaint(self.label, value) if self.is_address else None

    def _number_complaint(self, value: ParameterValue) -> str | None:
        whole = self.type is ParameterType.INT
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            return f"{self.label} must be {'a whole number' if whole else 'a number'}."
        if isinstance(value, float) and not math.isfinite(value):
            return f"{self.label} must be a number; it is {value}."
        return self.range.complaint(self.label, value) if self.range is not None else None


def _address_complaint(label: str, value: str) -> str | None:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("https", "http") or not value.isprintable() or " " in value:
        return f"{label} must be an address such as https://example.com/in."
    if parts.scheme == "http" and not is_loopback(host):
        return f"{label} must begin with https://; http:// is for this computer alone."
    return None


@dataclass(frozen=True, slots=True)
class BitrateSpec:
    """Bit rates that a format allows at one set of sample rates and channels.

    Attributes:
        sample_rates_hz: Empty means all rates of the format.
        channels: Empty means all channel counts of the format.
        values_kbps: Rising.
    """

    values_kbps: tuple[int, ...]
    sample_rates_hz: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()

    def applies(self, sample_rate_hz: int | None, channels: int | None) -> bool:
        fits_rate = not self.sample_rates_hz or sample_rate_hz is None or sample_rate_hz in self.sample_rates_hz
        fits_channels = not self.channels or channels is None or channels in self.channels
        return fits_rate and fits_channels


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """A format that a model makes. Empty rates or channels: the model decides."""

    format: AudioFormat
    sample_rates_hz: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    bitrates: tuple[BitrateSpec, ...] = ()
    default_sample_rate_hz: int | None = None
    default_channels: int | None = None
    default_bitrate_kbps: int | None = None

    def bitrates_kbps(self, sample_rate_hz: int | None, channels: int | None) -> tuple[int, ...]:
        """The bit rates that can be had at this rate and channel count, rising."""
        fitting = {v for spec in self.bitrates if spec.applies(sample_rate_hz, channels) for v in spec.values_kbps}
        return tuple(sorted(fitting))

    def problems(self, audio: AudioSettings) -> Iterator[Problem]:
        """What is wrong with the asked rate, channels and bit rate for this format."""
        rate, channels, bitrate = audio.sample_rate_hz, audio.channels, audio.bitrate_kbps
        name = self.format.value.upper()
        if rate is not None and rate not in self.sample_rates_hz:
            yield Problem("sample_rate", _refusal(f"The sample rate of {name}", self.sample_rates_hz, rate, "Hz"))
        if channels is not None and channels not in self.channels:
            yield Problem("channels", _refusal(f"The channels of {name}", self.channels, channels, ""))
        if bitrate is not None:
            allowed = self.bitrates_kbps(rate or self.default_sample_rate_hz, channels or self.default_channels)
            if bitrate not in allowed:
                yield Problem("bitrate", _refusal(f"The bit rate of this {name}", allowed, bitrate, "kbps"))


def _refusal(what: str, allowed: tuple[int, ...], value: int, unit: str) -> str:
    if not allowed:
        return f"{what} can't be chosen: the model decides; convert at export."
    unit = f" {unit}" if unit else ""
    return f"{what} must be {one_of(allowed)}{unit}; it is {value:,}{unit}."


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: halves of letters, as from a terminal in another encoding, can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_of(values: Iterable[object]) -> str:
    """`a, b or c`; numbers with thousands separators; `nothing` where there are none."""
    words = [f"{value:,}" if isinstance(value, int) else str(value) for value in values]
    if not words:
        return "nothing"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def counted(count: int, noun: str) -> str:
    """`1 take`, `2,048 characters`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: float) -> str:
    """Without a needless fraction: `4`, `0.1`, `2,048`."""
    if isinstance(value, int):  # may be too large for a float
        return f"{value:,}"
    return f"{value:,.0f}" if value.is_integer() else f"{value:g}"
