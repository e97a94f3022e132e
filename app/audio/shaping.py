"""A clip with its trim and fades, while it is decoded: as an export of it will sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.audio.encoding import sane
from app.audio.fading import envelope
from app.audio.player_events import PlayedShape
from app.audio.readable import Readable


class ShapedSound:
    """Reads a file in its own frames; silent before the clip's start, and over at its end."""

    is_growing = False

    def __init__(self, sound: Readable, shape: PlayedShape) -> None:
        self._sound = sound
        self._shape = shape
        self._frame = 0

    @property
    def frames(self) -> int:
        return min(self._sound.frames, self._shape.end)

    @property
    def channels(self) -> int:
        return self._sound.channels

    def read(self, frames: int) -> npt.NDArray[np.float32]:
        """The next frames, shape (n, channels); between the fades bit for bit those of the file."""
        block = self._sound.read(max(0, min(frames, self._shape.end - self._frame)))
        first = self._frame
        self._frame += len(block)
        return self._shaped(block, first)

    def seek(self, frame: int) -> None:
        self._sound.seek(frame)
        self._frame = frame

    def close(self) -> None:
        self._sound.close()

    def _shaped(self, block: npt.NDArray[np.float32], first: int) -> npt.NDArray[np.float32]:
        shape = self._shape
        start, end = shape.start, shape.end
        is_whole = first >= start + shape.fade_in and first + len(block) <= end - shape.fade_out
        if is_whole or not len(block):
            return block
        at = np.arange(first - start, first - start + len(block), dtype=np.float64)
        gains = envelope(at, end - start, shape.fade_in, shape.fade_out, shape.shape)
        gains[at < 0] = 0.0
        return sane(block) * gains[:, None]
