"""The player's own thread: carries out wishes one after the other and tells what came of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from app.audio.clip import Clip
from app.audio.device_care import DeviceCare
from app.audio.files import inspect, reading
from app.audio.growing import Growth
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
from app.audio.sounding import Sounding
from app.audio.track import Loop
from app.domain.audio import AudioInfo
from app.domain.errors import AppError, PlaybackError


class Playback:
    """What is loaded, and what it does.

    Wishes come one after the other from the player's thread. `state`, `path`, `info`, `is_buffering`,
    `position_frames`, `take_levels` and `underruns` are read by others; each is one reference that is replaced whole.
    """

    def __init__(self, sounding: Sounding, announce: Listener) -> None:
        self.state = PlayerState.EMPTY
        self.is_buffering = False
        self._sounding = sounding
        self._announce = announce
        self._clip: Clip | None = None
        self._loop: Loop | None = None
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
        clip = self._clip
        return 0 if clip is None else self._sounding.position(clip)

    # What to play.

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

    def switch(self, path: Path, gain: float = 1.0, shape: PlayedShape | None = None) -> None:
        old = self._clip
        if old is None:
            self.load(path, gain, shape)
            return
        self.end_scrub()
        with reading(path):
            clip = Clip(path, inspect(path), gain=gain, shape=shape)
        ratio = Fraction(clip.rate_hz, old.rate_hz)
        loop = self._loop and clip.loop(*(round(each * ratio) for each in self._loop))
        goes_on = self.state is PlayerState.PLAYING and self._sounding.go_on(clip, loop)  # what is broken stays behind
        old.close()
        self._clip, self._loop = clip, loop
        if not goes_on:
            frame = round(self._sounding.resting_frame() * ratio)
            self._rest_at(clip, clip.inside(frame) if frame < clip.end else clip.first)
        self._announce(Loaded(path, clip.info))

    def unload(self) -> None:
        self._clear()
        self._sounding.forget_files()
        self._enter(PlayerState.EMPTY)

    # Transport.

    def play(self) -> None:
        self.end_scrub()
        clip = self._clip
        if clip is None or self.state is PlayerState.PLAYING:
            return
        self._sounding.play(clip, self._begin(clip), self._loop)
        self._enter(PlayerState.PLAYING)

    def pause(self) -> None:
        self.end_scrub()
        if self.state is PlayerState.PLAYING:
            self._sounding.hold()
            self._enter(PlayerState.PAUSED)

    def toggle(self) -> None:
        if self.state is PlayerState.PLAYING:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        self._drop_scrubber()
        if self._clip is not None:
            self._fall_silent(self._clip.first)
            self._enter(PlayerState.STOPPED)

    def seek(self, frame: int) -> None:
        clip = self._clip
        if clip is None:
            return
        self.end_scrub()
        frame = clip.inside(frame)
        if not self._goes_on_at(clip, frame):
            self._rest_at(clip, frame)

    def set_loop(self, start: int | None, end: int | None) -> None:
        clip = self._clip
        if clip is None:
            return
        self.end_scrub()
        loop = None if start is None else clip.loop(start, end)
        if loop != self._loop:
            self._loop = loop
            self._go_on(clip, inside_loop=True)

    def set_shape(self, shape: PlayedShape | None) -> None:
        clip = self._clip
        if clip is None or clip.growth is not None:
            return
        self.end_scrub()
        shaped = Clip(clip.path, clip.info, gain=clip.gain, shape=shape)
        if shaped.shape != clip.shape:
            self._clip = shaped
            self._go_on(shaped)

    # How it is heard.

    def set_gain(self, gain: float) -> None:
        self._device.set_gain(gain)

    def set_take_gain(self, gain: float) -> None:
        if self._clip is not None:
            self._clip.gain = gain
            self._sounding.set_gain(gain)

    def set_monitor(self, monitor: Monitor) -> None:
        self._device.set_monitor(monitor)

    def set_device(self, device: OutputDevice | None) -> None:
        if device == self._device.chosen:
            return
        self.end_scrub()
        was_playing = self.state is PlayerState.PLAYING
        self._sounding.give_device_back(self._clip)
        self._device.chosen = device
        if was_playing:
            self._enter(PlayerState.PAUSED)
            self.play()

    # Dragging the playhead.

    def begin_scrub(self) -> None:
        clip = self._clip
        if clip is None or self._scrubber is not None:
            return
        position = self.position_frames()
        self._fall_silent(position)
        try:
            if not self._sounding.get_device(clip):
                self._device.open(clip.rate_hz, lambda _: None)
            self._scrubber = Scrubber(clip, self._device.rate_for(clip.rate_hz))
        except PlaybackError:  # the playhead moves in silence; why is told when somebody wants to hear it
            self._rest_at(clip, position)
        except AppError:
            self._rest_at(clip, position)
            raise

    def scrub(self, frame: int) -> None:
        clip = self._clip
        if clip is None:
            return
        frame = clip.inside(frame)
        if self._scrubber is None:
            self.seek(frame)
            return
        self._sounding.move_in_silence(frame)
        grain = self._scrubber.grain_at(frame)
        if self._device.output is not None and grain is not None:
            self._device.output.mixer.grains.offered = grain
            self._device.note_sound()

    def end_scrub(self) -> None:
        clip = self._clip
        if self._scrubber is None or clip is None:
            return
        self._drop_scrubber()
        frame = self.position_frames()
        if not self._goes_on_at(clip, frame):
            self._rest_at(clip, frame)

    # Looking after what plays.

    def carry_out(self, wish: Callable[[Playback], None]) -> None:
        """Do it, tell what couldn't be done, and look after the rest."""
        try:
            wish(self)
        except AppError as exc:
            self._announce(Failed(exc))
        self.take_care()

    def take_care(self) -> None:
        """Decode ahead and notice what happened; called every few milliseconds while a device is open."""
        if self._device.output is not None:
            self._look_after_the_device()
        is_buffering = self.state is PlayerState.PLAYING and self._sounding.is_held
        if is_buffering is not self.is_buffering:
            self.is_buffering = is_buffering
            self._announce(Buffering(is_buffering))

    def prepare(self) -> None:
        """Nobody waits: have ready what play would need. What is wrong with it is told when somebody wants it."""
        clip = self._clip
        if clip is None or clip.growth is not None or self._scrubber is not None:
            return
        try:
            self._sounding.prepare(clip, self._begin(clip), self._loop)
        except AppError:
            return

    def close(self) -> None:
        self._drop_scrubber()
        self._sounding.give_device_back(self._clip)
        self._sounding.forget_files()
        if self._clip is not None:
            self._clip.close()

    def _look_after_the_device(self) -> None:
        if self._device.has_vanished:
            self._sounding.give_device_back(self._clip)
            if self.state is PlayerState.PLAYING:
                self._enter(PlayerState.PAUSED)
                self._announce(Failed(self._device.vanished()))
            return
        if self._clip is not None:
            self._clip.look_again()
        try:
            self._sounding.decode_ahead()
        except AppError as exc:
            self._fall_silent(self._sounding.resting_frame())
            self._enter(PlayerState.PAUSED)
            self._announce(Failed(exc))
        if self.state is PlayerState.PLAYING:
            self._look_for_the_end()
        elif not self._device.look_after_silence():
            self._sounding.give_device_back(self._clip)

    def _look_for_the_end(self) -> None:
        clip = self._clip
        if clip is None or not self._sounding.has_ended:
            return
        self._fall_silent(clip.end)
        self._enter(PlayerState.ENDED)
        if clip.is_ending_early:
            clip.is_ending_early = False
            self._announce(EndedEarly())

    # Small steps.

    @property
    def _device(self) -> DeviceCare:
        return self._sounding.device

    def _take(self, clip: Clip) -> None:
        self._sounding.move_in_silence(clip.first)
        self._clip = clip
        self._announce(Loaded(clip.path, clip.info))
        self._enter(PlayerState.STOPPED)

    def _clear(self) -> None:
        self._drop_scrubber()
        self._fall_silent(0)
        self._sounding.forget_prepared()
        if self._clip is not None:
            self._clip.close()
        self._loop = self._clip = None

    def _begin(self, clip: Clip) -> int:
        """Where playing begins."""
        frame = clip.inside(self._sounding.resting_frame())
        loop = clip.looped(self._loop)
        if loop is not None and not loop.start <= frame < loop.end:
            return loop.start
        return clip.first if frame >= clip.end and not clip.is_growing else frame

    def _go_on(self, clip: Clip, *, inside_loop: bool = False) -> None:
        """The loop or the shape is another one."""
        if self.state is PlayerState.PLAYING and self._sounding.go_on(clip, self._loop, inside_loop=inside_loop):
            return
        if self.state is PlayerState.ENDED:
            self._sounding.move_in_silence(clip.end)
        else:
            self._rest_at(clip, clip.inside(self._sounding.resting_frame()))

    def _goes_on_at(self, clip: Clip, frame: int) -> bool:
        """Play on from a frame if it plays and there is sound from there on."""
        is_sound = frame < clip.end or clip.is_growing
        return self.state is PlayerState.PLAYING and is_sound and self._sounding.jump(clip, frame, self._loop)

    def _rest_at(self, clip: Clip, frame: int) -> None:
        self._fall_silent(frame)
        self._enter(PlayerState.STOPPED if frame == clip.first else PlayerState.PAUSED)

    def _fall_silent(self, frame: int) -> None:
        if self.state is PlayerState.PLAYING:
            self._device.note_sound()
        self._sounding.fall_silent()
        self._sounding.move_in_silence(frame)

    def _drop_scrubber(self) -> None:
        if self._scrubber is not None:
            self._scrubber.close()
            self._scrubber = None

    def _enter(self, state: PlayerState) -> None:
        if state is not self.state:
            self.state = state
            self._announce(StateChanged(state))
