"""What the sound card's callback does: copy ready samples, fade where a jump would click, count frames.

The callback runs on the sound card's own thread and must not wait, raise or allocate arrays. The player tells
it what to do by replacing one attribute (`follow`) and reads what happened from values replaced whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.glide import Glide, Ramp
from app.audio.grains import Grains
from app.audio.heard import Heard
from app.audio.meter import Meter
from app.audio.monitoring import Monitoring
from app.audio.player_events import Levels, Monitor
from app.audio.track import CHANNELS, Timeline, Track
from app.audio.voice import Voice

_CHUNK_FRAMES = 4_096

Floats = npt.NDArray[np.float32]


class Order(NamedTuple):
    """What to play from now on.

    Attributes:
        track: The sound; None is silence. It takes over in step from one of the same timeline; otherwise it begins
            at its own first frame.
        is_playing: False holds it where it is.
        is_abrupt: Begin at full volume, bit for bit; otherwise fade in over a few milliseconds.
    """

    track: Track | None
    is_playing: bool
    is_abrupt: bool = False


class Mixer:
    """Fills a stream's buffers from at most two tracks, one of which is fading out, and from grains."""

    def __init__(
        self,
        *,
        rate_hz: int,
        channels: int,
        gain: float,
        fade_s: float,
        clock: Callable[[], float],
        monitor: Monitor = Monitor.STEREO,
    ) -> None:
        """Make one for a stream.

        Args:
            channels: Of the stream, 1 or 2; with one it gets the mean of both sides.
            fade_s: How long every fade and glide takes.
            clock: Seconds, never going back.
        """
        self.gain = gain
        """Volume factor; the player sets it, the callback glides there. 1.0 leaves samples untouched."""
        self.monitor = monitor
        """What is heard of both channels; the player sets it."""
        self.underruns = 0
        """How often the sound was interrupted: ours not ready in time, or the card's own report."""
        self.rate_hz = rate_hz
        self.heard = Heard(rate_hz, clock)
        self.grains = Grains()
        self._channels = channels
        ramp = Ramp(round(fade_s * rate_hz))
        self._order = self._taken = Order(None, is_playing=False)
        self._end: tuple[Order, int] | None = None
        self._current, self._leaving = Voice(ramp), Voice(ramp)
        self._volume = Glide(ramp, gain)
        self._monitoring = Monitoring(ramp, monitor)
        self._meter = Meter(_CHUNK_FRAMES)
        self._leaving_sound = np.zeros((_CHUNK_FRAMES, CHANNELS), np.float32)
        self._both_sides = np.zeros((_CHUNK_FRAMES if channels == 1 else 0, CHANNELS), np.float32)
        self._half = np.float32(0.5)
        self._was_dry = self._card_was_dry = False

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
        found = (self._order.track, self._current.track, self._leaving.track)
        return {track for track in found if track is not None}

    def reached(self, timeline: Timeline) -> int | None:
        """Where on a timeline the sound is; None while nothing of it plays."""
        track = self._current.track
        return track.reached if track is not None and track.timeline is timeline else None

    def take_levels(self) -> Levels:
        """How loud it was since this was last asked."""
        return self._meter.take()

    # The sound card's side.

    def fill(self, out: Floats, delay_s: float, has_underflowed: bool) -> None:
        """The callback; `out` has shape (n, channels)."""
        self.heard.note_call(len(out), delay_s)
        if has_underflowed and not self._card_was_dry:
            self.underruns += 1
        self._card_was_dry = has_underflowed
        for at in range(0, len(out), _CHUNK_FRAMES):
            self._fill_chunk(out[at : at + _CHUNK_FRAMES])

    def _fill_chunk(self, chunk: Floats) -> None:
        out = chunk if self._channels == CHANNELS else self._both_sides[: len(chunk)]
        order = self._order
        if order is not self._taken and self._leaving.track is None and self._is_ready(order, len(out)):
            self._take(order)
        out.fill(0.0)
        voice = self._current
        track = voice.track
        track_start = 0 if track is None else track.read
        if voice.is_audible:
            self._render(voice, out)
        else:
            self._was_dry = False
        if self._leaving.track is not None:
            self._render_leaving(self._leaving, out)
        self.grains.add_to(out)
        self._volume.apply(out, self.gain)
        self._monitoring.apply(out, self.monitor)
        self._meter.note(out)
        if out is not chunk:
            self._put_together(out, chunk)
        self.heard.note_sent(len(out), track, track_start)

    def _is_ready(self, order: Order, frames: int) -> bool:
        """A track that goes on in step has to reach beyond the current one's place, else there would be a gap."""
        now, then = self._current.track, order.track
        if then is None or now is None or now is then or now.timeline is not then.timeline:
            return True
        is_full = then.free < frames  # so far behind that it never catches up: better late than never
        return then.is_complete or is_full or then.available >= now.reached - then.reached + frames

    def _take(self, order: Order) -> None:
        self._taken = order
        voice = self._current
        now, then = voice.track, order.track
        if now is not None and now is then:
            voice.is_rising = order.is_playing
            return
        if then is not None and now is not None and now.timeline is then.timeline:
            then.skip(max(0, now.reached - then.reached))
        if now is not None and voice.is_audible and not now.is_over:
            voice.is_rising = False
            self._leaving, self._current = voice, self._leaving  # in this order: `tracks` has to know it throughout
        if then is None:
            self._current.lay_down()
        else:
            is_full = order.is_abrupt and order.is_playing and self._leaving.track is None
            self._current.take_up(then, is_rising=order.is_playing, is_full=is_full)

    def _render(self, voice: Voice, out: Floats) -> None:
        count = voice.render(out)
        if voice.has_run_dry and not self._was_dry:
            self.underruns += 1
        self._was_dry = voice.has_run_dry
        if count < len(out) and voice.has_ended and (self._end is None or self._end[0] is not self._taken):
            self._end = (self._taken, self.heard.sent_frames + count)

    def _render_leaving(self, voice: Voice, out: Floats) -> None:
        count = voice.render(self._leaving_sound[: len(out)])
        part = out[:count]
        part += self._leaving_sound[:count]
        if voice.level <= 0:
            voice.lay_down()

    def _put_together(self, out: Floats, chunk: Floats) -> None:
        """Both sides into the only channel; the same sample on both stays as it is."""
        out *= self._half
        np.add(out[:, :1], out[:, 1:], out=chunk)
