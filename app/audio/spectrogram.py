"""Samples to levels by frequency: what a spectrogram shows, before it has colours.

A sine reads its own level: one at full scale is 0 dBFS, wherever it falls between two bins. Windows are 4-term
Blackman-Harris, whose side lobes (92 dB down) stay below what is shown beside the loudest tone. Decibels of
neighbouring bins lie on a parabola there, so the level and place of a peak between bins are read off it; that is
exact to some hundredths of a decibel and costs half of what padding the window would.
Source: F. J. Harris, "On the Use of Windows for Harmonic Analysis with the DFT", Proc. IEEE 66 (1978), table 1.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.spectrogram_axis import FrequencyAxis
from app.audio.spectrogram_grid import Grid

ROWS = 512
FLOOR_DBFS, STEP_DB = -120.0, 0.5
"""A level is stored as steps above the floor: 0 is the floor or less, 255 is +7.5 dBFS or more."""
_TERMS = (0.35875, -0.48829, 0.14128, -0.01168)
_DB_A_LN = 10 / math.log(10)
_LEAST_POWER = np.float32(1e-13)  # -130 dBFS: below the floor, and not minus infinity
_HIGHEST_BULGE_DB = np.float32(0.83)  # how far a peak between two bins can lie above the higher of them
_FLATTEST = np.float32(-1e-3)
_LOUDEST = np.float32(1e6)
_BATCH_SAMPLES = 1 << 16  # at once: many enough for NumPy, few enough for the cache of the processor

Floats = npt.NDArray[np.float32]
Levels = npt.NDArray[np.uint8]


class _Rows(NamedTuple):
    """Which bins a row shows. The lower rows are finer than bins are, the higher ones hold several.

    Attributes:
        bin: Of each fine row, shape (fine,): the bin nearest to its middle, and
        low: where the row begins beside that, in bins, and
        high: where it ends.
        first: The first bin of each coarse row, shape (coarse,).
        after: The bin after the last of the topmost row.
    """

    bin: npt.NDArray[np.intp]
    low: Floats
    high: Floats
    first: npt.NDArray[np.intp]
    after: int


class Analysis:
    """Turns samples into rows of levels, the way a grid asks for. Not to be shared by threads."""

    def __init__(self, grid: Grid, sample_rate_hz: int) -> None:
        self.grid = grid
        size = grid.window_frames
        self._window = _blackman_harris(size)
        self._window *= np.float32(2 / self._window.sum(dtype=np.float64))
        self._rows = _rows_of(FrequencyAxis.of(sample_rate_hz), sample_rate_hz / size, size // 2 + 1)
        self._batch = max(1, _BATCH_SAMPLES // size)

    def columns(self, samples: Floats, count: int) -> Levels:
        """Levels of neighbouring columns.

        Args:
            samples: Of one channel; the frames from `lead_in` before the first column on, as many as
                `frames_for(count)`. What isn't a number counts as silence.
            count: How many columns.
        Returns:
            Shape (count, ROWS), in steps of `STEP_DB` above `FLOOR_DBFS`; the lowest frequency first.
        """
        found = self.decibels(samples, count)
        found -= np.float32(FLOOR_DBFS - STEP_DB / 2)
        found *= np.float32(1 / STEP_DB)
        return np.clip(found, 0, 255, out=found).astype(np.uint8)

    def decibels(self, samples: Floats, count: int) -> Floats:
        """As `columns`, in dBFS and not rounded; below the floor it isn't exact."""
        grid = self.grid
        clean = _finite(samples)
        spectra = np.lib.stride_tricks.sliding_window_view(clean, grid.window_frames)[:: grid.step_frames]
        total = count * grid.spectra
        found = np.empty((total, ROWS), np.float32)
        for begin in range(0, total, self._batch):
            part = spectra[begin : min(begin + self._batch, total)]
            self._fill(part, found[begin : begin + len(part)])
        return found if grid.spectra == 1 else found.reshape(count, grid.spectra, ROWS).max(axis=1)

    @property
    def lead_in(self) -> int:
        """How many frames before a column its first spectrum begins: windows are centred."""
        return (self.grid.window_frames - self.grid.step_frames) // 2

    def frames_for(self, columns: int) -> int:
        """How many frames so many columns look at."""
        return (columns * self.grid.spectra - 1) * self.grid.step_frames + self.grid.window_frames

    def _fill(self, frames: Floats, out: Floats) -> None:
        spectrum = np.fft.rfft(frames * self._window)
        power = spectrum.real * spectrum.real
        power += spectrum.imag * spectrum.imag
        levels = np.log(np.maximum(power, _LEAST_POWER, out=power), out=power)
        levels *= np.float32(_DB_A_LN)
        rows = self._rows
        fine = len(rows.bin)
        if fine:
            out[:, :fine] = _between_bins(levels, rows)
        if fine < ROWS:
            _raise_peaks(levels)
            out[:, fine:] = np.maximum.reduceat(levels[:, : rows.after], rows.first, axis=1)


