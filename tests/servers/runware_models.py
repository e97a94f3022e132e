"""What each audio model of Runware accepts, and what it makes of it.

Source: runware.ai/docs: the model pages of Seed Audio 1.0 and Eleven Music v1; the API reference of audio inference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from tests.servers.fields import (
    UUID_V4,
    AnyObject,
    Fields,
    Flag,
    HttpUrl,
    ListOf,
    Number,
    OneOf,
    Problem,
    Rule,
    Text,
    Whole,
    inline_bytes,
    is_http_url,
)
from tests.servers.runware_errors import Inferred, Refusal, refusal, refusal_of
from tests.servers.sounds import Sound, mp3_bitrates_kbps

SEED_AUDIO = "bytedance:seed-audio@1.0"
ELEVEN_MUSIC = "elevenlabs:1@1"
PRICE_PER_MINUTE_USD = {SEED_AUDIO: Decimal("0.158"), ELEVEN_MUSIC: Decimal("0.40")}
UNLISTED_PRICE_PER_MINUTE_USD = Decimal("0.06")  # invented

MP3_BITRATES_KBPS = {
    8000: (8, 64),
    11025: (8, 64),
    12000: (8, 64),
    16000: (8, 160),
    22050: (8, 160),
    24000: (8, 160),
    32000: (32, 320),
    44100: (32, 320),
    48000: (32, 320),
}
OGG_MONO_BITRATES_KBPS = {8000: (8, 40), 12000: (16, 48), 16000: (16, 96), 24000: (16, 80), 48000: (32, 224)}
OGG_STEREO_BITRATES_KBPS = {8000: (16, 80), 12000: (16, 96), 16000: (24, 192), 24000: (32, 160), 48000: (48, 256)}
ELEVEN_MP3_RATES_HZ = (22050, 44100)
ELEVEN_MP3_BITRATES_KBPS = (32, 64, 96, 128, 192)

# What is made where the request does not say. No document does; OGG has no 44,100 Hz.
DEFAULT_SAMPLE_RATE_HZ = {"MP3": 44_100, "WAV": 44_100, "FLAC": 44_100, "OGG": 48_000}
DEFAULT_BITRATE_KBPS = 128
DEFAULT_CHANNELS = 2

_AIR = re.compile(r"[a-z0-9-]+:[A-Za-z0-9._-]+@[A-Za-z0-9._-]+")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PROVIDERS = {
    "alibaba",
    "bytedance",
    "elevenlabs",
    "fishaudio",
    "google",
    "inworld",
    "klingai",
    "minimax",
    "mirelo",
    "xai",
}

Media = Literal["known", "expired", "unknown"]
MediaState = Callable[[str], Media]

_HEAD: dict[str, Rule] = {"taskType": OneOf("audioInference"), "taskUUID": UUID_V4, "model": Text(1)}
_DELIVERY: dict[str, Rule] = {
    "outputType": OneOf("URL", "base64Data", "dataURI"),
    "outputFormat": OneOf("MP3", "WAV", "FLAC", "OGG", fold=True),
    "deliveryMethod": OneOf("sync", "async"),
    "includeCost": Flag(),
    "ttl": Whole(60),
    "uploadEndpoint": HttpUrl(),
    "webhookURL": HttpUrl(),
}
_AUDIO_SETTINGS = Fields({}, {"bitrate": Whole(8), "sampleRate": Whole(1), "channels": OneOf(1, 2)})

_SEED_AUDIO = Fields(
    {**_HEAD, "positivePrompt": Text(1, 2048)},
    {
        **_DELIVERY,
        "audioSettings": _AUDIO_SETTINGS,
        "numberResults": Whole(1, 4),
        "inputs": Fields(
            {},
            {"referenceAudios": ListOf(Text(1), least=1, most=3), "referenceImages": ListOf(Text(1), least=1, most=1)},
        ),
        "speech": Fields({}, {"volume": Whole(-50, 100), "speed": Whole(-50, 100), "pitch": Whole(-12, 12)}),
    },
)
_SECTION = Fields(
    {
        "sectionName": Text(1, 100),
        "positiveLocalStyles": ListOf(Text()),
        "negativeLocalStyles": ListOf(Text()),
        "duration": Whole(3, 120),
        "lines": ListOf(Text()),
    }
)
_COMPOSITION_PLAN = Fields(
    {
        "positiveGlobalStyles": ListOf(Text()),
        "negativeGlobalStyles": ListOf(Text()),
        "sections": ListOf(_SECTION, least=1),
    }
)
_ELEVEN_MUSIC = Fields(
    _HEAD,
    {
        **_DELIVERY,
        "audioSettings": Fields({}, {"bitrate": Whole(32, 320), "sampleRate": Whole(8000, 48_000)}),
        "numberResults": Whole(1, 3),
        "positivePrompt": Text(1),
        "duration": Number(10, 300),
        "providerSettings": Fields(
            {"elevenlabs": Fields({"music": Fields({"compositionPlan": _COMPOSITION_PLAN})})},
        ),
    },
)
_UNLISTED = Fields(
    _HEAD,
    {
        **_DELIVERY,
        "audioSettings": _AUDIO_SETTINGS,
        "numberResults": Whole(1, 3),
        "positivePrompt": Text(1),
        "negativePrompt": Text(1),
        "inputs": AnyObject(),
        "speech": AnyObject(),
        "settings": AnyObject(),
        "providerSettings": AnyObject(),
        "seed": Whole(),
        "steps": Whole(1),
        "CFGScale": Number(),
        "strength": Number(),
    },
)


def refusals_of(
    task: Mapping[str, Any], media: MediaState, choices: Inferred, missing_models: frozenset[str] = frozenset()
) -> list[Refusal]:
    """Everything that is wrong with an `audioInference` task; empty if it may run."""
    model = task.get("model")
    if isinstance(model, str) and model and (model in missing_models or _AIR.fullmatch(model) is None):
        return [refusal(choices.unknown_model, f"no model has the id {model}", "model")]
    match model:
        case "bytedance:seed-audio@1.0":
            rules, more = _SEED_AUDIO, _seed_audio_rules(task, media, choices)
        case "elevenlabs:1@1":
            rules, more = _ELEVEN_MUSIC, _eleven_music_rules(task, choices)
        case _:
            duration = Number(*choices.unlisted_models_duration_s)
            rules, more = _UNLISTED.plus(duration=duration), _unlisted_rules(task, choices)
    problems = [*_provider_settings_rules(task)] or [
        refusal_of(problem, choices) for problem in rules.check(dict(task), "")
    ]
    return problems or list(more)


def sound_of(task: Mapping[str, Any], default_s: float, ogg: Literal["ogg", "opus"]) -> Sound:
    """What a valid task asks for. `default_s` is the length where the task names none."""
    output_format = task.get("outputFormat", "MP3").upper()
    settings = task.get("audioSettings", {})
    sample_rate_hz = settings.get("sampleRate", DEFAULT_SAMPLE_RATE_HZ[output_format])
    channels = settings.get("channels", DEFAULT_CHANNELS)
    bitrate_kbps = settings.get("bitrate")
    if output_format == "MP3" and bitrate_kbps is None:
        bitrate_kbps = min(DEFAULT_BITRATE_KBPS, mp3_bitrates_kbps(sample_rate_hz)[1])
    audio_format = {"MP3": "mp3", "WAV": "wav", "FLAC": "flac", "OGG": ogg}[output_format]
    return Sound(audio_format, sample_rate_hz, channels, _length_s(task, default_s), bitrate_kbps)


def price_usd(model: str, seconds: float) -> Decimal:
    """The price of one result, in millionths of a dollar at the finest."""
    per_minute = PRICE_PER_MINUTE_USD.get(model, UNLISTED_PRICE_PER_MINUTE_USD)
    return (per_minute * Decimal(str(seconds)) / 60).quantize(Decimal("0.000001"))


def _length_s(task: Mapping[str, Any], default_s: float) -> float:
    if "duration" in task:
        return float(task["duration"])
    if task["model"] == ELEVEN_MUSIC:
        plan = task["providerSettings"]["elevenlabs"]["music"]["compositionPlan"]
        return float(sum(section["duration"] for section in plan["sections"]))
    return default_s


def _seed_audio_rules(task: Mapping[str, Any], media: MediaState, choices: Inferred) -> Iterator[Refusal]:
    yield from _ttl_rules(task, choices)
    yield from _audio_settings_rules(task, choices)
    inputs = task.get("inputs", {})
    if "referenceAudios" in inputs and "referenceImages" in inputs:
        both = ["inputs.referenceAudios", "inputs.referenceImages"]
        yield refusal(choices.cannot_go_together, "reference audios and images exclude each other", both)
        return
    for name, inline in (("referenceAudios", False), ("referenceImages", True)):
        for position, reference in enumerate(inputs.get(name, [])):
            yield from _reference_rules(reference, f"inputs.{name}[{position}]", inline, media, choices)


def _reference_rules(
    reference: str, path: str, inline: bool, media: MediaState, choices: Inferred
) -> Iterator[Refusal]:
    if _UUID.fullmatch(reference):
        match media(reference):
            case "unknown":
                yield refusal(choices.unknown_reference, f"no stored media has the id {reference}", path)
            case "expired":
                yield refusal(choices.expired_reference, f"the media {reference} is no longer stored", path)
    elif not is_http_url(reference) and not (inline and inline_bytes(reference) is not None):
        accepted = "a UUID, a URL, a data URI or base64" if inline else "a UUID or a URL"
        yield refusal(choices.wrong_value, f"{path}: must be {accepted}", path, type="string")


def _ttl_rules(task: Mapping[str, Any], choices: Inferred) -> Iterator[Refusal]:
    if "ttl" in task and task.get("outputType", "URL") != "URL":
        yield refusal(choices.cannot_go_together, "ttl is for links only", ["ttl", "outputType"])


def _lossless_rules(task: Mapping[str, Any], choices: Inferred) -> Iterator[Refusal]:
    output_format = task.get("outputFormat", "MP3").upper()
    if "audioSettings" in task and output_format in {"WAV", "FLAC"}:
        both = ["audioSettings", "outputFormat"]
        yield refusal(choices.cannot_go_together, f"audioSettings cannot be used with {output_format}", both)


def _audio_settings_rules(task: Mapping[str, Any], choices: Inferred) -> Iterator[Refusal]:
    """Lossy formats have a row of bit rates for each sample rate; lossless ones have no settings at all."""
    yield from _lossless_rules(task, choices)
    output_format = task.get("outputFormat", "MP3").upper()
    settings = task.get("audioSettings", {})
    if not settings or output_format in {"WAV", "FLAC"}:
        return
    table = MP3_BITRATES_KBPS
    if output_format == "OGG":
        table = OGG_MONO_BITRATES_KBPS if settings.get("channels", 2) == 1 else OGG_STEREO_BITRATES_KBPS
    if "sampleRate" not in settings:
        if "bitrate" in settings and choices.bitrate_needs_sample_rate:
            yield refusal((400, "missingSampleRate"), "a bitrate needs its sampleRate", "audioSettings.sampleRate")
        return
    row = table.get(settings["sampleRate"])
    if row is None:
        yield refusal(
            choices.wrong_value,
            f"audioSettings.sampleRate: {output_format} does not have {settings['sampleRate']} Hz",
            "audioSettings.sampleRate",
            type="integer",
            allowedValues=list(table),
        )
    elif "bitrate" in settings and not row[0] <= settings["bitrate"] <= row[1]:
        yield refusal(
            choices.wrong_value,
            f"audioSettings.bitrate: must be {row[0]} to {row[1]} kbps at {settings['sampleRate']} Hz",
            "audioSettings.bitrate",
            type="integer",
            min=row[0],
            max=row[1],
        )


def _eleven_music_rules(task: Mapping[str, Any], choices: Inferred) -> Iterator[Refusal]:
    yield from _ttl_rules(task, choices)
    yield from _lossless_rules(task, choices)
    if "providerSettings" in task:
        for name in ("positivePrompt", "duration"):
            if name in task:
                both = [name, "providerSettings"]
                yield refusal(choices.cannot_go_together, f"{name} cannot be used with providerSettings", both)
    else:
        for name, code in (("positivePrompt", "missingPositivePrompt"), ("duration", "missingDuration")):
            if name not in task:
                yield refusal((400, code), f"{name}: is required without providerSettings", name)
    if task.get("outputFormat", "MP3").upper() == "MP3":
        for name, allowed in (("sampleRate", ELEVEN_MP3_RATES_HZ), ("bitrate", ELEVEN_MP3_BITRATES_KBPS)):
            value = task.get("audioSettings", {}).get(name, allowed[0])
            if value not in allowed:
                path = f"audioSettings.{name}"
                yield refusal(
                    choices.wrong_value,
                    f"{path}: must be one of {list(allowed)}",
                    path,
                    type="integer",
                    allowedValues=list(allowed),
                )


def _unlisted_rules(task: Mapping[str, Any], choices: Inferred) -> Iterator[Refusal]:
    yield from _ttl_rules(task, choices)
    yield from _audio_settings_rules(task, choices)


def _provider_settings_rules(task: Mapping[str, Any]) -> Iterator[Refusal]:
    """The provider named in `providerSettings` must be the model's creator."""
    model, settings = task.get("model"), task.get("providerSettings")
    if not isinstance(model, str) or not isinstance(settings, dict) or model == SEED_AUDIO:
        return
    creator = model.partition(":")[0]
    for name in settings:
        if name != creator:
            code = "mismatchProviderSettingsProvider" if name in _PROVIDERS else "unknownProviderSettingsProvider"
            path = f"providerSettings.{name}"
            yield refusal((400, code), f"{path}: the model is of the provider {creator}", path)


def problems_of(rules: Fields, task: Mapping[str, Any], choices: Inferred) -> list[Refusal]:
    """What is wrong with a task of another kind."""
    problems: Iterator[Problem] = rules.check(dict(task), "")
    return [refusal_of(problem, choices) for problem in problems]
