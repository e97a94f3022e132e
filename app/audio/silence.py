"""Where the sound of a file begins and ends, between the silence around it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np

from app.audio.files import read_blocks


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
    threshold = np.float32(10.0 ** (below_dbfs / 20.0))
    first = last = -1
    at = start_frame
    for block in read_blocks(path, start_frame, frames):
        if cancelled():
            raise CancelledError
        if block.max() > threshold or block.min() < -threshold or not np.isfinite(block).all():
            loud = np.flatnonzero((np.abs(block) > threshold).any(axis=1))
            if len(loud):
                first = at + int(loud[0]) if first < 0 else first
                last = at + int(loud[-1])
        at += len(block)
    return None if first < 0 else (first, last + 1)
