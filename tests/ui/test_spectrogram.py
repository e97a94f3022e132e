from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.audio.spectrogram import Levels
from app.audio.spectrogram_tiles import TileKey, TileMaker
from app.ui.look_chooser import Look
from app.ui.loop_region import LoopRegion
from app.ui.spectrogram_map import UNKNOWN
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from tests.ui.spectrogram_desk import FIRST_HZ, HEIGHT, RATE_HZ, SECOND_HZ, WIDTH, Desk, brightness, shown, write_tones
from tests.ui.waiting import until


@pytest.fixture
async def desk(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Desk]:
    async with shown(theme, tmp_path, qtbot) as desk:
        yield desk


async def test_each_tone_is_a_line_in_its_own_lane_while_it_sounds(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    image = desk.image()

    for lane, here, elsewhere in ((0, FIRST_HZ, SECOND_HZ), (1, SECOND_HZ, FIRST_HZ)):
        rows = range(desk.y_of(lane, here) - 2, desk.y_of(lane, here) + 2)
        assert max(brightness(image, 150, y) for y in rows) > 0.85
        assert brightness(image, 150, desk.y_of(lane, elsewhere)) < 0.1
        assert brightness(image, 500, desk.y_of(lane, here)) < 0.1


async def test_no_spectrum_is_computed_on_the_gui_thread_nor_before_it_is_wanted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    make = TileMaker.make

    def watched(self: TileMaker, *args: object, **named: object) -> object:
        threads.append(threading.current_thread())
        return make(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(TileMaker, "make", watched)
    rfft = np.fft.rfft
    monkeypatch.setattr(
        np.fft, "rfft", lambda *args, **named: (threads.append(threading.current_thread()), rfft(*args, **named))[1]
    )
    desk.image()
    assert threads == []

    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    assert threads
    assert threading.main_thread() not in threads


async def test_what_was_seen_once_is_not_computed_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    make = TileMaker.make
    monkeypatch.setattr(
        TileMaker, "make", lambda self, key, **named: (made.append((self.path, key)), make(self, key, **named))[1]
    )
    other = write_tones(desk.folder / "other.wav", seconds=1)
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    desk.put(other)
    await desk.is_drawn()
    before = len(made)

    desk.view.zoom_in()
    await desk.is_drawn()
    closer = len(made)
    desk.view.zoom_to_fit()
    desk.image()
    desk.put(desk.folder / "tones.wav")
    await desk.is_drawn()

    assert len(made) == closer > before
    assert len(set(made)) == len(made)


async def test_sounds_seen_long_ago_are_forgotten_when_room_is_short(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    monkeypatch.setattr("app.ui.spectrogram_loader._KEPT_BYTES", 1)

    desk.put(write_tones(desk.folder / "other.wav", seconds=1))
    await desk.is_drawn()

    assert [path.name for path in desk.display._loader._stores] == ["other.wav"]


async def test_keys_go_back_and_forth(desk: Desk) -> None:
    looks = desk.head.looks

    said: list[Look] = []
    looks.look_changed.connect(said.append)
    looks.toggle_spectrogram()
    looks.toggle_overlay()
    looks.toggle_overlay()
    looks.toggle_spectrogram()
    looks.toggle_overlay()
    looks.toggle_spectrogram()

    assert said == [Look.SPECTROGRAM, Look.BOTH, Look.SPECTROGRAM, Look.WAVEFORM, Look.BOTH, Look.WAVEFORM]
    assert looks.value() == Look.WAVEFORM


async def test_a_click_chooses_too(desk: Desk) -> None:
    button = desk.head.looks._buttons[Look.SPECTROGRAM]

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert desk.looks is Look.SPECTROGRAM
    assert button.toolTip() == "Spectrogram (S)"


async def test_a_narrow_head_has_icons_that_keep_their_names(desk: Desk) -> None:
    desk.head.looks.set_look(Look.SPECTROGRAM)

    desk.head.looks.show_words(has_words=False)

    assert [button.text() for button in desk.head.looks._buttons.values()] == ["", "", ""]
    names = [button.accessibleName() for button in desk.head.looks._buttons.values()]
    assert names == ["Waveform", "Spectrogram", "Waveform over spectrogram"]
    assert desk.head.looks.value() == Look.SPECTROGRAM


async def test_the_wave_lies_over_the_spectrogram_only_where_it_should(desk: Desk) -> None:
    desk.view.show_span(ViewSpan(0, RATE_HZ // 2, 2 * RATE_HZ))
    middle = int(desk.view.lanes()[0].center().y())
    shades: dict[Look, float] = {}
    for look in (Look.SPECTROGRAM, Look.BOTH):
        desk.head.looks.set_look(look)
        await desk.is_drawn()
        shades[look] = brightness(desk.image(), 300, middle)

    assert shades[Look.SPECTROGRAM] < 0.1
    assert shades[Look.BOTH] > 0.4


async def test_back_at_the_waveform_everything_is_as_before(desk: Desk) -> None:
    desk.point_at(300, 200)
    before = desk.image()
    desk.head.looks.set_look(Look.BOTH)
    await desk.is_drawn()
    assert desk.image() != before

    desk.head.looks.set_look(Look.WAVEFORM)

    assert desk.image() == before
    assert desk.display.range.isHidden()


async def test_the_selection_stays_in_sight(desk: Desk, theme: Theme) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    plain = desk.image()

    desk.view.show_region(LoopRegion(RATE_HZ, RATE_HZ * 3 // 2))

    marked = desk.image()
    x = round(WIDTH / 2)
    accent = theme.color("accent")
    assert abs(brightness(marked, x, 200) - accent.lightnessF()) < 0.1
    assert marked.pixelColor(x + 50, 200) != plain.pixelColor(x + 50, 200)
    assert marked.pixelColor(x - 50, 200) == plain.pixelColor(x - 50, 200)


async def test_another_take_gives_up_what_is_being_made_of_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()
    given_up: list[TileKey] = []
    make = TileMaker.make

    def slow(self: TileMaker, key: TileKey, *, cancelled: Callable[[], bool]) -> Levels:
        if self.path.name == "long.wav":
            entered.set()
            go_on.wait(20)
        try:
            return make(self, key, cancelled=cancelled)
        except CancelledError:
            given_up.append(key)
            raise

    monkeypatch.setattr(TileMaker, "make", slow)
    desk.put(write_tones(desk.folder / "long.wav", seconds=20))
    desk.head.looks.toggle_spectrogram()
    await until(lambda: (desk.image(), entered.is_set())[1])
    assert desk.image().pixelColor(WIDTH - 5, 200) == UNKNOWN

    desk.put(desk.folder / "tones.wav")
    go_on.set()
    await desk.is_drawn()

    assert [key.number for key in given_up] == [0]
    assert desk.image().pixelColor(WIDTH - 5, 200) != UNKNOWN


@pytest.mark.parametrize(
    ("frames", "rate_hz", "channels"),
    [(1, 48_000, 1), (70, 8_000, 1), (500, 1_000, 2), (5_000, 192_000, 6), (9, 44_100, 9)],
)
async def test_odd_takes_are_shown_at_any_zoom(desk: Desk, frames: int, rate_hz: int, channels: int) -> None:
    samples = np.full((frames, channels), 1.5, np.float32)
    samples[1::3] = -1.5
    samples[0] = np.nan if frames > 1 else 1.0
    path = desk.folder / "odd.wav"
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    desk.put(path)
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    shades = []
    for _ in range(3):
        image = desk.image()
        shades.append(max(brightness(image, WIDTH // 2, y) for y in range(40, HEIGHT - 5)))
        desk.view.zoom_in()
        await desk.is_drawn()

    assert min(shades) > 0.5
    assert desk.problems == []


async def test_the_playhead_moves_over_a_picture_that_is_kept(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    desk.image()
    kept = desk.display.layer._pixmap

    desk.view.show_position(RATE_HZ)
    image = desk.image()

    assert desk.display.layer._pixmap is kept
    assert image.pixelColor(WIDTH // 2, 200) == QColor("#ffffff")


async def test_closing_gives_up_what_is_being_made(desk: Desk) -> None:
    long = desk.folder / "long.wav"
    with soundfile.SoundFile(long, "w", 8_000, 1, "PCM_U8", format="WAV") as file:
        file.write(np.zeros(8_000 * 3_600, np.float32))
    desk.put(long)
    desk.head.looks.toggle_spectrogram()
    await until(lambda: desk.switch._display is not None)
    desk.image()
    loader = desk.display._loader
    await until(lambda: loader._maker is not None)

    desk.switch.close()

    await until(lambda: not any(each.name.startswith("spectrogram") for each in threading.enumerate()))
    assert loader._maker is None
