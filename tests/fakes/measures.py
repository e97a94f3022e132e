"""Measures of sounds that nobody measured."""

from __future__ import annotations

from app.domain.measures import LoudnessBasis, Measures


def measures_of(integrated_lufs: float | None = -18.0, true_peak_dbtp: float | None = -1.5) -> Measures:
    """A sound of some seconds; without a loudness one that is too faint for it."""
    return Measures(
        LoudnessBasis.QUIET if integrated_lufs is None else LoudnessBasis.INTEGRATED,
        integrated_lufs=integrated_lufs,
        momentary_max_lufs=-80.0 if integrated_lufs is None else integrated_lufs + 6.0,
        short_term_max_lufs=-81.0 if integrated_lufs is None else integrated_lufs + 3.0,
        range_lu=None if integrated_lufs is None else 5.8,
        true_peak_dbtp=true_peak_dbtp,
        sample_peak_dbfs=None if true_peak_dbtp is None else true_peak_dbtp - 0.2,
        head_silence_s=0.25,
        tail_silence_s=0.5,
        dc_offset=0.0001,
    )


SHORT = Measures(
    LoudnessBasis.SHORT,
    integrated_lufs=None,
    momentary_max_lufs=-18.2,
    short_term_max_lufs=-26.9,
    range_lu=None,
    true_peak_dbtp=-3.0,
    sample_peak_dbfs=-3.1,
    head_silence_s=0.01,
    tail_silence_s=0.02,
    dc_offset=0.0,
)
"""A door knock of a tenth of a second."""
