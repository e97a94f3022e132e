"""What sounds and where in its file: tracks handed to the mixer of the open device, and the place in silence."""

from __future__ import annotations

from fractions import Fraction

from app.audio.clip import Clip
from app.audio.device_care import DeviceCare
from app.audio.feeding import Feeding
from app.audio.mixer import Mixer, Order
from app.audio.track import Loop, Track
from app.domain.errors import AppError


class Sounding:
    """Starts, holds and replaces tracks. Used by the player's thread; `position` may be asked on any.

    Attributes:
        device: What it sounds on.
    """

    def __init__(self, device: DeviceCare, feeding: Feeding) -> None:
        self.device = device
        self._feeding = feeding
        self._track: Track | None = None  # what plays, or would play on
        self._place = object()  # changes with every jump in silence: tracks of older places don't count
        self._position = 0  # where it is while nothing of this place was heard yet
        self._is_prepared = False  # what comes next was made ready, or can't be

    # Questions.

    @property
    def is_held(self) -> bool:
        """It waits in silence for more of a file that arrives."""
        return self.device.output is not None and self._track is not None and self._track.is_held

    def position(self, clip: Clip) -> int:
        """The frame of the clip that is heard now."""
        output = self.device.output
        sound = None if output is None else output.mixer.heard.sound()
        if sound is None or sound[0].place is not self._place:
            return self._position
        course, frames = sound
        place = course.plan.place_at(frames) * Fraction(clip.rate_hz, course.rate_hz)
        return min(int(place), clip.info.frames)

    def resting_frame(self) -> int:
        """Where it will stand once everything that was sent has been heard."""
        track, output = self._track, self.device.output
        if track is None or output is None:
            return self._position
        return track.plan.frame_at(_reached(output.mixer, track) - track.start)

    @property
    def has_ended(self) -> bool:
        """The last sample was heard."""
        output = self.device.output
        if output is None or output.mixer.ended_at is None:
            return False
        return output.mixer.heard.frames() >= output.mixer.ended_at

    # Silence.

    def move_in_silence(self, frame: int) -> None:
        """Stand somewhere else from now on."""
        self._place, self._position, self._track = object(), frame, None
        self._is_prepared = False

    def fall_silent(self) -> None:
        if self.device.output is not None:
            self.device.output.mixer.follow(Order(None, is_playing=False))

    def hold(self) -> None:
        """Fall silent; `play` goes on with the very next frame."""
        if self.device.output is not None:
            self.device.output.mixer.follow(Order(self._track, is_playing=False))
        self.device.note_sound()

    def prepare(self, clip: Clip, begin: int, loop: Loop | None) -> None:
        """Have ready what `play` would need, if it isn't.

        Raises:
            AppError: That won't work either; it isn't tried again before something changes.
        """
        if self._is_prepared or self._track is not None:
            return
        self._is_prepared = True
        self._feeding.prepare(clip, begin, loop, self.device.rate_for(clip.rate_hz))
        self.device.warm()

    def forget_files(self) -> None:
        """Close all files at once."""
        self._feeding.close()
        self._feeding.forget_prepared()

    def forget_prepared(self) -> None:
        """Close what was made ready."""
        self._feeding.forget_prepared()

    def give_device_back(self, clip: Clip | None) -> None:
        """The place stays where it was heard."""
        if self.device.output is None:
            return
        position = self._position if clip is None else self.position(clip)
        self.device.give_back()
        self.move_in_silence(position)
        self._feeding.close()

    def get_device(self, clip: Clip) -> bool:
        """Whether the open device can play the clip; otherwise it is given back."""
        if not self.device.wake(clip.rate_hz):
            self.give_device_back(clip)
        return self.device.output is not None

    # Sound.

    def play(self, clip: Clip, begin: int, loop: Loop | None) -> None:
        """Sound from here on, on the device that is open or is opened now.

        Raises:
            PlaybackError: There is no such device.
            BrokenAudio, StorageError: The file can't be read.
        """
        is_open, output, track = self.get_device(clip), self.device.output, self._track
        if output is None or not is_open:
            self._open_device(clip, begin, loop)
        elif track is not None and begin == self.resting_frame():
            output.mixer.follow(Order(track, is_playing=True))
        else:
            self.move_in_silence(begin)
            self._start(output.mixer, clip, begin, loop)

    def jump(self, clip: Clip, begin: int, loop: Loop | None) -> bool:
        """Sound from there on, crossing over from what sounds now; False where no device is open."""
        output = self.device.output
        if output is None:
            return False
        self._position = begin
        self._start(output.mixer, clip, begin, loop)
        return True

    def go_on(self, clip: Clip, loop: Loop | None, *, inside_loop: bool = False) -> bool:
        """Another clip, loop or shape takes over, in step at the same time in the sound; where that isn't heard, anew.

        Args:
            inside_loop: What lies outside of the loop doesn't count as heard.
        Returns:
            False if nothing sounds.
        """
        output, former = self.device.output, self._track
        if output is None or former is None:
            return False
        mixer = output.mixer
        reached = _reached(mixer, former)
        place = former.plan.place_at(reached - former.start) * Fraction(clip.rate_hz, former.rate_hz)
        heard_loop = clip.looped(loop)
        first, end = heard_loop if heard_loop is not None and inside_loop else (clip.first, clip.end_of_sound)
        if not first <= place < end:
            self._start(mixer, clip, clip.first if heard_loop is None else heard_loop.start, loop)
            return True
        feed = self._feeding.begin(
            clip, self._place, place, loop, mixer.rate_hz, timeline=former.timeline, start=reached
        )
        self._feeding.catch_up(feed, _reached(mixer, feed.track) - reached)
        mixer.follow(Order(feed.track, is_playing=True, is_abrupt=place == clip.first))
        self._track = feed.track
        return True

    def set_gain(self, gain: float) -> None:
        """Of what sounds."""
        if self._track is not None:
            self._track.gain = gain

    def decode_ahead(self) -> None:
        """Keep what sounds filled.

        Raises:
            BrokenAudio: Its file can't be decoded any further.
        """
        if self.device.output is not None:
            self._feeding.keep_filled(self.device.output.mixer.tracks)

    def _open_device(self, clip: Clip, begin: int, loop: Loop | None) -> None:
        """Open the device with the sound ready, so that the first thing it asks for is the sound."""

        def begin_with(mixer: Mixer) -> None:
            self._feeding.close()  # of an attempt at a rate that was refused
            self._start(mixer, clip, begin, loop)

        self.move_in_silence(begin)
        try:
            self.device.open(clip.rate_hz, begin_with)
        except AppError:
            self._feeding.close()
            self.move_in_silence(begin)
            raise

    def _start(self, mixer: Mixer, clip: Clip, begin: int, loop: Loop | None) -> None:
        feed = self._feeding.begin(clip, self._place, Fraction(begin), loop, mixer.rate_hz)
        mixer.follow(Order(feed.track, is_playing=True, is_abrupt=begin == clip.first))
        self._track = feed.track


def _reached(mixer: Mixer, track: Track) -> int:
    """Where on the track's timeline the sound is; where it will begin, if its turn hasn't come yet."""
    reached = mixer.reached(track.timeline)
    return track.reached if reached is None else reached
