"""How much louder or quieter an export becomes, and what people should know about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.domain.export_settings import ExportSettings
from app.domain.measures import LoudnessBasis, Measures

DEFAULT_CEILING_DBTP = -1.0
"""The true peak that a wanted loudness never passes, where none is chosen."""

_TOLERANCE_DB = 0.05
_FAINTEST_DBTP = -144.0  # below the last of 24 bits; what is fainter is no sound that a gain could bring back


@dataclass(frozen=True, slots=True)
class Measured:
    """The sound as it is before any gain.

    Attributes:
        integrated_lufs: None where it has none: too short or too faint.
        momentary_lufs: The maximum momentary loudness; None where it has none: too faint.
        sample_peak_dbfs: -inf for silence.
        true_peak_dbtp: -inf for silence.
    """

    integrated_lufs: float | None
    momentary_lufs: float | None
    sample_peak_dbfs: float
    true_peak_dbtp: float

    @classmethod
    def of(cls, measures: Measures) -> Measured:
        """What is too faint for an integrated loudness has none at all here: nobody wants its noise at -16 LUFS."""
        is_faint = measures.basis is LoudnessBasis.QUIET
        return cls(
            measures.integrated_lufs,
            None if is_faint else measures.momentary_max_lufs,
            -math.inf if measures.sample_peak_dbfs is None else measures.sample_peak_dbfs,
            -math.inf if measures.true_peak_dbtp is None else measures.true_peak_dbtp,
        )


@dataclass(frozen=True, slots=True)
class Level:
    """A gain in decibels, and a remark where the wish can't be met; often empty."""

    gain_db: float
    remark: str = ""


def has_level(settings: ExportSettings) -> bool:
    """Whether the sound has to be measured for its level."""
    wishes = (settings.loudness_lufs, settings.momentary_lufs, settings.peak_dbfs, settings.true_peak_dbtp)
    return any(wish is not None for wish in wishes)


def is_changed_before_its_level(settings: ExportSettings) -> bool:
    """Whether what was measured of a take says nothing of its export: a part of it, or the whole with other ends."""
    is_part = settings.start_s is not None or settings.end_s is not None or settings.silence_dbfs is not None
    return is_part or bool(settings.fade_in_s or settings.fade_out_s)


def ceiling_of(settings: ExportSettings) -> float | None:
    """The true peak in dBTP that the export doesn't pass; None is no limit."""
    if settings.true_peak_dbtp is not None:
        return settings.true_peak_dbtp
    is_loudness = settings.loudness_lufs is not None or settings.momentary_lufs is not None
    return DEFAULT_CEILING_DBTP if is_loudness else None


def level_for(measured: Measured, settings: ExportSettings, *, name: str) -> Level:
    """The gain that brings a sound as near to what is wished as the true peak allows.

    Args:
        name: What the remark calls it, such as `Take 2`.
    """
    if measured.true_peak_dbtp < _FAINTEST_DBTP:
        return Level(0.0, f"{name} is silent; its level stays.")
    ceiling = ceiling_of(settings)
    headroom_db = math.inf if ceiling is None else ceiling - measured.true_peak_dbtp
    if settings.loudness_lufs is not None or settings.momentary_lufs is not None:
        return _to_loudness(measured, settings, headroom_db, name)
    if settings.peak_dbfs is not None:
        wanted_db = settings.peak_dbfs - measured.sample_peak_dbfs
        # Where both are the same, it is the true peak that is set to this level.
        is_met = wanted_db <= headroom_db + _TOLERANCE_DB or settings.peak_dbfs == ceiling
        reached = f"{signed(measured.sample_peak_dbfs + headroom_db)} dBFS"
    else:
        wanted_db = settings.gain_db or 0.0
        is_met = settings.gain_db is None or wanted_db <= headroom_db + _TOLERANCE_DB
        reached = f"a gain of {signed(headroom_db)} dB"
    return Level(min(wanted_db, headroom_db), "" if is_met else _short_of(name, reached, ceiling))


def _to_loudness(measured: Measured, settings: ExportSettings, headroom_db: float, name: str) -> Level:
    have, wanted, unit = measured.integrated_lufs, settings.loudness_lufs, "LUFS"
    if wanted is None:
        have, wanted, unit = measured.momentary_lufs, settings.momentary_lufs, "LUFS momentarily"
    assert wanted is not None
    if have is None:
        is_short = measured.momentary_lufs is not None
        rest = "its level stays" if ceiling_of(settings) is None else "only the ceiling counts"
        hint = " Its momentary loudness can be set." if is_short else ""
        why = f"{name} is too {'short' if is_short else 'faint'} for a loudness: {rest}.{hint}"
        return Level(min(0.0, headroom_db), why)
    gain_db = wanted - have
    if gain_db <= headroom_db + _TOLERANCE_DB:
        return Level(min(gain_db, headroom_db))
    return Level(headroom_db, _short_of(name, f"{signed(have + headroom_db)} {unit}", ceiling_of(settings)))


def _short_of(name: str, reached: str, ceiling: float | None) -> str:
    assert ceiling is not None
    return f"{name} reaches {reached} only: more would pass {signed(ceiling)} dBTP."


def signed(value: float) -> str:
    """A level as people read it, such as `−1.0`."""
    return f"{value:.1f}".replace("-", "−")
