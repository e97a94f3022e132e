"""What is seen of a file comes while it is read, and nothing of it once another file is on show."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.audio import peaks_cache
from app.audio.peaks import Peaks, build
from app.audio.peaks_cache import PeaksCache
from app.domain.errors import AppError, BrokenAudio, StorageError
from app.ui.background import Background
from app.ui.mini_waveforms import MiniWaveforms
from app.ui.peaks_loader import PeaksLoader
from tests.audio.arriving import ArrivingWav
from tests.audio.conftest import noise
from tests.ui.listening_room import take_of, write_tone
from tests.ui.waiting import until

LONG = 3 << 19


class Desk:
    """A loader, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.errors: list[AppError] = []
        self.background = Background(self.errors.append)
        self.cache = PeaksCache(folder / "cache")
        self.loader = PeaksLoader(lambda: self.cache, self.background)
        self.mini = MiniWaveforms(lambda: self.cache, lambda take: folder / (take.file or ""), self.background)
        self.peaks: list[Peaks] = []
        self.samples: list[tuple[int, np.ndarray]] = []
        self.crossings: list[dict[int, int]] = []
        self.levels: list[tuple[str, tuple[float, ...]]] = []
        self.loader.peaks_ready.connect(self.peaks.append)
        self.loader.samples_ready.connect(lambda start, block: self.samples.append((start, block)))
        self.loader.crossings_ready.connect(self.crossings.append)
        self.loader.failed.connect(self.errors.append)
        self.mini.ready.connect(lambda take_id, levels: self.levels.append((take_id, levels)))

    async def idle(self) -> None:
        await until(lambda: not len(self.background))

    async def close(self) -> None:
        self.loader.close()
        self.mini.close()
        await self.background.close()


@pytest.fixture
async def desk(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    await desk.close()


@pytest.fixture
def is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every piece of a file is told, however soon it comes after the one before."""

    def build_telling(path: Path, **more: object) -> Peaks:
        return build(path, **{**more, "grown_every_s": 0.0, "threads": 1})  # type: ignore[arg-type]

    monkeypatch.setattr(peaks_cache, "build", build_telling)


@pytest.mark.usefixtures("is_told_at_once")
async def test_the_peaks_of_a_long_file_come_while_it_is_read(desk: Desk, tmp_path: Path) -> None:
    path = write_tone(tmp_path / "long.wav", frames=LONG + 7, channels=1)

    desk.loader.load(path)
    await desk.idle()

    frames = [peaks.frames for peaks in desk.peaks]
    assert frames == [1 << 19, 2 << 19, LONG, LONG + 7, LONG + 7]
    assert desk.errors == []


@pytest.mark.usefixtures("is_told_at_once")
async def test_nothing_more_comes_of_a_file_once_another_is_on_show(desk: Desk, tmp_path: Path) -> None:
    long = write_tone(tmp_path / "long.wav", frames=LONG, channels=1)
    short = write_tone(tmp_path / "short.wav", frames=1_000)

    def on_peaks(peaks: Peaks) -> None:
        if peaks.channels == 1 and len(desk.peaks) == 1:
            desk.loader.load(short)

    desk.loader.peaks_ready.connect(on_peaks)
    desk.loader.load(long)
    await desk.idle()

    assert [peaks.channels for peaks in desk.peaks] == [1, 2, 2]
    assert desk.errors == []


async def test_what_is_on_its_way_when_the_take_leaves_is_dropped(desk: Desk, tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav")
    is_told, is_left = threading.Event(), threading.Event()

    class Slow(PeaksCache):
        def load_or_build(self, path: Path, *, grown: Callable[[Peaks], None], **_more: object) -> Peaks:
            peaks = build(path)
            grown(peaks)
            is_told.set()
            assert is_left.wait(20)
            return peaks

    desk.cache = Slow(tmp_path / "cache")
    desk.loader.load(path)
    await asyncio.sleep(0)  # it begins; from here to the next await nothing that it told can arrive
    assert is_told.wait(20)
    desk.loader.forget()
    is_left.set()
    await desk.idle()

    assert desk.peaks == []


async def test_samples_and_crossings_come_of_the_file_on_show(desk: Desk, tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", channels=1)
    desk.loader.load_samples(0, 10)
    desk.loader.load_crossings((5,))
    await desk.idle()
    assert (desk.samples, desk.crossings) == ([], []), "nothing is on show"

    desk.loader.load(path)
    for start in (0, 5_000):
        desk.loader.load_samples(start, 300)
    desk.loader.load_crossings((0, 10_000, 48_000))
    await desk.idle()

    assert [(start, block.shape) for start, block in desk.samples] == [(5_000, (1, 300))], "the last wish counts"
    (found,) = desk.crossings
    assert found[0] == 0
    assert found[48_000] == 48_000
    assert 0 < abs(found[10_000] - 10_000) <= 48_000 / 220


async def test_a_file_that_is_gone_or_no_sound_is_told_once(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")

    desk.loader.load(tmp_path / "gone.wav")
    await desk.idle()
    desk.loader.load(tmp_path / "text.wav")
    await desk.idle()

    assert [type(error) for error in desk.errors] == [StorageError, BrokenAudio]
    assert desk.peaks == []


async def test_the_list_gets_its_small_waves_and_the_last_wanted_come_first(desk: Desk, tmp_path: Path) -> None:
    takes = [take_of(write_tone(tmp_path / f"{number}.wav", frames=3_000), number) for number in range(1, 6)]
    (tmp_path / "4.wav").unlink()

    desk.mini.want(takes[:3])
    desk.mini.want(takes[3:])
    desk.mini.want(takes)
    await desk.idle()

    assert [take_id[-1] for take_id, _ in desk.levels] == ["5", "1", "2", "3"]
    assert all(0.7 < max(levels) <= 1 for _, levels in desk.levels)
    assert desk.errors == []
    desk.loader.load(tmp_path / "1.wav")
    await desk.idle()
    assert len(desk.peaks) == 1, "it came from the cache"


async def test_a_file_that_arrives_can_be_looked_at_closely_and_is_no_failure_once_it_is_gone(
    desk: Desk, tmp_path: Path
) -> None:
    samples = noise(5_000)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(3_000)

    desk.loader.follow(wav.path)
    desk.loader.load_samples(1_000, 4_000)
    desk.loader.load_crossings((1_500,))
    await until(lambda: bool(desk.peaks and desk.samples and desk.crossings))
    wav.finish()
    desk.loader.load_samples(1_000, 100)
    await until(lambda: not len(desk.background))

    ((start, block),) = desk.samples
    assert start == 1_000
    assert np.array_equal(block, samples[1_000:3_000].T)
    assert list(desk.crossings[0]) == [1_500]
    assert desk.errors == []
