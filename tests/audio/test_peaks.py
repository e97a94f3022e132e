from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.peaks import BASE_FRAMES, Peaks, PeaksBuilder, build, columns_of_samples
from app.audio.peaks_cache import PeaksCache
from app.audio.pyramid import Points
from app.audio.stretches import Stretches
from app.domain.errors import StorageError
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
@settings(max_examples=120, deadline=None)
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
@settings(max_examples=50, deadline=None)
def test_no_peak_of_the_whole_file_is_lost(frames: int, columns: int) -> None:
    block = np.random.default_rng(frames).standard_normal((frames, 2)).astype(np.float32)

    low, high, _ = peaks_of(block).columns(0, frames, columns)

    assert np.array_equal(low.min(axis=1), block.min(axis=0))
    assert np.array_equal(high.max(axis=1), block.max(axis=0))


@given(frames=st.integers(1, 3_000), columns=st.integers(1, 4_000))
@settings(max_examples=60, deadline=None)
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


class Reading:
    """Counts how often a file was really read."""

    def __init__(self, cache: PeaksCache) -> None:
        self._cache = cache

    def peaks(self, path: Path) -> tuple[Peaks, bool]:
        grown: list[Peaks] = []
        peaks = self._cache.load_or_build(path, grown=grown.append, grown_every_s=0)
        return peaks, bool(grown)


def base_of(peaks: Peaks) -> Points:
    return peaks.base.part(0, peaks.base.length)


def same(one: Peaks, other: Peaks) -> bool:
    return one.frames == other.frames and all(
        np.array_equal(ours, theirs) for ours, theirs in zip(base_of(one), base_of(other), strict=True)
    )


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_cached_peaks_are_the_same_and_need_no_reading(tmp_path: Path, write_wav: WriteWav, subtype: str) -> None:
    path = write_wav(noise(100_000), subtype=subtype)
    cache = Reading(PeaksCache(tmp_path / "cache"))

    built, was_read = cache.peaks(path)
    cached, was_read_again = cache.peaks(path)

    assert was_read
    assert not was_read_again
    assert same(built, cached)


def test_a_changed_file_is_read_again(tmp_path: Path, write_wav: WriteWav) -> None:
    cache = Reading(PeaksCache(tmp_path / "cache"))
    cache.peaks(write_wav(noise(10_000)))

    peaks, was_read = cache.peaks(write_wav(noise(20_000)))

    assert was_read
    assert peaks.frames == 20_000


@given(where=st.floats(0, 0.999), damage=st.sampled_from(["flip", "cut", "empty", "longer"]))
@settings(max_examples=60, deadline=None)
def test_a_damaged_cache_is_built_anew(tmp_path_factory: pytest.TempPathFactory, where: float, damage: str) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "a.wav"
    soundfile.write(path, noise(10_000), 48_000)
    cache = Reading(PeaksCache(folder / "cache"))
    built, _ = cache.peaks(path)
    entry = next((folder / "cache").iterdir())
    data = bytearray(entry.read_bytes())
    at = int(where * len(data))
    if damage == "flip":
        data[at] ^= 0x41
    entry.write_bytes({"flip": data, "cut": data[:at], "empty": b"", "longer": data + b"x"}[damage])

    again, was_read = cache.peaks(path)

    assert same(built, again)
    # A bit of the sample rate may be flipped unnoticed only if the header weren't checked.
    assert was_read
    assert not cache.peaks(path)[1]


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, write_wav: WriteWav) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")

    peaks = PeaksCache(tmp_path / "cache").load_or_build(write_wav(noise(1_000)))

    assert peaks.frames == 1_000


def test_the_oldest_entries_make_room(tmp_path: Path, write_wav: WriteWav) -> None:
    cache = PeaksCache(tmp_path / "cache", max_bytes=20_000)

    for number in range(10):
        cache.load_or_build(write_wav(noise(100_000, seed=number), name=f"{number}.wav"))

    assert sum(entry.stat().st_size for entry in (tmp_path / "cache").iterdir()) <= 20_000


def test_a_missing_file_has_no_peaks(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        PeaksCache(tmp_path / "cache").load_or_build(tmp_path / "gone.wav")
