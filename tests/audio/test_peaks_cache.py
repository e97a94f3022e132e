"""Peaks are kept for as long as they are true, and never believed when they might not be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio import peaks_cache, peaks_entry
from app.audio.peaks import Peaks, build
from app.audio.peaks_cache import PeaksCache
from app.audio.pyramid import Points
from app.domain.errors import StorageError
from tests.audio.conftest import WriteWav, noise

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def small_outlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short file has an outline apart from its base, as a long one has."""
    monkeypatch.setattr(peaks_entry, "_OUTLINE_POINTS", 512)


@contextmanager
def monitored() -> Iterator[list[Path]]:
    """Notes which files are built; they are, all the same."""
    builds: list[Path] = []

    def noting(path: Path, **more: object) -> Peaks:
        builds.append(path)
        return build(path, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peaks_cache, "build", noting)
        yield builds


class Reading:
    """Counts how often a file was really read."""

    def __init__(self, cache: PeaksCache) -> None:
        self._cache = cache

    def peaks(self, path: Path) -> tuple[Peaks, bool]:
        with monitored() as builds:
            peaks = self._cache.load_or_build(path)
        return peaks, bool(builds)


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
@settings(max_examples=60)
def test_a_damaged_cache_is_built_anew(tmp_path_factory: pytest.TempPathFactory, where: float, damage: str) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "a.wav"
    soundfile.write(path, noise(140_000, 1), 48_000)
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


@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(
                ["look", "look at a small picture", "write", "damage", "empty the folder", "another entry"]
            ),
            st.integers(0, 1 << 30),
        ),
        max_size=12,
    )
)
@settings(max_examples=25)
def test_whatever_happens_to_the_folder_what_is_shown_is_what_the_file_holds(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]]
) -> None:
    home = tmp_path_factory.mktemp("deeds")
    path, folder, time_ns = home / "a.wav", home / "cache", 10**18
    soundfile.write(path, noise(140_000, 1), 48_000)
    cache = PeaksCache(folder, max_bytes=30_000)
    for deed, number in [*deeds, ("look", 0)]:
        entries = sorted(folder.glob("*")) if folder.exists() else []
        if deed == "look":
            assert same(cache.load_or_build(path), build(path))
        elif deed == "look at a small picture":
            small, whole = cache.outline(path), build(path)
            assert np.array_equal(small.columns(0, whole.frames, 5).low, whole.columns(0, whole.frames, 5).low)
        elif deed == "write":
            soundfile.write(path, noise(130_000 + number % 20_000, 1 + number % 2, seed=number), 48_000)
            time_ns += 1_000
            os.utime(path, ns=(time_ns, time_ns))
        elif deed == "empty the folder":
            shutil.rmtree(folder, ignore_errors=True)
        elif entries:
            entry = entries[number % len(entries)]
            data = bytearray(entry.read_bytes())
            if deed == "damage":
                data[number % len(data)] ^= 1 << number % 8
            else:
                data = bytearray(entries[0].read_bytes())
            entry.write_bytes(data)


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, write_wav: WriteWav) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")

    peaks = PeaksCache(tmp_path / "cache").load_or_build(write_wav(noise(1_000)))

    assert peaks.frames == 1_000


def test_of_a_kept_file_an_outline_comes_first(tmp_path: Path, write_wav: WriteWav) -> None:
    block = noise(150_000)
    block[70_000] = 0.9
    path = write_wav(block)
    cache = PeaksCache(tmp_path / "cache")
    built = cache.load_or_build(path)
    grown: list[Peaks] = []

    kept = cache.load_or_build(path, grown=grown.append)

    assert same(built, kept)
    (outline,) = grown
    assert outline.frames == 150_000
    assert outline.base.length == 293
    assert kept.base.length == 586
    for columns in (1, 5):
        assert np.array_equal(outline.columns(0, 150_000, columns).low, kept.columns(0, 150_000, columns).low)
        assert np.array_equal(outline.columns(0, 150_000, columns).high, kept.columns(0, 150_000, columns).high)
    with monitored() as builds:
        assert same(cache.outline(path), outline)
    assert not builds


@pytest.mark.parametrize("what", ["another version", "big-endian", "another file", "a key of its own"])
def test_an_entry_from_elsewhere_is_built_anew(tmp_path: Path, write_wav: WriteWav, what: str) -> None:
    path = write_wav(noise(150_000))
    cache = Reading(PeaksCache(tmp_path / "cache"))
    built, _ = cache.peaks(path)
    (entry,) = (tmp_path / "cache").iterdir()
    data = bytearray(entry.read_bytes())
    if what == "another version":
        data[:16] = data[:16].replace(b"3", b"2")
    elif what == "big-endian":
        numbers = np.frombuffer(data[16:60], "<u4").astype(">u4").tobytes()
        data[16:60] = numbers
    elif what == "another file":
        cache.peaks(write_wav(noise(150_000, seed=2), name="b.wav"))
        (other,) = set((tmp_path / "cache").iterdir()) - {entry}
        data = bytearray(other.read_bytes())
    else:
        data[20:60] = b"f" * 40
    entry.write_bytes(data)

    again, was_read = cache.peaks(path)

    assert was_read
    assert same(built, again)


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path, write_wav: WriteWav) -> None:
    path = write_wav(noise(50_000))
    cache = PeaksCache(tmp_path / "cache")

    cache.load_or_build(path, grown=lambda _peaks: os.utime(path, ns=(1, 1)), grown_every_s=0)

    assert not (tmp_path / "cache").exists()


