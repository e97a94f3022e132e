"""What a player has loaded: a file, whole or arriving, with the trim, fades and volume of that file alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.audio.decoding import Sound
from app.audio.files import decoding_errors
from app.audio.player_events import PlayedShape
from app.audio.readable import Readable
from app.audio.shaping import ShapedSound
from app.audio.track import Loop
from app.domain.audio import AudioInfo

if TYPE_CHECKING:
    from app.audio.growing import Growth

_ENDLESS = 1 << 60  # frames of a file that still arrives


class Clip:
    """A file to be heard.

    Attributes:
        info: What there is of it; grows while the file arrives.
        gain: Volume factor of this file alone.
        growth: The file while it arrives, and after it broke off.
        is_ending_early: It broke off while it was heard.
    """

    def __init__(
        self,
        path: Path,
        info: AudioInfo,
        *,
        gain: float = 1.0,
        shape: PlayedShape | None = None,
        growth: Growth | None = None,
    ) -> None:
        self.path = path
        self.info = info
        self.gain = gain
        self.shape = None if shape is None or growth is not None else _brought_inside(shape, info.frames)
        self.growth = growth
        self.is_ending_early = False

    @property
    def rate_hz(self) -> int:
        return self.info.sample_rate_hz

    @property
    def is_growing(self) -> bool:
        return self.growth is not None and not self.growth.is_over

    @property
    def first(self) -> int:
        """The first frame that is heard."""
        return 0 if self.shape is None else self.shape.start

    @property
    def end(self) -> int:
        """The frame after the last one that is there."""
        return self.info.frames if self.shape is None else self.shape.end

    @property
    def end_of_sound(self) -> int:
        """The frame after the last one that will be there."""
        return _ENDLESS if self.is_growing else self.end

    def inside(self, frame: int) -> int:
        """The frame, or the one next to it that is heard; the end counts."""
        return min(max(frame, self.first), self.end)

    def loop(self, start: int, end: int | None) -> Loop | None:
        """A loop brought into the file; None if the file is shorter than its start."""
        start = max(start, 0)
        if start >= self.info.frames:
            return None
        return Loop(start, min(max(self.info.frames if end is None else end, start + 1), self.info.frames))

    def looped(self, loop: Loop | None) -> Loop | None:
        """What of a loop lies in the part that is heard; None if nothing does."""
        if loop is None:
            return None
        start, end = max(loop.start, self.first), min(loop.end, self.end)
        return Loop(start, end) if start < end else None

    def look_again(self) -> None:
        """See how much has arrived."""
        if self.growth is not None:
            self.info = self.growth.info

    def open(self) -> Readable:
        """Open it for decoding; whoever does closes it.

        Raises:
            BrokenAudio: The file can't be decoded.
            OSError: The file can't be opened.
        """
        if self.growth is not None:
            return self.growth.open()
        with decoding_errors():
            sound = Sound(self.path)
        return sound if self.shape is None else ShapedSound(sound, self.shape)

    def close(self) -> None:
        """No more is wanted of a file that arrives; what reads it may read on."""
        if self.growth is not None:
            self.growth.close()


def _brought_inside(shape: PlayedShape, frames: int) -> PlayedShape:
    start = min(max(shape.start, 0), frames)
    end = min(max(shape.end, start), frames)
    fade_in = min(max(shape.fade_in, 0), end - start)
    fade_out = min(max(shape.fade_out, 0), end - start - fade_in)
    return PlayedShape(start, end, fade_in, fade_out, shape.shape)
