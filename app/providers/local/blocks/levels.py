"""Loudness, peaks and ends: what makes layers balance and a take clean."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Stereo, from_db

_BLOCK = 2048  # 43 ms
_KNEE = from_db(-7.0)


def loudness(sound: Stereo) -> float:
    """How loud the parts that are heard seem, as a linear level; a 1 kHz sine in both channels is about its RMS.

    Blocks within 20 dB of the loudest count. Lasting sounds are judged by their middle, short ones by their peak.
    """
    frames = sound.shape[1]
    count = -(-frames // _BLOCK)
    padded = np.zeros((2, count * _BLOCK), dtype=np.float32)
    padded[:, :frames] = sound
    spectra = np.fft.rfft(padded.reshape(2, count, _BLOCK), axis=2)
    powers = (spectra.real**2 + spectra.imag**2) @ _ear() / _BLOCK**2
    power = np.mean(powers, axis=0)
    loudest = float(power.max())
    if loudest <= 1e-14:
        return 0.0
    heard = np.sort(power[power >= loudest * 0.01])
    return float(np.sqrt(0.5 * heard.mean() + 0.5 * heard[-max(1, len(heard) // 5) :].mean()))


@lru_cache(maxsize=1)
def _ear() -> npt.NDArray[np.float32]:
    """Weight of each frequency: the shape of ITU-R BS.1770's K curve, flat in its middle."""
    hz = np.fft.rfftfreq(_BLOCK, 1.0 / SAMPLE_RATE_HZ)
    low = hz**2 / (hz**2 + 40.0**2)
    shelf = 1.0 + 1.5 * hz**2 / (hz**2 + 1700.0**2)
    return (2.0 * low**2 * shelf).astype(np.float32)


def soft_limited(sound: Stereo) -> Stereo:
    """Peaks above a knee are bent so that nothing passes 1; what lies below is untouched."""
    size = np.abs(sound)
    over = size > _KNEE
    if not over.any():
        return sound
    room = 1.0 - _KNEE
    bent = _KNEE + room * np.tanh((size[over] - _KNEE) / room)
    out = sound.copy()
    out[over] = np.sign(sound[over]) * bent
    return out


def clean_ends(sound: Stereo, fade_in_s: float, fade_out_s: float) -> Stereo:
    """Fades at both ends and no constant offset, exactly: the mean of each channel becomes 0."""
    frames = sound.shape[1]
    window = np.ones(frames, dtype=np.float64)
    for count, at_end in (
        (round(fade_in_s * SAMPLE_RATE_HZ), False),
        (round(fade_out_s * SAMPLE_RATE_HZ), True),
    ):
        count = min(count, frames // 2)
        if count > 0:
            rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count)
            if at_end:
                window[frames - count :] *= rise[::-1]
            else:
                window[:count] *= rise
    mean = (sound @ window) / window.sum()
    return np.asarray((sound - mean[:, None]) * window, dtype=np.float32)


def peak_limited(sound: Stereo, ceiling_db: float) -> Stereo:
    """Turned down if its highest sample passes the ceiling."""
    peak = float(np.max(np.abs(sound)))
    ceiling = from_db(ceiling_db)
    if peak <= ceiling:
        return sound
    return np.asarray(sound * np.float32(ceiling / peak * 0.9999), dtype=np.float32)
