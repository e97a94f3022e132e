"""How loud a file is: integrated loudness, true peak and sample peak. Blocks; streams files of any length.

Source: ITU-R BS.1770-4 (K-weighting, gating, channel weights, true peak). It gives the filters for 48 kHz; for
other rates they are designed anew from the analogue prototype behind them, as in libebur128.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.files import inspect, read_blocks

_BLOCK_S, _HOPS_A_BLOCK, _HOPS_A_SECOND = 0.4, 4, 10
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
_OFFSET_LUFS = -0.691
_RESPONSE_S = 0.2  # the high pass has faded by far more than 120 dB then
_TRANSFORM_FRAMES = 1 << 16
_SURROUND_WEIGHT = 1.41

Floats = npt.NDArray[np.float32]


class NotMeasured(StrEnum):
    """Why a file has no integrated loudness."""

    TOO_SHORT = "too_short"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured.

    Attributes:
        integrated_lufs: None where BS.1770 gives none; `reason` says why.
        momentary_lufs: The highest over 400 ms, every 100 ms; None where nothing is as long or louder than the gate.
        true_peak_dbtp: Of four times oversampled sound; -inf for digital silence.
        sample_peak_dbfs: Of the samples; -inf for digital silence.
    """

    integrated_lufs: float | None
    true_peak_dbtp: float
    sample_peak_dbfs: float
    reason: NotMeasured | None = None
    momentary_lufs: float | None = None


