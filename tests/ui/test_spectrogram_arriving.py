"""What a spectrogram shows of a sound that isn’t whole yet, or is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.audio.files import inspect
from app.audio.spectrogram_tiles import TileKey, TileMaker
from app.domain.audio import AudioFormat, AudioInfo
from app.ui.recording import Recording
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from tests.audio.arriving import ArrivingWav
from tests.ui.spectrogram_desk import FIRST_HZ, RATE_HZ, WIDTH, Desk, brightness, shown, write_tones
from tests.ui.waiting import until


@pytest.fixture
async def desk(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Desk]:
    async with shown(theme, tmp_path, qtbot) as desk:
        yield desk


async def test_a_take_that_is_gone_is_told_once_and_keeps_its_waveform(desk: Desk) -> None:
    gone = write_tones(desk.folder / "gone.wav")
    desk.put(gone)
    gone.unlink()
    desk.head.looks.toggle_spectrogram()

    await until(lambda: desk.problems)
    for _ in range(3):
        desk.display.layer.refresh()
        desk.image()
        await desk.background_idle()

    assert [str(problem) for problem in desk.problems] == ["The file gone.wav is missing."]


async def test_a_take_that_is_back_is_shown_again(desk: Desk) -> None:
    path = write_tones(desk.folder / "gone.wav")
    desk.put(path)
    content = path.read_bytes()
    path.unlink()
    desk.head.looks.toggle_spectrogram()
    await until(lambda: (desk.image(), desk.problems)[1])

    path.write_bytes(content)
    desk.switch.show_sound(None)
    desk.put(path)
    await desk.is_drawn()

    assert len(desk.problems) == 1


async def test_where_nothing_can_be_read_yet_the_waveform_stays(desk: Desk) -> None:
    before = desk.image()

    desk.switch.show_sound(None)
    desk.head.looks.toggle_spectrogram()

    assert desk.image() == before
    desk.switch.show_sound(Recording(desk.folder / "tones.wav", inspect(desk.folder / "tones.wav")))
    await desk.is_drawn()
    assert desk.image() != before


def show_arrived(desk: Desk, wav: ArrivingWav, frames: int) -> None:
    """So much of it is there, and the window hears of it."""
    wav.send_until(frames)
    tell_arrived(desk, wav.path, frames)


def tell_arrived(desk: Desk, path: Path, frames: int) -> None:
    desk.view.grow(frames)
    desk.switch.show_sound(Recording(path, AudioInfo(AudioFormat.WAV, RATE_HZ, 1, frames), is_growing=True))


async def test_a_sound_that_arrives_shows_what_is_there_of_it_and_grows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[TileKey] = []
    make = TileMaker.make
    monkeypatch.setattr(TileMaker, "make", lambda self, key, **named: (made.append(key), make(self, key, **named))[1])
    time_s = np.arange(4 * RATE_HZ) / RATE_HZ
    tone = (0.1 * np.sin(2 * np.pi * FIRST_HZ * time_s)).astype(np.float32)[:, None]
    wav = ArrivingWav(desk.folder, tone)
    desk.head.looks.toggle_spectrogram()
    desk.view.show_take(RATE_HZ, RATE_HZ, 1)
    show_arrived(desk, wav, RATE_HZ)
    desk.view.show_span(ViewSpan(0, RATE_HZ / 4, RATE_HZ))
    await desk.is_drawn()
    rows = range(desk.y_of(0, FIRST_HZ) - 3, desk.y_of(0, FIRST_HZ) + 3)
    assert max(brightness(desk.image(), 300, y) for y in rows) > 0.8

    elsewhere = len(made)
    show_arrived(desk, wav, 2 * RATE_HZ)
    await desk.is_drawn()
    assert len(made) == elsewhere  # nothing of it is in sight

    desk.view.zoom_to_fit()
    await desk.is_drawn()
    for seconds in (2.2, 2.5, 3.1):  # one zoom, so that the last tile before is made anew
        show_arrived(desk, wav, round(seconds * RATE_HZ))
        await desk.is_drawn()
        image = desk.image()
        assert min(max(brightness(image, x, y) for y in rows) for x in range(5, WIDTH - 5, 5)) > 0.8
    assert desk.problems == []

    before, count = wav.path, len(made)
    stored = wav.finish()
    desk.switch.move_sound(before, stored)
    info = inspect(stored)
    desk.view.grow(info.frames)
    desk.switch.show_sound(Recording(stored, info))
    known = desk.image()
    assert max(brightness(known, 100, y) for y in rows) > 0.8  # at once
    await desk.is_drawn()
    assert max(brightness(desk.image(), WIDTH - 10, y) for y in rows) > 0.8
    assert len(made) > count
    for _ in range(3):
        desk.display.layer.refresh()
        desk.image()
        await desk.background_idle()
    assert [key for key in made[count:] if made[count:].count(key) > 1] == []


async def test_a_sound_that_breaks_off_is_no_failure_of_the_spectrogram(desk: Desk) -> None:
    wav = ArrivingWav(desk.folder, np.zeros((4 * RATE_HZ, 1), np.float32))
    desk.head.looks.toggle_spectrogram()
    desk.view.show_take(RATE_HZ, RATE_HZ, 1)
    show_arrived(desk, wav, RATE_HZ)
    await desk.is_drawn()
    before = wav.path
    wav.cut()

    tell_arrived(desk, before, 2 * RATE_HZ)
    desk.image()
    await desk.background_idle()

    assert desk.problems == []
