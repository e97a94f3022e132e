from __future__ import annotations

import struct
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.audio.decoding import Sound
from app.audio.files import open_sound
from app.audio.peaks import BASE_FRAMES, Peaks, PeaksBuilder, build, columns_of_samples
from app.audio.reduction import Reduction
from app.audio.stretches import Stretches
from app.domain.audio import AudioFormat
from app.domain.errors import BrokenAudio, StorageError
from tests.audio.conftest import Floats, WriteWav, noise


def peaks_of(block: Floats) -> Peaks:
    builder = PeaksBuilder(block.shape[1], 48_000)
    builder.add(block)
    return builder.so_far()


def by_hand(block: Floats, first: int, after: int) -> tuple[Floats, Floats, Floats]:
    part = block[max(first, 0) : max(after, 0)]
    return part.min(axis=0), part.max(axis=0), np.sqrt((part.astype(np.float64) ** 2).mean(axis=0))


@given(
    frames=st.integers(1, 300_000),
    channels=st.integers(1, 3),
    columns=st.integers(1, 700),
    start=st.floats(-0.5, 1.2),
    length=st.floats(0.001, 1.5),
)
@example(frames=299_700, channels=1, columns=100, start=0.0, length=1.0)  # every layer ends with a point begun
@settings(max_examples=120)
def test_columns_equal_those_made_by_hand(
    frames: int, channels: int, columns: int, start: float, length: float
) -> None:
    block = np.random.default_rng(frames).standard_normal((frames, channels)).astype(np.float32)
    begin, end = start * frames, (start + length) * frames
    peaks = peaks_of(block)

    low, high, rms = peaks.columns(begin, end, columns)

    assert low.shape == high.shape == rms.shape == (channels, columns)
    point = peaks.point_frames(begin, end, columns)
    assert point == BASE_FRAMES or 4 * point <= (end - begin) / columns
    last_point = (frames - 1) // point
    width = (end - begin) / columns
    for column in range(columns):
        left, right = begin + column * width, begin + (column + 1) * width
        if left >= frames or right <= 0:
            assert not low[:, column].any()
            assert not high[:, column].any()
            assert not rms[:, column].any()
            continue
        first = int(min(max(left // point, 0), last_point))
        after = int(max(right // point, first + 1)) if right < frames else last_point + 1
        wanted = by_hand(block, first * point, after * point)
        assert np.array_equal(low[:, column], wanted[0])
        assert np.array_equal(high[:, column], wanted[1])
        assert np.allclose(rms[:, column], wanted[2], rtol=1e-4)


@given(frames=st.integers(1, 200_000), columns=st.integers(1, 500))
@settings(max_examples=50)
def test_no_peak_of_the_whole_file_is_lost(frames: int, columns: int) -> None:
    block = np.random.default_rng(frames).standard_normal((frames, 2)).astype(np.float32)

    low, high, _ = peaks_of(block).columns(0, frames, columns)

    assert np.array_equal(low.min(axis=1), block.min(axis=0))
    assert np.array_equal(high.max(axis=1), block.max(axis=0))


@given(frames=st.integers(1, 3_000), columns=st.integers(1, 4_000))
@settings(max_examples=60)
def test_columns_of_samples_are_exact(frames: int, columns: int) -> None:
    block = np.random.default_rng(frames).standard_normal((frames, 2)).astype(np.float32)

    low, high, rms = columns_of_samples(np.ascontiguousarray(block.T), columns)

    for column in range(columns):
        first = column * frames // columns
        wanted = by_hand(block, first, max(first + 1, (column + 1) * frames // columns))
        assert np.array_equal(low[:, column], wanted[0])
        assert np.array_equal(high[:, column], wanted[1])
        assert np.allclose(rms[:, column], wanted[2], rtol=1e-4)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("frames", [0, 1, 255, 256, 257, 65_536, 150_001])
def test_a_file_gives_the_peaks_of_its_samples(write_wav: WriteWav, subtype: str, frames: int) -> None:
    block = noise(frames)

    peaks = build(write_wav(block, subtype=subtype))

    assert (peaks.frames, peaks.channels, peaks.sample_rate_hz) == (frames, 2, 48_000)
    span = (0, max(frames, 1), 50)
    assert np.allclose(peaks.columns(*span), peaks_of(block).columns(*span), rtol=1e-5)


def test_what_is_above_full_scale_stays_above(write_wav: WriteWav) -> None:
    path = write_wav(np.full((1_000, 1), 2.5, np.float32), subtype="FLOAT")

    assert build(path).columns(0, 1_000, 3).high.max() == 2.5


def test_samples_that_are_no_numbers_leave_the_rest_drawable(write_wav: WriteWav) -> None:
    block = noise(5_000)
    block[1_000] = np.nan
    block[2_000] = np.inf

    columns = build(write_wav(block, subtype="FLOAT")).columns(0, 5_000, 10)

    assert all(np.isfinite(each).all() for each in columns)
    assert columns.high.max() == 1.0
    assert columns.high[0, 0] == block[:500:, 0].max() or columns.high[0, 0] == block[:512, 0].max()


def test_building_tells_how_far_it_is_and_can_be_stopped(write_wav: WriteWav) -> None:
    block = noise(1_200_000)
    path = write_wav(block)
    told: list[Peaks] = []

    build(path, grown=told.append, grown_every_s=0, threads=1)
    with pytest.raises(CancelledError):
        build(path, cancelled=lambda: True)

    assert [peaks.frames for peaks in told] == [1 << 19, 2 << 19, 1_200_000]
    for peaks in told:
        assert np.array_equal(peaks.columns(0, peaks.frames, 1).high[:, 0], block[: peaks.frames].max(axis=0))


def test_what_is_there_so_far_can_be_drawn() -> None:
    block = noise(4 * BASE_FRAMES)
    builder = PeaksBuilder(2, 48_000)

    nothing = builder.so_far()
    builder.add(block[: 2 * BASE_FRAMES])
    half = builder.so_far()

    assert nothing.frames == 0
    assert not nothing.columns(0, 10, 5).high.any()
    assert half.frames == 2 * BASE_FRAMES
    assert half.columns(0, half.frames, 1).high[0, 0] == block[: 2 * BASE_FRAMES, 0].max()


def test_impossible_columns_are_a_bug() -> None:
    peaks = peaks_of(noise(100))

    for start, end, columns in ((0, 100, 0), (50, 50, 10), (60, 50, 10)):
        with pytest.raises(ValueError):
            peaks.columns(start, end, columns)


def test_single_samples_are_read_for_a_close_zoom(write_wav: WriteWav) -> None:
    block = noise(10_000)
    path = write_wav(block)

    stretches = Stretches(path)

    assert np.array_equal(stretches.read(9_000, 500), block[9_000:9_500].T)
    assert stretches.read(9_900, 500).shape == (2, 100)
    assert stretches.read(20_000, 500).shape == (2, 0)


def layers_of(peaks: Peaks) -> list[tuple[np.ndarray, ...]]:
    layers = [peaks.finest_within(points) for points in (1 << 40, 5_000, 2_000, 1_000)]
    return [tuple(layer.part(0, layer.length)) for layer in layers]


@pytest.mark.parametrize(("container", "subtype"), [("WAV", "PCM_16"), ("WAV", "FLOAT"), ("FLAC", "PCM_24")])
@pytest.mark.parametrize("more", [0, 1, 300])
def test_two_threads_make_what_one_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, container: str, subtype: str, more: int
) -> None:
    monkeypatch.setattr("app.audio.peaks._SHARED", {AudioFormat.WAV: 1 << 16, AudioFormat.FLAC: 1 << 16})
    block = noise((10 << 16) + more)
    block[65_530:65_540] = 1.0
    path = tmp_path / "long"
    soundfile.write(path, block, 48_000, format=container, subtype=subtype)
    grown: list[Peaks] = []

    one = build(path, threads=1)
    two = build(path, grown=grown.append, grown_every_s=0)

    assert one.frames == two.frames == len(block)
    for ours, theirs in zip(layers_of(one), layers_of(two), strict=True):
        assert all(np.array_equal(mine, other) for mine, other in zip(ours, theirs, strict=True))
    assert [runs.tolist() for runs in one.clipped_runs.channels] == [[[65_530], [65_540]]] * 2
    assert [runs.tolist() for runs in two.clipped_runs.channels] == [[[65_530], [65_540]]] * 2
    frames = [peaks.frames for peaks in grown]
    assert frames == sorted(frames)
    assert all(each % (1 << 16) == 0 or each == len(block) for each in frames)


def test_a_flac_that_ends_before_it_says_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.audio.peaks._SHARED", {AudioFormat.FLAC: 1 << 16})
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(5 << 16), 48_000)
    data = bytearray(path.read_bytes())
    data[22:26] = struct.pack(">I", 12 << 16)  # of the STREAMINFO: all samples
    path.write_bytes(data)

    assert build(path).frames == 5 << 16


def test_a_failure_of_the_second_thread_is_told(
    tmp_path: Path, write_wav: WriteWav, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audio.peaks._SHARED", {AudioFormat.WAV: 1 << 12})
    path = write_wav(noise(1 << 18))
    opened: list[Path] = []

    def open_sound_once(path: Path) -> AbstractContextManager[Sound]:
        opened.append(path)
        return open_sound(path.with_name("gone.wav") if len(opened) == 2 else path)

    monkeypatch.setattr("app.audio.peaks.open_sound", open_sound_once)

    with pytest.raises(StorageError, match="is missing"):
        build(path)
    assert len(opened) == 2


@settings(max_examples=40)
@given(sizes=st.lists(st.integers(1, 900), min_size=1, max_size=12), last=st.integers(1, 700), known=st.booleans())
def test_what_was_given_away_never_changes_and_ends_as_if_made_at_once(
    sizes: list[int], last: int, known: bool
) -> None:
    block = noise(sum(sizes) * BASE_FRAMES + last, 1)
    builder = PeaksBuilder(1, 48_000, frames=len(block) if known else 0)
    given_away: list[tuple[Peaks, list[tuple[np.ndarray, ...]]]] = []

    at = 0
    for size in [*(size * BASE_FRAMES for size in sizes), last]:
        builder.add(block[at : at + size])
        at += size
        peaks = builder.so_far()
        copies = [tuple(part.copy() for part in parts) for parts in layers_of(peaks)]
        given_away.append((peaks, copies))
        for ours, theirs in zip(copies, layers_of(peaks_of(block[:at])), strict=True):
            assert np.array_equal(ours[0], theirs[0])
            assert np.array_equal(ours[1], theirs[1])
            assert np.allclose(ours[2], theirs[2], rtol=1e-5)

    for peaks, copies in given_away:
        for now, then in zip(layers_of(peaks), copies, strict=True):
            assert all(np.array_equal(mine, other) for mine, other in zip(now, then, strict=True))


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 6, 32])
@pytest.mark.parametrize("kind", [np.int16, np.float32])
def test_any_number_of_channels_is_reduced_exactly(channels: int, kind: type) -> None:
    samples = noise(3 * BASE_FRAMES + 77, channels)
    block = np.round(samples * 32_768).astype(np.int16) if kind is np.int16 else samples

    low, high, squares = Reduction(channels).points_of(block)

    for point in range(4):
        part = samples[point * BASE_FRAMES : (point + 1) * BASE_FRAMES].astype(np.float64)
        scale = 32_768 if kind is np.int16 else 1
        assert np.array_equal(low[:, point] / scale, part.min(axis=0))
        assert np.array_equal(high[:, point] / scale, part.max(axis=0))
        assert np.allclose(squares[:, point], (part**2).sum(axis=0), rtol=1e-6)


@pytest.mark.parametrize("worst", [np.nan, np.inf, -np.inf, 3e38, -3e38])
def test_whatever_a_float_holds_columns_are_finite(worst: float) -> None:
    block = noise(BASE_FRAMES * 4 + 9, 2)
    block[[3, BASE_FRAMES * 4 + 8], 1] = worst

    peaks = peaks_of(block)

    assert all(np.isfinite(each).all() for each in peaks.columns(0, len(block), 3))
    assert np.array_equal(peaks.columns(0, len(block), 1).high[0], block[:, :1].max(axis=0))


@pytest.mark.parametrize("container", ["WAV", "FLAC", "MP3", "OGG"])
@pytest.mark.parametrize("what", ["cut", "overwritten", "removed"])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_that_changes_while_it_is_read_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, container: str, what: str, threads: int
) -> None:
    monkeypatch.setattr("app.audio.peaks._SHARED", {AudioFormat.WAV: 1 << 13, AudioFormat.FLAC: 1 << 13})
    monkeypatch.setattr("app.audio.peaks._PIECE_FRAMES", 1 << 13)
    path = tmp_path / "a"
    soundfile.write(path, noise(80_000, 1), 48_000, format=container)
    size = path.stat().st_size

    def change(peaks: Peaks) -> None:
        assert np.isfinite(peaks.columns(0, 80_000, 10).high).all()
        if what == "removed":
            path.unlink(missing_ok=True)
            return
        with path.open("r+b") as file:
            file.truncate(size // 3)
            if what == "overwritten":
                file.truncate(size)

    with suppress(BrokenAudio, StorageError):
        peaks = build(path, grown=change, grown_every_s=0, threads=threads)
        assert peaks.frames <= 80_000
        assert all(np.isfinite(each).all() for each in peaks.columns(0, 80_000, 10))
