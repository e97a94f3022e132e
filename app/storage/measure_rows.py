"""Measures <-> the columns of a take."""

from __future__ import annotations

import sqlite3

from app.domain.measures import LoudnessBasis, Measures

MEASURED_VERSION = 1
"""Of what is measured, and how; takes that were measured by a lower one are measured again."""

# The order is that of an index, so that no take is read that is measured already.
UNMEASURED = """
    SELECT takes.*, tasks.id AS task_id FROM takes JOIN tasks ON tasks.number = takes.task
    WHERE takes.state = 'stored' AND measured_version < :version
    ORDER BY measured_version, number_in_library DESC LIMIT :limit
"""
SET_MEASURES = """
    UPDATE takes SET
        loudness_basis = :loudness_basis,
        loudness_lufs = :loudness_lufs,
        momentary_max_lufs = :momentary_max_lufs,
        short_term_max_lufs = :short_term_max_lufs,
        range_lu = :range_lu,
        true_peak_dbtp = :true_peak_dbtp,
        sample_peak_dbfs = :sample_peak_dbfs,
        head_silence_s = :head_silence_s,
        tail_silence_s = :tail_silence_s,
        dc_offset = :dc_offset,
        measured_version = :measured_version,
        measured_at = :measured_at
    WHERE id = :id
"""


def measure_values(measures: Measures | None) -> dict[str, object]:
    """The columns, without those that say when; all are NULL for what can't be measured."""
    return {
        "loudness_basis": None if measures is None else measures.basis.value,
        "loudness_lufs": None if measures is None else measures.integrated_lufs,
        "momentary_max_lufs": None if measures is None else measures.momentary_max_lufs,
        "short_term_max_lufs": None if measures is None else measures.short_term_max_lufs,
        "range_lu": None if measures is None else measures.range_lu,
        "true_peak_dbtp": None if measures is None else measures.true_peak_dbtp,
        "sample_peak_dbfs": None if measures is None else measures.sample_peak_dbfs,
        "head_silence_s": None if measures is None else measures.head_silence_s,
        "tail_silence_s": None if measures is None else measures.tail_silence_s,
        "dc_offset": None if measures is None else measures.dc_offset,
        "measured_version": MEASURED_VERSION,
    }


def measures_of(row: sqlite3.Row) -> Measures | None:
    """The measures in a row of `takes`; None where there are none of now, or it couldn't be measured."""
    if row["loudness_basis"] is None:
        return None
    return Measures(
        LoudnessBasis(row["loudness_basis"]),
        row["loudness_lufs"],
        row["momentary_max_lufs"],
        row["short_term_max_lufs"],
        row["range_lu"],
        row["true_peak_dbtp"],
        row["sample_peak_dbfs"],
        row["head_silence_s"],
        row["tail_silence_s"],
        row["dc_offset"],
    )
