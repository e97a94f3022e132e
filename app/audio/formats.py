"""What each audio format can hold: sample rates, channels, bit depths, bit rates. Standard library only."""

from __future__ import annotations

from app.domain.audio import AudioFormat, BitDepth

_SPEECH_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_STUDIO_RATES = (*_SPEECH_RATES, 88200, 96000, 176400, 192000)

RATES: dict[AudioFormat, tuple[int, ...]] = {
    AudioFormat.WAV: _STUDIO_RATES,
    AudioFormat.FLAC: _STUDIO_RATES,
    AudioFormat.MP3: _SPEECH_RATES,
    AudioFormat.OGG: _STUDIO_RATES,
    AudioFormat.OPUS: (8000, 12000, 16000, 24000, 48000),
}
"""The sample rates to offer, in Hz, ascending. WAV, FLAC and Ogg Vorbis take those in between as well."""

BIT_DEPTHS: dict[AudioFormat, tuple[BitDepth, ...]] = {
    AudioFormat.WAV: (BitDepth.INT16, BitDepth.INT24, BitDepth.FLOAT32),
    AudioFormat.FLAC: (BitDepth.INT16, BitDepth.INT24),
    AudioFormat.MP3: (),
    AudioFormat.OGG: (),
    AudioFormat.OPUS: (),
}
"""The bit depths of a lossless format; a lossy one has none."""

MAX_CHANNELS: dict[AudioFormat, int] = {
    AudioFormat.WAV: 32,
    AudioFormat.FLAC: 8,
    AudioFormat.MP3: 2,
    AudioFormat.OGG: 8,
    AudioFormat.OPUS: 8,
}

# Below 1 kHz we take no file for sound; libFLAC writes no more than this; libVorbis crashes from 384 kHz on.
_CONTINUOUS_RATES = {
    AudioFormat.WAV: (1_000, 768_000),
    AudioFormat.FLAC: (1_000, 655_350),
    AudioFormat.OGG: (8_000, 192_000),
}

_MPEG_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG_2_5 = (8, 16, 24, 32, 40, 48, 56, 64)
_OPUS = (32, 48, 64, 96, 128, 160, 192, 256)

VORBIS_QUALITIES: dict[int, float] = {
    64: 0.0,
    80: 0.1,
    96: 0.2,
    112: 0.3,
    128: 0.4,
    160: 0.5,
    192: 0.6,
    224: 0.7,
    256: 0.8,
    320: 0.9,
}
"""Nominal kbit/s of stereo at 44.1 and 48 kHz -> libVorbis quality, 0 to 1; it has no constant bit rate."""

QUALITIES: dict[AudioFormat, tuple[int, int]] = {AudioFormat.MP3: (0, 9), AudioFormat.OGG: (0, 10)}
"""The scale of an encoder that can hold a quality instead of a bit rate: of MP3 LAME's V, where 0 is the best; of Ogg
Vorbis its q, where 10 is."""


def accepts_rate(audio_format: AudioFormat, sample_rate_hz: int) -> bool:
    """Whether a file of this format can be written at this rate."""
    if audio_format in _CONTINUOUS_RATES:
        lowest, highest = _CONTINUOUS_RATES[audio_format]
        return lowest <= sample_rate_hz <= highest
    return sample_rate_hz in RATES[audio_format]


def nearest_rate(audio_format: AudioFormat, sample_rate_hz: int) -> int:
    """The rate itself if the format takes it, else the next higher one that it does, else its highest."""
    if accepts_rate(audio_format, sample_rate_hz):
        return sample_rate_hz
    higher = [rate for rate in RATES[audio_format] if rate >= sample_rate_hz]
    return min(higher) if higher else RATES[audio_format][-1]


def bitrates_of(audio_format: AudioFormat, sample_rate_hz: int) -> tuple[int, ...]:
    """The bit rates to offer, in kbit/s, ascending; empty where none can be chosen.

    MP3 is written at exactly this constant rate; Opus and Vorbis aim at it on average.
    """
    if not accepts_rate(audio_format, sample_rate_hz):
        return ()
    if audio_format is AudioFormat.MP3:
        return _mp3_bitrates(sample_rate_hz)
    if audio_format is AudioFormat.OPUS:
        return _OPUS
    if audio_format is AudioFormat.OGG and sample_rate_hz in (44100, 48000):
        return tuple(VORBIS_QUALITIES)
    return ()


def _mp3_bitrates(sample_rate_hz: int) -> tuple[int, ...]:
    if sample_rate_hz >= 32000:
        return _MPEG_1
    return _MPEG_2 if sample_rate_hz >= 16000 else _MPEG_2_5
