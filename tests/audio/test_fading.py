"""Fades as signals: every sample against the formula of its shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.audio.convert import ConversionSettings, convert
from app.audio.fading import faded, gains
from app.audio.files import read_blocks
from app.domain.audio import BitDepth
from app.domain.errors import ExportError
from app.domain.export_settings import FadeShape
from tests.audio.conftest import Floats, WriteWav, noise

FORMULAS: dict[FadeShape, Callable[[float], float]] = {
    FadeShape.LINEAR: lambda t: t,
    FadeShape.EQUAL_POWER: lambda t: np.sin(t * np.pi / 2),
    FadeShape.EXPONENTIAL: lambda t: (10 ** (3 * t) - 1) / 999,
    FadeShape.LOGARITHMIC: lambda t: 1 - (10 ** (3 * (1 - t)) - 1) / 999,
    FadeShape.S_CURVE: lambda t: (1 - np.cos(np.pi * t)) / 2,
}
SHAPES = pytest.mark.parametrize("shape", list(FadeShape))


def read(path: Path) -> Floats:
    return np.concatenate(list(read_blocks(path)))


@SHAPES
def test_every_sample_has_the_gain_of_the_formula(tmp_path: Path, write_wav: WriteWav, shape: FadeShape) -> None:
    samples = noise(150_000)
    fade_in, fade_out = 70_001, 66_000  # over the edges of blocks
    settings = ConversionSettings(
        bit_depth=BitDepth.FLOAT32, fade_in_frames=fade_in, fade_out_frames=fade_out, fade_shape=shape
    )

    convert(write_wav(samples), tmp_path / "b.wav", settings)

    formula = FORMULAS[shape]
    expected = samples.astype(np.float64)
    expected[:fade_in] *= np.array([formula(n / fade_in) for n in range(fade_in)])[:, None]
    expected[-fade_out:] *= np.array([formula(n / fade_out) for n in range(fade_out - 1, -1, -1)])[:, None]
    found = read(tmp_path / "b.wav")
    assert np.abs(found - expected).max() < 2**-24
    assert np.array_equal(found[fade_in:-fade_out], samples[fade_in:-fade_out])


@SHAPES
def test_a_fade_begins_and_ends_without_a_click(shape: FadeShape) -> None:
    """From exactly nothing, up all the way, and in no step larger than a steep curve's share of its length."""
    ones = np.ones((1_000, 1), np.float32)

    (block,) = faded([ones], 1_000, fade_in=500, fade_out=500, shape=shape)

    curve = block[:, 0]
    assert (curve[0], curve[-1]) == (0.0, 0.0)
    assert (np.diff(curve[:500]) > 0).all()
    assert np.abs(np.diff(curve, prepend=0.0, append=0.0)).max() < 7 / 500
    assert np.array_equal(curve, curve[::-1])


def test_two_crossing_fades_keep_their_power_or_their_level() -> None:
    at = np.linspace(0.0, 1.0, 101)
    power, curve, line = (gains(shape, at) for shape in (FadeShape.EQUAL_POWER, FadeShape.S_CURVE, FadeShape.LINEAR))

    assert np.allclose(power**2 + power[::-1] ** 2, 1.0)
    assert np.allclose(curve + curve[::-1], 1.0)
    assert np.allclose(line + line[::-1], 1.0)


def test_an_exponential_fade_falls_by_the_same_decibels_in_the_same_time() -> None:
    at = np.array([1.0, 0.9, 0.8, 0.7, 0.6])

    steps = np.diff(20 * np.log10(gains(FadeShape.EXPONENTIAL, at)))

    assert steps == pytest.approx([-6.0] * 4, abs=0.1)


@pytest.mark.parametrize("block_frames", [1, 7, 64, 1_000])
def test_blocks_of_any_length_give_the_same(block_frames: int) -> None:
    samples = noise(300)
    blocks = [samples[at : at + block_frames] for at in range(0, len(samples), block_frames)]

    found = np.concatenate(list(faded(blocks, 300, fade_in=100, fade_out=150, shape=FadeShape.S_CURVE)))

    (whole,) = faded([samples], 300, fade_in=100, fade_out=150, shape=FadeShape.S_CURVE)
    assert np.array_equal(found, whole)


def test_fades_longer_than_the_sound_are_refused(tmp_path: Path, write_wav: WriteWav) -> None:
    settings = ConversionSettings(start_frame=100, fade_in_frames=500, fade_out_frames=401)

    with pytest.raises(ExportError, match="longer than the sound"):
        convert(write_wav(noise(1_000)), tmp_path / "b.wav", settings)

    assert not (tmp_path / "b.wav").exists()
