"""From fine samples to integers of few bits, so that what is lost is noise and not distortion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

_SEED = 0x0C0E5317  # the same source and settings give the same file


def dithered(blocks: Iterable[npt.NDArray[np.float32]], bits: int) -> Iterator[npt.NDArray[np.float32]]:
    """Add noise of triangular distribution, one step either way, and round to whole steps.

    The error is then white noise of a quarter of a squared step, whatever the sound is.

    Args:
        blocks: Shape (n, channels), nominally -1.0 to 1.0.
        bits: 16 or 24; a step is 2^(1 - bits).
    Yields:
        Whole steps, not limited at full scale.
    Source: Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither", JAES 40 (1992).
    """
    random = np.random.SFC64(_SEED)
    # Single precision ends where the steps of 24 bits are: a dither between them would be lost in it.
    precision = np.float32 if bits <= 16 else np.float64
    steps = precision(2.0 ** (bits - 1))
    for block in blocks:
        fine: npt.NDArray[np.floating] = block * steps
        fine += _triangular(random, block.size).reshape(block.shape)
        np.rint(fine, out=fine)
        fine /= steps
        yield fine.astype(np.float32, copy=False)


def _triangular(random: np.random.SFC64, count: int) -> npt.NDArray[np.float32]:
    """So many numbers between -1 and 1: differences of two 16 bit ones, four of which come from one draw."""
    draws = random.random_raw(count // 2 + 1).view(np.uint16)
    noise: npt.NDArray[np.float32] = np.subtract(draws[:count], draws[count : 2 * count], dtype=np.float32)
    noise *= np.float32(2.0**-16)
    return noise
