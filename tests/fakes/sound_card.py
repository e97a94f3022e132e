"""A sound card without sound: a test takes the samples out by hand, and time passes as it does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.audio.sound_card import ChannelsRefused, Fill, OutputDevice, RateRefused
from app.domain.errors import PlaybackError

SPEAKERS = OutputDevice("Speakers", "Silent", channels=2, default_sample_rate_hz=48_000, is_default=True)


class HandClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


class SilentStream:
    """A stream that asks for nothing by itself.

    Attributes:
        device: What it sounds on.
        is_resting: It may be closed unasked.
    """

    def __init__(self, device: OutputDevice, fill: Fill, sample_rate_hz: int, channels: int, latency_s: float) -> None:
        self.device = device
        self.sample_rate_hz = sample_rate_hz
        self.channels = channels
        self.latency_s = latency_s
        self.is_active = True
        self.is_closed = False
        self.is_resting = False
        self.fill = fill

    def rest(self) -> None:
        self.is_resting = True

    def wake(self) -> bool:
        self.is_resting = False
        return not self.is_closed

    def close(self) -> None:
        self.is_active = False
        self.is_closed = True

    def abandon(self) -> None:
        self.close()


class SilentSoundCard:
    """Implements `SoundCard`.

    Attributes:
        devices: What is plugged in; without any, opening fails.
        rates: The sample rates that are accepted; None takes all.
        most_channels: Opening with more is refused.
        opened: The device of each `open` that worked.
        stream: The stream opened last.
        gulp_frames: What a stream takes at once when it is opened, as real ones fill their buffer.
        gulped: What it got then.
        default_moves_along: Whether an open stream follows the system's choice.
    """

    def __init__(self, clock: HandClock, *, latency_s: float = 0.05) -> None:
        self.devices: list[OutputDevice] = [SPEAKERS]
        self.rates: set[int] | None = None
        self.most_channels = 2
        self.opened: list[OutputDevice | None] = []
        self.stream: SilentStream | None = None
        self.gulp_frames = 0
        self.gulped = np.zeros((0, 2), np.float32)
        self.default_moves_along = True
        self._clock = clock
        self._latency_s = latency_s

    def warm(self) -> None:
        pass

    def list_output_devices(self) -> list[OutputDevice]:
        """All devices. As PortAudio does, it closes a stream that rests in order to look for them."""
        if self.stream is not None and self.stream.is_resting:
            self.stream.close()
        return list(self.devices)

    def open(
        self,
        device: OutputDevice | None,
        *,
        sample_rate_hz: int,
        channels: int,
        latency_s: float,
        fill: Fill,
    ) -> SilentStream:
        if not self.devices or (device is not None and device not in self.devices):
            raise PlaybackError("There is no sound output." if device is None else f"{device.name} isn’t connected.")
        if channels > self.most_channels:
            raise ChannelsRefused("Too many channels.")
        if self.rates is not None and sample_rate_hz not in self.rates:
            raise RateRefused("Not at this rate.")
        self.opened.append(device)
        on = device or next((each for each in self.devices if each.is_default), self.devices[0])
        self.stream = SilentStream(on, fill, sample_rate_hz, channels, self._latency_s)
        self.gulped = np.full((self.gulp_frames, channels), np.nan, np.float32)
        fill(self.gulped, self._latency_s, False)
        return self.stream

    def take(self, frames: int, *, block: int = 480) -> npt.NDArray[np.float32]:
        """Take this many frames out of the open stream, block by block, while their time passes."""
        stream = self.stream
        assert stream is not None
        assert stream.is_active
        blocks = []
        while frames > 0:
            out = np.full((min(block, frames), stream.channels), np.nan, np.float32)  # all must be overwritten
            stream.fill(out, self._latency_s, False)
            self._clock.advance(len(out) / stream.sample_rate_hz)
            blocks.append(out)
            frames -= len(out)
        return np.concatenate(blocks)

    def unplug(self) -> None:
        """The device vanishes."""
        self.devices = []
        if self.stream is not None:
            self.stream.is_active = False
