"""The tracks of an open device: begun with enough decoded, kept filled while they are wanted, made ready in silence."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from app.audio.clip import Clip
from app.audio.feed import Feed
from app.audio.files import reading
from app.audio.player_events import HEARD_AFTER_S
from app.audio.track import Loop, Plan, Timeline, Track, reachable
from app.domain.errors import AppError

_READY_S = 0.15  # decoded before a track is handed over, besides what a device swallows when it is opened


class Feeding:
    """Everything that is decoded for one player."""

    def __init__(self, *, latency_s: float, buffer_s: float) -> None:
        """Begin with nothing.

        Args:
            latency_s: What is asked of the device; it may swallow twice that when it is opened.
            buffer_s: How far to decode ahead.
        """
        self._latency_s = latency_s
        self._buffer_s = buffer_s
        self._feeds: list[Feed] = []
        self._prepared: _Prepared | None = None

    def begin(
        self,
        clip: Clip,
        place: object,
        begin: Fraction,
        loop: Loop | None,
        out_rate_hz: int,
        *,
        timeline: Timeline | None = None,
        start: int = 0,
    ) -> Feed:
        """A track with its first frames decoded; what was prepared for just this is taken.

        Raises:
            BrokenAudio, StorageError: The file can't be read.
        """
        plan = _plan(clip, begin, loop, out_rate_hz)
        prepared = self._prepared
        if prepared is not None and timeline is None and prepared.is_for(clip, plan, out_rate_hz):
            self._prepared = None
            prepared.feed.track.course.place, prepared.feed.track.gain = place, clip.gain
            self._feeds.append(prepared.feed)
            return prepared.feed
        feed = self._open(clip, place, plan, out_rate_hz, timeline, start)
        self._feeds.append(feed)
        feed.fill(self._ready(out_rate_hz))
        if clip.growth is not None:
            feed.track.hold()
            feed.fill(self._enough(out_rate_hz))
            self._let_go_if_enough(feed)
        return feed

    def catch_up(self, feed: Feed, behind: int) -> None:
        """Decode so much more, for the sound went on while the file was opened."""
        feed.fill(behind + self._ready(feed.out_rate_hz))

    def prepare(self, clip: Clip, begin: int, loop: Loop | None, out_rate_hz: int) -> None:
        """Have the sound ready that will most likely be wanted next.

        Raises:
            BrokenAudio, StorageError: The file can't be read.
        """
        plan = _plan(clip, Fraction(begin), loop, out_rate_hz)
        if self._prepared is not None and self._prepared.is_for(clip, plan, out_rate_hz):
            return
        self.forget_prepared()
        feed = self._open(clip, None, plan, out_rate_hz, None, 0)
        try:
            feed.fill(self._ready(out_rate_hz))
        except AppError:
            feed.close()
            raise
        self._prepared = _Prepared(clip, feed)

    def forget_prepared(self) -> None:
        if self._prepared is not None:
            self._prepared.feed.close()
            self._prepared = None

    def keep_filled(self, wanted: Collection[Track]) -> None:
        """Decode ahead what is wanted, and let go of the rest.

        Raises:
            BrokenAudio, StorageError: A file can't be read any further; its feed is closed.
        """
        for feed in list(self._feeds):
            try:
                if feed.track in wanted:
                    feed.fill(self._capacity(feed.out_rate_hz))
                    self._let_go_if_enough(feed)
                    continue
            except AppError:
                self._retire(feed)
                raise
            self._retire(feed)

    def close(self) -> None:
        """Close what plays; what was prepared stays."""
        for feed in self._feeds:
            feed.close()
        self._feeds.clear()

    def _retire(self, feed: Feed) -> None:
        feed.close()
        self._feeds.remove(feed)

    def _open(
        self, clip: Clip, place: object, plan: Plan, out_rate_hz: int, timeline: Timeline | None, start: int
    ) -> Feed:
        capacity = self._capacity(out_rate_hz)
        track = Track(plan, place, clip.rate_hz, capacity, timeline=timeline, start=start, gain=clip.gain)
        with reading(clip.path):
            return Feed(clip.path, clip.open(), track, out_rate_hz=out_rate_hz)

    def _let_go_if_enough(self, feed: Feed) -> None:
        track = feed.track
        if track.is_held and (track.is_complete or track.available >= self._enough(feed.out_rate_hz)):
            track.let_go()

    def _ready(self, rate_hz: int) -> int:
        """Frames to decode before a track is handed over: a device fills its whole buffer in one gulp."""
        return round((_READY_S + 2 * self._latency_s) * rate_hz)

    def _enough(self, rate_hz: int) -> int:
        """Frames of a file that still arrives that have to be there before it sounds."""
        return min(round(HEARD_AFTER_S * rate_hz), self._capacity(rate_hz))

    def _capacity(self, rate_hz: int) -> int:
        return max(round(self._buffer_s * rate_hz), 2 * self._ready(rate_hz))


def _plan(clip: Clip, begin: Fraction, loop: Loop | None, out_rate_hz: int) -> Plan:
    ratio = Fraction(clip.rate_hz, out_rate_hz)
    return Plan(reachable(begin, ratio), clip.end_of_sound, clip.looped(loop), ratio)


class _Prepared(NamedTuple):
    """A feed whose track nobody has been given yet."""

    clip: Clip
    feed: Feed

    def is_for(self, clip: Clip, plan: Plan, out_rate_hz: int) -> bool:
        return self.clip is clip and self.feed.track.plan == plan and self.feed.out_rate_hz == out_rate_hz
