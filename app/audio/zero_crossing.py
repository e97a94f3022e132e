"""Where to cut so that it doesn't click: the nearest place at which the sound passes through zero.

A cut makes the sound jump: from the sample before it to silence, or from silence to the sample after it. Places where
the loudest channel rises through zero are looked at, always the rising ones, so that a loop between two of them goes
on in the same direction. Of stereo the other channel is somewhere else at that moment, so the best of these places is
the one where the largest jump of any channel is smallest. All that are nearly as good, or so good that nobody hears
the difference, count the same; the nearest of them is taken.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from app.audio.stretches import Stretches

REACH_S = 0.02  # to either side: a period of 50 Hz has one in each
_AS_GOOD = 2.0  # a crossing lies anywhere between two samples, so the jump varies by as much
_UNHEARD = 10 ** (-60 / 20)


def crossings_near(stretches: Stretches, frames: Iterable[int], *, within_s: float = REACH_S) -> dict[int, int]:
    """The best place to cut near each of these frames of a file. Reads only what lies around them; blocks.

    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
    """
    within = max(1, round(within_s * stretches.info().sample_rate_hz))
    found = {}
    for frame in frames:
        start = max(0, frame - within - 1)
        found[frame] = start + nearest_crossing(stretches.read(start, 2 * within + 2), frame - start, within)
    return found


def nearest_crossing(samples: npt.NDArray[np.float32], frame: int, within: int) -> int:
    """The best place to cut near a frame.

    Args:
        samples: Shape (channels, n), the whole sound or the part around the frame; -1 to 1.
        frame: Of `samples`; a cut lies before the frame.
        within: How many frames away the place may be.
    Returns:
        A frame from `frame - within` to `frame + within`. `frame` itself where a cut makes no jump, at the ends of
        `samples` and beyond, and in what is quieter than -60 dBFS. Where nothing crosses zero, the place with the
        smallest jump.
    """
    count = samples.shape[1]
    if not 0 < frame < count:
        return frame
    first, after = max(1, frame - within), min(count, frame + within + 1)
    part = samples[:, first - 1 : after]
    sizes = np.abs(part)
    jumps = np.maximum(sizes[:, :-1], sizes[:, 1:]).max(axis=0)  # of a cut before first, first + 1, ...
    if jumps[frame - first] <= _UNHEARD:
        return frame
    loudest = part[np.argmax(np.square(part).sum(axis=1))]
    rises = np.flatnonzero((loudest[:-1] < 0) & (loudest[1:] >= 0))
    places = rises if len(rises) else np.arange(after - first)
    good = places[jumps[places] <= max(_AS_GOOD * float(jumps[places].min()), _UNHEARD)]
    return first + int(good[np.argmin(np.abs(good + first - frame))])
