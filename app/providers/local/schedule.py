"""When each sound of a mix begins and ends: one-shots in turn, lasting sounds in what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.providers.local.lengths import again_s, body_s, is_one_shot, whole_s
from app.providers.local.recipe import Bed, Every, Part, Phrases, Steady
from app.providers.local.traits import Traits

# These are where a scene plays: what comes later comes while they go on.
AMBIENT: frozenset[str] = frozenset(
    {"rain", "hail", "wind", "thunder", "snow", "sea", "stream", "waterfall", "fire", "birds", "insects", "crowd"}
    | {"traffic", "leaves", "fan", "machine hum", "drone", "frog"}
)
_SHORTEST_S = 0.16
_BREATH_S = 0.04
_MOST_REPEATS = 240


@dataclass(frozen=True, slots=True)
class Sound:
    """What matters of a voice for its place in time."""

    name: str
    parts: tuple[Part, ...]
    traits: Traits
    step: int
    is_together: bool

    @property
    def is_one_shot(self) -> bool:
        return is_one_shot(self.parts)

    @property
    def goes_on(self) -> bool:
        """It takes the time that it is given."""
        if self.is_one_shot:
            return self.traits.is_reversed or (self.traits.count == 0 and self._is_repeated)
        return _counted_s(self.parts, self.traits.count) == 0.0

    @property
    def _is_repeated(self) -> bool:
        return self.traits.is_repeated or self.traits.density >= 1.0 or self.traits.regular > 0.0

    @property
    def gap_s(self) -> float:
        """Between two of it, where there are several."""
        crowd: float = 2.0 ** (self.traits.speed + 0.4 * max(0.0, self.traits.density))
        return max(0.08, again_s(self.parts) / crowd)

    @property
    def length_s(self) -> float:
        """Until the next may begin."""
        if not self.is_one_shot:
            return max(_SHORTEST_S, _counted_s(self.parts, self.traits.count))
        more = max(0, self.traits.count - 1) * self.gap_s
        return more + max(_SHORTEST_S, body_s(self.parts)) + _BREATH_S

    def times(self, seconds: float) -> tuple[float, ...]:
        """When it happens within so many seconds; a number that was asked for always fits."""
        if not self.is_one_shot or self.traits.is_reversed:
            return (0.0,)
        count = self.traits.count
        if count == 0 and self._is_repeated:
            count = max(2, min(_MOST_REPEATS, int(seconds / self.gap_s)))
        gap_s = min(self.gap_s, 0.92 * seconds / max(1, count))
        return tuple(number * gap_s for number in range(max(1, count)))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a sound lies in the mix.

    Attributes:
        times_s: When its event happens, after the start; lasting sounds have one.
        piece_s: How much of each event is made.
    """

    start_s: float
    length_s: float
    times_s: tuple[float, ...] = (0.0,)
    piece_s: float = 0.0


def scheduled(sounds: Sequence[Sound], seconds: float) -> list[Span]:
    """A span for each sound, in the same order."""
    steps = [[number for number, _ in group] for _, group in _by_step(sounds)]
    starts = _step_starts([[sounds[number] for number in step] for step in steps], seconds)
    spans: dict[int, Span] = {}
    for place, step in enumerate(steps):
        end_s = starts[place + 1] if place + 1 < len(steps) else seconds
        group = [sounds[number] for number in step]
        offsets = _offsets(group, end_s - starts[place], _lead_in_s(group, seconds))
        for number, offset_s in zip(step, offsets, strict=True):
            spans[number] = _span(sounds[number], starts[place] + offset_s, end_s, seconds)
    return [spans[number] for number in range(len(sounds))]


def _by_step(sounds: Sequence[Sound]) -> groupby[int, tuple[int, Sound]]:
    ordered = sorted(enumerate(sounds), key=lambda pair: pair[1].step)
    return groupby(ordered, key=lambda pair: pair[1].step)


def _step_starts(steps: list[list[Sound]], seconds: float) -> list[float]:
    """Where each step begins: one-shots take what they need, the others share the rest."""
    lengths = [None if _goes_on(step) else _lead_in_s(step, seconds) + _chain_s(step) for step in steps]
    last = lengths[-1]
    if last is not None and len(steps) > 1:
        # The last event is heard to its end, if it isn't endless.
        lengths[-1] = max(last, min(0.45 * seconds, max(whole_s(sound.parts) for sound in steps[-1])))
    flexible = sum(length is None for length in lengths)
    needed = sum(length for length in lengths if length is not None)
    most = seconds * (1.0 if not flexible else max(0.3, 1.0 - 0.3 * flexible))
    fitting = min(1.0, most / needed) if needed else 1.0
    share = (seconds - needed * fitting) / flexible if flexible else 0.0
    starts = [0.0]
    for length in lengths[:-1]:
        starts.append(starts[-1] + (share if length is None else length * fitting))
    return starts


def _goes_on(step: list[Sound]) -> bool:
    """A backdrop doesn't hold up what comes next, unless there is nothing else."""
    acting = [sound for sound in step if sound.name not in AMBIENT] or step
    return any(sound.goes_on for sound in acting)


def _chain_s(step: list[Sound]) -> float:
    return max(
        offset + sound.length_s for sound, offset in zip(step, _raw_offsets(step), strict=True) if not sound.goes_on
    )


def _lead_in_s(step: list[Sound], seconds: float) -> float:
    """A single event comes a moment after the scene has been set."""
    return min(1.0, 0.12 * seconds) if any(sound.name in AMBIENT for sound in step) else 0.0


def _offsets(step: list[Sound], seconds: float, lead_in_s: float) -> list[float]:
    """When each sound of a step begins, so that all of them fit in."""
    offsets = _raw_offsets(step)
    last = max(offsets)
    fitting = min(1.0, max(0.0, 0.75 * seconds - lead_in_s) / last) if last > 0.0 else 1.0
    return [
        offset * fitting + (0.0 if sound.goes_on else lead_in_s) for sound, offset in zip(step, offsets, strict=True)
    ]


def _raw_offsets(step: list[Sound]) -> list[float]:
    """One-shots in the order they were said, each when the one before has been heard; footsteps come after a door."""
    offsets: list[float] = []
    cursor = start = 0.0
    for sound in step:
        if sound.goes_on:
            offsets.append(0.0 if sound.is_together or sound.name in AMBIENT else cursor)
            continue
        if not sound.is_together:
            start = cursor
        offsets.append(start)
        cursor = max(cursor, start + sound.length_s)
    return offsets


def _span(sound: Sound, start_s: float, end_s: float, seconds: float) -> Span:
    if sound.is_one_shot and not sound.traits.is_reversed:
        times = sound.times(max(0.1, end_s - start_s))
        return Span(start_s, seconds - start_s, times, whole_s(sound.parts) + 0.1)
    stays = sound.name in AMBIENT or end_s >= seconds
    return Span(start_s, (seconds if stays else end_s) - start_s)


def _counted_s(parts: Sequence[Part], count: int) -> float:
    """How long a counted number of events takes; 0 where nothing is counted."""
    if count == 0:
        return 0.0
    lengths = [0.0]
    for part in parts:
        if isinstance(part, Bed):
            return 0.0
        match part.timing:
            case Phrases():
                lengths.append(count * part.timing.spacing_s[1])
            case Every():
                lengths.append(count * part.timing.gap_s[1])
            case Steady():
                lengths.append(count / part.timing.rate_hz)
    return max(lengths)
