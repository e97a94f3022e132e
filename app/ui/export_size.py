"""How large exported files will be, before they are written."""

from __future__ import annotations

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.export_settings import ExportSettings

_SAMPLE_BYTES = {BitDepth.INT16: 2, BitDepth.INT24: 3, BitDepth.FLOAT32: 4}
_FLAC_SHARE = 0.6  # of the samples; sound effects lie between 0.4 and 0.8
_USUAL_KBPS = {AudioFormat.MP3: 142, AudioFormat.OGG: 120, AudioFormat.OPUS: 110}
_HEADER_BYTES = 44


def is_exact(settings: ExportSettings) -> bool:
    """Whether the size is known and not estimated."""
    return settings.format is AudioFormat.WAV and settings.silence_dbfs is None


def size_bytes(info: AudioInfo, settings: ExportSettings) -> int:
    """The size of one file: exact for WAV (without tags), else an estimate.

    Args:
        info: What the take is.
    """
    audio_format = settings.format or info.format
    start_s = settings.start_s or 0.0
    end_s = info.duration_s if settings.end_s is None else settings.end_s
    duration_s = max(0.0, min(end_s, info.duration_s) - start_s)
    if audio_format in _USUAL_KBPS:
        kbps = settings.bitrate_kbps or _USUAL_KBPS[audio_format]
        return round(duration_s * kbps * 125)
    depth = settings.bit_depth or info.bit_depth or BitDepth.INT24
    rate_hz = settings.sample_rate_hz or info.sample_rate_hz
    frames = round(duration_s * rate_hz)
    samples = frames * (settings.channels or info.channels) * _SAMPLE_BYTES[depth]
    return round(samples * _FLAC_SHARE) if audio_format is AudioFormat.FLAC else samples + _HEADER_BYTES


def size_text(size: int) -> str:
    """`820 KB`, `7.4 MB`, `1.2 GB`; counted in thousands, as files are."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.1f} GB"
