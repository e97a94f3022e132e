"""What Camb accepts, and what it makes of it.

Source: docs.camb.ai (2026-08) and camb-ai/cambai-python-sdk 1.6.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from tests.servers.fields import Fields, Flag, Kind, ListOf, Number, OneOf, Problem, Rule, Text, Whole
from tests.servers.sounds import CONTENT_TYPES, Sound

LONGEST_SOUND_S = 10.0
DEFAULT_SOUND_S = 8.0
SOUND_RATE_HZ = 44_100
PRICE_PER_SOUND_USD = Decimal("0.05")  # invented, as all prices here
PRICE_PER_CHARACTER_USD = Decimal("0.00002")
CREDITS_PER_USD = 1000

SPEECH_RATES_HZ = {
    "mars-flash": 22_050,
    "mars-instruct": 22_050,
    "mars-pro": 48_000,
    "mars-8.1-flash-beta": 22_050,
    "mars-8.1-pro-beta": 48_000,
}
DEFAULT_SPEECH_MODEL = "mars-8.1-flash-beta"
_PCM_TYPES = {
    "pcm_s16le": "<i2",
    "pcm_s16be": ">i2",
    "pcm_s32le": "<i4",
    "pcm_s32be": ">i4",
    "pcm_f32le": "<f4",
    "pcm_f32be": ">f4",
}
SPEECH_FORMATS = ("wav", "flac", "adts", "mp3", *_PCM_TYPES)
_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

# Some of the locales; those without "mars" are spoken by the 8.1 models only.
LANGUAGES: tuple[Mapping[str, Any], ...] = (
    {"id": 1, "language": "English (United States)", "short_name": "en-us"},
    {"id": 2, "language": "English (United Kingdom)", "short_name": "en-gb"},
    {"id": 31, "language": "German (Germany)", "short_name": "de-de"},
    {"id": 54, "language": "Spanish (Spain)", "short_name": "es-es"},
    {"id": 76, "language": "French (France)", "short_name": "fr-fr"},
    {"id": 88, "language": "Japanese (Japan)", "short_name": "ja-jp"},
    {"id": 111, "language": "Portuguese (Brazil)", "short_name": "pt-br"},
    {"id": 139, "language": "Chinese (Mandarin, Simplified)", "short_name": "zh-cn"},
    {"id": 148, "language": "Icelandic (Iceland)", "short_name": "is-is"},
)
ONLY_SPOKEN_BY_8_1 = frozenset({"is-is"})
# What the SDK lists for /tts-stream, by language; which of them each model speaks isn’t published.
_LISTED_BY_SDK = {
    "ar": "ae bh dz eg iq jo kw lb ly ma om qa sa sy tn xa ye",
    "as": "in",
    "bn": "bd in",
    "cs": "cz",
    "de": "at ch de",
    "el": "gr",
    "en": "au in uk us",
    "es": "es mx us",
    "fi": "fi",
    "fr": "be ca ch fr",
    "hi": "in",
    "id": "id",
    "it": "it",
    "ja": "jp",
    "kn": "in",
    "ko": "kr",
    "ml": "in",
    "mr": "in",
    "nl": "be nl",
    "pa": "in",
    "pl": "pl",
    "pt": "br pt",
    "ro": "ro",
    "ru": "ru",
    "ta": "in",
    "te": "in",
    "th": "th",
    "tr": "tr",
    "uk": "ua",
    "vi": "vn",
    "zh": "cn hk tw",
}
_LOCALES = {language["short_name"] for language in LANGUAGES} | {
    f"{language}-{region}" for language, regions in _LISTED_BY_SDK.items() for region in regions.split()
}

_PROJECT: dict[str, Rule] = {"project_name": Text(), "project_description": Text(), "folder_id": Whole()}
_SOUND = Fields({"prompt": Text(1)}, {"duration": Number(0, LONGEST_SOUND_S), "audio_type": OneOf("sound", "music")})
_MUSIC = Fields({"prompt": Text(1)}, {"duration": Number(0), "audio_type": OneOf("music")})
BULK = Fields({"run_ids": ListOf(Whole(), least=1)})
_SPEECH = Fields(
    {"text": Text(3, 3000), "language": Text(1), "voice_id": Whole()},
    {
        "speech_model": Text(1),
        "user_instructions": Text(),
        "enhance_named_entities_pronunciation": Flag(),
        "output_configuration": Fields(
            {},
            {
                "format": OneOf(*SPEECH_FORMATS),
                "sample_rate": OneOf(*_RATES_HZ),  # which rates there are is inferred
                "duration": Number(0),
                "apply_enhancement": Flag(),
            },
        ),
        "voice_settings": Fields(
            {},
            {
                "enhance_reference_audio_quality": Flag(),
                "maintain_source_accent": Flag(),
                "apply_ref_loudness_norm": Flag(),
                "speaking_rate": Number(0.1, 10),  # no range is published
            },
        ),
        "inference_options": Fields(
            {},
            {
                "stability": Number(0, 1),
                "temperature": Number(0.01, 4),
                "inference_steps": Whole(1, 1000),
                "speaker_similarity": Number(0, 1),
                "localize_speaker_weight": Number(),
                "acoustic_quality_boost": Flag(),
            },
        ),
    },
)
CUSTOM_VOICE = Fields(
    {"voice_name": Text(1), "gender": OneOf(0, 1, 2, 9)},
    {
        "description": Text(),
        "age": Whole(0),
        "language": Whole(),
        "enhance_audio": Flag(),
        "publish_voice_to_market_place": Flag(),
    },
)


def problems_of_sound(body: object) -> list[Problem]:
    """What is wrong with a sound or music to be made. The length of music is not looked at."""
    music = isinstance(body, dict) and body.get("audio_type") == "music"
    return list((_MUSIC if music else _SOUND).plus(**_PROJECT).check(body, ""))


def problems_of_speech(body: object) -> list[Problem]:
    """What is wrong with a text to be spoken; whether the voice exists is another question."""
    problems = list(_SPEECH.check(body, ""))
    return problems if problems or not isinstance(body, dict) else list(_speech_rules(body))


def sound_of(body: Mapping[str, Any], music_s: float) -> Sound:
    """What a valid request asks for, as WAV. `music_s` is how long all music is."""
    if body.get("audio_type", "sound") == "music":
        return Sound("wav", SOUND_RATE_HZ, 2, music_s)
    return Sound("wav", SOUND_RATE_HZ, 2, float(body.get("duration", DEFAULT_SOUND_S)))


def speech_of(body: Mapping[str, Any], default_s: float) -> Sound:
    """What a valid request asks for, in WAV; `default_s` is its length at the usual speed."""
    settings = body.get("output_configuration", {})
    rate_hz = settings.get("sample_rate", SPEECH_RATES_HZ[body.get("speech_model", DEFAULT_SPEECH_MODEL)])
    seconds = settings.get("duration", default_s / body.get("voice_settings", {}).get("speaking_rate", 1))
    return Sound("wav", rate_hz, 1, float(seconds))


def speech_format_of(body: Mapping[str, Any]) -> str:
    return str(body.get("output_configuration", {}).get("format", "mp3"))


def encoded_speech(sound: Sound, speech_format: str) -> bytes:
    """The bytes in one of `SPEECH_FORMATS`."""
    if speech_format not in _PCM_TYPES:
        return replace(sound, format="aac" if speech_format == "adts" else speech_format).encoded()
    samples = np.frombuffer(replace(sound, format="pcm").encoded(), dtype="<i2")
    kind = np.dtype(_PCM_TYPES[speech_format])
    if kind.kind == "f":
        return (samples / 32768).astype(kind).tobytes()
    return (samples.astype(np.int64) << (kind.itemsize * 8 - 16)).astype(kind).tobytes()


def speech_content_type(speech_format: str) -> str:
    return CONTENT_TYPES["aac" if speech_format == "adts" else speech_format.partition("_")[0]]


def _speech_rules(body: Mapping[str, Any]) -> Iterator[Problem]:
    model, locale = body.get("speech_model", DEFAULT_SPEECH_MODEL), body["language"]
    if model not in SPEECH_RATES_HZ:
        yield _unsupported("speech_model", f"there is no speech model {model}")
    if locale not in _LOCALES or (locale in ONLY_SPOKEN_BY_8_1 and not is_8_1(model)):
        yield _unsupported("language", f"{model} does not speak {locale}")
    if "user_instructions" in body and model != "mars-instruct":
        yield _unsupported("user_instructions", "instructions are for mars-instruct only")
    if is_8_1(model) and "acoustic_quality_boost" in body.get("inference_options", {}):
        yield _unsupported("inference_options.acoustic_quality_boost", f"{model} does not take this option")


def is_8_1(model: str) -> bool:
    return model.startswith("mars-8.1-")


def _unsupported(path: str, message: str) -> Problem:
    return Problem(Kind.SHAPE, path, f"Value error, {message}")
