"""What modifiers do to a sound: numbers that add up, and how they bend a recipe."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from app.providers.local.recipe import (
    Bed,
    Bounces,
    Burst,
    Colour,
    Compound,
    Dying,
    Every,
    Grain,
    Modal,
    Once,
    Part,
    Phrases,
    Range,
    Scattered,
    Steady,
    Timing,
    Tone,
    Train,
    Tune,
)

_NUMBERS = (
    "octaves",
    "length",
    "force",
    "density",
    "speed",
    "tilt_db",
    "distance",
    "wet",
    "drive",
    "regular",
    "room",
    "ramp",
)
_NEVER_S = 1e6


class Traits(Struct, frozen=True):
    """How a layer differs from its family's usual sound. Numbers add up, words keep the first one named.

    Attributes:
        octaves: Pitch, up or down.
        length: Ringing and lasting, in doublings.
        force: 1 is heavy, -1 is light: level, density and depth together.
        density: Events a second, in doublings.
        speed: Pace, in doublings.
        tilt_db: Brightness, per octave.
        distance: 0 is here, 1 is far; below 0 is close.
        wet: More or less of the space.
        drive: Distortion, 0 to 2.
        regular: Above 0, events keep a beat.
        room: The size of the space, in doublings of how long it rings.
        ramp: How much faster it is at its end than at its beginning, in doublings.
        material: What it is made of or falls on.
        space: Where it sounds.
        through: A filter it is heard through: `telephone`, `wall`, `water` or nothing.
        travel: `approach`, `grow`, `recede`, `pass` or nothing.
        side: -1 left, 1 right.
        count: How many events; 0 is as many as usual.
        is_reversed: Played backwards.
        is_repeated: The words mean more than one event, but don't say how many.
    """

    octaves: float = 0.0
    length: float = 0.0
    force: float = 0.0
    density: float = 0.0
    speed: float = 0.0
    tilt_db: float = 0.0
    distance: float = 0.0
    wet: float = 0.0
    drive: float = 0.0
    regular: float = 0.0
    room: float = 0.0
    ramp: float = 0.0
    material: str = ""
    space: str = ""
    through: str = ""
    travel: str = ""
    side: int = 0
    count: int = 0
    is_reversed: bool = False
    is_repeated: bool = False

    def __add__(self, other: Traits) -> Traits:
        combined = {
            name: (
                getattr(self, name) + getattr(other, name)
                if name in _NUMBERS
                else getattr(self, name) or getattr(other, name)
            )
            for name in self.__struct_fields__
        }
        return Traits(**combined)

    @property
    def is_of_bodies(self) -> bool:
        """It says what something is like that one could touch or stand in, not what a sound does."""
        return bool(self.material or self.room or self.octaves or self.length) or self.tilt_db != 0.0

    @property
    def within_reason(self) -> Traits:
        """The same, with numbers that pile up kept where they still sound like something."""
        limits = {
            "octaves": 2.0,
            "length": 2.0,
            "force": 2.0,
            "density": 2.5,
            "speed": 2.0,
            "tilt_db": 6.0,
            "room": 1.2,
            "ramp": 2.0,
        }
        kept = {name: max(-most, min(most, getattr(self, name))) for name, most in limits.items()}
        return replace(
            self,
            distance=max(-1.0, min(1.6, self.distance)),
            wet=max(-1.0, min(1.5, self.wet)),
            drive=max(0.0, min(2.0, self.drive)),
            **kept,
        )


_ROOM_OF = {"stone": 0.25, "metal": 0.2, "glass": 0.1, "wood": -0.15, "cloth": -0.5}


def of_a_place(traits: Traits) -> Traits:
    """What these traits mean where they describe the place and not the sound in it."""
    room = traits.room + 0.45 * traits.length - 0.5 * traits.octaves + _ROOM_OF.get(traits.material, 0.0)
    return Traits(room=room, wet=traits.wet + 0.1 * max(0.0, room), material=traits.material)


def bent(part: Part, traits: Traits) -> Part:
    """A part as these traits make it; levels, space and filters of the whole layer are not its business."""
    octaves = traits.octaves - 0.15 * traits.force
    if isinstance(part, Bed):
        motions = tuple(replace(m, rate_hz=m.rate_hz * 2.0 ** (0.7 * traits.speed)) for m in part.motions)
        return replace(part, colour=_shifted(part.colour, 0.7 * octaves), motions=motions)
    if traits.ramp:
        part = replace(part, grain=_hastened(part.grain, traits.ramp))
    return replace(
        part,
        grain=_grain(part.grain, octaves, 2.0 ** (traits.length + 0.2 * traits.force), traits.speed),
        timing=_timing(part.timing, traits),
        limit=traits.count if isinstance(part.timing, Every | Steady | Tune) else 0,
    )


def _hastened(grain: Grain, ramp: float) -> Grain:
    """What fills its layer runs up, as an engine does."""
    if isinstance(grain, Burst | Tone | Train) and grain.seconds is None:
        glide = tuple((place, octaves + 0.6 * ramp * (place - 0.35)) for place, octaves in grain.glide)
        return replace(grain, glide=glide)
    return grain


def _shifted(colour: Colour, octaves: float) -> Colour:
    factor = 2.0**octaves
    return replace(
        colour,
        low_hz=max(20.0, colour.low_hz * factor),
        high_hz=min(20_000.0, max(200.0, colour.high_hz * factor)),
        peaks=tuple((min(18_000.0, hz * factor), width, gain) for hz, width, gain in colour.peaks),
    )


def _scaled(span: Range, factor: float) -> Range:
    return (span[0] * factor, span[1] * factor)


_Lasting = TypeVar("_Lasting", Burst, Tone, Train)


def _lasting(grain: _Lasting, factor: float) -> _Lasting:
    """The grain with its own length scaled; one that fills its layer stays as long as that."""
    return grain if grain.seconds is None else replace(grain, seconds=_scaled(grain.seconds, factor))


def _grain(grain: Grain, octaves: float, longer: float, speed: float) -> Grain:
    pitch, pace = 2.0**octaves, 2.0**speed
    match grain:
        case Burst():
            return _lasting(replace(grain, colour=_shifted(grain.colour, 0.7 * octaves)), longer * pace**-0.6)
        case Modal():
            hz = _scaled(grain.hz, pitch)
            return replace(grain, hz=(max(20.0, hz[0]), max(20.0, hz[1])), ring_s=_scaled(grain.ring_s, longer))
        case Tone():
            colour = None if grain.colour is None else _shifted(grain.colour, 0.6 * octaves)
            return _lasting(replace(grain, hz=_scaled(grain.hz, pitch), colour=colour), longer * pace**-0.5)
        case Train():
            pulse = _grain(grain.pulse, octaves, 1.0, 0.0)
            assert isinstance(pulse, Burst | Modal | Tone)
            rate = _scaled(grain.rate_hz, pace**0.6 * pitch**0.35)
            return _lasting(replace(grain, pulse=pulse, rate_hz=rate), longer * pace**-0.6)
        case Compound():
            # Inside one event delays follow the pace too: a hurried step is short.
            return Compound(
                tuple(
                    (delay_s * pace**-0.6 * pitch**-0.2, gain, _grain(inner, octaves, longer, speed))
                    for delay_s, gain, inner in grain.parts
                )
            )


def _timing(timing: Timing, traits: Traits) -> Timing:
    crowd = 2.0 ** (traits.density + 0.9 * traits.force)
    pace = 2.0**traits.speed
    match timing:
        case Scattered():
            rate_hz = timing.rate_hz * crowd * pace**0.5
            return Steady(min(rate_hz, 8.0), 0.02, (0, -6, -3, -6)) if traits.regular > 0 else Scattered(rate_hz)
        case Every():
            return _paced(timing, traits, pace * 2.0**traits.density)
        case Steady():
            jitter = timing.jitter * (0.3 if traits.regular > 0 else 1.0)
            return replace(timing, rate_hz=timing.rate_hz * pace, jitter=jitter)
        case Phrases():
            return _phrased(timing, traits, pace)
        case Bounces():
            return replace(timing, gap_s=timing.gap_s / pace)
        case Dying():
            fall_s = timing.fall_s * 2.0 ** (0.5 * traits.length) / pace**0.5
            return replace(timing, rate_hz=timing.rate_hz * crowd, fall_s=fall_s)
        case Tune():
            notes = tuple((at_s / pace, octaves, db) for at_s, octaves, db in timing.notes)
            return Tune(notes, timing.again_s / pace)
        case Once():
            return timing


def _paced(timing: Every, traits: Traits, pace: float) -> Timing:
    if traits.regular > 0:
        middle = (timing.gap_s[0] * timing.gap_s[1]) ** 0.5
        return Steady(pace / min(middle, 1.0), 0.01)
    return Every(_scaled(timing.gap_s, 1.0 / pace), _scaled(timing.first_s, 1.0 / pace))


def _phrased(timing: Phrases, traits: Traits, pace: float) -> Timing:
    spacing_s = _scaled(timing.spacing_s, 1.0 / pace)
    if traits.count == 1:
        return replace(timing, gap_s=_scaled(timing.gap_s, 2.0), spacing_s=spacing_s)
    if traits.count > 1:
        notes = (traits.count, traits.count)
        return replace(timing, gap_s=(_NEVER_S, _NEVER_S), notes=notes, spacing_s=spacing_s)
    if traits.regular > 0:
        return Steady(min(8.0, 1.0 / spacing_s[0]), 0.01, (0, -4, -2, -4))
    gap_s = _scaled(timing.gap_s, 2.0 ** -(traits.density + 0.4 * traits.force) / pace)
    return replace(timing, gap_s=gap_s, spacing_s=spacing_s)