def test_a_change_within_the_same_second_is_noticed(tmp_path: Path, write_wav: WriteWav) -> None:
    cache = Reading(PeaksCache(tmp_path / "cache"))
    path = write_wav(noise(10_000))
    os.utime(path, ns=(10**18, 10**18))
    cache.peaks(path)
    path = write_wav(noise(10_000, seed=5))
    os.utime(path, ns=(10**18, 10**18 + 100))

    assert cache.peaks(path)[1]


def test_what_was_used_stays_and_what_was_not_goes(tmp_path: Path, write_wav: WriteWav) -> None:
    cache = Reading(PeaksCache(tmp_path / "cache", max_bytes=20_000))  # room for five
    paths = [write_wav(noise(100_000, 1, seed=number), name=f"{number}.wav") for number in range(12)]
    for number, path in enumerate(paths):
        cache.peaks(path)
        for entry in (tmp_path / "cache").iterdir():  # time passes
            os.utime(entry, ns=(entry.stat().st_atime_ns, entry.stat().st_mtime_ns - 10**12))
        if number:
            assert not cache.peaks(paths[0])[1]

    assert not cache.peaks(paths[11])[1]
    assert cache.peaks(paths[3])[1]


def test_what_a_crash_left_is_tidied_up(tmp_path: Path, write_wav: WriteWav) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (old := folder / "a.0.partial").write_bytes(b"half")
    os.utime(old, (0, 0))
    (new := folder / "b.0.partial").write_bytes(b"another process writes this")

    PeaksCache(folder).load_or_build(write_wav(noise(1_000)))

    assert not old.exists()
    assert new.exists()


def test_threads_and_processes_share_a_folder(tmp_path: Path, write_wav: WriteWav) -> None:
    paths = [write_wav(noise(60_000, seed=number), name=f"{number}.wav") for number in range(4)]
    program = (
        "import sys; from pathlib import Path; from app.audio.peaks_cache import PeaksCache\n"
        "cache = PeaksCache(Path(sys.argv[1]), max_bytes=30_000)\n"
        "for _ in range(20):\n"
        "    for path in sys.argv[2:]: assert cache.load_or_build(Path(path)).frames == 60_000"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "cache"), *map(str, paths)]
    other = subprocess.Popen(command, cwd=CHECKOUT)
    cache = PeaksCache(tmp_path / "cache", max_bytes=30_000)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(cache.load_or_build, paths * 20))

    assert other.wait() == 0
    for place, peaks in enumerate(found):
        assert same(peaks, build(paths[place % 4]))


def test_a_list_gives_up_what_somebody_builds_who_waits_for_it(tmp_path: Path, write_wav: WriteWav) -> None:
    path = write_wav(noise(1 << 20))
    cache = PeaksCache(tmp_path / "cache")
    has_begun, is_awaited = threading.Event(), threading.Event()

    def preview() -> Peaks:
        assert has_begun.wait(20)
        return cache.load_or_build(path, grown=lambda _peaks: is_awaited.set(), grown_every_s=0)

    def is_cancelled() -> bool:
        has_begun.set()
        assert is_awaited.wait(20)
        return False

    with ThreadPoolExecutor(1) as pool, monitored() as builds:
        waiting = pool.submit(preview)
        outline = cache.outline(path, cancelled=is_cancelled)
        peaks = waiting.result()

    assert builds == [path, path]
    assert peaks.base.length == 1 << 12
    assert outline.base.length == 512, "it comes from the cache"


def test_a_picture_for_a_list_can_be_given_up(tmp_path: Path, write_wav: WriteWav) -> None:
    with pytest.raises(CancelledError):
        PeaksCache(tmp_path / "cache").outline(write_wav(noise(1_000)), cancelled=lambda: True)


def test_the_oldest_entries_make_room(tmp_path: Path, write_wav: WriteWav) -> None:
    cache = PeaksCache(tmp_path / "cache", max_bytes=20_000)

    for number in range(10):
        cache.load_or_build(write_wav(noise(100_000, seed=number), name=f"{number}.wav"))

    assert sum(entry.stat().st_size for entry in (tmp_path / "cache").iterdir()) <= 20_000


def test_a_missing_file_has_no_peaks(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        PeaksCache(tmp_path / "cache").load_or_build(tmp_path / "gone.wav")
