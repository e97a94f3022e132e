"""The measures of a take as people read them: numbers for the row and the preview, everything in a tooltip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.measures import SILENCE_DBFS, LoudnessBasis, Measures
from app.ui.readouts import MINUS, NOT_MEASURED, level

DIGITAL_SILENCE = f"{MINUS}∞"
_BELOW_GATE = f"< {MINUS}70"
_MOMENTARY = "M"
_MEANINGS = {
    LoudnessBasis.INTEGRATED: "Integrated loudness of the whole take (ITU-R BS.1770-4).",
    LoudnessBasis.SHORT: "The take is shorter than 400 ms, too short for an integrated loudness. This is its highest "
    "momentary loudness (M), as a meter shows it: over 400 ms, with silence around the take.",
    LoudnessBasis.QUIET: "Nothing of the take is louder than −70 LUFS, so it has no integrated loudness "
    "(ITU-R BS.1770-4).",
}
_TRUE_PEAK = "True peak of the whole take (ITU-R BS.1770-4, four times oversampled)."
_OVER = "Above full scale: it may distort when it is played or encoded. An export with a ceiling brings it below."
_RANGE = "Loudness range of the whole take (EBU Tech 3342). It says little about sounds of less than half a minute."
_NO_RANGE = "A loudness range (EBU Tech 3342) needs three seconds of sound above −70 LUFS."
_SHOWN_AS_ZERO_DB = 0.05


class Readout(NamedTuple):
    """A number without its unit, the unit, what they mean, and whether something ought to be done about it."""

    value: str
    unit: str
    meaning: str
    warns: bool = False


def loudness(measures: Measures | None) -> Readout:
    """How loud it is, whatever number there is for that."""
    if measures is None:
        return Readout(NOT_MEASURED, "LUFS", _MEANINGS[LoudnessBasis.INTEGRATED])
    unit = f"LUFS {_MOMENTARY}" if measures.basis is LoudnessBasis.SHORT else "LUFS"
    if measures.loudness_lufs is not None:
        value = level(measures.loudness_lufs)
    else:
        value = DIGITAL_SILENCE if measures.sample_peak_dbfs is None else _BELOW_GATE
    return Readout(value, unit, _MEANINGS[measures.basis])


def loudness_cell(measures: Measures) -> str:
    """The same in a column of LUFS: what is only momentary says so before the digits, so that they stay in line."""
    value = loudness(measures).value
    is_momentary = measures.basis is LoudnessBasis.SHORT and measures.loudness_lufs is not None
    return f"{_MOMENTARY} {value}" if is_momentary else value


def true_peak(measures: Measures | None) -> Readout:
    if measures is None:
        return Readout(NOT_MEASURED, "dBTP", _TRUE_PEAK)
    is_over = measures.true_peak_dbtp is not None and measures.true_peak_dbtp > _SHOWN_AS_ZERO_DB
    meaning = f"{_TRUE_PEAK} {_OVER}" if is_over else _TRUE_PEAK
    return Readout(_level(measures.true_peak_dbtp), "dBTP", meaning, is_over)


def loudness_range(measures: Measures | None) -> Readout:
    has_none = measures is None or measures.range_lu is None
    value = NOT_MEASURED if measures is None or measures.range_lu is None else level(measures.range_lu)
    return Readout(value, "LRA, LU", _NO_RANGE if measures is not None and has_none else _RANGE)


def summary(measures: Measures) -> str:
    """All measures, a line each."""
    return "\n".join(_lines(measures))


def _lines(measures: Measures) -> Iterator[str]:
    around = "" if measures.range_lu is not None else ", with silence around it"
    if measures.integrated_lufs is not None:
        yield f"Integrated loudness: {level(measures.integrated_lufs)} LUFS"
    yield f"Highest momentary loudness: {_level(measures.momentary_max_lufs)} LUFS"
    yield f"Highest short-term loudness{around}: {_level(measures.short_term_max_lufs)} LUFS"
    if measures.range_lu is not None:
        yield f"Loudness range: {level(measures.range_lu)} LU"
    yield f"True peak: {_level(measures.true_peak_dbtp)} dBTP, of the samples {_level(measures.sample_peak_dbfs)} dBFS"
    head, tail = measures.head_silence_s, measures.tail_silence_s
    yield f"Below {level(SILENCE_DBFS)} dBFS: {head:.3f} s at the start, {tail:.3f} s at the end"
    yield f"DC offset: {_percent(measures.dc_offset)}"


def _level(value: float | None) -> str:
    return DIGITAL_SILENCE if value is None else level(value)


def _percent(share: float) -> str:
    text = f"{abs(share):.2%}".replace("%", " %")
    return f"{MINUS}{text}" if share < 0 and text != "0.00 %" else text
