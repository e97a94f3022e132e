"""What Runware's models take as `audioSettings`.

Source: runware.ai/docs/models/bytedance-seed-audio-1-0, "audioSettings" (read 2026-11-18).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.audio import AudioFormat, AudioSettings

Row = tuple[int, int]
"""The lowest and the highest bit rate, both allowed, in kbps."""

MP3: Mapping[int, Row] = {
    8_000: (8, 64),
    11_025: (8, 64),
    12_000: (8, 64),
    16_000: (8, 160),
    22_050: (8, 160),
    24_000: (8, 160),
    32_000: (32, 320),
    44_100: (32, 320),
    48_000: (32, 320),
}
"""By sample rate in Hz; the same for mono and stereo."""

# The ceilings at 24 kHz are lower than those at 16 kHz. That is how the source reads.
OGG_MONO: Mapping[int, Row] = {8_000: (8, 40), 12_000: (16, 48), 16_000: (16, 96), 24_000: (16, 80), 48_000: (32, 224)}
OGG_STEREO: Mapping[int, Row] = {
    8_000: (16, 80),
    12_000: (16, 96),
    16_000: (24, 192),
    24_000: (32, 160),
    48_000: (48, 256),
}

_RATE_HZ, _CHANNELS = 48_000, 2
_MP3_KBPS, _OGG_KBPS = 320, 256  # the best of its row: a higher bit rate costs nothing
_MUSIC_RATE_HZ, _MUSIC_KBPS = 44_100, 128


def row(audio_format: AudioFormat, sample_rate_hz: int, channels: int) -> Row | None:
    """The bit rates of one combination; None where there is no such combination."""
    if audio_format is AudioFormat.MP3:
        return MP3.get(sample_rate_hz)
    return (OGG_MONO if channels == 1 else OGG_STEREO).get(sample_rate_hz)


def of_seed_audio(audio: AudioSettings) -> dict[str, int]:
    """All three members as soon as one is chosen, since none alone names a row of the tables; else nothing.

    Lossless formats have none at all: the service refuses them.
    """
    audio_format = audio.format or AudioFormat.MP3
    if audio_format.is_lossless or not _is_any_chosen(audio):
        return {}
    rate_hz = audio.sample_rate_hz or _RATE_HZ
    channels = audio.channels or _CHANNELS
    wanted = _MP3_KBPS if audio_format is AudioFormat.MP3 else _OGG_KBPS
    low, high = row(audio_format, rate_hz, channels) or (wanted, wanted)
    bitrate = audio.bitrate_kbps or min(max(wanted, low), high)
    return {"sampleRate": rate_hz, "channels": channels, "bitrate": bitrate}


def of_eleven_music(audio: AudioSettings) -> dict[str, int]:
    """Both members as soon as one is chosen; this model has no `channels`."""
    if not _is_any_chosen(audio):
        return {}
    return {
        "sampleRate": audio.sample_rate_hz or _MUSIC_RATE_HZ,
        "bitrate": audio.bitrate_kbps or _MUSIC_KBPS,
    }


def of_any_model(audio: AudioSettings) -> dict[str, int]:
    """Just what is chosen: nobody knows the tables of a model that isn't listed."""
    chosen = {"sampleRate": audio.sample_rate_hz, "channels": audio.channels, "bitrate": audio.bitrate_kbps}
    return {name: value for name, value in chosen.items() if value is not None}


def _is_any_chosen(audio: AudioSettings) -> bool:
    return any(value is not None for value in (audio.sample_rate_hz, audio.channels, audio.bitrate_kbps))
