"""Single samples come exactly, from the same decoding for as long as somebody looks there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio import stretches
from app.audio.stretches import Stretches
from app.domain.errors import BrokenAudio, StorageError
from tests.audio.arriving import ArrivingWav
from tests.audio.conftest import WriteWav, noise

FRAMES = 5_000


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_STRETCH_FRAMES", 700)
    monkeypatch.setattr(stretches, "_LONG_STRETCH_FRAMES", 900)


@pytest.fixture(scope="module", params=["wav", "flac", "ogg", "mp3", "opus"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("stretches") / f"a.{request.param}"
    container = {"opus": ("OGG", "OPUS"), "mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS")}
    kind, subtype = container.get(request.param, (request.param.upper(), "PCM_16"))
    soundfile.write(path, noise(FRAMES), 48_000, format=kind, subtype=subtype)
    return path


@settings(max_examples=25)
@given(views=st.lists(st.tuples(st.integers(0, FRAMES + 50), st.integers(0, 2_500)), min_size=1, max_size=6))
def test_any_part_is_as_the_decoder_has_it(file: Path, views: list[tuple[int, int]]) -> None:
    decoded = soundfile.read(file, dtype="float32", always_2d=True)[0].T
    read = Stretches(file)

    for start, frames in views:
        part = read.read(start, frames)
        assert part.shape == decoded[:, start : start + frames].shape
        assert np.allclose(part, decoded[:, start : start + frames], atol=2e-3 if file.suffix == ".opus" else 1e-6)


def test_scrolling_decodes_each_part_once(write_wav: WriteWav) -> None:
    read = Stretches(write_wav(noise(FRAMES)))

    for start in [*range(0, 4_200, 100), *range(4_200, 0, -100)]:
        read.read(start, 900)

    assert read.decoded_frames == FRAMES


def test_of_a_file_that_grows_what_is_there_can_be_read(tmp_path: Path) -> None:
    samples = noise(FRAMES)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(1_000)
    read = Stretches(wav.path, is_growing=True)

    assert np.array_equal(read.read(500, 900), samples[500:1_000].T)
    wav.send_until(4_000)
    assert np.array_equal(read.read(500, 900), samples[500:1_400].T)
    assert np.array_equal(read.read(3_900, 900), samples[3_900:4_000].T)
    assert read.read(4_500, 100).shape == (2, 0)
    wav.finish()
    with pytest.raises(StorageError):
        read.read(500, 900)


def test_what_is_kept_is_bounded(write_wav: WriteWav, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_MOST_KEPT_BYTES", 2 * 700 * 2 * 4)
    read = Stretches(write_wav(noise(FRAMES)))

    for start in (0, 700, 0, 1_400, 0, 700):  # what was looked at last stays
        read.read(start, 700)

    assert read.decoded_frames == 4 * 700


def test_a_changed_file_is_read_anew(write_wav: WriteWav) -> None:
    path = write_wav(noise(FRAMES))
    read = Stretches(path)
    read.read(0, 100)
    write_wav(noise(3_000, 1, seed=7))
    os.utime(path, (1, 1))

    assert np.array_equal(read.read(0, 5_000), noise(3_000, 1, seed=7).T)


def test_a_file_that_vanishes_or_is_cut_is_told_and_does_no_harm(write_wav: WriteWav) -> None:
    path = write_wav(noise(FRAMES))
    read = Stretches(path)
    read.read(0, 100)

    path.write_bytes(path.read_bytes()[:3_000])
    assert read.read(0, FRAMES).shape[1] < FRAMES
    path.write_bytes(b"nothing that sounds")
    with pytest.raises(BrokenAudio):
        read.read(0, 100)
    path.unlink()
    with pytest.raises(StorageError):
        read.read(0, 100)


def test_samples_are_numbers(write_wav: WriteWav) -> None:
    block = noise(1_000)
    block[10], block[20] = np.nan, -np.inf

    part = Stretches(write_wav(block, subtype="FLOAT")).read(0, 1_000)

    assert part[0, 10] == 0
    assert part[0, 20] == -1
    assert np.array_equal(part[:, 21:], block[21:].T)
