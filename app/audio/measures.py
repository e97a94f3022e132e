"""Everything that is measured of a file, in one pass over it. Blocks; streams files of any length."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.files import inspect, read_blocks
from app.audio.k_weighting import KWeighting
from app.audio.loudness import MOMENTARY_S, SHORT_TERM_S, LoudnessMeter
from app.audio.silence import SoundingPart
from app.audio.true_peak import TruePeak
from app.domain.measures import SILENCE_DBFS, LoudnessBasis, Measures

_FRAMES_BESIDE = 256
_LOUDEST = 1e6  # 120 dB above full scale

Floats = npt.NDArray[np.float32]


def measure(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Measures:
    """Measure a whole file.

    A sample that is no number counts as 0, an infinite one as 120 dB above full scale.

    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info = inspect(path)
    return measure_blocks(read_blocks(path), info.sample_rate_hz, info.channels, cancelled=cancelled)


def measure_blocks(
    blocks: Iterable[Floats], rate_hz: int, channels: int, *, cancelled: Callable[[], bool] = lambda: False
) -> Measures:
    """Measure sound that is nowhere written yet.

    Args:
        blocks: Shape (n, channels), any n.
    Raises:
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    weighting = KWeighting(rate_hz, channels)
    meter = LoudnessMeter(rate_hz)
    true_peak = TruePeak(rate_hz, channels)
    part = SoundingPart(SILENCE_DBFS)
    sums = np.zeros(channels)
    sample_peak = 0.0
    for given in _regrouped(blocks, weighting.block_frames):
        if cancelled():
            raise CancelledError
        block, peak = _numbers(given)
        sample_peak = max(sample_peak, peak)
        meter.add(weighting.power(block))
        true_peak.add(block)
        part.add(block)
        sums += _sums(block)
    frames = meter.frames
    if frames < SHORT_TERM_S * rate_hz:  # it is heard in silence, and what the filters make of its end belongs to it
        meter.end_sound()
        meter.add(weighting.power(np.zeros((weighting.ringing_frames, channels), np.float32)))
    loudness = meter.finish()
    head, end = part.found or (frames, frames)
    return Measures(
        _basis(loudness.integrated_lufs, is_short=frames < round(MOMENTARY_S * rate_hz)),
        loudness.integrated_lufs,
        loudness.momentary_max_lufs,
        loudness.short_term_max_lufs,
        loudness.range_lu,
        _decibels(max(true_peak.finish(), sample_peak)),
        _decibels(sample_peak),
        head / rate_hz,
        (frames - end) / rate_hz,
        float(max(sums, key=abs)) / max(frames, 1),
    )


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


def _numbers(block: Floats) -> tuple[Floats, float]:
    """The block with nothing but numbers in it, and its highest absolute sample."""
    high, low = block.max(), block.min()
    if not (high <= _LOUDEST and low >= -_LOUDEST):  # so is what is no number
        block = np.nan_to_num(block, nan=0.0, posinf=_LOUDEST, neginf=-_LOUDEST).clip(-_LOUDEST, _LOUDEST)
        high, low = block.max(), block.min()
    return block, float(max(high, -low))


def _sums(block: Floats) -> npt.NDArray[np.float64]:
    """The sum of each channel: first of frames far apart, side by side in memory, which is several times faster."""
    frames, channels = block.shape
    beside = frames - frames % _FRAMES_BESIDE
    sums = block[:beside].reshape(-1, _FRAMES_BESIDE * channels).sum(axis=0)
    whole: npt.NDArray[np.float64] = sums.reshape(-1, channels).sum(axis=0, dtype=np.float64)
    whole += block[beside:].sum(axis=0, dtype=np.float64)
    return whole


def _basis(integrated_lufs: float | None, *, is_short: bool) -> LoudnessBasis:
    if is_short:
        return LoudnessBasis.SHORT
    return LoudnessBasis.QUIET if integrated_lufs is None else LoudnessBasis.INTEGRATED


def _decibels(amplitude: float) -> float | None:
    return 20.0 * math.log10(amplitude) if amplitude > 0 else None
