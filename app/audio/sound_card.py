"""What the player needs of a sound card. PortAudio is one; the tests drive a silent one by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import PlaybackError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """Something that makes sound; told apart by name and host API."""

    name: str
    host_api: str
    channels: int
    default_sample_rate_hz: int
    is_default: bool


class RateRefused(PlaybackError):
    """The device is there but doesn't take this sample rate."""


class ChannelsRefused(PlaybackError):
    """The device is there but doesn't have this many channels."""


class Fill(Protocol):
    """Called by the sound card's own thread whenever it wants samples. Must not wait and must not raise."""

    def __call__(self, out: npt.NDArray[np.float32], delay_s: float, has_underflowed: bool, /) -> None:
        """Write the next samples.

        Args:
            out: Shape (frames, channels), to be filled completely.
            delay_s: How long until the first of them is heard.
            has_underflowed: The card ran dry since the last call.
        """


class OutputStream(Protocol):
    """An open stream that calls `fill` until it is closed."""

    @property
    def sample_rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def latency_s(self) -> float: ...

    @property
    def is_active(self) -> bool:
        """False once the device is gone."""

    def rest(self) -> None:
        """It plays silence: the sound card may close it at any time in order to look for devices."""

    def wake(self) -> bool:
        """It is wanted again, and isn't closed any more unasked; False if it was meanwhile."""

    def close(self) -> None:
        """Stop at once; `fill` isn't called any more. May block, for a vanished device for long."""

    def abandon(self) -> None:
        """The same without waiting for it."""


class SoundCard(Protocol):
    """Lists devices and opens streams; all of it may block."""

    @property
    def default_moves_along(self) -> bool:
        """Whether a stream on the default device goes over to another one when the system's choice changes."""

    def warm(self) -> None:
        """Load and start what has to be there before the first stream; opens no device.

        Raises:
            PlaybackError: There is no sound system.
        """

    def list_output_devices(self) -> list[OutputDevice]: ...

    def open(
        self,
        device: OutputDevice | None,
        *,
        sample_rate_hz: int,
        channels: int,
        latency_s: float,
        fill: Fill,
    ) -> OutputStream:
        """Open and start a stream; None is the system's default device.

        Raises:
            RateRefused: The device doesn't take this rate.
            ChannelsRefused: The device hasn't that many channels.
            PlaybackError: The device isn't there or can't be opened.
        """
