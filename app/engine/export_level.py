"""How much louder or quieter an export becomes, and what people should know about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

DEFAULT_CEILING_DBTP = -1.0
"""The true peak that a wanted loudness never passes, where none is chosen."""

_TOLERANCE_LU = 0.05


@dataclass(frozen=True, slots=True)
class Level:
    """A gain in decibels, and a remark where the wish can't be met; often empty."""

    gain_db: float
    remark: str = ""


def level_for(
    measured_lufs: float | None,
    true_peak_dbtp: float,
    *,
    wanted_lufs: float | None,
    peak_dbfs: float | None,
    name: str,
) -> Level:
    """The gain that brings a sound to a loudness under a peak, or its highest peak to a level.

    Args:
        measured_lufs: None where it can't be measured: too short.
        true_peak_dbtp: -inf for silence.
        wanted_lufs: None where only the peak counts.
        peak_dbfs: None is a ceiling of -1 dBTP under a wanted loudness.
        name: What the remark calls it, such as `Take 2`.
    """
    if true_peak_dbtp == -math.inf:
        return Level(0.0, f"{name} is silent; its level stays.")
    ceiling = DEFAULT_CEILING_DBTP if peak_dbfs is None else peak_dbfs
    headroom_db = ceiling - true_peak_dbtp
    if wanted_lufs is None:
        return Level(headroom_db)
    if measured_lufs is None:
        return Level(min(0.0, headroom_db), f"{name} is too short for a loudness; its level stays under the peak.")
    gain_db = wanted_lufs - measured_lufs
    if gain_db <= headroom_db + _TOLERANCE_LU:
        return Level(min(gain_db, headroom_db))
    reached = f"{_signed(measured_lufs + headroom_db)} LUFS"
    return Level(headroom_db, f"{name} reaches {reached} only: more would pass {_signed(ceiling)} dBTP.")


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
