"""Spectra as gains, and filters made of them: minimum phase, so that a stroke stays a stroke."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Curve, Mono, Stereo
from app.providers.local.recipe import Colour

_TAPS = 4096
_PIVOT_HZ = 1000.0


def gains_at(colour: Colour, hz: npt.NDArray[np.floating]) -> Curve:
    """Gain of a colour at each frequency; nothing at 0 Hz."""
    octave = np.log2(np.maximum(hz, 1.0) / _PIVOT_HZ)
    low, high = np.log2(colour.low_hz / _PIVOT_HZ), np.log2(colour.high_hz / _PIVOT_HZ)
    db = colour.tilt_db * np.clip(octave, low, high)
    db -= colour.slope_db * (np.maximum(low - octave, 0.0) + np.maximum(octave - high, 0.0))
    gains = 10.0 ** (db / 20.0)
    for centre_hz, width, gain_db in colour.peaks:
        bump = np.exp(-0.5 * ((octave - np.log2(centre_hz / _PIVOT_HZ)) / (0.42 * width)) ** 2)
        gains = gains * 10.0 ** (gain_db * bump / 20.0)
    gains[hz < 1.0] = 0.0
    return np.asarray(gains, dtype=np.float32)


def shape_noise(white: Mono, colour: Colour) -> Mono:
    """Short white noise in a colour, at the level it had."""
    frames = len(white)
    length = max(frames, 512)
    spectrum = np.fft.rfft(white, length)
    gains = gains_at(colour, np.fft.rfftfreq(length, 1.0 / SAMPLE_RATE_HZ))
    level = np.sqrt(np.mean(gains**2)) + 1e-9
    return np.fft.irfft(spectrum * (gains / level), length)[:frames].astype(np.float32)


def minimum_phase(gains: Curve) -> npt.NDArray[np.complex64]:
    """The causal response with these gains whose energy comes first; gains at 0 Hz to Nyquist, evenly."""
    count = 2 * (len(gains) - 1)
    cepstrum = np.fft.irfft(np.log(np.maximum(gains, 1e-5)), count)
    cepstrum[1 : count // 2] *= 2.0
    cepstrum[count // 2 + 1 :] = 0.0
    return np.exp(np.fft.rfft(cepstrum)).astype(np.complex64)


def filtered(sound: Stereo | Mono, colour: Colour) -> Stereo:
    """Sound through a colour, of the same length; works along the last axis."""
    return _overlap_add(sound, _kernel(colour))


@lru_cache(maxsize=64)
def _kernel(colour: Colour) -> npt.NDArray[np.complex64]:
    """The transform of a colour's impulse response, padded to two blocks."""
    hz = np.fft.rfftfreq(_TAPS, 1.0 / SAMPLE_RATE_HZ)
    response = np.fft.irfft(minimum_phase(gains_at(colour, hz)), _TAPS)
    response[_TAPS // 2 :] *= np.linspace(1.0, 0.0, _TAPS // 2)
    return np.fft.rfft(response.astype(np.float32), 2 * _TAPS).astype(np.complex64)


def _overlap_add(sound: Stereo, kernel: npt.NDArray[np.complex64]) -> Stereo:
    """Convolution in equal blocks, each of half the kernel's transform length."""
    frames = sound.shape[-1]
    blocks = -(-frames // _TAPS)
    padded = np.zeros((*sound.shape[:-1], blocks * _TAPS), dtype=np.float32)
    padded[..., :frames] = sound
    pieces = padded.reshape(*sound.shape[:-1], blocks, _TAPS)
    spread = np.fft.irfft(np.fft.rfft(pieces, 2 * _TAPS, axis=-1) * kernel, 2 * _TAPS, axis=-1)
    out = spread[..., :_TAPS].astype(np.float32)
    out[..., 1:, :] += spread[..., :-1, _TAPS:]
    return np.ascontiguousarray(out.reshape(*sound.shape[:-1], blocks * _TAPS)[..., :frames])
