"""Where the sound of a file begins and ends, between the silence around it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.files import read_blocks

_PIECE_FRAMES = 2_048  # most blocks are loud near their ends, so few of their frames are looked at

Floats = npt.NDArray[np.float32]


class SoundingPart:
    """Finds it in blocks that come in order, shape (n, channels).

    Attributes:
        frames: How many came.
        found: The first frame in which any channel is louder than the level, and the frame after the last one;
            None if none is.
    """

    def __init__(self, below_dbfs: float) -> None:
        self.frames = 0
        self.found: tuple[int, int] | None = None
        self._threshold = np.float32(10.0 ** (below_dbfs / 20.0))

    def add(self, block: Floats) -> None:
        # What is no number is louder than nothing, and hides what else there is.
        if len(block) and not (block.max() <= self._threshold and block.min() >= -self._threshold):
            last = self._last_in(block)
            if last is not None:
                first = self._first_in(block) + self.frames if self.found is None else self.found[0]
                self.found = (first, self.frames + last + 1)
        self.frames += len(block)

    def _first_in(self, block: Floats) -> int:
        for start in range(0, len(block), _PIECE_FRAMES):
            loud = self._loud(block[start : start + _PIECE_FRAMES])
            if len(loud):
                return start + int(loud[0])
        raise AssertionError("there is one, for there is a last one")

    def _last_in(self, block: Floats) -> int | None:
        for end in range(len(block), 0, -_PIECE_FRAMES):
            start = max(0, end - _PIECE_FRAMES)
            loud = self._loud(block[start:end])
            if len(loud):
                return start + int(loud[-1])
        return None

    def _loud(self, piece: Floats) -> npt.NDArray[np.intp]:
        return np.flatnonzero((np.abs(piece) > self._threshold).any(axis=1))


def sounding_part(
    path: Path,
    start_frame: int,
    frames: int,
    *,
    below_dbfs: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[int, int] | None:
    """The first frame of a part in which any channel is louder than a level, and the frame after the last one.

    Blocks; streams files of any length.

    Args:
        start_frame: Where the part begins in the file.
        frames: How long it is.
    Returns:
        Frames of the file; None if nothing is that loud.
    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    part = SoundingPart(below_dbfs)
    for block in read_blocks(path, start_frame, frames):
        if cancelled():
            raise CancelledError
        part.add(block)
    return None if part.found is None else (start_frame + part.found[0], start_frame + part.found[1])
