"""What the OpenAI and ElevenLabs voices of AI/ML API accept at `/v1/tts`, and what they make of it.

Source: aimlapi/api-docs, OpenAPI of the text-to-speech models (2026-08).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.servers.aimlapi_models import open_fields
from tests.servers.fields import Fields, Flag, Number, OneOf, Problem, Rule, Text, Whole
from tests.servers.sounds import Sound

OPENAI_VOICES = ("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse")
OPENAI_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
# The pages say "such as mp3_44100_128, pcm_24000"; these are the formats of ElevenLabs itself.
ELEVENLABS_FORMATS = (
    "mp3_22050_32",
    "mp3_44100_32",
    "mp3_44100_64",
    "mp3_44100_96",
    "mp3_44100_128",
    "mp3_44100_192",
    "pcm_8000",
    "pcm_16000",
    "pcm_22050",
    "pcm_24000",
    "pcm_44100",
    "pcm_48000",
    "ulaw_8000",
    "alaw_8000",
    "opus_48000_32",
    "opus_48000_64",
    "opus_48000_96",
    "opus_48000_128",
    "opus_48000_192",
)
PRICE_PER_CHARACTER_USD = Decimal("0.0000195")  # invented
_OPENAI_RATE_HZ = 24_000
_OPENAI_MP3_KBPS = 128

_OPENAI_OPTIONAL: dict[str, Rule] = {
    "voice": OneOf(*OPENAI_VOICES),
    "style": Text(),
    "response_format": OneOf(*OPENAI_FORMATS),
    "speed": Number(0.25, 4),
    "stream": OneOf(False),
}
_ELEVENLABS_OPTIONAL: dict[str, Rule] = {
    "voice": Text(1),
    "output_format": OneOf(*ELEVENLABS_FORMATS),
    "voice_settings": Fields(
        {},
        {
            "stability": Number(0, 1),
            "similarity_boost": Number(0, 1),
            "style": Number(0, 1),
            "use_speaker_boost": Flag(),
            "speed": Number(0.7, 1.2),
        },
    ),
    "seed": Whole(0),
    "apply_text_normalization": OneOf("auto", "on", "off"),
    "stream": Flag(),
}


def _openai(model: str) -> Fields:
    return Fields({"model": OneOf(model), "text": Text(1, 4096)}, _OPENAI_OPTIONAL)


def _elevenlabs(model: str, **more: Rule) -> Fields:
    return Fields({"model": OneOf(model), "text": Text(1)}, {**_ELEVENLABS_OPTIONAL, **more})


SPEECH_MODELS: dict[str, Fields] = {
    "openai/tts-1": _openai("openai/tts-1"),
    "openai/tts-1-hd": _openai("openai/tts-1-hd"),
    "openai/gpt-4o-mini-tts": _openai("openai/gpt-4o-mini-tts"),
    "elevenlabs/eleven_multilingual_v2": _elevenlabs(
        "elevenlabs/eleven_multilingual_v2", previous_text=Text(), next_text=Text()
    ),
    "elevenlabs/eleven_turbo_v2_5": _elevenlabs("elevenlabs/eleven_turbo_v2_5"),
    "elevenlabs/v3_alpha": _elevenlabs("elevenlabs/v3_alpha"),
}


def problems_of(body: Mapping[str, Any], extra_models: frozenset[str]) -> list[Problem] | None:
    """What is wrong with a request; None if its model does not exist."""
    model = body.get("model")
    if not isinstance(model, str):
        return list(open_fields(body).check(body, ""))
    if model in extra_models:
        return list(open_fields(body, "text").check(body, ""))
    rules = SPEECH_MODELS.get(model)
    return None if rules is None else list(rules.check(body, ""))


def sound_of(body: Mapping[str, Any], default_s: float) -> Sound:
    """What a valid request asks for; all voices are mono. Speed shortens what would last `default_s`."""
    if body["model"].startswith("openai/"):
        seconds = default_s / body.get("speed", 1)
        return Sound(body.get("response_format", "mp3"), _OPENAI_RATE_HZ, 1, seconds, _OPENAI_MP3_KBPS)
    if body["model"].startswith("elevenlabs/"):
        codec, rate_hz, *kbps = body.get("output_format", "mp3_44100_128").split("_")
        seconds = default_s / body.get("voice_settings", {}).get("speed", 1)
        return Sound(codec, int(rate_hz), 1, seconds, int(kbps[0]) if kbps else None)
    return Sound("mp3", 44_100, 1, default_s, 128)


def streams(body: Mapping[str, Any]) -> bool:
    """Whether the answer is the audio itself: by default at ElevenLabs, never at OpenAI."""
    return bool(body.get("stream", body["model"].startswith("elevenlabs/")))


def price_usd(text: str) -> Decimal:
    return PRICE_PER_CHARACTER_USD * len(text)
