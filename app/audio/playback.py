"""The player's own thread: carries out wishes, opens files and devices, decodes ahead, notices the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.audio.files import inspect, reading
from app.audio.growing import Growth
from app.audio.mixer import Mixer, Order
from app.audio.output import Feed, Output, open_output
from app.audio.player_events import (
    HEARD_AFTER_S,
    Buffering,
    EndedEarly,
    Failed,
    Listener,
    Loaded,
    PlayerState,
    StateChanged,
)
from app.audio.sound_card import OutputDevice, SoundCard
from app.audio.track import Loop, Plan, Track
from app.domain.audio import AudioInfo
from app.domain.errors import AppError, PlaybackError

_READY_S = 0.15  # decoded before a track is handed over, besides what a device swallows when it is opened
_NO_PLACE = object()
_ENDLESS = 1 << 60  # frames of a file that still arrives


class Playback:
    """What is loaded, where it is, and what plays it.

    Wishes come one after the other from the player's thread. `state`, `path`, `info`, `is_buffering`,
    `position_frames`, `level` and `underruns` are read by others; each is one reference that is replaced whole.
    """

    def __init__(
        self,
        sound_card: SoundCard,
        device: OutputDevice | None,
        announce: Listener,
        *,
        latency_s: float,
        buffer_s: float,
        fade_s: float,
        close_after_s: float,
        stall_s: float,
        clock: Callable[[], float],
    ) -> None:
        self.state = PlayerState.EMPTY
        self.path: Path | None = None
        self.info: AudioInfo | None = None
        self.is_buffering = False
        self._growth: Growth | None = None  # the loaded file, while it arrives and after it broke off
        self._ends_early = False  # it broke off while it was heard
        self._sound_card = sound_card
        self._device = device
        self._announce = announce
        self._latency_s = latency_s
        self._buffer_s = buffer_s
        self._fade_s = fade_s
        self._close_after_s = close_after_s
        self._stall_s = stall_s
        self._clock = clock
        self._gain = 1.0
        self._loop: Loop | None = None
        self._output: Output | None = None
        self._feeds: list[Feed] = []
        self._track: Track | None = None  # what plays, or would play on
        self._place: object = _NO_PLACE  # changes with every jump in silence: tracks of older places don't count
        self._position = 0  # where it is while nothing of this place was heard yet
        self._silent_since = clock()
        self._earlier_underruns = 0

    # Questions.

    @property
    def needs_care(self) -> bool:
        """Whether `take_care` has to be called every few milliseconds."""
        return self._output is not None

    @property
    def underruns(self) -> int:
        output = self._output
        return self._earlier_underruns + (0 if output is None else output.mixer.underruns)

    def level(self) -> tuple[float, float]:
        output = self._output
        if output is None:
            return (0.0, 0.0)
        peaks = output.mixer.take_peaks()
        return (peaks[0], peaks[-1])

    def position_frames(self) -> int:
        output, info = self._output, self.info
        heard = None if output is None else output.mixer.heard_sound()
        if heard is None or info is None or heard[0].take is not self._place:
            return self._position
        track, frames = heard
        return min(_rescaled(track.plan.frame_at(frames), track.rate_hz, info.sample_rate_hz), info.frames)

    # Wishes.

    def carry_out(self, wish: Callable[[Playback], None]) -> None:
        """Do it, tell what couldn't be done, and look after the rest."""
        try:
            wish(self)
        except AppError as exc:
            self._announce(Failed(exc))
        self.take_care()

    def load(self, path: Path) -> None:
        self._clear()
        try:
            with reading(path):
                self.info = inspect(path)
        except AppError:
            self._enter(PlayerState.EMPTY)
            raise
        self.path = path
        self._announce(Loaded(path, self.info))
        self._enter(PlayerState.STOPPED)

    def load_arriving(self, path: Path) -> None:
        self._clear()
        try:
            with reading(path):
                self._growth = Growth(path)
        except AppError as exc:
            self._enter(PlayerState.EMPTY)
            if isinstance(exc.__cause__, FileNotFoundError):
                return  # it had arrived before we came; `arrived` says where it is now
            raise
        self.path, self.info = path, self._growth.info
        self._announce(Loaded(path, self.info))
        self._enter(PlayerState.STOPPED)

    def arrived(self, path: Path) -> None:
        growth = self._growth
        if growth is None:
            self.load(path)
            return
        growth.is_over = True
        with reading(path):
            is_same_file, info = growth.is_at(path), inspect(path)
        if not is_same_file:  # what plays is another one: go over to this in step
            self.switch(path)
            return
        self._forget_growth()  # what plays reads on to the end of the file, whatever its name is now
        self.path, self.info = path, info
        self._announce(Loaded(path, info))

    def broke_off(self) -> None:
        if self._growth is not None:
            self._growth.is_over = True
            self._ends_early = self.state is PlayerState.PLAYING

    def unload(self) -> None:
        self._clear()
        self._close_feeds()  # they hold the file open
        self._enter(PlayerState.EMPTY)

    def play(self) -> None:
        info = self.info
        if info is None or self.state is PlayerState.PLAYING:
            return
        begin = self._begin(info)
        output = self._usable_output(info)
        track = self._track
        if output is None:
            self._open_output(info, begin)
        elif track is not None and begin == self._resting_frame():
            output.mixer.follow(Order(track, is_playing=True))
        else:
            self._jump_in_silence(begin)
            self._start(output.mixer, info, begin)
        self._enter(PlayerState.PLAYING)

    def pause(self) -> None:
        if self.state is not PlayerState.PLAYING:
            return
        if self._output is not None:
            self._output.mixer.follow(Order(self._track, is_playing=False))
        self._silent_since = self._clock()
        self._enter(PlayerState.PAUSED)

    def toggle(self) -> None:
        if self.state is PlayerState.PLAYING:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        if self.info is None:
            return
        self._fall_silent()
        self._jump_in_silence(0)
        self._enter(PlayerState.STOPPED)

    def seek(self, frame: int) -> None:
        info = self.info
        if info is None:
            return
        frame = min(max(frame, 0), info.frames)
        is_inside = frame < info.frames or self._is_growing
        if self.state is PlayerState.PLAYING and self._output is not None and is_inside:
            self._position = frame
            self._start(self._output.mixer, info, frame)
            return
        self._fall_silent()
        self._jump_in_silence(frame)
        self._enter(PlayerState.PAUSED if frame else PlayerState.STOPPED)

    def set_loop(self, start: int | None, end: int | None) -> None:
        info = self.info
        if info is None:
            return
        loop = None if start is None else _loop_within(info.frames, start, end)
        if loop == self._loop:
            return
        self._loop = loop
        track = self._track
        if self.state is PlayerState.PLAYING and self._output is not None and track is not None:
            sent = track.read
            frame = track.plan.frame_at(sent)
            if loop is None or loop.start <= frame < loop.end:
                self._start(self._output.mixer, info, frame, aligned_at=sent)
            else:
                self._start(self._output.mixer, info, loop.start)
        elif self.state is PlayerState.PAUSED:
            self._jump_in_silence(self._resting_frame())

    def switch(self, path: Path) -> None:
        old, track = self.info, self._track
        if old is None:
            self.load(path)
            return
        with reading(path):
            info = inspect(path)
        self._forget_growth()
        rates = (old.sample_rate_hz, info.sample_rate_hz)
        loop = self._loop and _loop_within(info.frames, *(_rescaled(each, *rates) for each in self._loop))
        if self.state is PlayerState.PLAYING and self._output is not None and track is not None:
            sent = track.read
            frame: int = _rescaled(track.plan.frame_at(sent), *rates)
            is_inside = frame < info.frames
            self.path, self.info, self._loop = path, info, loop
            self._start(self._output.mixer, info, frame if is_inside else 0, aligned_at=sent if is_inside else None)
        else:
            frame = _rescaled(self._resting_frame(), *rates)
            self.path, self.info, self._loop = path, info, loop
            self._jump_in_silence(frame if frame < info.frames else 0)
            self._enter(PlayerState.PAUSED if self._position else PlayerState.STOPPED)
        self._announce(Loaded(path, info))

    def set_gain(self, gain_db: float) -> None:
        self._gain = float(10.0 ** (gain_db / 20.0))
        if self._output is not None:
            self._output.mixer.gain = self._gain

    def set_device(self, device: OutputDevice | None) -> None:
        if device == self._device:
            return
        was_playing = self.state is PlayerState.PLAYING
        if self._output is not None:
            self._let_go(self._output.close)
        self._device = device
        if was_playing:
            self._enter(PlayerState.PAUSED)
            self.play()

    # Looking after what plays.

    def take_care(self) -> None:
        """Decode ahead and notice what happened; called every few milliseconds while a device is open."""
        if self._output is not None:
            self._look_after(self._output)
        self._tell_whether_buffering()

    def _look_after(self, output: Output) -> None:
        if output.has_vanished(self._clock(), self._stall_s):
            self._device_vanished(output)
            return
        try:
            self._decode_ahead(output)
        except AppError as exc:
            self._fall_silent()
            self._jump_in_silence(self._resting_frame())
            self._enter(PlayerState.PAUSED)
            self._announce(Failed(exc))
        mixer = output.mixer
        if self.state is PlayerState.PLAYING:
            if mixer.ended_at is not None and mixer.heard_frames() >= mixer.ended_at:
                self._fall_silent()
                self._jump_in_silence(0 if self.info is None else self.info.frames)
                self._enter(PlayerState.ENDED)
                if self._ends_early:
                    self._ends_early = False
                    self._announce(EndedEarly())
        elif self._clock() - self._silent_since >= self._close_after_s:
            self._let_go(output.close)

    def close(self) -> None:
        if self._output is not None:
            self._let_go(self._output.close)
        self._forget_growth()

    def _device_vanished(self, output: Output) -> None:
        self._let_go(output.abandon)
        if self.state is PlayerState.PLAYING:
            self._enter(PlayerState.PAUSED)
            name = "The output device" if self._device is None else self._device.name
            self._announce(Failed(PlaybackError(f"{name} is gone. Choose another output device or play again.")))

    def _tell_whether_buffering(self) -> None:
        is_playing = self.state is PlayerState.PLAYING and self._output is not None
        is_buffering = is_playing and self._track is not None and self._track.is_held
        if is_buffering is not self.is_buffering:
            self.is_buffering = is_buffering
            self._announce(Buffering(is_buffering))

    def _decode_ahead(self, output: Output) -> None:
        if self._growth is not None:
            self.info = self._growth.info
        wanted = output.mixer.tracks
        for feed in list(self._feeds):
            try:
                if feed.track in wanted:
                    feed.fill(self._capacity(output.mixer))
                    self._let_go_if_enough(feed.track, output.mixer)
                    continue
            except AppError:
                self._retire(feed)
                raise
            self._retire(feed)

    def _retire(self, feed: Feed) -> None:
        feed.close()
        self._feeds.remove(feed)

    # Small steps.

    def _clear(self) -> None:
        self._fall_silent()
        self._jump_in_silence(0)
        self._forget_growth()
        self._loop = self.path = self.info = None

    def _forget_growth(self) -> None:
        """The file is whole, or another one is wanted."""
        if self._growth is not None:
            self._growth.close()
        self._growth, self._ends_early = None, False

    @property
    def _is_growing(self) -> bool:
        return self._growth is not None and not self._growth.is_over

    def _let_go_if_enough(self, track: Track, mixer: Mixer) -> None:
        if track.is_held and (track.is_complete or track.available >= self._enough(mixer)):
            track.let_go()

    def _begin(self, info: AudioInfo) -> int:
        """Where playing begins."""
        frame = self._resting_frame()
        if self._loop is not None and not self._loop.start <= frame < self._loop.end:
            return self._loop.start
        return 0 if frame >= info.frames and not self._is_growing else frame

    def _usable_output(self, info: AudioInfo) -> Output | None:
        """The open device if it suits the file; otherwise it is given back."""
        output = self._output
        if output is None:
            return None
        if output.has_vanished(self._clock(), self._stall_s):
            self._let_go(output.abandon)
        elif output.file_rate_hz != info.sample_rate_hz:
            self._let_go(output.close)
        return self._output

    def _open_output(self, info: AudioInfo, begin: int) -> None:
        """Open the device with the sound ready, so that the first thing it asks for is the sound."""

        def prepare(mixer: Mixer) -> None:
            self._close_feeds()  # of an attempt at a rate that was refused
            self._start(mixer, info, begin)

        self._jump_in_silence(begin)
        try:
            self._output = open_output(
                self._sound_card,
                self._device,
                info.sample_rate_hz,
                prepare,
                gain=self._gain,
                latency_s=self._latency_s,
                fade_s=self._fade_s,
                clock=self._clock,
            )
        except AppError:
            self._close_feeds()
            self._jump_in_silence(begin)
            raise

    def _start(self, mixer: Mixer, info: AudioInfo, begin: int, *, aligned_at: int | None = None) -> None:
        """Hand the mixer a new track; with `aligned_at` it takes over from the present one in step."""
        assert self.path is not None
        former = self._track
        frames = _ENDLESS if self._is_growing else info.frames
        plan = Plan(begin, frames, self._loop, info.sample_rate_hz / mixer.rate_hz)
        track = Track(plan, self._place, info.sample_rate_hz, mixer.channels, self._capacity(mixer))
        with reading(self.path):
            feed = Feed(self.path, track, out_rate_hz=mixer.rate_hz, channels=mixer.channels, growth=self._growth)
        self._feeds.append(feed)
        ready = self._ready(mixer)
        feed.fill(ready)
        if self._growth is not None:
            track.hold()
            feed.fill(self._enough(mixer))
            self._let_go_if_enough(track, mixer)
        if aligned_at is not None and former is not None:  # it went on while the new one was opened
            feed.fill(former.read - aligned_at + ready)
        mixer.follow(Order(track, is_playing=True, is_abrupt=begin == 0, aligned_at=aligned_at))
        self._track = track

    def _resting_frame(self) -> int:
        """Where it will stand once everything that was sent has been heard."""
        if self._track is None or self._track.take is not self._place or self.info is None:
            return self._position
        return self._track.plan.frame_at(self._track.read)

    def _jump_in_silence(self, frame: int) -> None:
        self._place, self._position, self._track = object(), frame, None

    def _fall_silent(self) -> None:
        if self._output is not None:
            self._output.mixer.follow(Order(None, is_playing=False))
        if self.state is PlayerState.PLAYING:
            self._silent_since = self._clock()

    def _let_go(self, close: Callable[[], None]) -> None:
        """Give the device back; the place stays where it was heard."""
        if self._output is not None:
            self._earlier_underruns += self._output.mixer.underruns
        position = self.position_frames()
        self._output = None
        self._jump_in_silence(position)
        close()
        self._close_feeds()

    def _ready(self, mixer: Mixer) -> int:
        """Frames to decode before a track is handed over: a device fills its whole buffer in one gulp."""
        return round((_READY_S + 2 * self._latency_s) * mixer.rate_hz)

    def _enough(self, mixer: Mixer) -> int:
        """Frames of a file that still arrives that have to be there before it sounds."""
        return min(round(HEARD_AFTER_S * mixer.rate_hz), self._capacity(mixer))

    def _capacity(self, mixer: Mixer) -> int:
        return max(round(self._buffer_s * mixer.rate_hz), 2 * self._ready(mixer))

    def _close_feeds(self) -> None:
        for feed in self._feeds:
            feed.close()
        self._feeds.clear()

    def _enter(self, state: PlayerState) -> None:
        if state is not self.state:
            self.state = state
            self._announce(StateChanged(state))


def _loop_within(frames: int, start: int, end: int | None) -> Loop | None:
    """The loop brought into the file; None if the file is shorter than its start."""
    start = max(start, 0)
    if start >= frames:
        return None
    return Loop(start, min(max(frames if end is None else end, start + 1), frames))


def _rescaled(frame: int, rate_hz: int, to_rate_hz: int) -> int:
    return frame if rate_hz == to_rate_hz else round(frame * to_rate_hz / rate_hz)
