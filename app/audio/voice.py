"""A track that sounds, with its fade and its own volume."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.audio.glide import Glide, Ramp
from app.audio.track import Track


class Voice:
    """Plays one track after the other. `level` goes from 0 (silent) to the length of the fade (full)."""

    def __init__(self, ramp: Ramp) -> None:
        self.track: Track | None = None
        self.is_rising = False
        self.has_run_dry = False
        """More should have been there at the last chunk."""
        self.level = 0
        self._ramp = ramp
        self._gain = Glide(ramp)

    def take_up(self, track: Track, *, is_rising: bool, is_full: bool) -> None:
        """Begin with another track, silent or full."""
        self.track = track
        self.is_rising = is_rising
        self.has_run_dry = False
        self.level = self._ramp.frames if is_full else 0
        self._gain.jump_to(track.gain)

    def lay_down(self) -> None:
        self.track = None
        self.level = 0
        self.has_run_dry = False

    @property
    def has_ended(self) -> bool:
        """Nothing more of it will be heard, because there is no more."""
        track = self.track
        return track is not None and self.is_rising and not track.is_held and track.is_over

    @property
    def is_audible(self) -> bool:
        return self.track is not None and (self.is_rising or self.level > 0)

    def render(self, out: npt.NDArray[np.float32]) -> int:
        """Write up to len(out) frames; says how many. What is past them is left as it was."""
        track = self.track
        assert track is not None
        ramp = self._ramp
        wanted = len(out) if self.is_rising else min(len(out), self.level)
        count = self._read_into(track, out[:wanted])
        if count:
            self._gain.apply(out[:count], track.gain)
        if self.is_rising:
            fading = min(count, ramp.frames - self.level)
            if fading > 0:
                out[:fading] *= ramp.rising[self.level : self.level + fading]
                self.level += fading
        else:
            done = ramp.frames - self.level
            out[:count] *= ramp.falling[done : done + count]
            self.level -= wanted
        return count

    def _read_into(self, track: Track, out: npt.NDArray[np.float32]) -> int:
        """Copy what there is; says how many frames that was, and notes whether more should have been there."""
        self.has_run_dry = False
        if track.is_held:
            return 0
        is_complete, is_waiting = track.is_complete, track.is_waiting  # asked first: the last frames come before that
        count = track.read_into(out)
        if count < len(out) and not is_complete:
            if is_waiting:
                track.run_dry()
            self.has_run_dry = not is_waiting
        return count
