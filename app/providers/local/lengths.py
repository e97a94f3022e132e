"""How long recipes last by themselves, in seconds, judged from their numbers alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from app.providers.local.recipe import (
    Bed,
    Bounces,
    Burst,
    Compound,
    Dying,
    Grain,
    Modal,
    Once,
    Part,
    Points,
    Range,
    Scatter,
    Tone,
    Train,
    Tune,
)

_LONGEST_S = 12.0


def is_one_shot(parts: Iterable[Part]) -> bool:
    """It happens and is over: nothing in it lasts as long as its layer or comes again."""
    has_parts = False
    for part in parts:
        has_parts = True
        if isinstance(part, Bed) or _fills_layer(part.grain):
            return False
        if isinstance(part.timing, Tune):
            if part.timing.again_s > 0.0:
                return False
        elif not isinstance(part.timing, Once | Dying | Bounces):
            return False
    return has_parts


def body_s(parts: Iterable[Part]) -> float:
    """Until the next sound may begin without covering this one: the event itself, without its tail."""
    return max((_starts_s(part)[0] + _grain_s(part.grain, is_whole=False) for part in _events(parts)), default=0.0)


def whole_s(parts: Iterable[Part]) -> float:
    """Until nothing of it rings any more."""
    whole = max((_starts_s(part)[1] + _grain_s(part.grain, is_whole=True) for part in _events(parts)), default=0.0)
    return min(whole, _LONGEST_S)


def again_s(parts: Iterable[Part]) -> float:
    """The usual gap between two of its kind."""
    return max((part.timing.again_s for part in _events(parts) if isinstance(part.timing, Once)), default=1.6)


def _events(parts: Iterable[Part]) -> Iterable[Scatter]:
    return (part for part in parts if isinstance(part, Scatter))


def _starts_s(part: Scatter) -> tuple[float, float]:
    """When the main events of a part have begun, and when the last one has."""
    match part.timing:
        case Once(at_s):
            return at_s, at_s
        case Dying(_, fall_s, at_s):
            return at_s + min(fall_s, 0.5), at_s + 5.0 * fall_s
        case Bounces(gap_s, ratio, _, at_s):
            whole = at_s + gap_s / max(0.05, 1.0 - ratio)
            return min(whole, at_s + 1.0), whole
        case Tune(notes, _):
            last = max(at_s for at_s, _, _ in notes)
            return last, last
    return 0.0, _LONGEST_S


def _grain_s(grain: Grain, *, is_whole: bool) -> float:
    match grain:
        case Modal():
            return grain.ring_s[1] * 1.1 if is_whole else min(0.3 * _middle(grain.ring_s), 0.5)
        case Compound():
            return max(delay_s + _grain_s(part, is_whole=is_whole) for delay_s, _, part in grain.parts)
        case Train():
            return (grain.seconds[1] if is_whole else _middle(grain.seconds)) if grain.seconds else 0.0
    if grain.seconds is None:
        return 0.0
    if is_whole:
        return grain.seconds[1]
    # An exponential fall is half gone after a third.
    return _middle(grain.seconds) * (0.35 if grain.shape is None else _loud_part(grain.shape))


def _loud_part(shape: Points) -> float:
    """The fraction of a shape until it stays under a third of its height."""
    low = max(value for _, value in shape) / 3.0
    for (place, value), (next_place, next_value) in reversed(list(pairwise(shape))):
        if max(value, next_value) > low:
            return (
                next_place if next_value >= low else place + (next_place - place) * (value - low) / (value - next_value)
            )
    return 1.0


def _middle(span: Range) -> float:
    return (span[0] * span[1]) ** 0.5 if span[0] > 0.0 else 0.5 * sum(span)


def _fills_layer(grain: Grain) -> bool:
    match grain:
        case Modal():
            return False
        case Compound():
            return any(_fills_layer(part) for _, _, part in grain.parts)
        case Burst() | Tone() | Train():
            return grain.seconds is None
