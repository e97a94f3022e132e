"""Dither as a signal: what it adds is white noise, of the right size, and only where something is rounded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.audio.convert import ConversionSettings, convert
from app.audio.files import read_blocks
from app.domain.audio import AudioFormat, BitDepth
from tests.audio.conftest import Floats, WriteWav, noise

FRAMES = 1 << 18
RATE_HZ = 48_000
DEPTHS = pytest.mark.parametrize(("depth", "bits"), [(BitDepth.INT16, 16), (BitDepth.INT24, 24)])


def read(path: Path) -> Floats:
    return np.concatenate(list(read_blocks(path)))


def sine(level: float, frequency_hz: float = 997.0) -> Floats:
    """So many frames of a tone, the same on two channels."""
    phase = 2 * np.pi * frequency_hz * np.arange(FRAMES) / RATE_HZ
    return np.repeat((level * np.sin(phase)).astype(np.float32)[:, None], 2, axis=1)


def error_of(samples: Floats, depth: BitDepth, bits: int, write_wav: WriteWav, target: Path) -> Floats:
    """What becomes of samples less what they were, in steps of the new depth."""
    convert(write_wav(samples, subtype="FLOAT"), target, ConversionSettings(bit_depth=depth))
    return (read(target).astype(np.float64) - samples) * 2 ** (bits - 1)


@DEPTHS
@pytest.mark.parametrize("level", [0.0, 0.9])
def test_the_error_is_white_whatever_the_sound_is(
    tmp_path: Path, write_wav: WriteWav, depth: BitDepth, bits: int, level: float
) -> None:
    """Of mean 0 and a quarter of a squared step: 1/6 is the dither's own, 1/12 the rounding's."""
    error = error_of(sine(level), depth, bits, write_wav, tmp_path / "b.wav")

    spectrum = np.abs(np.fft.rfft(error, axis=0)[1:-1]) ** 2 / FRAMES
    bands = spectrum.reshape(2, -1)[:, : 64 * (spectrum.size // 128)].reshape(64, -1).mean(axis=1)
    assert abs(error.mean()) < 0.005
    assert error.var() == pytest.approx(1 / 4, rel=0.01)
    assert np.abs(error).max() <= 1.5 + 1e-3
    assert 10 * np.log10(bands / 0.25) == pytest.approx(np.zeros(64), abs=0.5)
    assert spectrum.max() < 20 * spectrum.mean()  # no line stands out


@DEPTHS
def test_the_noise_knows_nothing_of_the_sound_nor_of_the_other_channel(
    tmp_path: Path, write_wav: WriteWav, depth: BitDepth, bits: int
) -> None:
    samples = sine(0.9)

    error = error_of(samples, depth, bits, write_wav, tmp_path / "b.wav")

    # Of so many frames, chance makes a correlation of 0.002.
    assert abs(np.corrcoef(error[:, 0], error[:, 1])[0, 1]) < 0.01
    assert abs(np.corrcoef(error[:, 0], samples[:, 0])[0, 1]) < 0.01
    assert abs(np.corrcoef(error[:, 0] ** 2, samples[:, 0] ** 2)[0, 1]) < 0.01  # its power isn't modulated either


@pytest.mark.parametrize("level_dbfs", [-98.3, -90.0, -84.0])
def test_a_tone_of_about_one_step_and_below_survives_without_harmonics(
    tmp_path: Path, write_wav: WriteWav, level_dbfs: float
) -> None:
    """One step of 16 bits is -90.3 dBFS; cut off or rounded without dither it would be a square, or nothing."""
    level, window = 10 ** (level_dbfs / 20), np.hanning(FRAMES)
    bin_of_1k = round(1_000 * FRAMES / RATE_HZ)
    tone = sine(level, bin_of_1k * RATE_HZ / FRAMES)

    convert(write_wav(tone, subtype="FLOAT"), tmp_path / "b.wav", ConversionSettings(bit_depth=BitDepth.INT16))

    spectrum = np.abs(np.fft.rfft(read(tmp_path / "b.wav")[:, 0] * window)) * 4 / FRAMES
    assert spectrum[bin_of_1k] == pytest.approx(level, rel=0.1)
    assert max(spectrum[n * bin_of_1k] for n in (2, 3, 4, 5, 7)) < 6 * np.median(spectrum)


@pytest.mark.parametrize(
    ("subtype", "bits", "settings"),
    [
        ("PCM_16", 16, ConversionSettings(AudioFormat.FLAC)),
        ("PCM_16", 16, ConversionSettings(bit_depth=BitDepth.INT24)),
        ("PCM_24", 24, ConversionSettings(bit_depth=BitDepth.FLOAT32)),
        ("PCM_24", 24, ConversionSettings(AudioFormat.FLAC, start_frame=100)),
        ("FLOAT", 24, ConversionSettings(AudioFormat.WAV, start_frame=100)),
    ],
)
def test_where_nothing_is_rounded_nothing_is_added(
    tmp_path: Path, write_wav: WriteWav, subtype: str, bits: int, settings: ConversionSettings
) -> None:
    samples = noise(50_000, bits=bits)

    convert(write_wav(samples, subtype=subtype), tmp_path / "b", settings)

    assert np.array_equal(read(tmp_path / "b"), samples[settings.start_frame :])


@pytest.mark.parametrize(
    "settings",
    [
        ConversionSettings(gain_db=-0.5),
        ConversionSettings(fade_in_frames=FRAMES // 2, fade_out_frames=FRAMES // 2),
        ConversionSettings(channels=1),
    ],
)
def test_what_is_computed_in_sixteen_bits_is_dithered(
    tmp_path: Path, write_wav: WriteWav, settings: ConversionSettings
) -> None:
    """Rounding alone would leave an error of 1/12 of a squared step."""
    samples = noise(FRAMES)
    source = write_wav(samples)
    convert(source, tmp_path / "exact.wav", replace(settings, bit_depth=BitDepth.FLOAT32))

    convert(source, tmp_path / "b.wav", replace(settings, bit_depth=BitDepth.INT16))

    error = (read(tmp_path / "b.wav").astype(np.float64) - read(tmp_path / "exact.wav")) * 2**15
    assert error.var() == pytest.approx(1 / 4, rel=0.02)
