"""Sound on its way to the sound card: which frames come when, and a ring of those decoded ahead.

One thread writes and the sound card's thread reads. No lock is needed: `written`, `is_complete`, `is_waiting` and
`_let_go` are set by the writer alone, `read` and `_run_dry` by the reader alone; the counters only grow, and are set
after samples were copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Loop(NamedTuple):
    """Frames of a file that are played again and again; `end` is the first frame after them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Which frame of a file sounds as the n-th frame of a track.

    Attributes:
        begin: The file's frame that comes first.
        frames: Length of the file.
        loop: Played over and over once reached; None, or a loop that lies before `begin`, plays to the end.
        ratio: Frames of the file for each frame sent to the sound card.
    """

    begin: int
    frames: int
    loop: Loop | None
    ratio: float

    @property
    def is_looping(self) -> bool:
        return self.loop is not None and self.begin < self.loop.end

    def frame_at(self, sent: int) -> int:
        """The frame of the file that follows after `sent` frames of the track."""
        frame = self.begin + int(sent * self.ratio)
        if self.loop is not None and self.is_looping and frame >= self.loop.end:
            return self.loop.start + (frame - self.loop.start) % (self.loop.end - self.loop.start)
        return min(frame, self.frames)


class Track:
    """Frames decoded ahead, in the sound card's rate and channels."""

    def __init__(self, plan: Plan, take: object, rate_hz: int, channels: int, capacity_frames: int) -> None:
        """Prepare an empty ring.

        Args:
            plan: Maps frames of the track to frames of the file.
            take: Whatever stands for the place being listened to; a jump in silence begins a new one.
            rate_hz: Sample rate of the file that `plan` counts in.
            channels: Of the sound card's stream.
            capacity_frames: How far to decode ahead.
        """
        self.plan = plan
        self.take = take
        self.rate_hz = rate_hz
        self.written = 0
        self.read = 0
        self.is_complete = False
        self.is_waiting = False
        """The file has no more yet: running dry is nobody's fault."""
        self._run_dry = 0
        self._let_go = 0
        self._ring = np.zeros((capacity_frames, channels), np.float32)

    @property
    def available(self) -> int:
        return self.written - self.read

    @property
    def is_over(self) -> bool:
        """Everything was written and read."""
        return self.is_complete and not self.available

    @property
    def is_held(self) -> bool:
        """It stays silent, where it is, until enough has arrived."""
        return self._run_dry != self._let_go

    def hold(self) -> None:
        """Stay silent until `let_go`. For the writer, before anybody reads."""
        self._let_go = -1

    def let_go(self) -> None:
        """Sound again. For the writer."""
        self._let_go = self._run_dry

    def run_dry(self) -> None:
        """Stay silent until `let_go`. For the reader, who wanted more than is there."""
        self._run_dry += 1

    @property
    def free(self) -> int:
        return len(self._ring) - self.available

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Append frames; at most `free` of them."""
        at = self.written % len(self._ring)
        first = min(len(block), len(self._ring) - at)
        self._ring[at : at + first] = block[:first]
        self._ring[: len(block) - first] = block[first:]
        self.written += len(block)

    def read_into(self, out: npt.NDArray[np.float32]) -> int:
        """Copy as many frames as there are, at most len(out); says how many."""
        count = min(len(out), self.available)
        at = self.read % len(self._ring)
        first = min(count, len(self._ring) - at)
        out[:first] = self._ring[at : at + first]
        out[first:count] = self._ring[: count - first]
        self.read += count
        return count

    def skip(self, frames: int) -> None:
        """Pass over frames without playing them; at most those that are there."""
        self.read += min(frames, self.available)
