"""Clips made short enough for a service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.trimming import trimmed
from app.domain.errors import BrokenAudio, StorageError

RATE_HZ = 8_000


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    ramp = np.linspace(-0.9, 0.9, 12 * RATE_HZ)
    soundfile.write(tmp_path / "voice.flac", ramp, RATE_HZ, subtype="PCM_16")
    return tmp_path / "voice.flac"


def test_the_beginning_of_a_long_clip_is_kept_sample_by_sample(clip: Path, tmp_path: Path) -> None:
    short = trimmed(clip, 10.0, tmp_path / "trimmed")

    whole, _ = soundfile.read(clip, dtype="int16")
    kept, rate_hz = soundfile.read(short, dtype="int16")
    assert rate_hz == RATE_HZ
    assert np.array_equal(kept, whole[: 10 * RATE_HZ])


def test_a_clip_is_trimmed_once_and_another_of_the_same_name_by_itself(clip: Path, tmp_path: Path) -> None:
    first = trimmed(clip, 10.0, tmp_path / "trimmed")
    written_at = first.stat().st_mtime_ns

    again = trimmed(clip, 10.0, tmp_path / "trimmed")
    soundfile.write(clip, np.full(12 * RATE_HZ, 0.1), RATE_HZ)
    other = trimmed(clip, 10.0, tmp_path / "trimmed")

    assert (again, again.stat().st_mtime_ns) == (first, written_at)
    assert other != first
    assert first.name == other.name == "voice.wav"


def test_a_short_clip_stays_as_it_is(clip: Path, tmp_path: Path) -> None:
    assert trimmed(clip, 12.0, tmp_path / "trimmed") == clip


def test_what_cannot_be_trimmed_is_told(tmp_path: Path) -> None:
    (tmp_path / "noise.wav").write_bytes(b"no sound")

    with pytest.raises(BrokenAudio):
        trimmed(tmp_path / "noise.wav", 3.0, tmp_path)
    with pytest.raises(StorageError):
        trimmed(tmp_path / "none.wav", 3.0, tmp_path)


def test_a_folder_that_cannot_be_made_is_told(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "trimmed").write_bytes(b"a file in its place")

    with pytest.raises(StorageError, match="can’t be made"):
        trimmed(clip, 10.0, tmp_path / "trimmed")
