"""Blocks of samples reduced to points of a pyramid: the one place that has to be fast, since every sample passes here.

For the extremes a block is halved again and again (the lower of its left and right half, and so on): several times
faster than a minimum over each 256 frames. Once rows are short, halving them costs more calls than work, so they are
turned on their side, and whole rows are halved instead. For the RMS each channel is laid out in one piece as floats,
and every row multiplied with itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.audio.pyramid import BASE_FRAMES, Floats, Points

_BLOCK_POINTS = 1_024  # in stereo; large enough for two threads not to wait for the interpreter all the time
_SHORT_FRAMES = 16
_INT16_SCALE = np.float32(1 / (1 << 15))
_LOUDEST = np.float32(1e6)  # 120 dB above full scale, as `files` accepts it
_ITEMS = {2: np.uint16, 4: np.uint32, 8: np.uint64}


def block_points(channels: int) -> int:
    """How many points a block of so many channels best has."""
    return max(16, 2 * _BLOCK_POINTS // max(2, channels))


class Reduction:
    """Reduces one block after the other, in memory of its own: each thread wants its own.

    Args:
        with_rms: False leaves the squares at zero, which takes half the time.
    """

    def __init__(self, channels: int, *, with_rms: bool = True) -> None:
        self._channels = channels
        self._with_rms = with_rms
        self._planes: Floats = np.empty((channels, 0, BASE_FRAMES), np.float32)

    def points_of(self, block: npt.NDArray[Any]) -> Points:
        """One point for every `BASE_FRAMES` begun.

        Args:
            block: Shape (frames, channels), int16 or float32. What isn't a number counts as silence, and infinity
                as full scale.
        """
        whole = len(block) // BASE_FRAMES
        rest = block[whole * BASE_FRAMES :]
        points = self._of_rows(
            np.ascontiguousarray(block[: whole * BASE_FRAMES]).reshape(whole, BASE_FRAMES * self._channels)
        )
        if not len(rest):
            return points
        # Repeating the last frame changes neither minimum nor maximum.
        padded = np.concatenate([rest, np.repeat(rest[-1:], BASE_FRAMES - len(rest), axis=0)])
        last = self._of_rows(padded.reshape(1, -1), len(rest))
        return points.followed_by(last) if whole else last

    def _of_rows(self, rows: npt.NDArray[Any], frames_of_last: int = BASE_FRAMES) -> Points:
        low, high = self._extremes(rows)
        if rows.dtype != np.int16 and not (low.min(initial=0) >= -_LOUDEST and high.max(initial=0) <= _LOUDEST):
            rows = np.nan_to_num(rows, nan=0.0, posinf=1.0, neginf=-1.0)
            np.clip(rows, -_LOUDEST, _LOUDEST, out=rows)
            low, high = self._extremes(rows)
        squares = self._squares(rows, frames_of_last) if self._with_rms else np.zeros(low.shape, np.float32)
        return Points(low, high, squares)

    def _extremes(self, rows: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        return _folded(np.minimum, rows, self._channels), _folded(np.maximum, rows, self._channels)

    def _squares(self, rows: npt.NDArray[Any], frames_of_last: int) -> Floats:
        if self._planes.shape[1] < len(rows):
            self._planes = np.empty((self._channels, len(rows), BASE_FRAMES), np.float32)
        planes = self._planes[:, : len(rows)]
        interleaved = rows.reshape(len(rows), BASE_FRAMES, self._channels)
        for channel in range(self._channels):
            planes[channel] = interleaved[:, :, channel]
        if frames_of_last < BASE_FRAMES:
            planes[:, -1, frames_of_last:] = 0
        squares: Floats = np.vecdot(planes, planes)
        return squares * (_INT16_SCALE * _INT16_SCALE) if rows.dtype == np.int16 else squares


def _folded(lower: np.ufunc, rows: npt.NDArray[Any], channels: int) -> npt.NDArray[Any]:
    """Reduce rows of interleaved frames to one frame each: shape (channels, rows)."""
    frames = rows.shape[1] // channels
    while frames > _SHORT_FRAMES:
        frames //= 2
        half = frames * channels
        rows = lower(rows[:, :half], rows[:, half:])
    count = len(rows)
    item = _ITEMS.get(rows.itemsize * channels)
    if item is None:
        lanes = np.ascontiguousarray(rows.reshape(count, frames, channels).swapaxes(0, 1)).reshape(frames, -1)
    else:  # a frame is moved as one number
        lanes = np.ascontiguousarray(rows.view(item).T).view(rows.dtype)
    while frames > 1:
        frames //= 2
        lanes = lower(lanes[:frames], lanes[frames:])
    return lanes.reshape(count, channels).T
