"""Where a ruler has its ticks and what they are called: steps of 1, 2 and 5, from minutes down to samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from app.ui.view_span import ViewSpan

NARROWEST_STEP_PX = 80.0
NARROWEST_SAMPLE_STEP_PX = 112.0
_SIGN_PX, _AROUND_LABEL_PX = 6.8, 14.0
QUARTERS = 4
_LONG_STEPS_S = (1, 2, 5, 10, 20, 60, 120, 300, 600, 1200, 3600, 7200, 18000, 36000)


class Tick(NamedTuple):
    """One line of the ruler; `label` is None for the quarter ticks between two named ones."""

    x: float
    label: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """The distance of two named ticks.

    Attributes:
        frames: A whole number only where it is counted in samples.
        seconds: None where it is counted in samples.
    """

    frames: float
    seconds: float | None


def step_for(frames_per_px: float, sample_rate_hz: int, text_scale: float = 1.0, last_frame: int = 0) -> Step:
    """The smallest step whose labels don't touch.

    Args:
        last_frame: The largest number that may have to be told.
    """
    least_s = frames_per_px * NARROWEST_STEP_PX * text_scale / sample_rate_hz
    for seconds in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, *_LONG_STEPS_S):
        if seconds >= least_s:
            if seconds == 0.001:
                label_px = len(f"{last_frame:,} samples") * _SIGN_PX + _AROUND_LABEL_PX
                samples = _one_two_five(frames_per_px * max(NARROWEST_SAMPLE_STEP_PX, label_px) * text_scale)
                if samples < sample_rate_hz / 1000:
                    return Step(float(samples), None)
            return Step(seconds * sample_rate_hz, float(seconds))
    hours = _one_two_five(least_s / 3600)
    return Step(hours * 3600.0 * sample_rate_hz, hours * 3600.0)


def is_in_samples(span: ViewSpan, width: float, sample_rate_hz: int, text_scale: float = 1.0) -> bool:
    """Whether the ruler of a view this wide counts samples."""
    return _step_of(span, width, sample_rate_hz, text_scale).seconds is None


def ticks(span: ViewSpan, width: float, sample_rate_hz: int, text_scale: float = 1.0) -> list[Tick]:
    """Every tick that is visible on a ruler of `width` pixels, from left to right."""
    step = _step_of(span, width, sample_rate_hz, text_scale)
    quarter = step.frames / QUARTERS
    first, last = math.ceil(span.start / quarter), math.floor(span.end / quarter)
    start, px_per_frame = span.start, width / span.length
    return [
        Tick((number * quarter - start) * px_per_frame, None if number % QUARTERS else label(number // QUARTERS, step))
        for number in range(first, last + 1)
    ]


def _step_of(span: ViewSpan, width: float, sample_rate_hz: int, text_scale: float) -> Step:
    return step_for(span.length / max(width, 1.0), sample_rate_hz, text_scale, span.total)


def label(number: int, step: Step) -> str:
    """The name of the tick `number` steps from the start: `0:04`, `0:01.25`, `1:02:00` or `61,440 samples`."""
    if step.seconds is None:
        return f"{round(number * step.frames):,} samples"
    milliseconds = round(number * step.seconds * 1000)
    seconds, rest_ms = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    places = max(0, -math.floor(math.log10(step.seconds) + 1e-9))
    return clock + (f".{rest_ms:03}"[: places + 1] if places else "")


def _one_two_five(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is at least `least`."""
    power = int(10 ** max(0, math.floor(math.log10(max(least, 1.0)))))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
