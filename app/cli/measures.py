"""The measures of a take for the terminal: as lines for people, and as JSON for scripts."""

from __future__ import annotations

from typing import Any

from app.domain.measures import SILENCE_DBFS, LoudnessBasis, Measures


def measures_json(measures: Measures | None) -> dict[str, Any] | None:
    """None while nothing was measured; a level is null where there is only digital silence."""
    if measures is None:
        return None
    return {
        "loudness_basis": measures.basis.value,
        "integrated_lufs": _rounded(measures.integrated_lufs, 2),
        "momentary_max_lufs": _rounded(measures.momentary_max_lufs, 2),
        "short_term_max_lufs": _rounded(measures.short_term_max_lufs, 2),
        "loudness_range_lu": _rounded(measures.range_lu, 2),
        "true_peak_dbtp": _rounded(measures.true_peak_dbtp, 2),
        "sample_peak_dbfs": _rounded(measures.sample_peak_dbfs, 2),
        "silence_below_dbfs": SILENCE_DBFS,
        "head_silence_s": _rounded(measures.head_silence_s, 6),
        "tail_silence_s": _rounded(measures.tail_silence_s, 6),
        "dc_offset_percent": _rounded(100 * measures.dc_offset, 4),
    }


def measure_lines(measures: Measures) -> list[tuple[str, str]]:
    """Names and values, as in the rest of what is told about a task."""
    momentary, short_term = _level(measures.momentary_max_lufs), _level(measures.short_term_max_lufs)
    of_range = "" if measures.range_lu is None else f", range {measures.range_lu:.1f} LU"
    return [
        ("loudness", f"{_integrated(measures)}{of_range}"),
        ("", f"highest {momentary} LUFS momentary, {short_term} LUFS short-term"),
        ("peak", f"{_level(measures.true_peak_dbtp)} dBTP, {_level(measures.sample_peak_dbfs)} dBFS of the samples"),
        (
            "silence",
            f"{measures.head_silence_s:.3f} s at the start, {measures.tail_silence_s:.3f} s at the end "
            f"(below {SILENCE_DBFS:.0f} dBFS)",
        ),
        ("DC offset", f"{round(100 * measures.dc_offset, 2) + 0.0:.2f} %"),
    ]


def _integrated(measures: Measures) -> str:
    match measures.basis:
        case LoudnessBasis.SHORT:
            return f"{_level(measures.loudness_lufs)} LUFS momentary (under 400 ms, too short for an integrated one)"
        case LoudnessBasis.QUIET:
            return "none: nothing is louder than -70 LUFS"
        case LoudnessBasis.INTEGRATED:
            return f"{_level(measures.integrated_lufs)} LUFS integrated"


def _level(value: float | None) -> str:
    return "-inf" if value is None else f"{value:.1f}"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0  # no -0.0
