"""The K-weighting of ITU-R BS.1770: a sound's power as the ear takes it, frame by frame.

The standard gives the filters for 48 kHz; for other rates they are designed anew from the analogue prototype behind
them, as in libebur128.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

_RESPONSE_S = 0.1  # the high pass has faded by over 180 dB then
_TRANSFORM_FRAMES = 1 << 16
_SHORTEST_TRANSFORM_FRAMES = 1 << 12
_SURROUND_WEIGHT = 1.41

Floats = npt.NDArray[np.float32]
Three = tuple[float, float, float]


class KWeighting:
    """The two filters as one convolution, block by block (overlap-save); then the weighted sum over the channels.

    A recursive filter would be a slow loop in Python, and its response is short.

    Attributes:
        block_frames: The most frames of one block.
        ringing_frames: How long the filters go on after the sound.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._weights = _channel_weights(channels)
        self.ringing_frames = len(_k_response(rate_hz)) - 1
        self._history = np.zeros((channels, self.ringing_frames), np.float32)
        length = _TRANSFORM_FRAMES
        while length < 4 * self.ringing_frames:
            length *= 2
        self.block_frames = length - self.ringing_frames
        self._transform = _Transform(rate_hz, _SHORTEST_TRANSFORM_FRAMES)

    def power(self, block: Floats) -> Floats:
        """Shape (n, channels) to (n,): the squares of all channels with their weights; n is at most `block_frames`."""
        kept, after = self.ringing_frames, self.ringing_frames + len(block)
        transform = self._transform_for(after)
        power = np.zeros(len(block), np.float32)
        sound = transform.sound
        for channel, weight in enumerate(self._weights):  # one by one: a file may claim 32 at 768 kHz
            if weight == 0:
                continue
            sound[:kept] = self._history[channel]
            sound[kept:after] = block[:, channel]
            sound[after:] = 0
            self._history[channel] = sound[len(block) : after]
            transform.filter()
            heard = transform.sound[kept:after]
            heard *= heard
            if weight != 1:
                heard *= weight
            power += heard
        return power

    def _transform_for(self, frames: int) -> _Transform:
        """One that is long enough, and no longer: most takes are short."""
        length = _SHORTEST_TRANSFORM_FRAMES
        while length < frames:
            length *= 2
        if self._transform.length != length:
            self._transform = _Transform(self._rate_hz, length)
        return self._transform


class _Transform:
    """Filters `sound` in place; its memory is used again and again, for to get new pages would take as long."""

    def __init__(self, rate_hz: int, length: int) -> None:
        self.length = length
        self.sound: npt.NDArray[Any] = np.zeros(length, np.float32)  # NumPy's types know only doubles as `out`
        self._filters = _k_spectrum(rate_hz, length)
        self._spectrum: npt.NDArray[Any] = np.empty(length // 2 + 1, np.complex64)

    def filter(self) -> None:
        np.fft.rfft(self.sound, out=self._spectrum)
        np.multiply(self._spectrum, self._filters, out=self._spectrum)
        np.fft.irfft(self._spectrum, self.length, out=self.sound)


def _channel_weights(channels: int) -> Floats:
    """1 in front, 1.41 at the sides and behind, 0 for low-frequency effects, in the order of WAV."""
    layouts: dict[int, tuple[float, ...]] = {
        4: (1, 1, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        5: (1, 1, 1, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        6: (1, 1, 1, 0, _SURROUND_WEIGHT, _SURROUND_WEIGHT),
        7: (1, 1, 1, 0, *[_SURROUND_WEIGHT] * 3),
        8: (1, 1, 1, 0, *[_SURROUND_WEIGHT] * 4),
    }
    return np.array(layouts.get(channels, (1.0,) * channels), np.float32)


# Takes come at a few rates and are short: to make these anew would cost more than to measure one.
@lru_cache(maxsize=24)
def _k_spectrum(rate_hz: int, length: int) -> npt.NDArray[np.complex64]:
    """Of the filters, for transforms of so many frames; not to be written to."""
    return np.fft.rfft(_k_response(rate_hz), length).astype(np.complex64)


@lru_cache(maxsize=8)
def _k_response(rate_hz: int) -> npt.NDArray[np.float64]:
    """The impulse response of the high shelf and the high pass in a row; not to be written to."""
    response = np.zeros(max(2, round(_RESPONSE_S * rate_hz)))
    response[0] = 1.0
    for numerator, denominator in (_high_shelf(rate_hz), _high_pass(rate_hz)):
        response = _run(numerator, denominator, response)
    return response


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
