"""How much quieter each take has to be played so that all of them are equally loud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.domain.measures import LoudnessBasis, Measures


class LoudnessMatch(NamedTuple):
    """Gains that bring takes to the loudness of the quietest one. None is above 0 dB, so nothing can clip.

    Attributes:
        basis: The measure that was compared: INTEGRATED, or SHORT (the highest momentary loudness of all of them)
            where one of them is too short for an integrated one; QUIET where there is nothing to compare.
        gains_db: Of every take that has this measure, by its id.
        quietest: The id of the take whose loudness all others get; None where there is nothing to compare.
    """

    basis: LoudnessBasis
    gains_db: Mapping[str, float]
    quietest: str | None

    def gain_db(self, take_id: str | None) -> float:
        """0 for a take that has no such measure: it isn't measured yet, or too faint to be."""
        return self.gains_db.get(take_id, 0.0) if take_id is not None else 0.0


def match_loudness(measures: Mapping[str, Measures | None]) -> LoudnessMatch:
    """Compare takes by one and the same measure; those without it are left as they are.

    Args:
        measures: By the id of a take; None for one that isn't measured.
    """
    measured = {take_id: each for take_id, each in measures.items() if each is not None}
    has_short = any(each.basis is LoudnessBasis.SHORT for each in measured.values())
    basis = LoudnessBasis.SHORT if has_short else LoudnessBasis.INTEGRATED
    loudness = {
        take_id: lufs
        for take_id, each in measured.items()
        if each.basis is not LoudnessBasis.QUIET
        and (lufs := each.momentary_max_lufs if has_short else each.integrated_lufs) is not None
    }
    if not loudness:
        return LoudnessMatch(LoudnessBasis.QUIET, {}, None)
    quietest = min(loudness, key=lambda take_id: loudness[take_id])
    return LoudnessMatch(basis, {each: loudness[quietest] - lufs for each, lufs in loudness.items()}, quietest)
