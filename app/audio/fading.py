"""Fades: from silence to the whole level at the start of a sound, and back at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt

from app.domain.export_settings import FadeShape

Gains = npt.NDArray[np.float64]

_RANGE = 1_000.0  # 60 dB: how far a sound has died away when a room counts as silent


def gains(shape: FadeShape, at: Gains) -> Gains:
    """The gain at points of a fade.

    Linear is `t`; equal power is `sin(pi t / 2)`, so that two crossing fades keep their power; the s-curve is
    `(1 - cos(pi t)) / 2`; exponential is `(1000^t - 1) / 999`, a straight line in decibels over 60 dB but for its
    very end; logarithmic is the exponential seen from its other end, `1 - exponential(1 - t)`.

    Args:
        at: 0.0, silence, to 1.0, the whole level.
    """
    return _SHAPES[shape](at)


def faded(
    blocks: Iterable[npt.NDArray[np.float32]], frames: int, *, fade_in: int, fade_out: int, shape: FadeShape
) -> Iterator[npt.NDArray[np.float32]]:
    """Fade a sound; what lies between the fades stays bit for bit.

    The first sample of a fade in and the last of a fade out have the gain 0; the sample after `fade_in` frames is
    the first with the whole level.

    Args:
        blocks: Shape (n, channels), any n; left as they are.
        frames: How many there are in all.
        fade_in: Frames, 0 for none.
        fade_out: Frames, 0 for none; together with `fade_in` at most `frames`.
    """
    at = 0
    for block in blocks:
        end = at + len(block)
        if at < fade_in or end > frames - fade_out:
            block = block * envelope(np.arange(at, end, dtype=np.float64), frames, fade_in, fade_out, shape)[:, None]
        yield block
        at = end


def envelope(position: Gains, frames: int, fade_in: int, fade_out: int, shape: FadeShape) -> npt.NDArray[np.float32]:
    """The gain of each of these frames of a faded sound, as `faded` applies it; also for frames outside of it."""
    found = np.ones(len(position))
    if fade_in:
        found *= gains(shape, np.clip(position / fade_in, 0.0, 1.0))
    if fade_out:
        found *= gains(shape, np.clip((frames - 1 - position) / fade_out, 0.0, 1.0))
    return found.astype(np.float32)


def _exponential(at: Gains) -> Gains:
    curve: Gains = (_RANGE**at - 1.0) / (_RANGE - 1.0)
    return curve


_SHAPES: dict[FadeShape, Callable[[Gains], Gains]] = {
    FadeShape.LINEAR: lambda at: at,
    FadeShape.EQUAL_POWER: lambda at: np.sin(0.5 * np.pi * at),
    FadeShape.EXPONENTIAL: _exponential,
    FadeShape.LOGARITHMIC: lambda at: 1.0 - _exponential(1.0 - at),
    FadeShape.S_CURVE: lambda at: 0.5 - 0.5 * np.cos(np.pi * at),
}
