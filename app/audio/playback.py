"""The player's own thread: carries out wishes one after the other and tells what came of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from app.audio.clip import Clip
from app.audio.device_care import DeviceCare
from app.audio.feeding import Feeding
from app.audio.files import inspect, reading
from app.audio.growing import Growth
from app.audio.mixer import Mixer, Order
from app.audio.output import Output
from app.audio.player_events import (
    Buffering,
    EndedEarly,
    Failed,
    Levels,
    Listener,
    Loaded,
    Monitor,
    PlayedShape,
    PlayerState,
    StateChanged,
)
from app.audio.scrubbing import Scrubber
from app.audio.sound_card import OutputDevice
from app.audio.track import Loop, Timeline, Track
from app.domain.audio import AudioInfo
from app.domain.errors import AppError, PlaybackError


class Playback:
    """What is loaded, where it is, and what plays it.

    Wishes come one after the other from the player's thread. `state`, `path`, `info`, `is_buffering`,
    `position_frames`, `take_levels` and `underruns` are read by others; each is one reference that is replaced whole.
    """

    def __init__(self, device: DeviceCare, feeding: Feeding, announce: Listener) -> None:
        self.state = PlayerState.EMPTY
        self.is_buffering = False
        self._device = device
        self._feeding = feeding
        self._announce = announce
        self._clip: Clip | None = None
        self._loop: Loop | None = None
        self._track: Track | None = None  # what plays, or would play on
        self._place = object()  # changes with every jump in silence: tracks of older places don't count
        self._position = 0  # where it is while nothing of this place was heard yet
        self._is_prepared = False  # what play would need was made ready, or can't be
        self._scrubber: Scrubber | None = None  # somebody drags the playhead

    # Questions.

    @property
    def needs_care(self) -> bool:
        """Whether `take_care` has to be called every few milliseconds."""
        return self._device.output is not None

    @property
    def path(self) -> Path | None:
        clip = self._clip
        return None if clip is None else clip.path

    @property
    def info(self) -> AudioInfo | None:
        clip = self._clip
        return None if clip is None else clip.info

    @property
    def underruns(self) -> int:
        return self._device.underruns

    def take_levels(self) -> Levels:
        return self._device.take_levels()

    def position_frames(self) -> int:
        output, clip = self._device.output, self._clip
        sound = None if output is None else output.mixer.heard.sound()
        if sound is None or clip is None or sound[0].place is not self._place:
            return self._position
        track, frames = sound
        place = track.plan.place_at(frames) * Fraction(clip.rate_hz, track.rate_hz)
        return min(int(place), clip.info.frames)

    # Wishes.

    def carry_out(self, wish: Callable[[Playback], None]) -> None:
        """Do it, tell what couldn't be done, and look after the rest."""
        try:
            wish(self)
        except AppError as exc:
            self._announce(Failed(exc))
        self.take_care()

    def load(self, path: Path, gain: float = 1.0, shape: PlayedShape | None = None) -> None:
        self._clear()
        try:
            with reading(path):
                clip = Clip(path, inspect(path), gain=gain, shape=shape)
        except AppError:
            self._enter(PlayerState.EMPTY)
            raise
        self._take(clip)

    def load_arriving(self, path: Path, gain: float = 1.0) -> None:
        self._clear()
        try:
            with reading(path):
                growth = Growth(path)
        except AppError as exc:
            self._enter(PlayerState.EMPTY)
            if isinstance(exc.__cause__, FileNotFoundError):
                return  # it had arrived before we came; `arrived` says where it is now
            raise
        self._take(Clip(path, growth.info, gain=gain, growth=growth))

    def arrived(self, path: Path) -> None:
        clip = self._clip
        if clip is None or clip.growth is None:
            self.load(path)
            return
        clip.growth.is_over = True
        with reading(path):
            is_same_file, info = clip.growth.is_at(path), inspect(path)
        if not is_same_file:  # what plays is another one: go over to this in step
            self.switch(path, clip.gain)
            return
        clip.close()  # what plays reads on to the end of the file, whatever its name is now
        self._clip = Clip(path, info, gain=clip.gain)
        self._announce(Loaded(path, info))

    def broke_off(self) -> None:
        clip = self._clip
        if clip is not None and clip.growth is not None:
            clip.growth.is_over = True
            clip.is_ending_early = self.state is PlayerState.PLAYING

    def unload(self) -> None:
        self._clear()
        self._feeding.close()  # they hold the file open
        self._enter(PlayerState.EMPTY)

    def play(self) -> None:
        self.end_scrub()
        clip = self._clip
        if clip is None or self.state is PlayerState.PLAYING:
            return
        begin = self._begin(clip)
        output, track = self._usable_output(clip), self._track
        if output is None:
            self._open_output(clip, begin)
        elif track is not None and begin == self._resting_frame():
            output.mixer.follow(Order(track, is_playing=True))
        else:
            self._move_in_silence(begin)
            self._start(output.mixer, clip, begin)
        self._enter(PlayerState.PLAYING)

    def pause(self) -> None:
        self.end_scrub()
        if self.state is not PlayerState.PLAYING:
            return
        if self._device.output is not None:
            self._device.output.mixer.follow(Order(self._track, is_playing=False))
        self._device.note_sound()
        self._enter(PlayerState.PAUSED)

    def toggle(self) -> None:
        if self.state is PlayerState.PLAYING:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        self._drop_scrubber()
        if self._clip is None:
            return
        self._fall_silent()
        self._move_in_silence(self._clip.first)
        self._enter(PlayerState.STOPPED)

    def seek(self, frame: int) -> None:
        clip = self._clip
        if clip is None:
            return
        self.end_scrub()
        frame = clip.inside(frame)
        output = self._device.output
        if self.state is PlayerState.PLAYING and output is not None and (frame < clip.end or clip.is_growing):
            self._position = frame
            self._start(output.mixer, clip, frame)
            return
        self._fall_silent()
        self._rest_at(frame)

    def set_loop(self, start: int | None, end: int | None) -> None:
        clip = self._clip
        if clip is None:
            return
        self.end_scrub()
        loop = None if start is None else _loop_within(clip.info.frames, start, end)
        if loop == self._loop:
            return
        self._loop = loop
        self._go_on_as_it_is_now(clip)

    def set_shape(self, shape: PlayedShape | None) -> None:
        clip = self._clip
        if clip is None or clip.growth is not None:
            return
        self.end_scrub()
        shaped = Clip(clip.path, clip.info, gain=clip.gain, shape=shape)
        if shaped.shape == clip.shape:
            return
        self._clip = shaped
        self._go_on_as_it_is_now(shaped)

    def switch(self, path: Path, gain: float = 1.0, shape: PlayedShape | None = None) -> None:
        old = self._clip
        if old is None:
            self.load(path, gain, shape)
            return
        self.end_scrub()
        with reading(path):
            clip = Clip(path, inspect(path), gain=gain, shape=shape)
        old.close()
        ratio = Fraction(clip.rate_hz, old.rate_hz)
        loop, track = self._loop, self._track
        self._loop = loop and _loop_within(clip.info.frames, *(round(each * ratio) for each in loop))
        self._clip = clip
        output = self._device.output
        if self.state is PlayerState.PLAYING and output is not None and track is not None:
            self._go_on_in_step(output.mixer, clip, track)
        else:
            frame = round(self._resting_frame() * ratio)
            self._rest_at(clip.inside(frame) if frame < clip.end else clip.first)
        self._announce(Loaded(path, clip.info))

    def set_gain(self, gain: float) -> None:
        self._device.set_gain(gain)

    def set_take_gain(self, gain: float) -> None:
        if self._clip is not None:
            self._clip.gain = gain
        if self._track is not None:
            self._track.gain = gain

    def set_monitor(self, monitor: Monitor) -> None:
        self._device.set_monitor(monitor)

    def set_device(self, device: OutputDevice | None) -> None:
        if device == self._device.device:
            return
        self.end_scrub()
        was_playing = self.state is PlayerState.PLAYING
        self._give_back()
        self._device.device = device
        if was_playing:
            self._enter(PlayerState.PAUSED)
            self.play()

    # Dragging the playhead.

    def begin_scrub(self) -> None:
        clip = self._clip
        if clip is None or self._scrubber is not None:
            return
        position = self.position_frames()
        self._fall_silent()
        self._move_in_silence(position)
        output = self._usable_output(clip)
        try:
            output = output or self._device.open(clip.rate_hz, lambda _: None)
        except PlaybackError:
            return  # the playhead can be moved in silence; why it is silent is told when somebody wants to hear it
        self._scrubber = Scrubber(clip, output.mixer.rate_hz)

    def scrub(self, frame: int) -> None:
        clip = self._clip
        if clip is None:
            return
        frame = clip.inside(frame)
        if self._scrubber is None:
            self.seek(frame)
            return
        self._position = frame
        self._device.note_sound()
        output = self._device.output
        grain = self._scrubber.grain_at(frame)
        if output is not None and grain is not None:
            output.mixer.grains.offered = grain

    def end_scrub(self) -> None:
        clip = self._clip
        if self._scrubber is None or clip is None:
            return
        self._drop_scrubber()
        output = self._device.output
        if self.state is PlayerState.PLAYING and output is not None and self._position < clip.end:
            self._start(output.mixer, clip, self._position)
        else:
            self._rest_at(self._position)

    def _drop_scrubber(self) -> None:
        if self._scrubber is not None:
            self._scrubber.close()
            self._scrubber = None

    # Looking after what plays.

    def take_care(self) -> None:
        """Decode ahead and notice what happened; called every few milliseconds while a device is open."""
        output = self._device.output
        if output is not None:
            self._look_after(output)
        self._tell_whether_buffering()

    def prepare(self) -> None:
        """Nobody waits: have ready what play would need. What is wrong with it is told when somebody wants it."""
        clip = self._clip
        if self._is_prepared or clip is None or clip.growth is not None or self._track is not None:
            return
        self._is_prepared = True
        try:
            self._feeding.prepare(clip, self._place, self._begin(clip), self._loop, self._device.rate_for(clip.rate_hz))
            self._device.warm()
        except AppError:
            return

    def close(self) -> None:
        self._drop_scrubber()
        self._give_back()
        self._feeding.forget_prepared()
        if self._clip is not None:
            self._clip.close()

    def _look_after(self, output: Output) -> None:
        if self._device.has_vanished:
            self._give_back()
            if self.state is PlayerState.PLAYING:
                self._enter(PlayerState.PAUSED)
                self._announce(Failed(self._device.vanished()))
            return
        try:
            self._decode_ahead(output.mixer)
        except AppError as exc:
            self._fall_silent()
            self._move_in_silence(self._resting_frame())
            self._enter(PlayerState.PAUSED)
            self._announce(Failed(exc))
        if self.state is PlayerState.PLAYING:
            self._look_for_the_end(output.mixer)
        elif not self._device.look_after_silence():
            self._give_back()

    def _look_for_the_end(self, mixer: Mixer) -> None:
        clip = self._clip
        if clip is None or mixer.ended_at is None or mixer.heard.frames() < mixer.ended_at:
            return
        self._fall_silent()
        self._move_in_silence(clip.end)
        self._enter(PlayerState.ENDED)
        if clip.is_ending_early:
            clip.is_ending_early = False
            self._announce(EndedEarly())

    def _tell_whether_buffering(self) -> None:
        is_playing = self.state is PlayerState.PLAYING and self._device.output is not None
        is_buffering = is_playing and self._track is not None and self._track.is_held
        if is_buffering is not self.is_buffering:
            self.is_buffering = is_buffering
            self._announce(Buffering(is_buffering))

    def _decode_ahead(self, mixer: Mixer) -> None:
        if self._clip is not None:
            self._clip.look_again()
        self._feeding.keep_filled(mixer.tracks)

    # Small steps.

    def _take(self, clip: Clip) -> None:
        self._clip, self._position = clip, clip.first
        self._announce(Loaded(clip.path, clip.info))
        self._enter(PlayerState.STOPPED)

    def _clear(self) -> None:
        self._drop_scrubber()
        self._fall_silent()
        self._move_in_silence(0)
        self._feeding.forget_prepared()
        if self._clip is not None:
            self._clip.close()
        self._loop = self._clip = None

    def _begin(self, clip: Clip) -> int:
        """Where playing begins."""
        frame = clip.inside(self._resting_frame())
        loop = clip.looped(self._loop)
        if loop is not None and not loop.start <= frame < loop.end:
            return loop.start
        return clip.first if frame >= clip.end and not clip.is_growing else frame

    def _usable_output(self, clip: Clip) -> Output | None:
        """The open device if it suits the file; otherwise it is given back."""
        if not self._device.wake(clip.rate_hz):
            self._give_back()
        return self._device.output

    def _open_output(self, clip: Clip, begin: int) -> None:
        """Open the device with the sound ready, so that the first thing it asks for is the sound."""

        def prepare(mixer: Mixer) -> None:
            self._feeding.close()  # of an attempt at a rate that was refused
            self._start(mixer, clip, begin)

        self._move_in_silence(begin)
        try:
            self._device.open(clip.rate_hz, prepare)
        except AppError:
            self._feeding.close()
            self._move_in_silence(begin)
            raise

    def _start(self, mixer: Mixer, clip: Clip, begin: int) -> None:
        """Hand the mixer a new track."""
        feed = self._feeding.begin(clip, self._place, Fraction(begin), self._loop, mixer.rate_hz)
        mixer.follow(Order(feed.track, is_playing=True, is_abrupt=begin == clip.first))
        self._track = feed.track

    def _go_on_as_it_is_now(self, clip: Clip) -> None:
        """The loop or the shape is another one: go on where that allows it."""
        output, track = self._device.output, self._track
        if self.state is PlayerState.PLAYING and output is not None and track is not None:
            self._go_on_in_step(output.mixer, clip, track)
        elif self.state is PlayerState.ENDED:
            self._move_in_silence(clip.end)
        else:
            self._rest_at(clip.inside(self._resting_frame()))

    def _go_on_in_step(self, mixer: Mixer, clip: Clip, former: Track) -> None:
        """Take over from a track at the same time in the sound; where that isn't heard, begin anew."""
        reached = self._reached(mixer, former)
        place = former.plan.place_at(reached - former.start) * Fraction(clip.rate_hz, former.rate_hz)
        loop = clip.looped(self._loop)
        first, end = (clip.first, clip.end_of_sound) if loop is None else loop
        if first <= place < end:
            self._start_in_step(mixer, clip, place, former.timeline, reached)
        else:
            self._start(mixer, clip, first)

    def _start_in_step(self, mixer: Mixer, clip: Clip, place: Fraction, timeline: Timeline, reached: int) -> None:
        feed = self._feeding.begin(
            clip, self._place, place, self._loop, mixer.rate_hz, timeline=timeline, start=reached
        )
        track = feed.track
        self._feeding.catch_up(feed, self._reached(mixer, track) - reached)
        mixer.follow(Order(track, is_playing=True, is_abrupt=place == clip.first))
        self._track = track

    def _reached(self, mixer: Mixer, track: Track) -> int:
        """Where on the track's timeline the sound is; where it will begin, if its turn hasn't come yet."""
        reached = mixer.reached(track.timeline)
        return track.reached if reached is None else reached

    def _resting_frame(self) -> int:
        """Where it will stand once everything that was sent has been heard."""
        track, output = self._track, self._device.output
        if track is None or output is None or track.place is not self._place or self._clip is None:
            return self._position
        return track.plan.frame_at(self._reached(output.mixer, track) - track.start)

    def _rest_at(self, frame: int) -> None:
        self._move_in_silence(frame)
        is_at_start = self._clip is None or frame == self._clip.first
        self._enter(PlayerState.STOPPED if is_at_start else PlayerState.PAUSED)

    def _move_in_silence(self, frame: int) -> None:
        self._place, self._position, self._track = object(), frame, None
        self._is_prepared = False

    def _fall_silent(self) -> None:
        if self._device.output is not None:
            self._device.output.mixer.follow(Order(None, is_playing=False))
        if self.state is PlayerState.PLAYING:
            self._device.note_sound()

    def _give_back(self) -> None:
        """Give the device back; the place stays where it was heard."""
        if self._device.output is None:
            return
        position = self.position_frames()
        self._device.give_back()
        self._move_in_silence(position)
        self._feeding.close()

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
