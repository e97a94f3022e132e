"""Curves over time: points joined smoothly, envelopes, and the slow movements of beds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Curve
from app.providers.local.recipe import Motion, Points, Range

_DECAY_60_DB = 6.9078  # natural logarithm of 1000: an exponential falls by 60 dB
_CONTROL_HZ = 750.0


def drawn(span: Range, rng: np.random.Generator) -> float:
    """A value of a range; small values are as likely as large ones by ratio."""
    low, high = span
    if low <= 0.0:
        return float(rng.uniform(low, high))
    return float(low * (high / low) ** rng.random())


def joined(points: Points, frames: int) -> Curve:
    """Points over `frames` samples, joined by half cosines so that there is no corner."""
    curve = np.empty(frames, dtype=np.float32)
    curve[:] = points[-1][1]
    for (place, value), (next_place, next_value) in pairwise(points):
        start, stop = round(place * frames), round(next_place * frames)
        if value == next_value:
            curve[start:stop] = value
        elif stop > start:
            turn = np.linspace(0.0, np.pi, stop - start, endpoint=False, dtype=np.float32)
            middle, half = 0.5 * (value + next_value), 0.5 * (value - next_value)
            curve[start:stop] = np.float32(middle) + np.float32(half) * np.cos(turn)
    curve[: round(points[0][0] * frames)] = points[0][1]
    return curve


def envelope(shape: Points | None, frames: int, attack_s: float) -> Curve:
    """Level of a grain: its points, or an exponential fall by 60 dB; with a rise at its start and a soft end."""
    if shape is None:
        level = np.exp(np.linspace(0.0, -_DECAY_60_DB, frames, dtype=np.float32))
    else:
        level = joined(shape, frames)
    rise = min(frames, max(2, round(attack_s * SAMPLE_RATE_HZ)))
    level[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    fall = min(frames // 2, 96)
    if fall:
        level[-fall:] *= np.linspace(1.0, 0.0, fall, dtype=np.float32)
    return level


def wander(seconds: float, rate_hz: float, points: int, rng: np.random.Generator) -> Curve:
    """A smooth random curve around 0, mostly within -1 and 1, given at `points` places."""
    knots = max(4, int(seconds * rate_hz) + 4)
    values = np.clip(rng.standard_normal(knots) * 0.6, -1.2, 1.2)
    at = np.linspace(0.0, seconds * rate_hz, points) + rng.random()
    index = np.minimum(at.astype(np.int64), knots - 2)
    part = np.clip(at - index, 0.0, 1.0)
    part = part * part * (3.0 - 2.0 * part)
    return np.asarray(values[index] + (values[index + 1] - values[index]) * part, dtype=np.float32)


def motion_curve(motion: Motion, seconds: float, rng: np.random.Generator) -> Curve:
    """The curve of a motion between 0 and 1, at a control rate fine enough for its own movement."""
    points = max(8, int(seconds * _CONTROL_HZ))
    if motion.shape in ("swell", "gust"):
        level = 0.5 + 0.5 * wander(seconds, motion.rate_hz, points, rng)
        level += 0.12 * wander(seconds, motion.rate_hz * 3.1, points, rng)
        level = np.clip(level, 0.0, 1.0)
        return np.asarray(level**2 if motion.shape == "gust" else level, dtype=np.float32)
    if motion.shape == "wave":
        return _waves(motion.rate_hz, seconds, points, rng)
    phase = np.linspace(0.0, seconds * motion.rate_hz, points) + rng.random()
    phase += 0.02 * wander(seconds, motion.rate_hz * 0.3, points, rng)
    turn = phase % 1.0
    if motion.shape == "throb":
        return (0.5 - 0.5 * np.cos(2.0 * np.pi * turn)).astype(np.float32)
    rise = np.minimum(turn / 0.12, 1.0)
    return (rise * np.exp(-3.5 * np.maximum(turn - 0.12, 0.0))).astype(np.float32)


def _waves(rate_hz: float, seconds: float, points: int, rng: np.random.Generator) -> Curve:
    """Waves of unequal length and height: each gathers, breaks and runs out."""
    # Even a short take has a wave that breaks.
    period = min(1.0 / rate_hz, max(2.5, 0.85 * seconds))
    at = np.linspace(0.0, seconds, points)
    level = np.zeros(points)
    start = -float(rng.uniform(0.05, 0.3)) * period
    while start < seconds:
        length = period * float(rng.uniform(0.8, 1.3))
        height = float(rng.uniform(0.6, 1.0))
        part = (at - start) / length
        gather = np.clip(part / 0.38, 0.0, 1.0) ** 2.2
        ebb = np.exp(-4.2 * np.clip(part - 0.42, 0.0, None))
        inside = (part >= 0.0) & (part < 1.7)
        level = np.maximum(level, np.where(inside, height * gather * ebb, 0.0))
        start += length
    return np.clip(level, 0.0, 1.0).astype(np.float32)


def stretched(curve: Curve, frames: int) -> Curve:
    """A control curve at `frames` places."""
    at = np.linspace(0.0, len(curve) - 1.0, frames, dtype=np.float32)
    return np.interp(at, np.arange(len(curve)), curve).astype(np.float32)
