"""Struck bodies: sums of decaying sines."""

from __future__ import annotations

import numpy as np

from app.providers.local.blocks.curves import drawn
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Mono, frames_of
from app.providers.local.recipe import Modal

_DECAY_60_DB = 6.9078
_LOUDEST_S = 12.0
_TOP_HZ = 18_000.0


def modal(recipe: Modal, rng: np.random.Generator) -> Mono:
    """One stroke on a body, mono."""
    hz, ring_s = drawn(recipe.hz, rng), drawn(recipe.ring_s, rng)
    frames = frames_of(min(ring_s * 1.05, _LOUDEST_S))
    side = int(np.ceil(np.sqrt(frames)))
    fine, coarse = np.arange(side), np.arange(side) * side
    out = np.zeros((side, side))
    for ratio in recipe.ratios:
        stray = 2.0 ** (recipe.stray * rng.standard_normal())
        mode_hz = hz * ratio * stray
        if mode_hz > _TOP_HZ:
            continue
        lasting = ring_s / ratio**recipe.damping if ratio > 1.0 else ring_s
        gain = ratio**-recipe.softness * rng.uniform(0.6, 1.0)
        turn = (-_DECAY_60_DB / lasting + 2j * np.pi * mode_hz) / SAMPLE_RATE_HZ
        # exp(turn * n) as an outer product: two short tables instead of one long one
        start = gain * np.exp(1j * rng.uniform(-0.5, 0.5))
        out += np.outer(start * np.exp(turn * coarse), np.exp(turn * fine)).imag
    sound = out.reshape(-1)[:frames].astype(np.float32)
    if recipe.bend:
        sound = _bent(sound, recipe.bend)
    if recipe.click:
        _add_click(sound, hz, recipe.click, rng)
    rise = min(frames, 24)
    sound[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    fall = min(frames // 2, 480)
    sound[frames - fall :] *= np.linspace(1.0, 0.0, fall, dtype=np.float32)
    return sound


def _bent(sound: Mono, octaves: float) -> Mono:
    """The same stroke, starting higher by `octaves` and settling within 60 ms."""
    frames = len(sound)
    speed = 2.0 ** (octaves * np.exp(-np.arange(frames) / (0.03 * SAMPLE_RATE_HZ)))
    at = np.concatenate(([0.0], np.cumsum(speed)[:-1]))
    return np.interp(at, np.arange(frames), sound, right=0.0).astype(np.float32)


def _add_click(sound: Mono, hz: float, level: float, rng: np.random.Generator) -> None:
    """The noise of the stroke itself: a few milliseconds, shorter for small bodies."""
    frames = min(len(sound), frames_of(float(np.clip(4.0 / hz, 0.0015, 0.012))))
    fall = np.exp(-np.linspace(0.0, 5.0, frames, dtype=np.float32))
    peak = float(np.max(np.abs(sound))) or 1.0
    sound[:frames] += rng.standard_normal(frames, dtype=np.float32) * fall * np.float32(level * peak)
