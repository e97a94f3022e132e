"""What OpenAI's speech accepts, and how speech is sent: as it is, as events, or wrapped in JSON.

Source: openai/openai-openapi (2026-08), createSpeech.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.servers.fields import Fields, Number, OneOf, Problem, Rule, Text
from tests.servers.openai_errors import Refusal
from tests.servers.sounds import OPUS_RATES_HZ, Sound

VOICES = (
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "fable",
    "onyx",
    "nova",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
)
FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
RATE_HZ = 24_000
_MP3_RATES_HZ = frozenset({8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
_LOSSY_RATES_HZ = {"mp3": _MP3_RATES_HZ, "aac": _MP3_RATES_HZ, "opus": frozenset(OPUS_RATES_HZ)}
MP3_KBPS = 128
PRICE_PER_CHARACTER_USD = "0.000015"  # invented

_OLD_MODELS = frozenset({"tts-1", "tts-1-hd"})
_VOICE_OBJECT = Fields({"id": Text(1)})
_VOICE_NAME = OneOf(*VOICES)


class Voice:
    """One of the built-in names, or an object with the id of a custom voice."""

    def check(self, value: object, path: str) -> Iterator[Problem]:
        rule: Rule = _VOICE_OBJECT if isinstance(value, dict) else _VOICE_NAME
        yield from rule.check(value, path)


OPENAI_SPEECH = Fields(
    {"model": Text(1), "input": Text(1, 4096), "voice": Voice()},
    {
        "instructions": Text(0, 4096),
        "response_format": OneOf(*FORMATS),
        "speed": Number(0.25, 4),
        "stream_format": OneOf("audio", "sse"),
    },
)


def refusals_of(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """What does not go together in a request whose fields are right: the old models have neither of these."""
    if body["model"] not in _OLD_MODELS:
        return
    if "instructions" in body:
        yield Refusal(400, f"{body['model']} does not follow instructions", "unsupported_parameter", "instructions")
    if body.get("stream_format") == "sse":
        yield Refusal(400, f"{body['model']} does not support sse", "unsupported_value", "stream_format")


def has_rate(audio_format: str, rate_hz: int) -> bool:
    """Whether a format can have a sample rate; those without loss have any."""
    return rate_hz in _LOSSY_RATES_HZ.get(audio_format, {rate_hz})


def sound_of(body: Mapping[str, Any], audio_format: str, rate_hz: int, default_s: float) -> Sound:
    """Speech that lasts `default_s` at speed 1; always mono."""
    kbps = MP3_KBPS if audio_format == "mp3" else None
    return Sound(audio_format, rate_hz, 1, default_s / body.get("speed", 1), kbps)


def speech_events(
    content: bytes,
    *,
    block_bytes: int,
    usage: Mapping[str, Any] | None,
    usage_field: str = "usage",
    with_done: bool = True,
    with_end_marker: bool = False,
    with_comments: bool = False,
) -> bytes:
    """An event stream of audio, `block_bytes` in each delta; each is base64 of its own."""
    blocks = [
        event({"type": "speech.audio.delta", "audio": base64.b64encode(content[start : start + block_bytes]).decode()})
        for start in range(0, len(content), block_bytes)
    ]
    if with_comments:
        blocks = [b": still here\n\n" + block + b"\n" for block in blocks]
    if with_done:
        blocks.append(event({"type": "speech.audio.done", **({usage_field: usage} if usage is not None else {})}))
    if with_end_marker:
        blocks.append(b"data: [DONE]\n\n")
    return b"".join(blocks)


def event(told: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(told)}\n\n".encode()


def usage_of(text: str, seconds: float) -> dict[str, int]:
    """Tokens, counted in an invented way."""
    return token_usage(len(text) // 4 + 1, round(seconds * 20))


def token_usage(put_in: int, given_out: int) -> dict[str, int]:
    return {"input_tokens": put_in, "output_tokens": given_out, "total_tokens": put_in + given_out}