def _between_bins(levels: Floats, rows: _Rows) -> Floats:
    """The parabola through a bin and its neighbours, where it is highest within each fine row."""
    left, middle, right = (np.take(levels, rows.bin + each, axis=1) for each in (-1, 0, 1))
    slope = (right - left) / 2
    bend = (left + right) / 2 - middle
    top = slope / (-2 * np.minimum(bend, _FLATTEST))
    at = np.clip(top, rows.low, rows.high, out=top)
    found = middle + at * (slope + bend * at)
    # Beside a gap a parabola would rise, or fall, where nothing is.
    other = np.where(at < 0, left, right)
    clipped: Floats = np.clip(found, np.minimum(middle, other), np.maximum(middle, other) + _HIGHEST_BULGE_DB)
    return clipped


def _raise_peaks(levels: Floats) -> None:
    """Give every bin that is higher than its neighbours the height of the peak that lies beside it."""
    left, middle, right = levels[:, :-2], levels[:, 1:-1], levels[:, 2:]
    sharpness = 2 * middle - left - right
    slope = left - right
    bulge = slope * slope / (8 * np.maximum(sharpness, np.float32(1e-3)))
    bulge *= (middle >= left) & (middle > right)
    np.minimum(bulge, _HIGHEST_BULGE_DB, out=bulge)
    levels[:, 1:-1] += bulge


def _rows_of(axis: FrequencyAxis, bin_hz: float, bins: int) -> _Rows:
    edges = np.array([axis.hz_at(row / ROWS) for row in range(ROWS + 1)]) / bin_hz
    middles = np.array([axis.hz_at((row + 0.5) / ROWS) for row in range(ROWS)]) / bin_hz
    coarse = int(np.searchsorted(np.diff(edges), 1.0))  # rows become ever wider
    nearest = np.clip(np.rint(middles[:coarse]), 1, bins - 2).astype(np.intp)
    # A bin belongs to the row that its middle falls into; at least one does.
    after = min(max(math.ceil(edges[-1]), 1), bins)
    first = np.minimum(np.ceil(edges[coarse:-1]), after - 1).astype(np.intp)
    low, high = (np.clip(each - nearest, -1, 1).astype(np.float32) for each in (edges[:coarse], edges[1 : coarse + 1]))
    return _Rows(nearest, low, high, first, after)


def _blackman_harris(size: int) -> Floats:
    turn = 2 * np.pi * np.arange(size) / size
    window: Floats = np.sum([term * np.cos(order * turn) for order, term in enumerate(_TERMS)], axis=0).astype(
        np.float32
    )
    return window


def _finite(samples: Floats) -> Floats:
    """The samples, without those that aren't numbers or absurdly large."""
    if np.abs(samples).max(initial=0) <= _LOUDEST:  # false also for what is no number
        return samples
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -_LOUDEST, _LOUDEST)
