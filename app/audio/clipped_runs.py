"""Where a file is clipped: runs of samples at full scale, and every sample beyond it.

A single sample at full scale isn't clipping: whatever was normalised to its peak has one. Three in a row are hardly
ever sound, which is why the over lights of digital meters count three as well. What lies beyond full scale, as it may
in a file of floats or behind a lossy decoder, is cut off by every integer format, so there one sample is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

CLIPPED_FRAMES = 3
"""So many samples at full scale in a row are taken for clipped."""
_MOST_RUNS_A_BLOCK = 1 << 12  # of a channel
_MOST_RUNS = 1 << 18  # of a channel: 70 a second of an hour
_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 25}  # float32 holds no more of the last
_START, _END, _IS_BEYOND = 0, 1, 2

Runs = npt.NDArray[np.int64]
_NO_RUNS: Runs = np.empty((3, 0), np.int64)


class ClippedRuns(NamedTuple):
    """The runs of each channel in order, none touching the next.

    Attributes:
        channels: For each a shape (2, n): the first frame of each run, and the frame after its last.
        is_exact: False where there were too many, so that neighbours were joined, with what lies between.
    """

    channels: tuple[Runs, ...]
    is_exact: bool = True

    @staticmethod
    def none(channels: int) -> ClippedRuns:
        return ClippedRuns((np.empty((2, 0), np.int64),) * channels)

    def touching(self, first: Runs, after: Runs) -> npt.NDArray[np.bool_]:
        """Which of these stretches of the file hold clipped samples.

        Args:
            first: The first frame of each, shape (n,).
            after: The frame after its last.
        Returns:
            Shape (channels, n).
        """
        found = np.zeros((len(self.channels), len(first)), np.bool_)
        for channel, runs in enumerate(self.channels):
            if runs.shape[1]:
                next_run = np.searchsorted(runs[_END], first, "right")
                there = next_run < runs.shape[1]
                found[channel, there] = runs[_START, next_run[there]] < after[there]
        return found


class FullScale(NamedTuple):
    """What is full scale, in the samples' own numbers.

    Attributes:
        highest: The highest value that a sample can have; its negative is taken for the lowest (two's complement has
            one step more below, which many limiters leave unused).
        beyond: What is larger is clipped in any case; None where nothing can be.
    """

    highest: float
    beyond: float | None


def full_scale_of(subtype: str, sample_type: npt.DTypeLike) -> FullScale:
    """That of a file.

    Args:
        subtype: How it is encoded, as libsndfile names it.
        sample_type: What it is read as: int16, or float32.
    """
    if np.dtype(sample_type) == np.int16:
        return FullScale(np.iinfo(np.int16).max, None)
    bits = _BITS.get(subtype)
    return FullScale(1 - 0.5 ** ((bits or 16) - 1), None if bits else 1.0)


class ClippedRunsFinder:
    """Looks through the blocks of a file; they may be searched out of order, but are added in order.

    Args:
        scale: What is full scale for these samples.
    """

    def __init__(self, channels: int, scale: FullScale) -> None:
        self._full_scale, self._beyond = scale
        self._found: list[list[Runs]] = [[] for _ in range(channels)]
        self._loose = [0] * channels
        self._is_exact = True

    def search(
        self, block: npt.NDArray[Any], low: npt.NDArray[Any], high: npt.NDArray[Any], point_frames: int, start: int
    ) -> list[Runs]:
        """The runs of one block, each channel's of shape (3, n).

        Args:
            block: Shape (frames, channels).
            low: The lowest sample of every `point_frames`, shape (channels, points): only where it or the highest
                reaches full scale is there anything to search.
            high: Likewise.
            start: Where the block begins in the file.
        """
        frames = len(block)
        runs = []
        for channel, (lowest, highest) in enumerate(zip(low, high, strict=True)):
            hot = np.flatnonzero((highest >= self._full_scale) | (lowest <= -self._full_scale))
            if len(hot):
                first, after = int(hot[0]) * point_frames, min((int(hot[-1]) + 1) * point_frames, frames)
                runs.append(self._runs_of(block[first:after, channel], start + first, (start, start + frames)))
            else:
                runs.append(_NO_RUNS)
        return runs

    def add(self, runs: Sequence[Runs]) -> None:
        """Take what `search` found in the next block."""
        for channel, new in enumerate(runs):
            if new.shape[1]:
                self._found[channel].append(new)
                self._loose[channel] += new.shape[1]
            if self._loose[channel] > _MOST_RUNS:
                self._put_together(channel)

    def so_far(self) -> ClippedRuns:
        """What was found in the blocks that were added."""
        runs = [self._put_together(channel) for channel in range(len(self._found))]
        return ClippedRuns(tuple(np.ascontiguousarray(each[:2, _is_clipped(each)]) for each in runs), self._is_exact)

    def _put_together(self, channel: int) -> Runs:
        found = self._found[channel]
        if len(found) > 1:
            found[:] = [self._thinned(_joined(np.concatenate(found, axis=1)), _MOST_RUNS)]
            self._loose[channel] = 0
        return found[0] if found else _NO_RUNS

    def _runs_of(self, samples: npt.NDArray[Any], start: int, block: tuple[int, int]) -> Runs:
        full = np.flatnonzero((samples >= self._full_scale) | (samples <= -self._full_scale))
        is_last = np.append(np.diff(full) > 1, True)
        first = np.flatnonzero(np.append(True, is_last[:-1]))
        runs = np.empty((3, len(first)), np.int64)
        runs[_START], runs[_END] = full[first] + start, full[is_last] + start + 1
        runs[_IS_BEYOND] = 0
        if self._beyond is not None:
            runs[_IS_BEYOND] = np.maximum.reduceat(np.abs(samples[full]), first) > self._beyond
        # A short run at an edge may go on in the next block.
        at_edge = (runs[_START] == block[0]) | (runs[_END] == block[1])
        return self._thinned(runs[:, at_edge | _is_clipped(runs)], _MOST_RUNS_A_BLOCK)

    def _thinned(self, runs: Runs, most: int) -> Runs:
        """At most so many: those that lie closest together are joined."""
        if runs.shape[1] <= most:
            return runs
        self._is_exact = False
        gaps = runs[_START, 1:] - runs[_END, :-1]
        widest = np.sort(np.argpartition(gaps, -(most - 1))[-(most - 1) :])
        thin = np.empty((3, most), np.int64)
        thin[_START] = runs[_START, np.append(0, widest + 1)]
        thin[_END] = runs[_END, np.append(widest, runs.shape[1] - 1)]
        thin[_IS_BEYOND] = 1  # even if they are all short: something in there was clipped
        return thin


def _is_clipped(runs: Runs) -> npt.NDArray[np.bool_]:
    clipped: npt.NDArray[np.bool_] = (runs[_END] - runs[_START] >= CLIPPED_FRAMES) | (runs[_IS_BEYOND] > 0)
    return clipped


def _joined(runs: Runs) -> Runs:
    """Runs of neighbouring blocks that touch become one; runs that turned out to be short go."""
    first = np.flatnonzero(np.append(True, runs[_START, 1:] != runs[_END, :-1]))
    joined = np.stack(
        [runs[_START, first], runs[_END, np.append(first[1:], runs.shape[1]) - 1], np.maximum.reduceat(runs[2], first)]
    )
    keep = _is_clipped(joined)
    keep[-1] = True  # it may go on in what was not read yet
    return joined[:, keep]
