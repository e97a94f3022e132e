"""Grains, and scattering them over a layer."""

from __future__ import annotations

import math

import numpy as np

from app.providers.local.blocks.curves import drawn, joined
from app.providers.local.blocks.filters import filtered
from app.providers.local.blocks.modal import modal
from app.providers.local.blocks.noise import burst
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Mono, Stereo, frames_of, from_db
from app.providers.local.blocks.timing import Event, events, fitting
from app.providers.local.blocks.tone import tone
from app.providers.local.recipe import Burst, Compound, Grain, Modal, Scatter, Tone, Train
from app.providers.local.watch import Watch

_PULSES = 5
_EVENTS_BETWEEN_CHECKS = 400
_STRAY_STEP = 1.0
_NARROW = 0.15  # below it, both ears may hear the same
_HEARD = 0.004  # of the peak: a tail below it is cut


def grain(recipe: Grain, frames: int | None, rng: np.random.Generator) -> Mono:
    """One grain, mono, with a peak of 1. `frames`: length of the layer, for grains that fill it."""
    match recipe:
        case Burst():
            sound = burst(recipe, frames, rng)
        case Modal():
            sound = modal(recipe, rng)
        case Tone():
            sound = tone(recipe, frames, rng)
        case Train():
            sound = train(recipe, frames, rng)
        case Compound():
            sound = compound(recipe, frames, rng)
    size = np.abs(sound)
    peak = float(size.max())
    if peak <= 1e-9:
        return sound
    heard = np.flatnonzero(size > peak * _HEARD)
    sound = sound[: min(len(sound), int(heard[-1]) + 240)] / np.float32(peak)
    fade = min(len(sound), 96)
    sound[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return sound


def compound(recipe: Compound, frames: int | None, rng: np.random.Generator) -> Mono:
    """Several grains laid over each other."""
    placed = [
        (frames_of(delay_s) - 1, grain(part, frames, rng) * np.float32(from_db(gain_db)))
        for delay_s, gain_db, part in recipe.parts
    ]
    out = np.zeros(max(start + len(sound) for start, sound in placed), dtype=np.float32)
    for start, sound in placed:
        out[start : start + len(sound)] += sound
    return out


def train(recipe: Train, frames: int | None, rng: np.random.Generator) -> Mono:
    """A run of pulses."""
    length = frames if recipe.seconds is None and frames else frames_of(drawn(recipe.seconds or (1, 1), rng))
    rate_hz = drawn(recipe.rate_hz, rng)
    octaves = joined(recipe.glide, 256)
    level = joined(recipe.shape, 256)
    pulses = [grain(recipe.pulse, None, rng) for _ in range(_PULSES)]
    tail = max(len(pulse) for pulse in pulses)
    out = np.zeros(length + tail, dtype=np.float32)
    at = 0.0
    while at < length:
        place = min(255, int(256 * at / length))
        pulse = pulses[int(rng.integers(_PULSES))]
        gain = float(level[place]) * from_db(float(rng.uniform(-recipe.rough, 0.0)))
        start = int(at)
        out[start : start + len(pulse)] += pulse * np.float32(gain)
        gap = SAMPLE_RATE_HZ / (rate_hz * 2.0 ** float(octaves[place]))
        at += gap * max(0.2, 1.0 + recipe.jitter * float(rng.standard_normal()))
    return out if recipe.colour is None else filtered(out, recipe.colour)


def scatter(recipe: Scatter, frames: int, rng: np.random.Generator, watch: Watch, *, ramp: float = 0.0) -> Stereo:
    """Grains over a layer, shape (2, frames); what happens late is cut by the layer's end.

    Args:
        ramp: How much faster events come at the end than at the beginning, in doublings.
    """
    seconds = frames / SAMPLE_RATE_HZ
    timing = fitting(recipe.timing, recipe.limit, seconds)
    happened = events(timing, seconds, rng, ramp=ramp)
    if recipe.limit:
        happened = happened[: recipe.limit]
    out = np.zeros((2, frames), dtype=np.float32)
    if not happened:
        return out
    variants = _variants(recipe, frames, min(recipe.variants, len(happened)), rng, watch)
    tuned: dict[tuple[int, float], Stereo] = {}
    places = _pans(recipe, happened, rng)
    levels = recipe.gain_db - np.abs(rng.standard_normal(len(happened))) * recipe.spread_db
    # A few degrees of detuning are enough to sound like endless ones, and each is made only once.
    strays = np.round(rng.standard_normal(len(happened)) / _STRAY_STEP) * _STRAY_STEP * recipe.detune
    choices = rng.integers(len(variants), size=len(happened))
    for number, event in enumerate(happened):
        if number % _EVENTS_BETWEEN_CHECKS == 0:
            watch.check()
        octaves = event.octaves * (1.0 if event.phrase is None else 4.0 * recipe.detune) + float(strays[number])
        key = (int(choices[number]), round(octaves, 4))
        sound = tuned.get(key)
        if sound is None:
            sound = tuned[key] = _tuned(variants[key[0]], key[1])
        _place(out, sound, event, float(levels[number]), float(places[number]))
    return out


def _place(out: Stereo, sound: Stereo, event: Event, gain_db: float, pan: float) -> None:
    start = int(event.at_s * SAMPLE_RATE_HZ)
    stop = min(out.shape[1], start + sound.shape[1])
    if stop <= start:
        return
    gain = 1.4142 * from_db(gain_db + event.gain_db)
    angle = (pan + 1.0) * math.pi / 4.0
    for channel, part in ((0, math.cos(angle)), (1, math.sin(angle))):
        out[channel, start:stop] += sound[channel, : stop - start] * np.float32(gain * part)


def _variants(recipe: Scatter, frames: int, count: int, rng: np.random.Generator, watch: Watch) -> list[Stereo]:
    made = []
    for _ in range(max(1, count)):
        watch.check()
        one = grain(recipe.grain, frames, rng)
        if recipe.wide < _NARROW:
            made.append(np.stack((one, one)))
        else:
            made.append(_widened(one, grain(recipe.grain, frames, rng), recipe.wide))
    return made


def _widened(one: Mono, other: Mono, wide: float) -> Stereo:
    """Both ears hear the same event from its two sides: what they share stays in the middle."""
    pair = np.zeros((2, max(len(one), len(other))), dtype=np.float32)
    mine, its = np.float32(1.0 - 0.5 * wide), np.float32(0.5 * wide)
    pair[0, : len(one)] = one * mine
    pair[0, : len(other)] += other * its
    pair[1, : len(other)] = other * mine
    pair[1, : len(one)] += one * its
    return pair


def _tuned(sound: Stereo, octaves: float) -> Stereo:
    """The sound played faster or slower."""
    if octaves == 0.0:
        return sound
    frames = sound.shape[1]
    at = np.arange(max(1, int(frames / 2.0**octaves)), dtype=np.float64) * 2.0**octaves
    whole = np.minimum(at.astype(np.int64), frames - 1)
    after = np.minimum(whole + 1, frames - 1)
    part = (at - whole).astype(np.float32)
    return np.asarray(sound[:, whole] * (1.0 - part) + sound[:, after] * part, dtype=np.float32)


def _pans(recipe: Scatter, happened: list[Event], rng: np.random.Generator) -> list[float]:
    if recipe.walks:
        return [recipe.pan * (0.3 if number % 2 else -0.3) for number in range(len(happened))]
    single = rng.uniform(-recipe.pan, recipe.pan, len(happened))
    phrase = rng.uniform(-recipe.pan, recipe.pan, len(happened))
    return [
        float(single[number] if event.phrase is None else phrase[event.phrase]) for number, event in enumerate(happened)
    ]
