"""Real audio for the results: every format the services offer, a pitch for every number, always the same bytes.

MP3 is of constant bit rate. soundfile brings encoders for everything but AAC, whose frames are silent.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import soundfile

_BLOCK_FRAMES = 65_536  # longer Vorbis writes overflow the stack of libsndfile
_SEMITONES = 36
_LOWEST_HZ = 220.0
_SILENT_AAC_FRAME = {1: bytes.fromhex("00c800802380"), 2: bytes.fromhex("210049900219002380")}
_AAC_RATES_HZ = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
_AAC_FRAME_FRAMES = 1024

OPUS_RATES_HZ = (8000, 12000, 16000, 24000, 48000)
CONTENT_TYPES = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "pcm": "audio/pcm",
    "ulaw": "audio/basic",
    "alaw": "audio/basic",
}


@dataclass(frozen=True)
class Sound:
    """What a result sounds like. `number` chooses the pitch; `bitrate_kbps` counts for MP3 only.

    `format` is one of `CONTENT_TYPES`: wav, flac (16 bits), mp3, ogg (Vorbis), opus (in Ogg), aac (silent),
    and headerless pcm (16 bits, little endian), ulaw and alaw.
    """

    format: str = "wav"
    sample_rate_hz: int = 44_100
    channels: int = 2
    seconds: float = 2.0
    bitrate_kbps: int | None = None
    number: int = 0

    @property
    def suffix(self) -> str:
        """The ending of the file's name, without a dot."""
        return "ogg" if self.format == "opus" else self.format

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]

    @property
    def frames(self) -> int:
        return max(round(self.seconds * self.sample_rate_hz), 1)

    def numbered(self, number: int) -> Sound:
        return replace(self, number=number)

    def encoded(self) -> bytes:
        """The file."""
        return _encode(self)


@lru_cache(maxsize=16)
def _encode(sound: Sound) -> bytes:
    if sound.format == "aac":
        return _silent_aac(sound)
    return encode_samples(_tone(sound), sound.format, sound.sample_rate_hz, sound.bitrate_kbps)


def encode_samples(
    samples: npt.NDArray[np.float32], audio_format: str, sample_rate_hz: int, bitrate_kbps: int | None = None
) -> bytes:
    """A file, or headerless bytes, of samples that are there already.

    Args:
        samples: Shape (frames, channels), -1.0 to 1.0.
        audio_format: As in `Sound`, but for aac.
        bitrate_kbps: Counts for MP3 only.
    """
    match audio_format:
        case "pcm":
            return (samples * 32767).astype("<i2").tobytes()
        case "wav" | "flac":
            return _written(samples, sample_rate_hz, audio_format.upper(), "PCM_16")
        case "ogg":
            return _written(samples, sample_rate_hz, "OGG", "VORBIS")
        case "opus":
            return _written(samples, sample_rate_hz, "OGG", "OPUS")
        case "ulaw" | "alaw":
            return _written(samples, sample_rate_hz, "RAW", audio_format.upper())
        case "mp3":
            kbps = bitrate_kbps or mp3_bitrates_kbps(sample_rate_hz)[1] // 2
            level = mp3_compression_level(sample_rate_hz, kbps)
            return _written(samples, sample_rate_hz, "MP3", "MPEG_LAYER_III", level)
    raise ValueError(f"no such format: {audio_format}")


def with_placeholder_sizes(wav: bytes, size: int = 0xFFFFFFFF) -> bytes:
    """A WAV file as it is streamed by who does not know its length yet: both sizes are `size`."""
    data_at = wav.index(b"data") + 4
    filler = size.to_bytes(4, "little")
    return wav[:4] + filler + wav[8:data_at] + filler + wav[data_at + 4 :]


def mp3_bitrates_kbps(sample_rate_hz: int) -> tuple[int, int]:
    """The lowest and highest bit rate that MP3 has at a sample rate."""
    if sample_rate_hz >= 32_000:
        return 32, 320
    return (8, 160) if sample_rate_hz >= 16_000 else (8, 64)


def mp3_compression_level(sample_rate_hz: int, bitrate_kbps: int) -> float:
    """What libsndfile calls a constant bit rate; 1.0 itself is refused by it."""
    least, most = mp3_bitrates_kbps(sample_rate_hz)
    return min(max((most - bitrate_kbps) / (most - least), 0.0), 0.999)


def _written(
    samples: npt.NDArray[np.float32],
    sample_rate_hz: int,
    container: str,
    subtype: str,
    compression_level: float | None = None,
) -> bytes:
    target = io.BytesIO()
    constant = (
        {"bitrate_mode": "CONSTANT", "compression_level": compression_level} if compression_level is not None else {}
    )
    with soundfile.SoundFile(
        target, "w", sample_rate_hz, samples.shape[1], subtype=subtype, format=container, **constant
    ) as file:
        for start in range(0, len(samples), _BLOCK_FRAMES):
            file.write(samples[start : start + _BLOCK_FRAMES])
    return target.getvalue()


def _tone(sound: Sound) -> npt.NDArray[np.float32]:
    """Shape (frames, channels): a tone at half level, the second channel a fifth above the first."""
    pitch_hz = _LOWEST_HZ * 2 ** ((sound.number % _SEMITONES) / 12 + sound.number // _SEMITONES % 97 / 12 / 97)
    time_s = np.arange(sound.frames, dtype=np.float64)[:, np.newaxis] / sound.sample_rate_hz
    pitches_hz = pitch_hz * np.array([1.0, 1.5])[: sound.channels]
    return (0.5 * np.sin(2 * np.pi * pitches_hz * time_s)).astype(np.float32)


def _silent_aac(sound: Sound) -> bytes:
    """An ADTS stream. The number goes into the spare bits of each header's buffer fullness, so that files differ."""
    payload = _SILENT_AAC_FRAME[sound.channels]
    size = len(payload) + 7
    rate = _AAC_RATES_HZ.index(sound.sample_rate_hz)
    fullness = sound.number % 0x700
    header = bytes(
        [
            0xFF,
            0xF1,
            1 << 6 | rate << 2 | sound.channels >> 2,
            (sound.channels & 3) << 6 | size >> 11,
            size >> 3 & 0xFF,
            (size & 7) << 5 | fullness >> 6,
            (fullness & 0x3F) << 2,
        ]
    )
    return (header + payload) * -(-sound.frames // _AAC_FRAME_FRAMES)
