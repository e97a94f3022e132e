"""Frames of a file in the order they are heard: from a place, around a loop, in the sound card's rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.audio.encoding import sane
from app.audio.files import decoding_errors
from app.audio.mixing import mix
from app.audio.readable import Readable
from app.audio.track import CHANNELS, Loop, Plan, run_up

if TYPE_CHECKING:
    import soxr

_BLOCK_FRAMES = 8_192
_KEPT_LOOP_FRAMES = 1 << 18  # a loop up to 5 s is kept in memory: thousands of tiny reads would be too slow
_RUN_UP_FRAMES = 512  # of the card, more if it is the faster one: longer than the resampler remembers

Floats = npt.NDArray[np.float32]


class Source:
    """Decodes a file along a plan. Used by one thread; may block on the disk.

    At unequal rates it gives exactly the frames of the whole file resampled, wherever it begins: the resampler is
    led up to the place. Samples that aren't numbers become silence.

    Attributes:
        is_waiting: The file grows, and all that is there was read.
    """

    def __init__(self, sound: Readable, plan: Plan, *, rate_hz: int, out_rate_hz: int) -> None:
        """Go to the plan's first frame.

        Args:
            sound: An open file; the source moves about in it.
            plan: Before its first frame a file is silent, so it may begin there.
        Raises:
            BrokenAudio: The file can't be decoded.
        """
        self.is_waiting = False
        self._sound = sound
        self._plan = plan
        self._loop = plan.loop if plan.is_looping else None
        self._resampler = _resampler(rate_hz, out_rate_hz)
        self._dropped = 0  # frames that only lead the resampler up to the place
        if self._resampler is not None:  # even at the very start, where it would make up some of what was before
            self._dropped = run_up(plan.begin, plan.ratio, _RUN_UP_FRAMES * max(1, -(-out_rate_hz // rate_hz)))
        first = int(plan.begin - self._dropped * plan.ratio)
        self._silence = max(0, -first)  # before the file
        self._frame = 0
        self._is_drained = False
        self._kept = self._keep(self._loop)
        self._jump(min(max(first, 0), sound.frames))

    def close(self) -> None:
        """Close the file."""
        self._sound.close()

    def read(self) -> Floats | None:
        """The next frames, shape (n, 2). None at the end.

        n may be 0 while the resampler warms up, and while a file that grows has no more.

        Raises:
            BrokenAudio: The file can't be decoded any further.
        """
        if self._is_drained:
            return None
        may_grow = self._sound.is_growing  # asked first: nothing is written after it has ended
        block = mix(self._next(), CHANNELS)
        self.is_waiting = may_grow and not len(block)
        if self.is_waiting:
            return block
        self._is_drained = not len(block)
        if self._resampler is None:
            return None if self._is_drained else block
        resampled: Floats = self._resampler.resample_chunk(block, last=self._is_drained)
        dropped = min(self._dropped, len(resampled))
        self._dropped -= dropped
        return resampled[dropped:]

    def _next(self) -> Floats:
        if self._silence:
            count = min(self._silence, _BLOCK_FRAMES)
            self._silence -= count
            return np.zeros((count, CHANNELS), np.float32)
        if self._loop is None:
            return self._decode(_BLOCK_FRAMES)
        if self._kept is not None and self._loop.start <= self._frame:
            return self._around_the_kept_loop(self._loop, self._kept)
        if self._frame >= self._loop.end:
            self._jump(self._loop.start)
        return self._decode(min(_BLOCK_FRAMES, self._loop.end - self._frame))

    def _decode(self, frames: int) -> Floats:
        with decoding_errors():
            block = sane(self._sound.read(frames))  # what is no number would be a bang, or worse
        self._frame += len(block)
        return block

    def _jump(self, frame: int) -> None:
        with decoding_errors():
            self._sound.seek(frame)
        self._frame = frame

    def _keep(self, loop: Loop | None) -> Floats | None:
        if loop is None or loop.end - loop.start > _KEPT_LOOP_FRAMES:
            return None
        self._jump(loop.start)
        kept = np.zeros((loop.end - loop.start, self._sound.channels), np.float32)
        block = self._decode(len(kept))
        kept[: len(block)] = block
        return kept

    def _around_the_kept_loop(self, loop: Loop, kept: Floats) -> Floats:
        length = loop.end - loop.start
        offset = (self._frame - loop.start) % length
        self._frame = loop.start + (offset + _BLOCK_FRAMES) % length
        return kept[(offset + np.arange(_BLOCK_FRAMES)) % length]


def _resampler(rate_hz: int, out_rate_hz: int) -> soxr.ResampleStream | None:
    if rate_hz == out_rate_hz:
        return None
    import soxr

    return soxr.ResampleStream(rate_hz, out_rate_hz, CHANNELS, dtype="float32", quality="VHQ")
