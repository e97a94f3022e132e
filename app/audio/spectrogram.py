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
        bin: Of each fine row, shape (fine,): the bin nearest to its middle.
        low: Where the row begins beside that, in bins, and
        high: where it ends.
        left: Of each coarse row, shape (coarse,), and
        right: two places among the runs of `_Work.loudest` that together hold all of its bins.
        runs: How many lengths of run that takes.
        bins: How many bins are looked at, from 0 Hz on.
    """

    bin: npt.NDArray[np.intp]
    low: Floats
    high: Floats
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    runs: int
    bins: int


class Analysis:
    """Turns samples into rows of levels, the way a grid asks for. Not to be shared by threads."""

    def __init__(self, grid: Grid, sample_rate_hz: int) -> None:
        self.grid = grid
        size = grid.window_frames
        self._window = _blackman_harris(size)
        self._window *= np.float32(2 * size / self._window.sum(dtype=np.float64))  # `forward` divides by the size
        self._rows = _rows_of(FrequencyAxis.of(sample_rate_hz), sample_rate_hz / size, size // 2 + 1)
        self._batch = max(1, _BATCH_SAMPLES // size)
        self._work = _Work(self._batch, size, self._rows)

    def columns(self, samples: Floats, count: int) -> Levels:
        """Levels of neighbouring columns.

        Args:
            samples: Of one channel; the frames from `Grid.lead_in` before the first column on, as many as
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
        grid, fine = self.grid, len(self._rows.bin)
        spectra = np.lib.stride_tricks.sliding_window_view(_finite(samples), grid.window_frames)[:: grid.step_frames]
        found = np.empty((count, ROWS), np.float32)
        for begin in range(0, count, self._batch):
            some = min(self._batch, count - begin)
            out = found[begin : begin + some]
            power = self._loudest_power(spectra[begin * grid.spectra : (begin + some) * grid.spectra], some)
            levels = self._work.decibels(power)
            self._work.between_bins(levels, self._rows, out[:, :fine])
            self._work.raise_peaks(levels)
            self._work.loudest(levels, self._rows, out[:, fine:])
        return found

    def _loudest_power(self, frames: Floats, columns: int) -> Floats:
        """The highest power of each bin within each column, shape (columns, bins)."""
        spectra = self.grid.spectra
        if spectra == 1:
            return self._work.power(frames, self._window)
        loudest = self._work.columns[:columns]
        whole = max(1, self._batch // spectra)  # columns at once, or a part of one
        for column in range(0, columns, whole):
            until = min(column + whole, columns)
            part = frames[column * spectra : until * spectra]
            loudest[column:until] = 0
            for begin in range(0, len(part), self._batch):
                power = self._work.power(part[begin : begin + self._batch], self._window)
                highest = power.reshape(until - column, -1, power.shape[1]).max(axis=1)
                np.maximum(loudest[column:until], highest, out=loudest[column:until])
        return loudest

    def frames_for(self, columns: int) -> int:
        """How many frames so many columns look at."""
        return (columns * self.grid.spectra - 1) * self.grid.step_frames + self.grid.window_frames


class _Work:
    """The steps from windowed frames to rows, in memory that is used again and again.

    Fresh arrays of that size would cost more than the FFT: the system clears each page of theirs.
    """

    def __init__(self, batch: int, size: int, rows: _Rows) -> None:
        bins = rows.bins
        self._frames = np.empty((batch, size), np.float32)
        self._spectrum = np.empty((batch, size // 2 + 1), np.complex64)
        self._power = np.empty((batch, bins), np.float32)
        self.columns = np.empty((batch, bins), np.float32)
        self._runs = np.empty((batch, rows.runs, bins), np.float32)
        self._bins = np.empty((3, batch * bins), np.float32)
        self._is_none = np.empty(batch * bins, bool)
        self._fine = np.empty((6, batch, len(rows.bin)), np.float32)
        self._is_left = np.empty((batch, len(rows.bin)), bool)
        self._coarse = np.empty((2, batch, len(rows.left)), np.float32)

    def power(self, frames: Floats, window: Floats) -> Floats:
        """Of the bins that are shown, shape (frames, bins); 1.0 is that of a sine at full scale."""
        count = len(frames)
        spectrum, power = self._spectrum[:count], self._power[:count]
        windowed = np.multiply(frames, window, out=self._frames[:count])
        # Without a norm NumPy multiplies by a whole number, and for its sake computes in double precision (seen in
        # 2.4): several times slower, in a copy of everything.
        np.fft.rfft(windowed, norm="forward", out=spectrum)  # type: ignore[arg-type]  # the stub knows doubles only
        shown = spectrum[:, : power.shape[1]]
        squares = self._bins[0, : power.size].reshape(power.shape)
        np.multiply(shown.real, shown.real, out=power)
        power += np.multiply(shown.imag, shown.imag, out=squares)
        return power

    def decibels(self, power: Floats) -> Floats:
        """In place, in dBFS."""
        np.maximum(power, _LEAST_POWER, out=power)
        np.log(power, out=power)
        power *= np.float32(_DB_A_LN)
        return power

    def between_bins(self, levels: Floats, rows: _Rows, out: Floats) -> None:
        """The parabola through a bin and its neighbours, where it is highest within each fine row."""
        count = len(levels)
        left, middle, right, slope, bend, at = self._fine[:, :count]
        for beside, into in ((-1, left), (0, middle), (1, right)):
            np.take(levels, rows.bin + beside, axis=1, out=into, mode="clip")
        np.subtract(right, left, out=slope)
        slope *= np.float32(0.5)
        np.add(left, right, out=bend)
        bend *= np.float32(0.5)
        bend -= middle
        np.minimum(bend, _FLATTEST, out=at)
        np.divide(slope, at, out=at)
        at *= np.float32(-0.5)
        np.clip(at, rows.low, rows.high, out=at)
        # Beside a gap a parabola would rise, or fall, where nothing is.
        is_left = np.less(at, 0, out=self._is_left[:count])
        np.copyto(right, left, where=is_left)
        bend *= at
        slope += bend
        slope *= at
        slope += middle
        np.minimum(middle, right, out=left)
        np.maximum(middle, right, out=right)
        right += _HIGHEST_BULGE_DB
        np.clip(slope, left, right, out=out)

    def raise_peaks(self, levels: Floats) -> None:
        """Give every bin that no neighbour is higher than the height of the peak that lies beside it."""
        # On all spectra in one line: what the first and the last bin of one take from the next is never shown.
        flat = levels.reshape(-1)
        middle = flat[1:-1]
        rise, drop, least = (each[: len(middle)] for each in self._bins)
        is_none = self._is_none[: len(middle)]
        np.subtract(middle, flat[:-2], out=rise)
        np.subtract(middle, flat[2:], out=drop)
        np.less(np.minimum(rise, drop, out=least), 0, out=is_none)
        # The top of the parabola is (rise - drop)^2 / (8 (rise + drop)) above its middle.
        sharpness = np.add(rise, drop, out=least)
        rise -= drop
        rise *= rise
        sharpness *= np.float32(8)
        np.maximum(sharpness, -_FLATTEST, out=sharpness)
        rise /= sharpness
        np.minimum(rise, _HIGHEST_BULGE_DB, out=rise)
        np.copyto(rise, 0, where=is_none)
        middle += rise

    def loudest(self, levels: Floats, rows: _Rows, out: Floats) -> None:
        """The highest of the bins of each coarse row: of two runs of 1, 2, 4, 8 ... bins that cover them."""
        count = len(levels)
        np.copyto(self._runs[:count, 0], levels)
        for run in range(1, rows.runs):
            half = 1 << (run - 1)
            shorter, longer = self._runs[:count, run - 1], self._runs[:count, run]
            np.maximum(shorter[:, :-half], shorter[:, half:], out=longer[:, :-half])
        runs = self._runs[:count].reshape(count, -1)
        left, right = self._coarse[:, :count]
        np.take(runs, rows.left, axis=1, out=left, mode="clip")
        np.take(runs, rows.right, axis=1, out=right, mode="clip")
        np.maximum(left, right, out=out)


def _rows_of(axis: FrequencyAxis, bin_hz: float, bins: int) -> _Rows:
    edges = np.array([axis.hz_at(row / ROWS) for row in range(ROWS + 1)]) / bin_hz
    middles = np.array([axis.hz_at((row + 0.5) / ROWS) for row in range(ROWS)]) / bin_hz
    coarse = int(np.searchsorted(np.diff(edges), 1.0))  # rows become ever wider
    shown = min(bins, math.ceil(edges[-1]) + 2)  # with a neighbour above the highest one
    nearest = np.clip(np.rint(middles[:coarse]), 1, shown - 2).astype(np.intp)
    low, high = (np.clip(each - nearest, -1, 1).astype(np.float32) for each in (edges[:coarse], edges[1 : coarse + 1]))
    # A bin belongs to the row that its middle falls into; at least one does.
    bounds = np.clip(np.ceil(edges[coarse:]), 0, shown - 1).astype(np.intp)
    first, last = bounds[:-1], np.maximum(bounds[1:] - 1, bounds[:-1])
    run = np.log2(last - first + 1).astype(np.intp)
    runs = int(run.max(initial=0)) + 1
    return _Rows(nearest, low, high, run * shown + first, run * shown + last + 1 - (1 << run), runs, shown)


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
