"""The settings by their dotted names, as in `cuesmith config set`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.audio import AudioFormat, BitDepth
from app.domain.base_url import base_url
from app.domain.errors import SettingsError
from app.domain.export_settings import FadeShape
from app.storage.setting_types import (
    SettingType,
    choice,
    decimal_number,
    folder,
    money,
    optional,
    whole_number,
    words,
    yes_or_no,
)
from app.storage.setting_values import ProviderSettings, Settings

PROVIDERS = ("local", "runware", "camb", "runinfra", "aimlapi", "openai")

_PROFILE = re.compile(r"openai:[A-Za-z0-9_-]{1,40}")
_OUR_OWN = "local"
_SILENT_DB = float("-inf")

_TYPES: dict[str, SettingType] = {
    "theme": choice(("system", "dark", "light")),
    "text_scale": decimal_number(0.8, 2.0),
    "reduce_motion": yes_or_no(),
    "output_device": optional(words()),
    "volume_db": decimal_number(_SILENT_DB, 0.0),
    "match_loudness": yes_or_no(),
    "clips_folder": optional(folder()),
    "network.patience_s": decimal_number(0.0, 86_400.0),
    "spending.day_usd": optional(money()),
    "spending.month_usd": optional(money()),
    "export.format": optional(choice([each.value for each in AudioFormat], AudioFormat)),
    "export.sample_rate_hz": optional(whole_number(8_000, 384_000)),
    "export.channels": optional(whole_number(1, 2)),
    "export.bit_depth": optional(choice([each.value for each in BitDepth], BitDepth)),
    "export.bitrate_kbps": optional(whole_number(8, 640)),
    "export.loudness_lufs": optional(decimal_number(-70.0, 0.0)),
    "export.momentary_lufs": optional(decimal_number(-70.0, 0.0)),
    "export.gain_db": optional(decimal_number(-120.0, 60.0)),
    "export.quality": optional(decimal_number(0.0, 10.0)),
    "export.peak_dbfs": optional(decimal_number(-60.0, 0.0)),
    "export.true_peak_dbtp": optional(decimal_number(-60.0, 0.0)),
    "export.silence_dbfs": optional(decimal_number(-120.0, -20.0)),
    "export.margin_s": decimal_number(0.0, 10.0),
    "export.fade_in_s": decimal_number(0.0, 3_600.0),
    "export.fade_out_s": decimal_number(0.0, 3_600.0),
    "export.fade_shape": choice([each.value for each in FadeShape], FadeShape),
    "export.name": words(),
    "export.folder": optional(folder()),
    "export.writes_tags": yes_or_no(),
}
_OF_PROVIDERS: dict[str, SettingType] = {
    "base_url": optional(words(base_url)),
    "poll_interval_s": optional(decimal_number(0.02, 3_600.0)),
    "concurrency": optional(whole_number(1, 64)),
    "per_minute": optional(whole_number(1, 100_000)),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its place in TOML, and in `Settings`.

    Attributes:
        path: `("spending", "day_usd")`; of a provider `("providers", ID, FIELD)`.
    """

    path: tuple[str, ...]
    type: SettingType

    @property
    def key(self) -> str:
        return ".".join(self.path)

    def of(self, settings: Settings) -> Any:
        """Its value."""
        match self.path:
            case ["providers", provider, field]:
                return getattr(settings.providers.get(provider, ProviderSettings()), field)
            case [group, field]:
                return getattr(getattr(settings, group), field)
            case _:
                return getattr(settings, self.path[0])

    def put(self, settings: Settings, value: Any) -> Settings:
        """The settings with another value of this one."""
        match self.path:
            case ["providers", provider, field]:
                changed = replace(settings.providers.get(provider, ProviderSettings()), **{field: value})
                return replace(settings, providers={**settings.providers, provider: changed})
            case [group, field]:
                part = replace(getattr(settings, group), **{field: value})
                return replace(settings, **{group: part})
            case _:
                return replace(settings, **{self.path[0]: value})

    def checked(self, value: Any) -> Any:
        """What TOML holds, as the value.

        Raises:
            SettingsError: It can't be used; the message says what can.
        """
        try:
            return self.type.of_toml(value)
        except ValueError as error:
            raise SettingsError(f"{self.key} can’t be {_shortened(value)}. {error}", self.key) from error

    def parsed(self, text: str) -> Any:
        """A word of a command line, as the value.

        Raises:
            SettingsError: It can't be used; the message says what can.
        """
        try:
            return self.type.of_toml(self.type.of_text(text))
        except ValueError as error:
            raise SettingsError(f"{self.key} can’t be {_shortened(text)}. {error}", self.key) from error


def setting(key: str) -> Setting:
    """The setting with a dotted name; a provider's id may stand in quotes.

    Raises:
        SettingsError: There is none; the message names one that is spelled alike.
    """
    return setting_at(_parted(key))


def setting_at(path: Sequence[str]) -> Setting:
    """The same by the parts of its name.

    Raises:
        SettingsError: There is none.
    """
    key = ".".join(path)
    match path:
        case ["providers", provider, field] if field in _OF_PROVIDERS:
            return _of_provider(key, provider, field)
        case _ if key in _TYPES:
            return Setting(tuple(path), _TYPES[key])
    known = [*_TYPES, *(f"providers.{provider}.{field}" for provider in PROVIDERS for field in _OF_PROVIDERS)]
    alike = difflib.get_close_matches(key[:100], known, n=1)
    hint = f"Did you mean {alike[0]}?" if alike else "See “cuesmith config list”."
    raise SettingsError(f"There is no setting {_shortened(key)}. {hint}", key)


def all_settings(settings: Settings) -> Iterator[Setting]:
    """Every setting there is; of profiles those that are set up."""
    for key, kind in _TYPES.items():
        yield Setting(tuple(key.split(".")), kind)
    profiles = sorted(provider for provider in settings.providers if provider not in PROVIDERS)
    for provider in (*PROVIDERS, *profiles):
        for field, kind in _OF_PROVIDERS.items():
            if (provider, field) != (_OUR_OWN, "base_url"):
                yield Setting(("providers", provider, field), kind)


def _of_provider(key: str, provider: str, field: str) -> Setting:
    if provider not in PROVIDERS and not _PROFILE.fullmatch(provider):
        raise SettingsError(
            f"There is no service {_shortened(provider)}. There are {', '.join(PROVIDERS)}, and openai:NAME for "
            "servers of your own.",
            key,
        )
    if (provider, field) == (_OUR_OWN, "base_url"):
        raise SettingsError("The built-in generator has no address.", key)
    return Setting(("providers", provider, field), _OF_PROVIDERS[field])


def _parted(key: str) -> tuple[str, ...]:
    """`providers."openai:NAME".base_url` -> three parts; the id of a provider is all between the outer dots."""
    group, dot, rest = key.partition(".")
    if group != "providers" or "." not in rest:
        return (group, rest) if dot else (group,)
    provider, _, field = rest.rpartition(".")
    return group, provider.strip("\"'"), field


def _shortened(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
