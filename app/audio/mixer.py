"""What the sound card's callback does: copy ready samples, fade where a jump would click, count frames.

The callback runs on the sound card's own thread and must not wait, raise or allocate arrays. The player tells
it what to do by replacing one attribute (`follow`) and reads what happened from values replaced whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.track import Track

_CHUNK_FRAMES = 4_096
_REMEMBERED_CHUNKS = 1_024  # over a second, even in the smallest chunks a card asks for


class Order(NamedTuple):
    """What to play from now on.

    Attributes:
        track: The sound; None is silence.
        is_playing: False holds it where it is.
        is_abrupt: Begin at full volume, bit for bit; otherwise fade in over a few milliseconds.
        aligned_at: For a track that takes over from the current one in step: how many frames of the current
            track had been sent at the place where this one begins. None begins at its own first frame.
    """

    track: Track | None
    is_playing: bool
    is_abrupt: bool = False
    aligned_at: int | None = None


class Sent(NamedTuple):
    """A chunk that went to the card: where on the card's timeline, and what of which track it was."""

    start: int
    track: Track | None
    track_start: int
    track_frames: int


class _Voice:
    """A track with its fade: `level` goes from 0 (silent) to the length of the fade (full)."""

    def __init__(self, track: Track, level: int, fade_in: npt.NDArray[np.float32]) -> None:
        self.track = track
        self.level = level
        self.is_rising = True
        self.has_run_dry = False
        self._fade_in = fade_in
        self._fade_out = np.float32(1) - fade_in

    @property
    def has_ended(self) -> bool:
        """Nothing more of it will be heard, because there is no more."""
        return self.is_rising and not self.track.is_held and self.track.is_over

    @property
    def is_audible(self) -> bool:
        return self.is_rising or self.level > 0

    def render(self, out: npt.NDArray[np.float32]) -> int:
        """Write up to len(out) frames; says how many. What is past them is left as it was."""
        length = len(self._fade_in)
        wanted = len(out) if self.is_rising else min(len(out), self.level)
        count, self.has_run_dry = self._read_into(out[:wanted])
        if self.is_rising:
            fading = min(count, length - self.level)
            out[:fading] *= self._fade_in[self.level : self.level + fading]
            self.level += fading
        else:
            done = length - self.level
            out[:count] *= self._fade_out[done : done + count]
            self.level -= wanted
        return count

    def _read_into(self, out: npt.NDArray[np.float32]) -> tuple[int, bool]:
        """Copy what there is; says how many frames that was, and whether more should have been there."""
        track = self.track
        if track.is_held:
            return 0, False
        is_complete, is_waiting = track.is_complete, track.is_waiting  # asked first: the last frames come before that
        count = track.read_into(out)
        if count == len(out) or is_complete:
            return count, False
        if is_waiting:
            track.run_dry()
        return count, not is_waiting


