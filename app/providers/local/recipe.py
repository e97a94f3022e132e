"""What a sound is made of, as plain values: grains, when they happen, beds of noise, and families of sounds.

Nothing here makes a sample; `blocks` does. Pitches are in Hz, lengths in seconds, levels in decibels, intervals in
octaves. A `Range` is drawn from once per grain. Points are (fraction of the length, value), joined smoothly.

These are structs, not dataclasses: the first letter of a prompt loads well over a thousand of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct, field

Range: TypeAlias = tuple[float, float]
Points: TypeAlias = tuple[tuple[float, float], ...]
Peak: TypeAlias = tuple[float, float, float]

LEVEL: Points = ((0.0, 0.0), (1.0, 0.0))
FULL: Points = ((0.0, 1.0), (1.0, 1.0))


def listed(text: str) -> tuple[str, ...]:
    """Words and phrases from one text with commas between them."""
    return tuple(phrase for part in text.split(",") if (phrase := part.strip()))


class Colour(Struct, frozen=True):
    """A spectrum: a pass band, a tilt around 1 kHz and resonances.

    Attributes:
        slope_db: How steeply it falls outside the band, per octave.
        tilt_db: Per octave, inside the band.
        peaks: Each (centre in Hz, width in octaves, gain in dB).
    """

    low_hz: float = 30.0
    high_hz: float = 16_000.0
    tilt_db: float = 0.0
    peaks: tuple[Peak, ...] = ()
    slope_db: float = 18.0


class Motion(Struct, frozen=True):
    """How a bed moves: a curve between 0 and 1 that sets its level and shifts its colour.

    Attributes:
        rate_hz: Movements a second.
        depth_db: How far the level falls where the curve is 0.
        octaves: How far the colour rises where the curve is 1 (and falls where it is 0).
        shape: `swell` wanders, `gust` rests low and surges, `wave` breaks and ebbs, `throb` is regular and round,
            `chop` is regular with a sharp front.
    """

    rate_hz: float
    depth_db: float
    octaves: float = 0.0
    shape: Literal["swell", "gust", "wave", "throb", "chop"] = "swell"


class Burst(Struct, frozen=True):
    """A piece of coloured noise.

    Attributes:
        seconds: Its length; None is as long as the layer.
        attack_s: Rise at its start.
        shape: Level along its length. Without points it decays exponentially to -60 dB.
        glide: Octaves that the colour is shifted along its length.
    """

    colour: Colour
    seconds: Range | None = (0.05, 0.08)
    attack_s: float = 0.001
    shape: Points | None = None
    glide: Points = LEVEL


class Modal(Struct, frozen=True):
    """A struck body: decaying sines.

    Attributes:
        hz: Pitch of its first mode.
        ratios: The modes, as multiples of it.
        ring_s: Time in which the first mode falls by 60 dB.
        damping: How much sooner higher modes die: their time is divided by ratio to this power.
        softness: How much weaker higher modes are struck: ratio to minus this power.
        stray: Octaves by which each mode may miss its place.
        click: Level of the noise of the stroke, 0 to 1.
        bend: Octaves by which the pitch starts higher and settles.
    """

    hz: Range
    ratios: tuple[float, ...] = (1.0,)
    ring_s: Range = (0.3, 0.5)
    damping: float = 0.7
    softness: float = 0.5
    stray: float = 0.01
    click: float = 0.15
    bend: float = 0.0


class Tone(Struct, frozen=True):
    """A pitched sound from a wave table.

    Attributes:
        wave: Name of the table.
        glide: Octaves along its length.
        shape: Level along its length. Without points it decays exponentially to -60 dB.
        vibrato: (rate in Hz, depth in octaves).
        tremolo: (rate in Hz, depth 0 to 1).
        wander: Octaves of slow random drift.
        fm: (ratio to the pitch, index at the start, index at the end).
        breath: Noise mixed in, 0 to 1, following the level.
        colour: Formants or a filter over the whole.
        stack: Intervals in octaves of copies sounding along.
    """

    hz: Range
    seconds: Range | None = (0.2, 0.3)
    wave: str = "sine"
    glide: Points = LEVEL
    shape: Points | None = None
    attack_s: float = 0.004
    vibrato: tuple[float, float] = (0.0, 0.0)
    tremolo: tuple[float, float] = (0.0, 0.0)
    wander: float = 0.0
    fm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    breath: float = 0.0
    colour: Colour | None = None
    stack: tuple[float, ...] = (0.0,)


class Train(Struct, frozen=True):
    """A run of pulses through a body: stick and slip, teeth, wings.

    Attributes:
        glide: Octaves of the rate along its length.
        jitter: Irregularity of the gaps, 0 to 1.
        rough: Decibels by which pulses differ.
    """

    pulse: Burst | Modal | Tone
    rate_hz: Range
    seconds: Range | None = (0.3, 0.6)
    glide: Points = LEVEL
    shape: Points = ((0.0, 0.0), (0.15, 1.0), (0.85, 1.0), (1.0, 0.0))
    jitter: float = 0.15
    rough: float = 3.0
    colour: Colour | None = None


class Compound(Struct, frozen=True):
    """Several grains as one: each (delay in seconds, level in dB, grain)."""

    parts: tuple[tuple[float, float, Grain], ...]


Grain: TypeAlias = "Burst | Modal | Tone | Train | Compound"


class Once(Struct, frozen=True):
    """One event; `at_s` after the start. `again_s` is the gap if the words ask for several."""

    at_s: float = 0.0
    again_s: float = 1.2


class Every(Struct, frozen=True):
    """Now and then: the first within `first_s`, the next after a gap."""

    gap_s: Range
    first_s: Range = (0.0, 0.6)


class Steady(Struct, frozen=True):
    """A pulse. `accents` are decibels for each beat in turn, `swing` moves every second beat by that part of a gap."""

    rate_hz: float
    jitter: float = 0.03
    accents: tuple[float, ...] = (0.0,)
    swing: float = 0.0


class Scattered(Struct, frozen=True):
    """Independent events, so many a second."""

    rate_hz: float


class Phrases(Struct, frozen=True):
    """Groups of events: a word on a keyboard, a call of a bird."""

    gap_s: Range
    notes: tuple[int, int]
    spacing_s: Range
    first_s: Range = (0.0, 0.3)


class Bounces(Struct, frozen=True):
    """One run of ever shorter gaps."""

    gap_s: float
    ratio: float = 0.75
    fall_db: float = 3.0
    at_s: float = 0.0


class Dying(Struct, frozen=True):
    """A shower of events that thins out: so many a second at first, a third after `fall_s`."""

    rate_hz: float
    fall_s: float
    at_s: float = 0.0


class Tune(Struct, frozen=True):
    """Given events: each (seconds, octaves, decibels); the whole repeats after `again_s` unless that is 0."""

    notes: tuple[tuple[float, float, float], ...]
    again_s: float = 0.0


Timing: TypeAlias = Once | Every | Steady | Scattered | Phrases | Bounces | Dying | Tune


class Bed(Struct, frozen=True):
    """Noise without end. At 0 dB its level is -20 dBFS RMS.

    Attributes:
        width: 0 is mono, 1 two unrelated channels.
        onset_s: How long it takes to be there.
    """

    colour: Colour
    gain_db: float = 0.0
    motions: tuple[Motion, ...] = ()
    width: float = 0.8
    onset_s: float = 0.0


class Scatter(Struct, frozen=True):
    """A grain and when it happens. At 0 dB its peak is 0 dBFS.

    Attributes:
        spread_db: How much events differ in level.
        detune: Octaves by which events differ in pitch.
        pan: How far from the middle they happen, 0 to 1.
        wide: How different both ears hear one event, 0 to 1.
        variants: How many different grains are made to draw from.
        walks: Left and right alternate, as feet do.
        limit: How many events at the most; 0 is without a limit.
    """

    grain: Grain
    timing: Timing
    gain_db: float = 0.0
    spread_db: float = 2.0
    detune: float = 0.0
    pan: float = 0.3
    wide: float = 0.25
    variants: int = 6
    walks: bool = False
    limit: int = 0


Part: TypeAlias = Bed | Scatter


def _no_materials() -> Mapping[str, tuple[Part, ...]]:
    return MappingProxyType({})


class Family(Struct, frozen=True):
    """A kind of sound, the words that mean it, and how it is made.

    Attributes:
        words: Words and short phrases, in their base form.
        materials: Parts that take the place of `parts` when that material is named.
        level_db: How loud it is beside other layers.
        space: Where it sounds if the words don't say.
        wet: How much of that space is heard, 0 to 1.
        scene: Names of families and levels, instead of parts: a place made of several sounds.
    """

    name: str
    words: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    materials: Mapping[str, tuple[Part, ...]] = field(default_factory=_no_materials)
    level_db: float = 0.0
    space: str = "room"
    wet: float = 0.12
    scene: tuple[tuple[str, float], ...] = ()
