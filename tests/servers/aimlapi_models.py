"""What each audio model of AI/ML API accepts at `/v2/generate/audio`, and what it makes of it.

Source: aimlapi/api-docs, OpenAPI of the audio models (2026-08).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import soundfile

from tests.servers.fields import (
    Anything,
    Fields,
    Flag,
    Kind,
    OneOf,
    Problem,
    Rule,
    Text,
    Whole,
    inline_bytes,
    is_http_url,
)
from tests.servers.sounds import Sound, mp3_bitrates_kbps

_LARGEST_REFERENCE_BYTES = 50 * 1024 * 1024
_SAMPLE_RATES_HZ = OneOf(16_000, 24_000, 32_000, 44_100)
_ENCODING: dict[str, Rule] = {
    "bitrate": OneOf(32_000, 64_000, 128_000, 256_000),
    "format": OneOf("mp3", "wav", "pcm"),
}
_MUSIC_SETTING = Fields({}, {"audio_sample_rate": _SAMPLE_RATES_HZ, **_ENCODING})
_COVER_SETTING = Fields({}, {"sample_rate": _SAMPLE_RATES_HZ, **_ENCODING})


@dataclass(frozen=True)
class AudioReference:
    """A link to audio, or audio in base64 (also as a data URI) of a certain length."""

    least_s: float
    most_s: float | None = None

    def check(self, value: object, path: str) -> Iterator[Problem]:
        yield from Text(1).check(value, path)
        if not isinstance(value, str) or is_http_url(value):
            return
        content = inline_bytes(value)
        if content is None:
            yield Problem(Kind.SHAPE, path, f"{path}: must be a URL or base64", "string")
        elif len(content) > _LARGEST_REFERENCE_BYTES:
            yield Problem(Kind.RANGE, path, f"{path}: at most 50 MB", "string", most=_LARGEST_REFERENCE_BYTES)
        else:
            yield from self._check_length(content, path)

    def _check_length(self, content: bytes, path: str) -> Iterator[Problem]:
        try:
            seconds = soundfile.info(io.BytesIO(content)).duration
        except soundfile.LibsndfileError:
            yield Problem(Kind.SHAPE, path, f"{path}: is no audio that can be read", "string")
            return
        if seconds < self.least_s or (self.most_s is not None and seconds > self.most_s):
            reach = f"{self.least_s} s or longer" if self.most_s is None else f"{self.least_s} to {self.most_s} s long"
            yield Problem(Kind.RANGE, path, f"{path}: must be {reach}", "string", self.least_s, self.most_s)


def _model(model: str, required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Fields:
    return Fields({"model": OneOf(model), **required}, optional or {})


GENERATION_MODELS: dict[str, Fields] = {
    "stable-audio": _model(
        "stable-audio",
        {"prompt": Text(1)},
        {"seconds_start": Whole(1, 47), "seconds_total": Whole(1, 47), "steps": Whole(1, 1000)},
    ),
    "elevenlabs/eleven_music": _model(
        "elevenlabs/eleven_music", {"prompt": Text(1, 2000)}, {"music_length_ms": Whole(10_000, 300_000)}
    ),
    "google/lyria2": _model("google/lyria2", {"prompt": Text(1)}, {"negative_prompt": Text(), "seed": Whole(0)}),
    "minimax/music-1.5": _model(
        "minimax/music-1.5", {"prompt": Text(10, 300), "lyrics": Text(10, 3000)}, {"audio_setting": _MUSIC_SETTING}
    ),
    "minimax/music-2.0": _model(
        "minimax/music-2.0", {"prompt": Text(10, 2000), "lyrics": Text(10, 3000)}, {"audio_setting": _MUSIC_SETTING}
    ),
    "minimax/music-2.6": _model(
        "minimax/music-2.6",
        {},
        {
            "prompt": Text(0, 2000),
            "lyrics": Text(0, 3000),
            "audio_setting": _MUSIC_SETTING,
            "lyrics_optimizer": Flag(),
            "is_instrumental": Flag(),
        },
    ),
    "minimax/music-cover": _model(
        "minimax/music-cover",
        {"prompt": Text(10, 2000), "reference_audio_url": AudioReference(6, 360)},
        {"lyrics": Text(10, 3000), "audio_setting": _COVER_SETTING},
    ),
    "minimax-music": _model("minimax-music", {"prompt": Text(1, 600), "reference_audio_url": AudioReference(15)}),
}

# Invented: the catalogue has prices of its own, which change.
PRICES_USD = {
    "stable-audio": Decimal("0.06"),
    "elevenlabs/eleven_music": Decimal("0.195"),
    "google/lyria2": Decimal("0.078"),
}
OTHER_PRICE_USD = Decimal("0.0455")


def open_fields(body: Mapping[str, Any], *required: str) -> Fields:
    """Text in `model` and the required fields, anything in the others that `body` has."""
    named = {"model", *required}
    return Fields(dict.fromkeys(named, Text(1)), {name: Anything() for name in body if name not in named})


def problems_of(body: Mapping[str, Any], extra_models: frozenset[str]) -> list[Problem] | None:
    """What is wrong with a request; None if its model does not exist."""
    model = body.get("model")
    if not isinstance(model, str):
        return list(open_fields(body).check(body, ""))
    if model in extra_models:
        return list(open_fields(body, "prompt").check(body, ""))
    rules = GENERATION_MODELS.get(model)
    return None if rules is None else list(rules.check(body, ""))


def sound_of(body: Mapping[str, Any], default_s: float) -> Sound:
    """What a valid request asks for. `default_s` is the length of models whose length cannot be asked for."""
    match body["model"]:
        case "stable-audio":
            return Sound("wav", 44_100, 2, float(body.get("seconds_total", 30)))
        case "elevenlabs/eleven_music":
            return Sound("mp3", 44_100, 2, body.get("music_length_ms", 10_000) / 1000, 128)
        case "google/lyria2":
            return Sound("wav", 48_000, 2, default_s)
        case "minimax-music":
            return Sound("mp3", 44_100, 2, default_s, 256)
        case model if is_minimax(model):
            return _minimax_sound(body.get("audio_setting", {}), default_s)
    return Sound("wav", 44_100, 2, default_s)


def price_usd(model: str) -> Decimal:
    return PRICES_USD.get(model, OTHER_PRICE_USD)


def is_minimax(model: str) -> bool:
    return model.startswith("minimax")


def _minimax_sound(setting: Mapping[str, Any], default_s: float) -> Sound:
    sample_rate_hz = setting.get("audio_sample_rate", setting.get("sample_rate", 44_100))
    bitrate_kbps = min(setting.get("bitrate", 256_000) // 1000, mp3_bitrates_kbps(sample_rate_hz)[1])
    return Sound(setting.get("format", "mp3"), sample_rate_hz, 2, default_s, bitrate_kbps)
