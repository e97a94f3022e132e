"""How takes are handed over: part, fades, level, format and name of the files that an export writes."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.audio import AudioFormat, BitDepth
from app.domain.measures import SILENCE_DBFS

DEFAULT_NAME = "{prompt}_{take}"
DEFAULT_SILENCE_DBFS = SILENCE_DBFS


class FadeShape(StrEnum):
    """How the gain of a fade grows; a fade out is the same curve backwards."""

    LINEAR = "linear"
    EQUAL_POWER = "equal-power"
    EXPONENTIAL = "exponential"
    LOGARITHMIC = "logarithmic"
    S_CURVE = "s-curve"


class IfExists(StrEnum):
    """What happens where a file has the wanted name already."""

    NUMBER = "number"
    SKIP = "skip"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What an export makes of a take. None keeps what the take has.

    At most one of gain, loudness, momentary loudness and peak is chosen; a true peak holds under each of them.

    Attributes:
        sample_rate_hz: Samples a second.
        channels: 1 mixes down to mono, 2 is stereo.
        bit_depth: Only for WAV and FLAC.
        bitrate_kbps: Only for MP3, Ogg Vorbis and Opus; None leaves it to the encoder.
        loudness_lufs: Integrated loudness to reach by gain, never past the true peak.
        peak_dbfs: Level that the highest sample gets, never past the true peak.
        name: Template of the file names, without a suffix.
        folder: Where the files go; None is not chosen yet.
        momentary_lufs: Maximum momentary loudness to reach by gain, never past the true peak.
        true_peak_dbtp: Highest true peak; None is -1 dBTP under a loudness, else no limit. Alone it only turns down.
        gain_db: Added to the level.
        quality: The encoder's own scale, instead of a bit rate: of MP3 0 (best) to 9, of Ogg Vorbis 0 to 10 (best).
        start_s: Start of a selection inside the take; None is its beginning. Belongs to one export and isn't
            remembered, like its end.
        end_s: End of a selection; None is the end of the take.
        silence_dbfs: What stays below it at both ends is cut off; None cuts nothing.
        margin_s: How much of that silence is kept at each end.
        fade_in_s: Length of a fade at the start.
        fade_out_s: Length of a fade at the end.
        fade_shape: Of both fades.
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
    _: KW_ONLY
    momentary_lufs: float | None = None
    true_peak_dbtp: float | None = None
    gain_db: float | None = None
    quality: float | None = None
    start_s: float | None = None
    end_s: float | None = None
    silence_dbfs: float | None = None
    margin_s: float = 0.02
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    fade_shape: FadeShape = FadeShape.EQUAL_POWER
    writes_tags: bool = True