class Mixer:
    """Fills a stream's buffers from at most two tracks, one of which is fading out."""

    def __init__(
        self,
        *,
        rate_hz: int,
        channels: int,
        gain: float,
        fade_s: float,
        clock: Callable[[], float],
    ) -> None:
        self.gain = gain
        """Volume factor; the player sets it, the callback glides there. 1.0 leaves samples untouched."""
        self.underruns = 0
        """How often samples were missing: ours not ready in time, or the card's own report."""
        self.last_call = clock()
        """When the card last asked, by the clock."""
        self.rate_hz = rate_hz
        self.channels = channels
        self._clock = clock
        fade_frames = max(1, round(fade_s * rate_hz))
        self._fade_in = (np.arange(1, fade_frames + 1, dtype=np.float32) / np.float32(fade_frames))[:, None]
        self._order = self._taken = Order(None, is_playing=False)
        self._end: tuple[Order, int] | None = None
        self._current: _Voice | None = None
        self._leaving: _Voice | None = None
        self._current_gain = self._glide_from = self._glide_to = gain
        self._glided = fade_frames  # the glide is over
        self._scratch = np.zeros((_CHUNK_FRAMES, channels), np.float32)
        self._glide = np.zeros((fade_frames, 1), np.float32)
        self._chunk_peak = np.zeros(channels, np.float32)
        self._peaks = (np.zeros(channels, np.float32), np.zeros(channels, np.float32))
        self._peak_side = 0
        self._sent_frames = 0
        self._sent = [Sent(0, None, 0, 0)] * _REMEMBERED_CHUNKS
        self._chunks = 0
        self._anchor = (self.last_call, 0, 0.0, 0)
        self._heard = 0

    # The player's side.

    def follow(self, order: Order) -> None:
        """Play this from the next buffer on, or as soon as a fade in progress is over."""
        self._order = order

    @property
    def ended_at(self) -> int | None:
        """Where on the card's timeline the present order's track ended; None while it hasn't."""
        end = self._end
        return end[1] if end is not None and end[0] is self._order else None

    @property
    def tracks(self) -> set[Track]:
        """The tracks that still need samples."""
        voices = (self._current, self._leaving)
        tracks = {voice.track for voice in voices if voice is not None}
        return tracks if self._order.track is None else tracks | {self._order.track}

    def take_peaks(self) -> tuple[float, ...]:
        """The highest absolute sample of each channel since this was last asked."""
        side = self._peak_side
        self._peak_side = 1 - side  # the callback goes on with the other one
        peaks = tuple(float(peak) for peak in self._peaks[side])
        self._peaks[side].fill(0.0)
        return peaks

    def heard_frames(self) -> int:
        """How far on the card's timeline the listener is now; never goes back."""
        called, start, delay_s, frames = self._anchor
        heard = start + int((self._clock() - called - delay_s) * self.rate_hz)
        self._heard = max(self._heard, min(heard, start + frames))
        return self._heard

    def heard_sound(self) -> tuple[Track, int] | None:
        """The track that is heard now and how many of its frames were heard; None before the first."""
        heard = self.heard_frames()
        newest = self._chunks - 1
        for index in range(newest, max(-1, newest - _REMEMBERED_CHUNKS + 1), -1):
            sent = self._sent[index % _REMEMBERED_CHUNKS]
            if sent.start <= heard:
                if sent.track is None:
                    return None
                return sent.track, sent.track_start + min(heard - sent.start, sent.track_frames)
        return None

    # The sound card's side.

    def fill(self, out: npt.NDArray[np.float32], delay_s: float, has_underflowed: bool) -> None:
        """The callback."""
        self.last_call = self._clock()
        self._anchor = (self.last_call, self._sent_frames, delay_s, len(out))
        if has_underflowed:
            self.underruns += 1
        for at in range(0, len(out), _CHUNK_FRAMES):
            self._fill_chunk(out[at : at + _CHUNK_FRAMES])

    def _fill_chunk(self, out: npt.NDArray[np.float32]) -> None:
        order = self._order
        if order is not self._taken and self._leaving is None and self._is_ready(order, len(out)):
            self._take(order)
        out.fill(0.0)
        voice = self._current
        track_start = voice.track.read if voice is not None else 0
        if voice is not None and voice.is_audible:
            self._render(voice, out)
        if self._leaving is not None:
            self._render_leaving(self._leaving, out)
        self._apply_gain(out)
        self._note_peaks(out)
        sent = Sent(self._sent_frames, None, 0, 0)
        if voice is not None:
            sent = Sent(self._sent_frames, voice.track, track_start, voice.track.read - track_start)
        self._sent[self._chunks % _REMEMBERED_CHUNKS] = sent
        self._chunks += 1
        self._sent_frames += len(out)

    def _is_ready(self, order: Order, frames: int) -> bool:
        """An aligned track has to reach beyond the current one's place, else there would be a gap."""
        if order.track is None or order.aligned_at is None or self._current is None:
            return True
        behind = self._current.track.read - order.aligned_at
        is_full = order.track.free < frames  # so far behind that it never catches up: better late than never
        return order.track.is_complete or is_full or order.track.available >= behind + frames

    def _take(self, order: Order) -> None:
        self._taken = order
        voice = self._current
        if voice is not None and voice.track is order.track:
            voice.is_rising = order.is_playing
            return
        if voice is not None and voice.is_audible and not voice.track.is_over:
            voice.is_rising = False
            self._leaving = voice
        self._current = None
        if order.track is not None:
            if order.aligned_at is not None and voice is not None:
                order.track.skip(max(0, voice.track.read - order.aligned_at))
            is_full = order.is_abrupt and self._leaving is None
            self._current = _Voice(order.track, len(self._fade_in) if is_full else 0, self._fade_in)
            self._current.is_rising = order.is_playing

    def _render(self, voice: _Voice, out: npt.NDArray[np.float32]) -> None:
        count = voice.render(out)
        if voice.has_run_dry:
            self.underruns += 1
        elif count < len(out) and voice.has_ended and (self._end is None or self._end[0] is not self._taken):
            self._end = (self._taken, self._sent_frames + count)

    def _render_leaving(self, voice: _Voice, out: npt.NDArray[np.float32]) -> None:
        count = voice.render(self._scratch[: len(out)])
        out[:count] += self._scratch[:count]
        if voice.level <= 0:
            self._leaving = None

    def _apply_gain(self, out: npt.NDArray[np.float32]) -> None:
        if self.gain != self._glide_to:
            self._glide_from, self._glide_to, self._glided = self._current_gain, self.gain, 0
        count = min(len(out), len(self._fade_in) - self._glided)
        if count > 0:
            glide = self._glide[:count]
            np.multiply(
                self._fade_in[self._glided : self._glided + count],
                self._glide_to - self._glide_from,
                out=glide,
            )
            np.add(glide, self._glide_from, out=glide)
            out[:count] *= glide
            out = out[count:]
            self._glided += count
            is_there = self._glided == len(self._fade_in)
            self._current_gain = self._glide_to if is_there else float(glide[-1, 0])
        if self._current_gain != 1.0:
            out *= self._current_gain

    def _note_peaks(self, out: npt.NDArray[np.float32]) -> None:
        scratch = self._scratch[: len(out)]
        np.abs(out, out=scratch)
        np.max(scratch, axis=0, out=self._chunk_peak)
        peaks = self._peaks[self._peak_side]
        np.maximum(peaks, self._chunk_peak, out=peaks)
