"""Coloured noise: endless beds whose colour may move, and short pieces.

A bed is made in the frequency domain: overlapping frames of random spectra under the wanted gains. Sine windows
that overlap by half keep its variance constant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.providers.local.blocks.curves import drawn, envelope, joined, motion_curve, stretched
from app.providers.local.blocks.filters import gains_at, shape_noise
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Curve, Mono, Stereo, frames_of, from_db
from app.providers.local.recipe import LEVEL, Bed, Burst, Colour, Motion
from app.providers.local.watch import Watch

_BED_RMS = 0.1
_BED_HOP = 1024
_SHORT_HOP = 192
_SHIFT_STEPS = 48
_FRAMES_AT_ONCE = 512


def bed(recipe: Bed, frames: int, rng: np.random.Generator, watch: Watch, *, movement: int = 0) -> Stereo:
    """A bed of noise, shape (2, frames).

    Args:
        movement: Beds with the same number move together where their motions have the same rate and shape: the
            hiss of a wave belongs to its body.
    """
    seconds = frames / SAMPLE_RATE_HZ
    count = frames // _BED_HOP + 2
    level = np.ones(frames, dtype=np.float32)
    octaves = np.zeros(count, dtype=np.float32)
    for motion in recipe.motions:
        curve = motion_curve(motion, seconds, _motion_generator(motion, movement))
        if motion.depth_db:
            level *= stretched(10.0 ** ((curve - 1.0) * (motion.depth_db / 20.0)), frames)
        if motion.octaves:
            octaves += (stretched(curve, count) * 2.0 - 1.0) * motion.octaves
    left = moving_noise(recipe.colour, octaves, _BED_HOP, frames, rng, watch)
    if recipe.width <= 0.0:
        sound = np.stack((left, left))
    else:
        other = moving_noise(recipe.colour, octaves, _BED_HOP, frames, rng, watch)
        same = float(np.sqrt(max(0.0, 1.0 - recipe.width**2)))
        sound = np.stack((left, same * left + recipe.width * other))
    if recipe.onset_s > 0.0:
        rise = min(frames, frames_of(recipe.onset_s))
        level[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32) ** 2
    return np.asarray(sound * (level * np.float32(_BED_RMS * from_db(recipe.gain_db))), dtype=np.float32)


def _motion_generator(motion: Motion, movement: int) -> np.random.Generator:
    name = [movement, round(motion.rate_hz * 1000), *motion.shape.encode()]
    return np.random.Generator(np.random.PCG64(name))


def moving_noise(
    colour: Colour,
    octaves: Curve,
    hop: int,
    frames: int,
    rng: np.random.Generator,
    watch: Watch | None = None,
) -> Mono:
    """Noise of RMS 1 whose colour is shifted by `octaves`, one value a hop."""
    size = 2 * hop
    window = np.sin(np.pi * (np.arange(size, dtype=np.float32) + 0.5) / size)
    table, low, step = _shifted_gains(colour, octaves, size)
    count = frames // hop + 2
    out = np.zeros((count + 1) * hop, dtype=np.float32)
    pieces = out.reshape(count + 1, hop)
    for start in range(0, count, _FRAMES_AT_ONCE):
        if watch is not None:
            watch.check()
        stop = min(start + _FRAMES_AT_ONCE, count)
        random = rng.standard_normal((stop - start, hop + 1, 2), dtype=np.float32)
        spectra = random.view(np.complex64)[..., 0]
        index = np.round((octaves[start:stop] - low) / step).astype(np.int64)
        spectra *= table[index]
        block = np.fft.irfft(spectra, size, axis=1) * window
        pieces[start:stop] += block[:, :hop]
        pieces[start + 1 : stop + 1] += block[:, hop:]
    return out[hop : hop + frames]


def _shifted_gains(colour: Colour, octaves: Curve, size: int) -> tuple[npt.NDArray[np.float32], float, float]:
    """Gains of a colour at evenly spaced shifts, each row at equal loudness, with the first shift and the step."""
    hz = np.fft.rfftfreq(size, 1.0 / SAMPLE_RATE_HZ)
    low, high = float(octaves.min()), float(octaves.max())
    steps = 1 if high - low < 1e-6 else _SHIFT_STEPS
    step = max((high - low) / max(steps - 1, 1), 1e-9)
    rows = np.empty((steps, len(hz)), dtype=np.float32)
    for row in range(steps):
        gains = gains_at(colour, hz / 2.0 ** (low + row * step))
        gains[hz < 20.0] = 0.0
        power = float(np.sum(gains[1:-1] ** 2)) * 4.0 + 1e-12
        rows[row] = gains * (size / np.sqrt(power))
    return rows, low, step


def burst(recipe: Burst, frames: int | None, rng: np.random.Generator) -> Mono:
    """A short piece of noise; `frames` is the layer's length, for those that last as long as it."""
    length = frames if recipe.seconds is None and frames else frames_of(drawn(recipe.seconds or (1, 1), rng))
    if recipe.glide == LEVEL and length < SAMPLE_RATE_HZ:
        noise = shape_noise(rng.standard_normal(length, dtype=np.float32), recipe.colour)
    else:
        hop = _SHORT_HOP if length < 4 * SAMPLE_RATE_HZ else 4 * _SHORT_HOP
        octaves = joined(recipe.glide, length // hop + 2)
        noise = moving_noise(recipe.colour, octaves, hop, length, rng)
    return np.asarray(noise * envelope(recipe.shape, length, recipe.attack_s), dtype=np.float32)
