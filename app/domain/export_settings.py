"""How takes are handed over: format, level, part and name of the files that an export writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.audio import AudioFormat, BitDepth

DEFAULT_NAME = "{prompt}_{take}"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What an export makes of a take. None keeps what the take has.

    Attributes:
        sample_rate_hz: Samples a second.
        channels: 1 mixes down to mono, 2 is stereo.
        bit_depth: Only for WAV and FLAC.
        bitrate_kbps: Only for MP3, Ogg Vorbis and Opus; None leaves it to the encoder.
        loudness_lufs: Integrated loudness to reach by gain, never past the peak.
        peak_dbfs: Highest true peak; without a loudness, the level that the loudest point gets.
        name: Template of the file names, without a suffix.
        folder: Where the files go; None is not chosen yet.
        start_s: Start of a selection inside the take; None is its beginning. Belongs to one export and isn't
            remembered, like its end.
        end_s: End of a selection; None is the end of the take.
        writes_tags: Whether title, service, model and seed are written into the files.
    """

    format: AudioFormat | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    bit_depth: BitDepth | None = None
    bitrate_kbps: int | None = None
    loudness_lufs: float | None = None
    peak_dbfs: float | None = None
    name: str = DEFAULT_NAME
    folder: Path | None = None
    start_s: float | None = None
    end_s: float | None = None
    writes_tags: bool = True