def measure(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Loudness:
    """Measure a whole file.

    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info = inspect(path)
    return measure_blocks(read_blocks(path), info.sample_rate_hz, info.channels, cancelled=cancelled)


def measure_blocks(
    blocks: Iterable[Floats], rate_hz: int, channels: int, *, cancelled: Callable[[], bool] = lambda: False
) -> Loudness:
    """Measure sound that is nowhere written yet.

    Args:
        blocks: Shape (n, channels), any n.
    Raises:
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    weighting = _KWeighting(rate_hz, channels)
    energy = _Energy(rate_hz, channels)
    peak = _TruePeak(rate_hz, channels)
    for block in _regrouped(blocks, weighting.block_frames):
        if cancelled():
            raise CancelledError
        energy.add(weighting.filter(block))
        peak.add(block)
    powers = energy.of_blocks()
    loudness = _integrated(powers)
    reason = None
    if loudness is None:
        reason = NotMeasured.TOO_SHORT if energy.is_too_short else NotMeasured.SILENT
    return Loudness(loudness, _decibels(peak.finish()), _decibels(peak.sample_peak), reason, _highest_loudness(powers))


def _regrouped(blocks: Iterable[Floats], frames: int) -> Iterator[Floats]:
    """The same sound in blocks of just so many frames, the last one shorter: a transform costs the same for fewer."""
    waiting: list[Floats] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        if count < frames:
            continue
        joined = np.concatenate(waiting)
        whole = count - count % frames
        for at in range(0, whole, frames):
            yield joined[at : at + frames]
        waiting, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(waiting)


class _KWeighting:
    """The two filters of BS.1770 as one convolution, block by block (overlap-save).

    A recursive filter would be a slow loop in Python, and its response is short.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        response = _k_response(rate_hz)
        self._history = np.zeros((channels, len(response) - 1), np.float32)
        length = _TRANSFORM_FRAMES
        while length < 4 * len(response):
            length *= 2
        self._length = length
        self._spectrum = np.fft.rfft(response, length).astype(np.complex64)
        self.block_frames = length - len(response) + 1

    def filter(self, block: Floats) -> Floats:
        """Shape (n, channels) to (channels, n); n is at most `block_frames`."""
        kept = self._history.shape[1]
        result = np.empty((block.shape[1], len(block)), np.float32)
        for channel, history in enumerate(self._history):  # one by one: a file may claim 32 at 768 kHz
            extended = np.concatenate([history, block[:, channel]])
            self._history[channel] = extended[-kept:]
            filtered = np.fft.irfft(np.fft.rfft(extended, self._length) * self._spectrum, self._length)
            result[channel] = filtered[kept : kept + len(block)]
        return result


class _Energy:
    """Sums of weighted squares over steps of 100 ms, of which four overlapping make a gating block."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._weights = _channel_weights(channels)
        self._frames = 0
        self._sums: list[float] = [0.0]

    @property
    def is_too_short(self) -> bool:
        return self._frames < round(_BLOCK_S * self._rate_hz)

    def add(self, weighted: Floats) -> None:
        squares = self._weights @ (weighted * weighted)
        at = 0
        while at < len(squares):
            end_of_step = len(self._sums) * self._rate_hz // _HOPS_A_SECOND
            count = min(len(squares) - at, end_of_step - self._frames)
            self._sums[-1] += float(squares[at : at + count].sum(dtype=np.float64))
            self._frames += count
            at += count
            if self._frames == end_of_step:
                self._sums.append(0.0)

    def of_blocks(self) -> npt.NDArray[np.float64]:
        """The mean square of each whole gating block."""
        steps = np.array(self._sums[:-1])
        if len(steps) < _HOPS_A_BLOCK:
            return np.zeros(0)
        sums = np.convolve(steps, np.ones(_HOPS_A_BLOCK), "valid")
        return sums / (_BLOCK_S * self._rate_hz)


class _TruePeak:
    """The highest absolute sample, as it is and oversampled to at least 192 kHz."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.sample_peak = 0.0
        self._true_peak = 0.0
        self._channels = channels
        factor = 4 if rate_hz < 96_000 else 2 if rate_hz < 192_000 else 1
        self._resampler = None
        if factor > 1:
            import soxr

            self._resampler = soxr.ResampleStream(rate_hz, rate_hz * factor, channels, dtype="float32", quality="HQ")

    def add(self, block: Floats) -> None:
        self.sample_peak = max(self.sample_peak, _highest(block))
        if self._resampler is not None:
            self._true_peak = max(self._true_peak, _highest(self._resampler.resample_chunk(block)))

    def finish(self) -> float:
        if self._resampler is not None:
            nothing = np.zeros((0, self._channels), np.float32)
            rest = self._resampler.resample_chunk(nothing, last=True)
            self._true_peak = max(self._true_peak, _highest(rest))
        return max(self._true_peak, self.sample_peak)


def _highest(block: Floats) -> float:
    return float(max(block.max(), -block.min())) if block.size else 0.0


def _integrated(mean_squares: npt.NDArray[np.float64]) -> float | None:
    """The mean of the blocks above both gates, in LUFS; None if no block is."""
    loud = mean_squares[mean_squares > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gate = loud.mean() * 10.0 ** (_RELATIVE_GATE_LU / 10.0)
    return _OFFSET_LUFS + 10.0 * math.log10(loud[loud > gate].mean())


def _highest_loudness(mean_squares: npt.NDArray[np.float64]) -> float | None:
    highest = mean_squares.max(initial=0.0)
    return _OFFSET_LUFS + 10.0 * math.log10(highest) if highest > _power(_ABSOLUTE_GATE_LUFS) else None


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET_LUFS) / 10.0))


def _decibels(amplitude: float) -> float:
    return 20.0 * math.log10(amplitude) if amplitude > 0 else -math.inf


def _channel_weights(channels: int) -> Floats:
    """1 in front, 1.41 at the sides and behind, 0 for low-frequency effects, in the order of WAV."""
    layouts: dict[int, tuple[float, ...]] = {
        4: (1, 1, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        5: (1, 1, 1, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        6: (1, 1, 1, 0, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        8: (1, 1, 1, 0, *[_SURROUND_WEIGHT] * 4),
    }
    return np.array(layouts.get(channels, (1.0,) * channels), np.float32)


@lru_cache(maxsize=8)  # takes come at a few rates, and to make one costs as much as to measure a short take
def _k_response(rate_hz: int) -> Floats:
    """The impulse response of the high shelf and the high pass in a row; not to be written to."""
    response = np.zeros(max(2, round(_RESPONSE_S * rate_hz)))
    response[0] = 1.0
    for numerator, denominator in (_high_shelf(rate_hz), _high_pass(rate_hz)):
        response = _run(numerator, denominator, response)
    return response.astype(np.float32)


Three = tuple[float, float, float]


def _high_shelf(rate_hz: int) -> tuple[Three, Three]:
    gain_db, frequency_hz, quality = 3.999843853973347, 1681.974450955533, 0.7071752369554196
    k = math.tan(math.pi * frequency_hz / rate_hz)
    high = 10.0 ** (gain_db / 20.0)
    band = high**0.4996667741545416
    numerator = (high + band * k / quality + k * k, 2.0 * (k * k - high), high - band * k / quality + k * k)
    return numerator, _denominator(k, quality)


def _high_pass(rate_hz: int) -> tuple[Three, Three]:
    frequency_hz, quality = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * frequency_hz / rate_hz)
    denominator = _denominator(k, quality)
    # The standard leaves the numerator at 1, -2, 1 beside a denominator that begins with 1.
    return (denominator[0], -2.0 * denominator[0], denominator[0]), denominator


def _denominator(k: float, quality: float) -> Three:
    return 1.0 + k / quality + k * k, 2.0 * (k * k - 1.0), 1.0 - k / quality + k * k


def _run(numerator: Three, denominator: Three, signal: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A second-order filter, sample by sample; only ever run over a short impulse response."""
    a0, a1, a2 = denominator
    b0, b1, b2 = (each / a0 for each in numerator)
    a1, a2 = a1 / a0, a2 / a0
    out, s1, s2 = [], 0.0, 0.0
    for x in signal.tolist():
        y = b0 * x + s1
        s1 = b1 * x - a1 * y + s2
        s2 = b2 * x - a2 * y
        out.append(y)
    return np.array(out)
