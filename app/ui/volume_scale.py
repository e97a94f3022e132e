"""From the place of a volume slider to decibels and back."""

from __future__ import annotations

import math

STEPS = 100
_EXPONENT = 3  # hearing: half way is about a quarter as loud, as on a mixing desk


def gain_db_of(step: int) -> float:
    """Decibels of a place from 0 to 100: 0 dB at the right end, silence (-inf) at the left."""
    return 20 * _EXPONENT * math.log10(step / STEPS) if step > 0 else -math.inf


def step_of(gain_db: float) -> int:
    """The nearest place for a volume; louder than 0 dB is the right end."""
    return round(STEPS * 10 ** (min(gain_db, 0.0) / (20 * _EXPONENT)))
