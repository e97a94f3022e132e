"""Frames of a file in the order they are heard: from a place, around a loop, in the sound card's rate."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from app.audio.encoding import sane
from app.audio.files import decoding_errors, open_sound
from app.audio.mixing import mix
from app.audio.track import Loop, Plan
from app.domain.errors import BrokenAudio

if TYPE_CHECKING:
    import soxr

    from app.audio.growing import Growth

_BLOCK_FRAMES = 8_192
_KEPT_LOOP_FRAMES = 1 << 18  # a loop up to 5 s is kept in memory: thousands of tiny reads would be too slow


class Readable(Protocol):
    """A file that is being decoded: a whole one, or one that grows."""

    @property
    def frames(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def is_growing(self) -> bool: ...

    def read(self, frames: int) -> npt.NDArray[np.float32]: ...

    def seek(self, frame: int) -> None: ...


class Source:
    """Decodes a file along a plan. Used by one thread; may block on the disk.

    Attributes:
        is_waiting: The file grows, and all that is there was read.
    """

    def __init__(
        self,
        path: Path,
        plan: Plan,
        *,
        rate_hz: int,
        out_rate_hz: int,
        channels: int,
        growth: Growth | None = None,
    ) -> None:
        """Open the file at the plan's first frame.

        Args:
            path: A whole file; plays no part where `growth` is given.
            growth: A file that is still being written.
        Raises:
            BrokenAudio: The file can't be decoded.
            OSError: The file can't be opened.
        """
        self._plan = plan
        self._channels = channels
        self._frame = plan.begin
        self._loop = plan.loop if plan.is_looping else None
        self._resampler = _resampler(rate_hz, out_rate_hz, channels)
        self.is_waiting = False
        self._is_drained = False
        self._closing = ExitStack()
        self._sound: Readable
        if growth is None:
            self._sound = self._closing.enter_context(open_sound(path))
        else:
            self._sound = self._closing.enter_context(closing(growth.open()))
        try:
            self._jump(min(plan.begin, self._sound.frames))
            self._kept = self._keep(self._loop)
        except BrokenAudio:
            self.close()
            raise

    def close(self) -> None:
        self._closing.close()

    def read(self) -> npt.NDArray[np.float32] | None:
        """The next frames, shape (n, channels). None at the end.

        n may be 0 while the resampler warms up, and while a file that grows has no more.

        Raises:
            BrokenAudio: The file can't be decoded any further.
        """
        if self._is_drained:
            return None
        may_grow = self._sound.is_growing  # asked first: nothing is written after it has ended
        block = mix(self._next(), self._channels)
        self.is_waiting = may_grow and not len(block)
        if self.is_waiting:
            return block
        if self._resampler is None:
            self._is_drained = not len(block)
            return block if len(block) else None
        self._is_drained = not len(block)
        resampled: npt.NDArray[np.float32] = self._resampler.resample_chunk(block, last=self._is_drained)
        return resampled

    def _next(self) -> npt.NDArray[np.float32]:
        if self._loop is None:
            return self._decode(_BLOCK_FRAMES)
        if self._kept is not None and self._loop.start <= self._frame:
            return self._around_the_kept_loop(self._loop, self._kept)
        if self._frame >= self._loop.end:
            self._jump(self._loop.start)
        return self._decode(min(_BLOCK_FRAMES, self._loop.end - self._frame))

    def _decode(self, frames: int) -> npt.NDArray[np.float32]:
        with decoding_errors():
            block = sane(self._sound.read(frames))  # what is no number would be a bang, or worse
        self._frame += len(block)
        return block

    def _jump(self, frame: int) -> None:
        with decoding_errors():
            self._sound.seek(frame)
        self._frame = frame

    def _keep(self, loop: Loop | None) -> npt.NDArray[np.float32] | None:
        if loop is None or loop.end - loop.start > _KEPT_LOOP_FRAMES:
            return None
        begin = self._frame
        self._jump(loop.start)
        kept = np.zeros((loop.end - loop.start, self._sound.channels), np.float32)
        block = self._decode(len(kept))
        kept[: len(block)] = block
        self._jump(begin)
        return kept

    def _around_the_kept_loop(self, loop: Loop, kept: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        length = loop.end - loop.start
        offset = (self._frame - loop.start) % length
        self._frame = loop.start + (offset + _BLOCK_FRAMES) % length
        return kept[(offset + np.arange(_BLOCK_FRAMES)) % length]


def _resampler(rate_hz: int, out_rate_hz: int, channels: int) -> soxr.ResampleStream | None:
    if rate_hz == out_rate_hz:
        return None
    import soxr

    return soxr.ResampleStream(rate_hz, out_rate_hz, channels, dtype="float32", quality="VHQ")
