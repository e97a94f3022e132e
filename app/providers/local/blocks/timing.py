"""When events happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from msgspec.structs import replace as replace_struct

from app.providers.local.blocks.curves import drawn
from app.providers.local.recipe import (
    Bounces,
    Dying,
    Every,
    Once,
    Phrases,
    Scattered,
    Steady,
    Timing,
    Tune,
)

_MOST_EVENTS = 60_000


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when, how much higher, how loud, and which phrase it belongs to."""

    at_s: float
    octaves: float = 0.0
    gain_db: float = 0.0
    phrase: int | None = None


def events(timing: Timing, seconds: float, rng: np.random.Generator, *, ramp: float = 0.0) -> list[Event]:
    """All events of a layer, in the order of their making, `_MOST_EVENTS` at the most.

    Args:
        ramp: How many doublings faster they come at the end than at the beginning.
    """
    if ramp:
        return _hastened(timing, seconds, rng, ramp)
    happened = []
    for event in _events(timing, seconds, rng):
        if event.at_s < seconds:
            happened.append(event)
        if len(happened) >= _MOST_EVENTS:
            break
    return happened


def fitting(timing: Timing, count: int, seconds: float) -> Timing:
    """The timing, hurried if so many events wouldn't fit into the time otherwise."""
    if count <= 1:
        return timing
    match timing:
        case Every():
            longest_s = 0.85 * seconds / count
            return replace_struct(timing, gap_s=(min(timing.gap_s[0], longest_s), min(timing.gap_s[1], longest_s)))
        case Steady():
            return replace_struct(timing, rate_hz=max(timing.rate_hz, 1.05 * count / seconds))
    return timing


def _hastened(timing: Timing, seconds: float, rng: np.random.Generator, ramp: float) -> list[Event]:
    """Events on a clock of their own that starts a third of the ramp slower than usual and ends faster."""
    at_s = np.linspace(0.0, seconds, 512)
    pace = 2.0 ** (ramp * (at_s / seconds - 0.35))
    clock_s = np.concatenate(([0.0], np.cumsum(0.5 * (pace[1:] + pace[:-1]) * np.diff(at_s))))
    happened = events(timing, float(clock_s[-1]), rng)
    return [replace(event, at_s=float(np.interp(event.at_s, clock_s, at_s))) for event in happened]


def _events(timing: Timing, seconds: float, rng: np.random.Generator) -> Iterator[Event]:  # noqa: C901  (one arm a timing)
    match timing:
        case Once(at_s):
            yield Event(at_s)
        case Every():
            yield from _now_and_then(timing, seconds, rng)
        case Steady():
            yield from _steady(timing, seconds, rng)
        case Scattered(rate_hz):
            count = int(rng.poisson(rate_hz * seconds))
            for at_s in rng.uniform(0.0, seconds, max(count, 1)):
                yield Event(float(at_s))
        case Phrases():
            yield from _phrases(timing, seconds, rng)
        case Bounces(gap_s, ratio, fall_db, at_s):
            number = 0
            while gap_s > 0.012 and at_s < seconds:
                yield Event(at_s, gain_db=-fall_db * number)
                at_s, gap_s, number = at_s + gap_s, gap_s * ratio, number + 1
        case Dying(rate_hz, fall_s, at_s):
            for delay in rng.exponential(fall_s, max(1, int(rate_hz * fall_s))):
                yield Event(at_s + float(delay), gain_db=-6.0 * float(delay) / fall_s)
        case Tune(notes, again_s):
            start_s = 0.0
            while start_s < seconds:
                for at_s, octaves, gain_db in notes:
                    yield Event(start_s + at_s, octaves, gain_db)
                if again_s <= 0.0:
                    return
                start_s += again_s


def _now_and_then(timing: Every, seconds: float, rng: np.random.Generator) -> Iterator[Event]:
    # A short layer still has its event: the first comes within its first tenth.
    at_s = min(float(rng.uniform(*timing.first_s)), 0.1 * seconds)
    number = 0
    while at_s < seconds:
        yield Event(at_s, gain_db=0.0 if number == 0 else float(rng.uniform(-4.0, 0.0)))
        at_s += drawn(timing.gap_s, rng)
        number += 1


def _steady(timing: Steady, seconds: float, rng: np.random.Generator) -> Iterator[Event]:
    gap_s = 1.0 / timing.rate_hz
    at_s = min(0.04, 0.2 * gap_s)
    number = 0
    while at_s < seconds:
        stray = float(np.clip(rng.standard_normal(), -2.0, 2.0)) * timing.jitter * gap_s if number else 0.0
        late = timing.swing * gap_s if number % 2 else 0.0
        accent = timing.accents[number % len(timing.accents)]
        yield Event(max(0.0, at_s + stray + late), gain_db=accent)
        at_s += gap_s
        number += 1


def _phrases(timing: Phrases, seconds: float, rng: np.random.Generator) -> Iterator[Event]:
    at_s = min(float(rng.uniform(*timing.first_s)), 0.2 * seconds)
    phrase = 0
    while at_s < seconds:
        spacing_s = drawn(timing.spacing_s, rng)
        octaves = float(rng.uniform(-0.5, 0.5))
        for _ in range(int(rng.integers(timing.notes[0], timing.notes[1] + 1))):
            yield Event(at_s, octaves=octaves, phrase=phrase)
            at_s += spacing_s * float(rng.uniform(0.85, 1.2))
        at_s += drawn(timing.gap_s, rng)
        phrase += 1
