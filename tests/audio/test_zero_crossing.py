"""A cut is moved to where nothing jumps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.stretches import Stretches
from app.audio.zero_crossing import REACH_S, crossings_near, nearest_crossing
from tests.audio.conftest import Floats, WriteWav, noise

RATE_HZ = 48_000


def sine(hz: float, frames: int, *, phase: float = 0.0, level: float = 0.8) -> Floats:
    return (level * np.sin(2 * np.pi * hz * np.arange(frames) / RATE_HZ + phase)).astype(np.float32)


def jump(samples: Floats, frame: int) -> float:
    """How far the sound jumps if it begins or ends here."""
    return float(np.abs(samples[:, frame - 1 : frame + 1]).max())


@settings(max_examples=150)
@given(hz=st.floats(60, 4_000), phase=st.floats(0, 6.28), frame=st.integers(1_000, 3_000))
def test_of_one_channel_the_nearest_rising_crossing_is_taken(hz: float, phase: float, frame: int) -> None:
    samples = sine(hz, 4_000, phase=phase)[None]

    found = nearest_crossing(samples, frame, 960)

    if found == frame and jump(samples, frame) <= 1e-3:
        return
    assert samples[0, found - 1] < 0 <= samples[0, found]
    rises = np.flatnonzero((samples[0, :-1] < 0) & (samples[0, 1:] >= 0)) + 1
    assert abs(found - frame) <= np.abs(rises - frame).min() + RATE_HZ / hz, "at most one further, if that is cleaner"
    assert jump(samples, found) <= 2 * jump(samples, min(rises, key=lambda rise: abs(rise - frame)))


@settings(max_examples=150)
@given(
    seed=st.integers(0, 1_000),
    channels=st.integers(1, 3),
    frames=st.integers(1, 600),
    frame=st.integers(-5, 620),
    within=st.integers(1, 300),
)
def test_whatever_the_sound_the_place_is_within_reach_and_none_there_is_far_better(
    seed: int, channels: int, frames: int, frame: int, within: int
) -> None:
    samples = noise(frames, channels, seed=seed).T

    found = nearest_crossing(samples, frame, within)

    assert abs(found - frame) <= within
    if not 0 < frame < frames:
        assert found == frame
        return
    loudest = samples[:, max(0, frame - within - 1) : frame + within + 1]
    loudest = samples[np.argmax((loudest**2).sum(axis=1))]
    places = range(max(1, frame - within), min(frames, frame + within + 1))
    rises = [at for at in places if loudest[at - 1] < 0 <= loudest[at]] or places
    assert found in rises or jump(samples, frame) <= 1e-3
    assert jump(samples, found) <= max(2 * min(jump(samples, at) for at in rises), 1e-3)


def test_of_stereo_the_place_is_taken_where_the_other_channel_is_low_too() -> None:
    left, right = sine(440, 4_800), sine(380, 4_800, phase=1.0, level=0.5)
    samples = np.stack([left, right])
    rises = np.flatnonzero((left[:-1] < 0) & (left[1:] >= 0)) + 1

    found = nearest_crossing(samples, 2_000, 960)

    assert found in rises
    assert jump(samples, found) < 0.1
    nearest = min(rises, key=lambda rise: abs(rise - 2_000))
    assert jump(samples, found) < jump(samples, nearest) / 2


def test_silence_is_a_good_place_as_it_is() -> None:
    samples = np.concatenate([sine(440, 500), np.zeros(500, np.float32)])[None]

    assert nearest_crossing(samples, 700, 480) == 700


def test_where_nothing_crosses_the_lowest_place_is_taken() -> None:
    samples = (0.6 + sine(440, 1_000, level=0.3))[None]

    found = nearest_crossing(samples, 500, 200)

    assert jump(samples, found) < 0.62


@pytest.mark.parametrize(("suffix", "subtype"), [("wav", "PCM_16"), ("flac", "PCM_24"), ("ogg", "VORBIS")])
def test_of_a_file_only_what_lies_around_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, subtype: str
) -> None:
    monkeypatch.setattr("app.audio.stretches._LONG_STRETCH_FRAMES", 1 << 16)
    wave = np.stack([sine(441, 300_000), sine(441, 300_000)], axis=1)
    path = tmp_path / f"a.{suffix}"
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, subtype) as file:
        for block in np.split(wave, 10):
            file.write(block)
    stretches = Stretches(path)
    decoded = soundfile.read(path, dtype="float32")[0].T

    found = crossings_near(stretches, (0, 30_000, 200_000, 300_000))

    assert list(found) == [0, 30_000, 200_000, 300_000]
    assert found[0] == 0
    assert found[300_000] == 300_000
    for frame in (30_000, 200_000):
        assert abs(found[frame] - frame) <= REACH_S * RATE_HZ
        assert jump(decoded, found[frame]) < 0.06
    assert stretches.decoded_frames <= 3 << 16


def test_of_a_mono_file_of_one_sample_there_is_nothing_to_cut(write_wav: WriteWav) -> None:
    stretches = Stretches(write_wav(noise(1, 1)))

    assert crossings_near(stretches, (0, 1)) == {0: 0, 1: 1}
