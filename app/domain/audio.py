"""What audio bytes are: container, rate, channels, depth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AudioFormat(StrEnum):
    """What the bytes of a file are; `ogg` is Ogg Vorbis, `opus` is Ogg Opus."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    OGG = "ogg"
    OPUS = "opus"

    @property
    def suffix(self) -> str:
        """File name suffix with its dot."""
        return f".{self.value}"

    @property
    def is_lossless(self) -> bool:
        return self in (AudioFormat.WAV, AudioFormat.FLAC)


class BitDepth(StrEnum):
    """Sample encoding of a lossless file."""

    INT16 = "16"
    INT24 = "24"
    FLOAT32 = "32f"


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """The audio that is asked for; None leaves the choice to the model.

    Attributes:
        sample_rate_hz: Samples a second.
        channels: 1 is mono, 2 is stereo.
        bitrate_kbps: Only for formats that have one.
    """

    format: AudioFormat | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    bitrate_kbps: int | None = None


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file really holds, read from its bytes."""

    format: AudioFormat
    sample_rate_hz: int
    channels: int
    frames: int
    bit_depth: BitDepth | None = None

    @property
    def duration_s(self) -> float:
        return self.frames / self.sample_rate_hz
