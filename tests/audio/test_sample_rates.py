"""Sample-rate conversion as a signal: noise, distortion, aliases and the level of every frequency.

The ratio of signal to noise is that of what was passed linearly, at whatever level, to everything else: noise,
distortion, images and aliases. The level of each frequency is a demand of its own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.audio.convert import ConversionSettings, convert
from app.audio.files import read_blocks
from app.domain.audio import BitDepth
from tests.audio.conftest import Floats, WriteWav

# Up to 20 kHz, none a harmonic or an alias of another.
FREQUENCIES_HZ = (50, 997, 5_003, 10_007, 13_003, 15_013, 17_011, 19_001, 20_000)
EDGE_S = 0.2


def tones(rate_hz: int, seconds: float = 2.0, level: float = 0.1) -> Floats:
    time_s = np.arange(round(rate_hz * seconds)) / rate_hz
    together = sum(level * np.sin(2 * np.pi * f * time_s + f) for f in FREQUENCIES_HZ)
    return np.asarray(together, np.float32)[:, None]


def through(source: Path, folder: Path, *rates_hz: int) -> Floats:
    """A file brought to one rate after the other, in 32 bit float."""
    for number, rate_hz in enumerate(rates_hz):
        target = folder / f"{number}.wav"
        convert(source, target, ConversionSettings(sample_rate_hz=rate_hz, bit_depth=BitDepth.FLOAT32))
        source = target
    return np.concatenate(list(read_blocks(source)))


def taken_apart(samples: Floats, rate_hz: int) -> tuple[np.ndarray, float]:
    """The amplitude of each tone, and how far below all of them lies whatever else there is, in dB."""
    edge = round(EDGE_S * rate_hz)
    middle = samples[edge:-edge, 0].astype(np.float64)
    time_s = (np.arange(len(middle)) + edge) / rate_hz
    waves = [wave(2 * np.pi * f * time_s) for f in FREQUENCIES_HZ for wave in (np.sin, np.cos)]
    basis = np.stack(waves, axis=1)
    parts, *_ = np.linalg.lstsq(basis, middle, rcond=None)
    fitted = basis @ parts
    rest = middle - fitted
    return np.hypot(parts[::2], parts[1::2]), 10 * np.log10((fitted**2).mean() / (rest**2).mean())


@pytest.mark.parametrize("rates_hz", [(48_000, 44_100), (48_000,), (96_000, 44_100)])
def test_noise_and_distortion_stay_110_db_below_tones_up_to_20_khz(
    tmp_path: Path, write_wav: WriteWav, rates_hz: tuple[int, ...]
) -> None:
    """The filter of soxr's VHQ falls gently from 13 kHz on, by 0.001 dB at 17 kHz and 0.01 dB at 20 kHz there and back.

    That is linear and far below what anyone hears, but as a difference between before and after it would bury the
    noise: 0.01 dB of a tone are only 60 dB less than the tone. So both are measured by themselves. (A steeper
    filter, which soxr has as well, still falls by 0.003 dB there, and rings for 20 ms instead of 4.)
    """
    source = write_wav(tones(44_100), rate_hz=44_100, subtype="FLOAT")

    amplitudes, ratio_db = taken_apart(through(source, tmp_path, *rates_hz), rates_hz[-1])

    levels_db = 20 * np.log10(amplitudes / 0.1)
    assert ratio_db > 130  # 110 is what is asked for
    assert np.abs(levels_db).max() < 0.012
    assert np.abs(levels_db[:5]).max() < 1e-4


@pytest.mark.parametrize("rates_hz", [(48_000, 44_100), (96_000, 44_100), (88_200, 48_000, 44_100)])
def test_noise_with_gaps_comes_back_with_110_db_less_in_its_gaps_in_every_band(
    tmp_path: Path, write_wav: WriteWav, rates_hz: tuple[int, ...]
) -> None:
    """A tenth of a second of noise, over and over: half of its 2,000 lines are missing, by chance, and stay missing."""
    period, repeats, dice = 4_410, 16, np.random.default_rng(4)
    spectrum = np.zeros(period // 2 + 1, complex)
    is_line = dice.random(2_001) < 0.5
    is_line[0] = False
    spectrum[:2_001][is_line] = np.exp(2j * np.pi * dice.random(is_line.sum()))
    noise = np.fft.irfft(spectrum)
    source = write_wav(
        np.tile(0.1 * noise / noise.std(), 2 * repeats).astype(np.float32)[:, None], rate_hz=44_100, subtype="FLOAT"
    )

    back = through(source, tmp_path, *rates_hz)[8 * period : 24 * period, 0].astype(np.float64)

    # Of sixteen periods every sixteenth line is one of the noise's; what lies between them, or in a gap, is none.
    power = np.abs(np.fft.rfft(back)) ** 2
    is_signal = np.zeros(len(power), bool)
    is_signal[: 2_001 * repeats : repeats] = is_line
    for band in range(8):
        part = slice(band * 250 * repeats, (band + 1) * 250 * repeats)
        lines, rest = power[part][is_signal[part]], power[part][~is_signal[part]]
        assert 10 * np.log10(lines.sum() / (rest.mean() * len(power[part]))) > 110


def test_up_to_13_khz_even_the_difference_stays_110_db_below(tmp_path: Path, write_wav: WriteWav) -> None:
    time_s = np.arange(88_200) / 44_100
    original = np.asarray(sum(0.1 * np.sin(2 * np.pi * f * time_s) for f in FREQUENCIES_HZ[:5]), np.float32)[:, None]
    source = write_wav(original, rate_hz=44_100, subtype="FLOAT")

    back = through(source, tmp_path, 48_000, 44_100)

    middle = slice(8_820, -8_820)
    rest = back[: len(original)][middle].astype(np.float64) - original[middle]
    assert 10 * np.log10((original[middle] ** 2).mean() / (rest**2).mean()) > 110


def test_what_a_lower_rate_cannot_hold_leaves_no_alias(tmp_path: Path, write_wav: WriteWav) -> None:
    time_s = np.arange(96_000) / 48_000
    above = (0.5 * np.sin(2 * np.pi * 23_000 * time_s)).astype(np.float32)[:, None]
    source = write_wav(above, subtype="FLOAT")

    found = through(source, tmp_path, 44_100)[8_820:-8_820]

    assert 20 * np.log10(np.abs(found).max() / 0.5) < -110


@pytest.mark.parametrize(("rate_hz", "to_hz"), [(44_100, 48_000), (48_000, 44_100), (8_000, 192_000), (192_000, 8_000)])
def test_nothing_is_shifted_in_time_and_no_frame_gets_lost(
    tmp_path: Path, write_wav: WriteWav, rate_hz: int, to_hz: int
) -> None:
    time_s = np.arange(rate_hz) / rate_hz - 0.5
    source = write_wav(np.exp(-((time_s * 400) ** 2)).astype(np.float32)[:, None], rate_hz=rate_hz, subtype="FLOAT")

    found = through(source, tmp_path, to_hz)[:, 0]

    expected = np.exp(-(((np.arange(to_hz) / to_hz - 0.5) * 400) ** 2))
    assert abs(len(found) - to_hz) <= 1
    assert np.abs(found[: len(expected)] - expected[: len(found)]).max() < 1e-4
