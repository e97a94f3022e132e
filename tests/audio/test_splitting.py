"""Recordings that are too long for a service are cut where nobody speaks, and nothing of them is lost."""

from __future__ import annotations

from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from app.audio.files import inspect
from app.audio.splitting import cut_points, cuts_of, split
from app.domain.audio import AudioFormat


def noise(seconds: float, rate_hz: int, channels: int = 1) -> npt.NDArray[np.float64]:
    return 0.2 * np.random.default_rng(5).standard_normal((round(seconds * rate_hz), channels))


def recorded(path: Path, samples: npt.NDArray[np.float64], rate_hz: int) -> Path:
    soundfile.write(path, samples, rate_hz, subtype="PCM_16")
    return path


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 1_030])  # half a window is no whole number of frames in the others
def test_a_cut_is_in_the_pause_however_far_into_the_recording_that_is(tmp_path: Path, rate_hz: int) -> None:
    samples = noise(120, rate_hz)
    samples[round(98.2 * rate_hz) : round(99 * rate_hz)] = 0

    (cut_s,) = cut_points(recorded(tmp_path / "speech.wav", samples, rate_hz), 110)

    assert 98.3 < cut_s < 98.9


@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (22_050, 2), (44_100, 6), (96_000, 2)])
def test_parts_of_pure_noise_join_without_a_gap_and_none_is_too_long(
    tmp_path: Path, rate_hz: int, channels: int
) -> None:
    path = recorded(tmp_path / "noise.wav", noise(7, rate_hz, channels), rate_hz)

    parts = split(path, 3, tmp_path)

    assert (parts[0].start_s, parts[-1].end_s) == (0, 7)
    assert all(before.end_s == after.start_s for before, after in pairwise(parts))
    for part in parts:
        assert part.end_s - part.start_s <= 3
        there = inspect(part.path)
        assert (there.format, there.channels) == (AudioFormat.MP3, 1)
        assert there.duration_s == pytest.approx(part.end_s - part.start_s, abs=0.06)


def test_silence_is_cut_as_well(tmp_path: Path) -> None:
    path = recorded(tmp_path / "silence.wav", np.zeros((8_000 * 10, 1)), 8_000)

    cuts_s = cut_points(path, 3)

    assert all(0 < after - before <= 3 for before, after in pairwise([0, *cuts_s, 10]))


def test_parts_that_are_shorter_than_a_pause_are_cut_where_they_must_be() -> None:
    assert cuts_of([1.0] * 20, 0.05, 0.25, 1.0) == [0.25, 0.5, 0.75]


def test_a_recording_in_one_part_is_only_written_anew(tmp_path: Path) -> None:
    path = recorded(tmp_path / "speech.wav", noise(2, 16_000), 16_000)

    (part,) = split(path, None, tmp_path, file_format=AudioFormat.WAV)

    assert (part.start_s, part.end_s, part.path.suffix) == (0, 2, ".wav")


@pytest.mark.parametrize("looks", [0, 3])
def test_splitting_ends_when_nobody_wants_it_any_more(tmp_path: Path, looks: int) -> None:
    path = recorded(tmp_path / "speech.wav", noise(60, 16_000), 16_000)
    answers = iter([False] * looks)

    with pytest.raises(CancelledError):
        split(path, 20, tmp_path, cancelled=lambda: next(answers, True))

    assert list(tmp_path.glob("*.mp3")) == []
