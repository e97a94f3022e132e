"""Pitched sounds: wave tables, frequency modulation, vibrato, breath, formants."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.providers.local.blocks.curves import drawn, envelope, joined, stretched, wander
from app.providers.local.blocks.filters import filtered
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Curve, Mono, frames_of
from app.providers.local.recipe import LEVEL, Tone

_TABLE = 2048
_CONTROL = 16  # samples between two values of a moving pitch
_TOP_HZ = 17_000.0
_STEPS = (1, 2, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64, 90)

WAVES: dict[str, tuple[tuple[int, float], ...]] = {
    "sine": ((1, 1.0),),
    "organ": ((1, 1.0), (2, 0.5), (3, 0.22), (4, 0.3), (6, 0.12), (8, 0.1)),
    "flute": ((1, 1.0), (2, 0.22), (3, 0.1), (4, 0.03)),
    "hollow": tuple((n, 1.0 / n**1.6) for n in range(1, 16, 2)),
    "square": tuple((n, 1.0 / n) for n in range(1, 64, 2)),
    "triangle": tuple((n, (-1.0) ** ((n - 1) // 2) / n**2) for n in range(1, 32, 2)),
    "saw": tuple((n, 1.0 / n) for n in range(1, 80)),
    "soft saw": tuple((n, 1.0 / n**1.5) for n in range(1, 40)),
    "brass": tuple((n, 1.0 / (1.0 + (n / 5.0) ** 2.4)) for n in range(1, 40)),
    "throat": tuple((n, 1.0 / n**1.15) for n in range(1, 60)),
    "reed": tuple((n, (1.0 if n % 2 else 0.45) / n**0.9) for n in range(1, 50)),
    "pulse": tuple((n, float(np.sin(np.pi * n * 0.12)) / n) for n in range(1, 80)),
}


def tone(recipe: Tone, frames: int | None, rng: np.random.Generator) -> Mono:
    """One note; `frames` is the layer's length, for those that last as long as it."""
    length = frames if recipe.seconds is None and frames else frames_of(drawn(recipe.seconds or (1, 1), rng))
    hz = drawn(recipe.hz, rng)
    octaves = _octaves(recipe, length, rng)
    table = _table(recipe.wave, _highest_partial(recipe, hz, octaves))
    turns = _turns(hz, octaves, length)
    sound = np.zeros(length, dtype=np.float32)
    for interval in recipe.stack:
        detune = 0.003 * rng.standard_normal() if len(recipe.stack) > 1 else 0.0
        start = rng.random() if recipe.seconds is None else 0.0
        sound += _oscillate(table, turns * 2.0 ** (interval + detune) + start, recipe.fm)
    level = envelope(recipe.shape, length, recipe.attack_s)
    if recipe.tremolo[1]:
        rate, depth = recipe.tremolo
        turn = np.arange(length) * (rate / SAMPLE_RATE_HZ) + rng.random()
        level *= (1.0 - depth * (0.5 - 0.5 * np.cos(2.0 * np.pi * turn))).astype(np.float32)
    if recipe.breath:
        noise = rng.standard_normal(length, dtype=np.float32) * 0.35
        sound = (1.0 - recipe.breath) * sound + recipe.breath * noise
    sound = np.asarray(sound * level, dtype=np.float32)
    if recipe.colour is not None:
        sound = _with_fades(filtered(sound, recipe.colour))
    return sound


def _octaves(recipe: Tone, length: int, rng: np.random.Generator) -> Curve | None:
    """How the pitch moves, one value every `_CONTROL` samples, or None where it stands still."""
    points = length // _CONTROL + 2
    seconds = points * _CONTROL / SAMPLE_RATE_HZ
    parts = []
    if recipe.glide != LEVEL:
        parts.append(joined(recipe.glide, points))
    if recipe.vibrato[1]:
        rate, depth = recipe.vibrato
        turn = np.linspace(0.0, seconds * rate, points) + rng.random()
        parts.append((depth * np.sin(2.0 * np.pi * turn)).astype(np.float32))
    if recipe.wander:
        parts.append(recipe.wander * wander(seconds, 3.0 if seconds < 2.0 else 0.7, points, rng))
    return np.sum(parts, axis=0, dtype=np.float32) if parts else None


def _turns(hz: float, octaves: Curve | None, length: int) -> npt.NDArray[np.float64]:
    """How many turns of the wave have passed at each sample."""
    step = hz / SAMPLE_RATE_HZ
    if octaves is None:
        return np.arange(length, dtype=np.float64) * step
    speed = stretched(np.exp2(octaves), len(octaves) * _CONTROL)[:length]
    return np.cumsum(speed, dtype=np.float64) * step


def _highest_partial(recipe: Tone, hz: float, octaves: Curve | None) -> int:
    top = hz * 2.0 ** max((0.0 if octaves is None else float(octaves.max())) + max(recipe.stack), -8.0)
    fitting = int(_TOP_HZ / top)
    return max((step for step in _STEPS if step <= fitting), default=1)


def _oscillate(table: Mono, turns: npt.NDArray[np.float64], fm: tuple[float, float, float]) -> Mono:
    ratio, index, index_end = fm
    if index or index_end:
        depth = np.linspace(index, index_end, len(turns)) / (2.0 * np.pi)
        turns = turns + depth * np.sin(2.0 * np.pi * (turns * ratio))
    at = (turns - np.floor(turns)) * _TABLE
    whole = at.astype(np.int32)
    part = (at - whole).astype(np.float32)
    low = table[whole]
    return np.asarray(low + (table[whole + 1] - low) * part, dtype=np.float32)


@lru_cache(maxsize=256)
def _table(wave: str, highest: int) -> Mono:
    """One turn of a wave without the partials that would fold back, plus its first sample again."""
    turn = np.arange(_TABLE + 1) * (2.0 * np.pi / _TABLE)
    table = np.zeros(_TABLE + 1)
    for number, gain in WAVES[wave]:
        if number <= highest:
            table += gain * np.sin(number * turn)
    peak = np.max(np.abs(table)) or 1.0
    return (table / peak).astype(np.float32)


def _with_fades(sound: Mono) -> Mono:
    fade = min(len(sound) // 2, 96)
    if fade:
        sound[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return sound
