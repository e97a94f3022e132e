"""Loudness from the power of K-weighted sound: integrated, momentary, short-term, and its range.

Source: ITU-R BS.1770-4 (gating), EBU Tech 3341 (momentary and short-term), EBU Tech 3342 (range).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Power is summed over steps of 10 ms. The standard's hops of 100 ms are ten of them; a maximum is searched at each,
# for between hops of 100 ms a sound of 400 ms would lose more than half a decibel.
_STEPS_A_SECOND, _STEPS_A_HOP = 100, 10
_MOMENTARY_STEPS, _SHORT_TERM_STEPS = 40, 300
MOMENTARY_S, SHORT_TERM_S = _MOMENTARY_STEPS / _STEPS_A_SECOND, _SHORT_TERM_STEPS / _STEPS_A_SECOND
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU, _RANGE_GATE_LU = -70.0, -10.0, -20.0
_RANGE_SHARES = (0.10, 0.95)
_OFFSET_LUFS = -0.691

Doubles = npt.NDArray[np.float64]


class Loudness(NamedTuple):
    """Levels in LUFS and a range in LU, each None where there is none."""

    integrated_lufs: float | None
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None
    range_lu: float | None


class LoudnessMeter:
    """Takes the power of a sound in blocks of any length. Six hours need 17 MB.

    Attributes:
        frames: How many were added.
    """

    def __init__(self, rate_hz: int) -> None:
        self.frames = 0
        self._rate_hz = rate_hz
        self._whole: list[Doubles] = []
        self._whole_steps = 0
        self._begun = 0.0
        self._steps_of_sound: int | None = None

    def add(self, power: npt.NDArray[np.float32]) -> None:
        """Add frames, shape (n,)."""
        if not len(power):
            return
        after = self.frames + len(power)
        last_whole = -(-(after + 1) * _STEPS_A_SECOND // self._rate_hz) - 1  # the last step that ends by now
        ends = np.arange(self._whole_steps + 1, last_whole + 1) * self._rate_hz // _STEPS_A_SECOND - self.frames
        if not len(ends):
            self._begun += float(power.sum(dtype=np.float64))
        else:
            starts = np.concatenate([[0], ends[:-1]])
            sums = np.add.reduceat(power[: ends[-1]], starts, dtype=np.float64)
            sums[0] += self._begun
            self._whole.append(sums)
            self._whole_steps += len(sums)
            self._begun = float(power[ends[-1] :].sum(dtype=np.float64))
        self.frames = after

    def end_sound(self) -> None:
        """What is added from now on is only how the filters fade: no part of what is gated."""
        self._steps_of_sound = self._whole_steps

    def finish(self) -> Loudness:
        steps = np.concatenate([*self._whole, [self._begun]])
        whole = self._whole_steps if self._steps_of_sound is None else self._steps_of_sound
        hops = steps[: whole - whole % _STEPS_A_HOP].reshape(-1, _STEPS_A_HOP).sum(axis=1)
        return Loudness(
            _integrated(self._means(hops, _MOMENTARY_STEPS // _STEPS_A_HOP, MOMENTARY_S)),
            self._highest(steps, _MOMENTARY_STEPS, MOMENTARY_S),
            self._highest(steps, _SHORT_TERM_STEPS, SHORT_TERM_S),
            _range(self._means(hops, _SHORT_TERM_STEPS // _STEPS_A_HOP, SHORT_TERM_S)),
        )

    def _means(self, sums: Doubles, count: int, seconds: float) -> Doubles:
        """The mean power of each window of so many sums; none where there are fewer."""
        if len(sums) < count:
            return np.zeros(0)
        upto = np.concatenate([[0.0], np.cumsum(sums)])
        means: Doubles = np.maximum(upto[count:] - upto[:-count], 0.0) / (seconds * self._rate_hz)
        return means

    def _highest(self, steps: Doubles, count: int, seconds: float) -> float | None:
        """Of all windows. What is shorter than one has silence around it, as on a meter that hears it alone."""
        padded = np.pad(steps, (0, max(0, count - len(steps))))
        highest = float(self._means(padded, count, seconds).max())
        return _lufs(highest) if highest > 0 else None


def _integrated(means: Doubles) -> float | None:
    """The mean of the windows above both gates; None if no window is."""
    loud = means[means > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gate = loud.mean() * 10.0 ** (_RELATIVE_GATE_LU / 10.0)
    return _lufs(float(loud[loud > gate].mean()))


def _range(means: Doubles) -> float | None:
    """From the level that a tenth of the gated windows is below to the one that a twentieth is above."""
    loud = means[means > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gate = loud.mean() * 10.0 ** (_RANGE_GATE_LU / 10.0)
    gated = np.sort(loud[loud >= gate])
    low, high = (gated[round((len(gated) - 1) * share)] for share in _RANGE_SHARES)
    return _lufs(float(high)) - _lufs(float(low))


def _lufs(power: float) -> float:
    return _OFFSET_LUFS + 10.0 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET_LUFS) / 10.0))
