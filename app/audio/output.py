"""An open device with the mixer that feeds it."""

from __future__ import annotations

from collections.abc import Callable

from app.audio.mixer import Mixer
from app.audio.player_events import Monitor
from app.audio.sound_card import ChannelsRefused, OutputDevice, OutputStream, RateRefused, SoundCard

_USUAL_RATE_HZ = 48_000


class Output:
    """A stream and its mixer."""

    def __init__(self, stream: OutputStream, mixer: Mixer, file_rate_hz: int) -> None:
        self.mixer = mixer
        self.file_rate_hz = file_rate_hz
        """The rate it was opened for; the stream's own may differ if the device refused it."""
        self._stream = stream

    def has_vanished(self, now: float, stall_s: float) -> bool:
        """Whether the device stopped, or asked for nothing for so long that it must be gone."""
        return not self._stream.is_active or now - self.mixer.heard.last_call > stall_s

    def rest(self) -> None:
        """Nothing sounds: the sound card may close it whenever it wants to look for devices."""
        self._stream.rest()

    def wake(self) -> bool:
        """It is to sound again; False if it was closed meanwhile."""
        return self._stream.wake()

    def close(self) -> None:
        self._stream.close()

    def abandon(self) -> None:
        """Close without waiting: closing a vanished device can take forever."""
        self._stream.abandon()


def open_output(
    sound_card: SoundCard,
    device: OutputDevice | None,
    file_rate_hz: int,
    prepare: Callable[[Mixer], None],
    *,
    gain: float,
    monitor: Monitor,
    latency_s: float,
    fade_s: float,
    clock: Callable[[], float],
) -> Output:
    """Open a device at the file's rate, or its own if it refuses; in stereo, or mono if it has no more.

    Args:
        sound_card: Opens the stream.
        device: None is the system's default.
        file_rate_hz: The rate to try first.
        prepare: Gives the mixer its sound before the device asks; called again if another rate is tried.
        gain: Of the mixer, as are `monitor`, `fade_s` and `clock`.
        latency_s: What is asked of the device.
    Raises:
        PlaybackError: The device isn't there or can't be opened.
    """

    def attempt(rate_hz: int, channels: int) -> Output:
        mixer = Mixer(rate_hz=rate_hz, channels=channels, gain=gain, monitor=monitor, fade_s=fade_s, clock=clock)
        prepare(mixer)
        stream = sound_card.open(
            device, sample_rate_hz=rate_hz, channels=channels, latency_s=latency_s, fill=mixer.fill
        )
        mixer.heard.last_call = clock()  # opening may take long, which isn't the device's silence
        return Output(stream, mixer, file_rate_hz)

    channels = 1 if device is not None and device.channels == 1 else 2
    try:
        try:
            return attempt(file_rate_hz, channels)
        except ChannelsRefused:
            channels = 1
            return attempt(file_rate_hz, channels)
    except RateRefused:
        return attempt(_rate_of(sound_card, device), channels)


def _rate_of(sound_card: SoundCard, device: OutputDevice | None) -> int:
    if device is not None:
        return device.default_sample_rate_hz
    for each in sound_card.list_output_devices():
        if each.is_default:
            return each.default_sample_rate_hz
    return _USUAL_RATE_HZ
