"""What is to be made, with every value settled: the body that is stored with an attempt and made from later."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias
from uuid import UUID

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import Problem, RequestInvalid, RequestRejected
from app.domain.request import GenerationRequest

SKETCH, SPEECH = "sketch", "speech"
DEFAULT_VOICE = "en-us"
SKETCH_VERSION = 2  # rises when the same words and seed sound different
SEED_LIMIT = 1 << 32
_DEFAULT_DURATION_S = 4.0
_DEFAULT_SPEED_WPM, _DEFAULT_PITCH, _DEFAULT_VOLUME = 175, 50, 100
_SKETCH_RATE_HZ, _SPEECH_RATE_HZ, _OPUS_SPEECH_RATE_HZ = 48_000, 22_050, 24_000


@dataclass(frozen=True, slots=True)
class Audio:
    """The file that is asked for; `bitrate_kbps` None is the encoder's own choice."""

    format: AudioFormat
    sample_rate_hz: int
    channels: int
    bitrate_kbps: int | None


@dataclass(frozen=True, slots=True)
class SketchOrder:
    """Sound effects from words; one seed for each take, and the version that its sound was promised by."""

    prompt: str
    duration_s: float
    seeds: tuple[int, ...]
    audio: Audio
    version: int = SKETCH_VERSION

    @property
    def takes(self) -> int:
        return len(self.seeds)


@dataclass(frozen=True, slots=True)
class SpeechOrder:
    """A text to be spoken once; `voice` may also be a language, which then chooses the voice."""

    text: str
    voice: str
    speed_wpm: int
    pitch: int
    volume: int
    audio: Audio

    @property
    def takes(self) -> int:
        return 1


Order: TypeAlias = SketchOrder | SpeechOrder


def order_for(request: GenerationRequest, key: UUID) -> Order:
    """Settle everything that the request left open. Pure: the same request and key give the same order.

    Raises:
        RequestInvalid: There is no such model.
    """
    if request.model == SKETCH:
        first = request.seed if request.seed is not None else _seed_of(key)
        return SketchOrder(
            request.prompt,
            request.duration_s if request.duration_s is not None else _DEFAULT_DURATION_S,
            tuple((first + number) % SEED_LIMIT for number in range(request.takes)),
            _audio(request.audio, _SKETCH_RATE_HZ, 2),
        )
    if request.model == SPEECH:
        rate_hz = _OPUS_SPEECH_RATE_HZ if request.audio.format is AudioFormat.OPUS else _SPEECH_RATE_HZ
        return SpeechOrder(
            request.prompt,
            request.voice or (request.language or DEFAULT_VOICE).lower(),
            round(float(request.parameters.get("speed", _DEFAULT_SPEED_WPM))),
            round(float(request.parameters.get("pitch", _DEFAULT_PITCH))),
            round(float(request.parameters.get("volume", _DEFAULT_VOLUME))),
            _audio(request.audio, rate_hz, 1),
        )
    raise RequestInvalid([Problem("model", f"The built-in generator makes sketch or speech, not {request.model}.")])


def _seed_of(key: UUID) -> int:
    """A seed that nobody chose still is on disk before the work starts, so that it can be made again."""
    return int.from_bytes(hashlib.sha256(key.bytes).digest()[:4])


def _audio(asked: AudioSettings, rate_hz: int, channels: int) -> Audio:
    audio_format = asked.format or AudioFormat.WAV
    rate_hz = asked.sample_rate_hz or rate_hz
    channels = asked.channels or channels
    bitrate_kbps = asked.bitrate_kbps or _usual_bitrate_kbps(audio_format, rate_hz, channels)
    return Audio(audio_format, rate_hz, channels, bitrate_kbps)


def _usual_bitrate_kbps(audio_format: AudioFormat, rate_hz: int, channels: int) -> int | None:
    """A bit rate that sounds good; None where there is none or the encoder has no choice."""
    if audio_format is AudioFormat.MP3:
        return (96 * channels if rate_hz >= 32_000 else 64) if rate_hz >= 16_000 else 32
    if audio_format is AudioFormat.OGG:
        return 96 * channels if rate_hz in (44_100, 48_000) else None
    if audio_format is AudioFormat.OPUS:
        return 64 * channels if rate_hz == 48_000 else 48
    return None


def as_body(order: Order) -> bytes:
    """The order as stored bytes."""
    model = SKETCH if isinstance(order, SketchOrder) else SPEECH
    return json.dumps({"model": model, **asdict(order)}, ensure_ascii=False, sort_keys=True).encode()


def from_body(body: bytes) -> Order:
    """The order that `as_body` wrote.

    Raises:
        RequestRejected: It isn't one; perhaps another version wrote it.
    """
    try:
        values: dict[str, Any] = json.loads(body)
        model = values.pop("model")
        audio = values.pop("audio")
        audio = Audio(**{**audio, "format": AudioFormat(audio["format"])})
        if model == SKETCH:
            return SketchOrder(**{**values, "seeds": tuple(values["seeds"])}, audio=audio)
        if model == SPEECH:
            return SpeechOrder(**values, audio=audio)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise RequestRejected("This request can’t be read. Generate it again.") from exc
    raise RequestRejected(f"The built-in generator has no model “{model}”.", "model")
