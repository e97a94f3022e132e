from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.spectrogram import FLOOR_DBFS, STEP_DB, Levels
from app.audio.spectrogram_grid import Grid
from app.audio.spectrogram_tiles import TileKey, TileMaker
from app.ui.background import Background
from app.ui.spectrogram_loader import SpectrogramLoader
from tests.ui.waiting import until

RATE_HZ = 48_000
KEY = TileKey(Grid.nearest(64.0, RATE_HZ), 0)


class Door:
    """Before each tile the maker waits here until the test lets it go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered: list[Path] = []
        self.go_on = threading.Event()
        make = TileMaker.make

        def waiting(maker: TileMaker, key: TileKey, *, cancelled: Callable[[], bool]) -> Levels:
            self.entered.append(maker.path)
            assert self.go_on.wait(20)
            return make(maker, key, cancelled=cancelled)

        monkeypatch.setattr(TileMaker, "make", waiting)


def write(path: Path, level: float) -> Path:
    time_s = np.arange(RATE_HZ) / RATE_HZ
    soundfile.write(path, level * np.sin(2 * np.pi * 1_000 * time_s), RATE_HZ, subtype="FLOAT")
    return path


@pytest.fixture
async def loader() -> AsyncIterator[SpectrogramLoader]:
    background = Background(lambda error: pytest.fail(str(error)))
    loader = SpectrogramLoader(background)
    yield loader
    await background.close()
    loader.close()


async def test_a_wish_for_the_same_place_of_another_sound_is_not_lost(
    loader: SpectrogramLoader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(monkeypatch)
    loader.load(write(tmp_path / "a.wav", 0.5))
    loader.want([KEY])
    await until(lambda: door.entered)

    store = loader.load(write(tmp_path / "b.wav", 0.5))
    loader.want([KEY])
    door.go_on.set()

    await until(lambda: KEY in store)
    assert door.entered == [tmp_path / "a.wav", tmp_path / "b.wav"]


async def test_what_has_the_name_of_a_sound_that_broke_off_is_read_anew(
    loader: SpectrogramLoader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, path = Door(monkeypatch), write(tmp_path / "a.wav", 0.001)
    loader.load(path, is_growing=True)
    loader.want([KEY])
    await until(lambda: door.entered)

    path.unlink()
    store = loader.load(write(path, 0.5), is_growing=True)
    loader.want([KEY])
    door.go_on.set()
    await until(lambda: KEY in store)

    levels = store.get(KEY)
    assert levels is not None
    assert FLOOR_DBFS + int(levels.max()) * STEP_DB > -10
