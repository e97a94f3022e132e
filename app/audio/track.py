"""Sound on its way to the sound card: which frames come when, and a ring of those decoded ahead.

One thread writes and the sound card's thread reads. No lock is needed: `written`, `is_complete`, `is_waiting` and
`_let_go` are set by the writer alone, `read` and `_run_dry` by the reader alone; the counters only grow, and are set
after samples were copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CHANNELS = 2  # of every track; a card with one gets the mean at the very end


class Loop(NamedTuple):
    """Frames of a file that are played again and again; `end` is the first frame after them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Which frame of a file sounds as the n-th frame of a track. Counted in fractions, so that hours don't drift.

    Attributes:
        begin: The file's frame that comes first; at unequal rates it may lie between two.
        frames: Where the sound ends: the length of the file, or of what is played of it.
        loop: Played over and over once reached; None, or a loop that lies before `begin`, plays to the end.
        ratio: Frames of the file for each frame sent to the sound card.
    """

    begin: Fraction
    frames: int
    loop: Loop | None
    ratio: Fraction

    @property
    def is_looping(self) -> bool:
        return self.loop is not None and self.begin < self.loop.end

    def place_at(self, sent: int) -> Fraction:
        """Where in the file the sound is after `sent` frames of the track."""
        place = self.begin + sent * self.ratio
        if self.loop is not None and self.is_looping and place >= self.loop.end:
            return self.loop.start + (place - self.loop.start) % (self.loop.end - self.loop.start)
        return min(place, Fraction(self.frames))

    def frame_at(self, sent: int) -> int:
        """The frame of the file that is reached then."""
        return int(self.place_at(sent))


def reachable(place: Fraction, ratio: Fraction) -> Fraction:
    """The place, or the nearest whole frame where a track can't be exactly there.

    The sound card's frames stand `ratio` frames of the file apart and some of them on a whole one.
    """
    return place if (place * ratio.denominator).denominator == 1 else Fraction(round(place))


def run_up(place: Fraction, ratio: Fraction, at_least: int) -> int:
    """How many frames of the track to go back from a reachable place to stand on a whole frame of the file."""
    step = ratio.denominator
    back = int(place * step) * pow(ratio.numerator, -1, step) % step
    return back + max(0, -(-(at_least - back) // step)) * step


class Timeline:
    """Stands for sounds that go in step with each other: a track takes over from another of its timeline in step."""

    __slots__ = ()


class Course:
    """Where a track leads. It is remembered for seconds after it was heard, which the samples aren't."""

    __slots__ = ("place", "plan", "rate_hz")

    def __init__(self, plan: Plan, place: object, rate_hz: int) -> None:
        self.plan = plan
        self.place = place
        self.rate_hz = rate_hz


class Track:
    """Frames decoded ahead, in the sound card's rate; shape (frames, 2)."""

    def __init__(
        self,
        plan: Plan,
        place: object,
        rate_hz: int,
        capacity_frames: int,
        *,
        timeline: Timeline | None = None,
        start: int = 0,
        gain: float = 1.0,
    ) -> None:
        """Prepare an empty ring.

        Args:
            plan: Maps frames of the track to frames of the file.
            place: Whatever stands for the place being listened to; a jump in silence begins a new one.
            rate_hz: Sample rate of the file that `plan` counts in.
            capacity_frames: How far to decode ahead.
            timeline: What it goes in step with; None is a new one.
            start: Where on its timeline it begins, in frames of the card.
            gain: Volume factor of this sound alone.
        """
        self.course = Course(plan, place, rate_hz)
        self.plan = plan
        self.rate_hz = rate_hz
        self.timeline = Timeline() if timeline is None else timeline
        self.start = start
        self.gain = gain
        """The player may change it at any time; what plays glides there."""
        self.written = 0
        self.read = 0
        self.is_complete = False
        self.is_waiting = False
        """The file has no more yet: running dry is nobody's fault."""
        self._run_dry = 0
        self._let_go = 0
        self._ring = np.zeros((capacity_frames, CHANNELS), np.float32)

    @property
    def available(self) -> int:
        return self.written - self.read

    @property
    def reached(self) -> int:
        """Where on its timeline it is."""
        return self.start + self.read

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
