"""What the listener hears now: the sound card plays later than it asks, by a time that it tells.

The sound card's thread notes what it sent, in tuples that are replaced whole, so that whoever asks, on whichever
thread, never sees half of one. That is all it allocates; each takes the place of one that is let go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.audio.track import Course, Track

_REMEMBERED_CHUNKS = 1_024  # over a second, even in the smallest chunks a card asks for


class Sent(NamedTuple):
    """A chunk that went to the card: where on the card's timeline, and what of which track it was."""

    start: int
    course: Course | None
    track_start: int
    track_frames: int


class Heard:
    """Frames that went to a card since it was opened, and when they are heard."""

    def __init__(self, rate_hz: int, clock: Callable[[], float]) -> None:
        self.last_call = clock()
        """When the card last asked, by the clock."""
        self.sent_frames = 0
        self._rate_hz = rate_hz
        self._clock = clock
        self._anchor = (self.last_call, 0, 0.0, 0)
        self._sent = [Sent(0, None, 0, 0)] * _REMEMBERED_CHUNKS
        self._chunks = 0
        self._heard = 0

    # The sound card's side.

    def note_call(self, frames: int, delay_s: float) -> None:
        """The card asks for frames; the first of them is heard after this time."""
        self.last_call = self._clock()
        self._anchor = (self.last_call, self.sent_frames, delay_s, frames)

    def note_sent(self, frames: int, track: Track | None, track_start: int) -> None:
        """So many frames went to it; the track, if any, had been read up to `track_start` before."""
        course, track_frames = (None, 0) if track is None else (track.course, track.read - track_start)
        self._sent[self._chunks % _REMEMBERED_CHUNKS] = Sent(self.sent_frames, course, track_start, track_frames)
        self._chunks += 1
        self.sent_frames += frames

    # The player's side.

    def frames(self) -> int:
        """How far on the card's timeline the listener is now; never goes back."""
        called, start, delay_s, frames = self._anchor
        heard = start + int((self._clock() - called - delay_s) * self._rate_hz)
        self._heard = max(self._heard, min(heard, start + frames))
        return self._heard

    def sound(self) -> tuple[Course, int] | None:
        """Where the track that is heard now leads and how many of its frames were heard; None before the first."""
        heard = self.frames()
        newest = self._chunks - 1
        for index in range(newest, max(-1, newest - _REMEMBERED_CHUNKS + 1), -1):
            sent = self._sent[index % _REMEMBERED_CHUNKS]
            if sent.start <= heard:
                if sent.course is None:
                    return None
                return sent.course, sent.track_start + min(heard - sent.start, sent.track_frames)
        return None
