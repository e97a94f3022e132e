"""What is measured of a sound: how loud it is, how high its peaks are, and what is wrong at its ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SILENCE_DBFS = -60.0
"""A sound begins and ends where a sample of any channel passes this."""


class LoudnessBasis(StrEnum):
    """What the one number for the loudness of a sound means."""

    INTEGRATED = "integrated"  # of the whole sound, gated (ITU-R BS.1770-4)
    SHORT = "short"  # under 400 ms, too short for that: the highest momentary loudness, silence around it
    QUIET = "quiet"  # nothing of it is louder than −70 LUFS, the gate; there is no number


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one file. A level is None where there is nothing but digital silence.

    Attributes:
        basis: What `loudness_lufs` means.
        integrated_lufs: None unless `basis` is INTEGRATED.
        momentary_max_lufs: The highest over 400 ms, every 10 ms; a shorter sound has silence around it.
        short_term_max_lufs: The highest over 3 s, every 10 ms; a shorter sound has silence around it.
        range_lu: Loudness range (EBU Tech 3342); None below 3 s, or where nothing passes the gate.
        true_peak_dbtp: Of four times oversampled sound.
        sample_peak_dbfs: Of the samples.
        head_silence_s: Up to the first sample above `SILENCE_DBFS`; the whole length where there is none.
        tail_silence_s: After the last sample above it; 0 where there is none.
        dc_offset: The mean of the channel where it is farthest from 0; 1 is full scale.
    """

    basis: LoudnessBasis
    integrated_lufs: float | None
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    head_silence_s: float
    tail_silence_s: float
    dc_offset: float

    @property
    def loudness_lufs(self) -> float | None:
        """The one number for how loud it is; `basis` says what it means."""
        return self.momentary_max_lufs if self.basis is LoudnessBasis.SHORT else self.integrated_lufs
