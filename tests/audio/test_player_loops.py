"""Loops in every format and of any length: each turn is the same, sample by sample, and nothing lies between two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from tests.audio.conftest import Deck, Floats, noise
from tests.fakes.sound_card import SPEAKERS

RATE, FADE = 48_000, 240
FORMATS = [("WAV", "PCM_16"), ("FLAC", "PCM_24"), ("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS")]
each_format = pytest.mark.parametrize(("kind", "subtype"), FORMATS, ids=[subtype for _, subtype in FORMATS])


def written(folder: Path, samples: Floats, kind: str, subtype: str, rate_hz: int = RATE) -> tuple[Path, Floats]:
    """A file, and what its decoder makes of it."""
    path = folder / "a"
    with soundfile.SoundFile(path, "w", rate_hz, samples.shape[1], subtype, format=kind) as file:
        for start in range(0, len(samples), 65_536):
            file.write(samples[start : start + 65_536])
    return path, soundfile.read(path, dtype="float32", always_2d=True)[0]


def turns(samples: Floats, start: int, end: int, frames: int) -> Floats:
    return samples[start + np.arange(frames) % (end - start)]


LOOPS = [(33_000, 33_007), (1_152, 3_554), (100_001, 140_000), (20_011, 111_111), (49_920, 62_300)]


@each_format
def test_every_turn_is_the_same_in_every_format(deck: Deck, tmp_path: Path, kind: str, subtype: str) -> None:
    """Also where the card has another rate: over the seam the resampler goes on as over any other frame."""
    path, samples = written(tmp_path, noise(150_000), kind, subtype)
    for start, end in LOOPS:
        deck.player.load(path)
        deck.player.set_loop(start, end)
        deck.player.play()
        frames = max(10_000, 2 * (end - start) + 1_000)

        got = deck.take(frames)

        assert np.array_equal(got[FADE:], turns(samples, start, end, frames)[FADE:])

    deck.card.rates = {44_100}
    deck.card.devices = [replace(SPEAKERS, default_sample_rate_hz=44_100)]
    deck.player.set_device(deck.card.devices[0])
    deck.player.load(path)
    deck.player.set_loop(start, end)
    deck.player.play()
    got = deck.take(44_100)

    endless = np.concatenate([samples[:end], *([samples[start:end]] * 5)])
    shift = start * 147 // 160
    wanted = soxr.resample(endless, RATE, 44_100, quality="VHQ")[shift:]
    assert start % 160 == 0
    assert np.allclose(got[FADE:], wanted[FADE : len(got)], rtol=0, atol=1e-6)
    assert deck.player.underruns == 0


@pytest.mark.parametrize(("kind", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS")])
def test_a_loop_of_minutes_has_no_gap(deck: Deck, tmp_path: Path, kind: str, subtype: str) -> None:
    rate_hz = 8_000
    path, samples = written(tmp_path, noise(200 * rate_hz, 1), kind, subtype, rate_hz)
    start, end = 12_345, 12_345 + 180 * rate_hz
    deck.player.load(path)
    deck.player.set_loop(start, end)
    deck.player.seek(end - 20_000)
    deck.player.play()

    before = np.concatenate([deck.take(3_000) for _ in range(10)])
    deck.player.seek(end - 5_000)
    after = np.concatenate([deck.take(2_500) for _ in range(4)])

    wanted = np.repeat(turns(samples, start, end, 200 * rate_hz), 2, axis=1)
    there = end - start
    assert np.array_equal(before[FADE:20_000], wanted[there - 20_000 + FADE : there])
    assert np.array_equal(before[20_000:], wanted[:10_000])
    assert np.array_equal(after[FADE:], np.concatenate([wanted[there - 5_000 : there], wanted[:5_000]])[FADE:])
