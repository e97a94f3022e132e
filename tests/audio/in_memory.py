"""A sound that is read from an array, as a decoder reads a file."""

from __future__ import annotations

from tests.audio.conftest import Floats


class Memory:
    """A file that is read from an array.

    Attributes:
        seeks: Where it was sent to.
    """

    is_growing = False

    def __init__(self, samples: Floats) -> None:
        self.frames, self.channels = samples.shape
        self.seeks: list[int] = []
        self._samples = samples
        self._frame = 0

    def read(self, frames: int) -> Floats:
        block = self._samples[self._frame : self._frame + frames]
        self._frame += len(block)
        return block

    def seek(self, frame: int) -> None:
        self.seeks.append(frame)
        self._frame = frame

    def close(self) -> None:
        pass
