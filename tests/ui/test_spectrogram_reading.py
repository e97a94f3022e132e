"""What can be read off a spectrogram: its axis, the readouts, and the range of its colours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication
from pytestqt.qtbot import QtBot

from app.audio.spectrogram_axis import FrequencyAxis
from app.ui.look_chooser import Look
from app.ui.spectrogram_axis_strip import SpectrogramAxisStrip, placed
from app.ui.spectrogram_layer import Reading
from app.ui.spectrogram_map import color_at
from app.ui.spectrogram_readout import reading_text
from app.ui.theme import Theme
from tests.ui.spectrogram_desk import FIRST_HZ, RATE_HZ, SECOND_HZ, Desk, brightness, shown, write_tones


@pytest.fixture
async def desk(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Desk]:
    async with shown(theme, tmp_path, qtbot) as desk:
        yield desk


async def test_the_axis_stands_left_of_the_lanes_while_there_is_a_spectrogram(desk: Desk, theme: Theme) -> None:
    assert desk.findChild(SpectrogramAxisStrip) is None
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    strip = desk.display.axis
    QApplication.processEvents()

    assert strip.isVisible()
    assert (strip.geometry().right() + 1, strip.y()) == (desk.view.x(), desk.view.y())
    image = strip.grab().toImage()
    ticks = [y for y in range(image.height()) if image.pixelColor(image.width() - 1, y) == theme.color("line_control")]
    assert {desk.y_of(0, FIRST_HZ), desk.y_of(1, FIRST_HZ)} <= {y + off for y in ticks for off in (-1, 0, 1)}
    assert ticks[0] == desk.view.lanes()[0].top()  # 20 kHz

    desk.put(write_tones(desk.folder / "mono.wav", channels=1))
    await desk.is_drawn()
    image = strip.grab().toImage()
    ticks = [y for y in range(image.height()) if image.pixelColor(image.width() - 1, y) == theme.color("line_control")]
    assert {desk.y_of(0, FIRST_HZ)} <= {y + off for y in ticks for off in (-1, 0, 1)}

    desk.head.looks.toggle_overlay()
    assert strip.isVisible()
    desk.head.looks.set_look(Look.WAVEFORM)
    assert not strip.isVisible()


async def test_no_sound_is_hidden_by_the_axis(desk: Desk) -> None:
    """The attack of a short sound is all at the left edge."""
    click = np.zeros((RATE_HZ, 1), np.float32)
    click[: RATE_HZ // 100] = np.random.default_rng(1).uniform(-0.5, 0.5, (RATE_HZ // 100, 1))
    soundfile.write(desk.folder / "click.wav", click, RATE_HZ)
    desk.put(desk.folder / "click.wav")
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    image = desk.image()

    lane = desk.view.lanes()[0]
    shades = [brightness(image, 2, y) for y in range(int(lane.center().y()), int(lane.bottom()) - 2)]
    assert np.median(shades) > 0.4


async def test_the_axis_grows_with_the_text(desk: Desk, theme: Theme) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    before = desk.display.axis.sizeHint().width()

    theme.set_text_scale(1.5)

    assert desk.display.axis.sizeHint().width() > before * 1.2


@pytest.mark.parametrize("height", [14, 40, 66, 93, 160, 320])
@pytest.mark.parametrize("rate_hz", [1_000, 8_000, 48_000])
def test_no_frequency_is_written_over_another(height: int, rate_hz: int) -> None:
    found = placed(FrequencyAxis.of(rate_hz), height, 14)

    middles = sorted(min(max(y, 7), height - 7) for y, _text in found)
    assert all(after - before >= 14 for before, after in pairwise(middles))
    assert len(found) >= min(3, height // 40)


async def test_the_readout_is_painted_over_the_playhead(desk: Desk, theme: Theme) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    desk.view.show_position(RATE_HZ)
    at = round(desk.view.x_of(RATE_HZ))

    desk.point_at(at - 40, 200)
    image = desk.image()

    column = [image.pixelColor(at, y).name() for y in range(210, 229)]
    assert theme.color("playhead").name() not in column
    assert image.pixelColor(at, 260) == theme.color("playhead")


async def test_the_mouse_reads_time_frequency_and_level(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    image, near = desk.image(), desk.y_of(1, SECOND_HZ)
    y = max(range(near - 2, near + 2), key=lambda row: brightness(image, 150, row))
    desk.point_at(150, y)
    there = desk.display.readout.text
    desk.point_at(450, y)
    silent = desk.display.readout.text
    desk.view.pointed.emit(None)

    assert there.startswith("0:00.50")
    assert there.endswith((" 5.9 kHz   −20 dB", " 6.0 kHz   −20 dB", " 6.1 kHz   −20 dB"))  # a pixel is 160 Hz high
    assert silent.startswith("0:01.50")
    assert silent.endswith("below −120 dB")
    assert desk.display.readout.text == ""


async def test_who_cant_see_it_hears_what_is_loudest_at_the_playhead(desk: Desk) -> None:
    keys = desk.view.accessibleDescription()
    desk.put(write_tones(desk.folder / "mono.wav", channels=1))
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    said: list[str] = []
    for seconds in (0.5, 1.5):
        desk.view.show_position(round(seconds * RATE_HZ))
        desk.view.announce_position()
        said.append(desk.view.accessibleDescription())
    desk.head.looks.toggle_spectrogram()

    assert said == [
        f"At the playhead 996 Hz is loudest, with −20 dB. {keys}",  # a row is 11 Hz high there
        f"At the playhead everything is below −120 dB. {keys}",
    ]
    assert desk.view.accessibleDescription() == keys


async def test_over_the_waveform_nothing_is_read(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    desk.head.looks.toggle_spectrogram()

    desk.point_at(150, 200)

    assert desk.display.readout.text == ""


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(5.62, 3_100, -41.0), "0:05.620   3.1 kHz   −41 dB"),
        (Reading(3_725.0005, 440, 3.5), "1:02:05.000   440 Hz   4 dB"),
        (Reading(0.0, 999.7, -0.5), "0:00.000   1.0 kHz   0 dB"),
        (Reading(0.0, 50, None), "0:00.000   50 Hz   … dB"),
    ],
)
def test_a_reading_is_told_in_the_units_of_people(reading: Reading, text: str) -> None:
    assert reading_text(reading) == text


async def test_the_range_is_there_with_the_spectrogram_where_the_head_has_room(desk: Desk) -> None:
    desk.resize(1_100, 400)
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    assert desk.display.range.isVisible()
    desk.put(write_tones(desk.folder / "other.wav"))
    await desk.is_drawn()
    assert desk.display.range.isVisible()

    desk.head.looks.toggle_spectrogram()
    assert not desk.display.range.isVisible()

    desk.head.looks.toggle_overlay()
    await desk.is_drawn()
    assert desk.display.range.isVisible()
    desk.head.setFixedWidth(420)
    assert not desk.display.range.isVisible()


async def test_the_range_gives_other_levels_the_colours(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    low, high = desk.display.range.findChildren(QAbstractSlider)
    y = desk.y_of(0, FIRST_HZ) - 1
    before = brightness(desk.image(), 150, y)
    said: list[tuple[float, float]] = []
    desk.display.range.changed.connect(lambda *ends: said.append(ends))

    high.setFocus()
    for _ in range(3):
        QTest.keyClick(high, Qt.Key.Key_PageUp)
    QTest.keyClick(low, Qt.Key.Key_Left)

    assert said[-1] == (-99.0, -4.0)
    assert brightness(desk.image(), 150, y) < before
    assert [each.accessibleName() for each in (low, high)] == [
        "Quietest level with a colour, in dBFS",
        "Loudest level with a colour, in dBFS",
    ]


async def test_the_ends_of_the_range_stay_apart(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    control = desk.display.range

    control.move_end(is_high=False, dbfs=0)
    low = control.low_dbfs
    control.move_end(is_high=True, dbfs=-200)

    assert low == -34
    assert control.high_dbfs == -22


async def test_an_end_can_be_pulled_and_twice_clicked_it_fits_the_take(desk: Desk) -> None:
    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()
    control = desk.display.range
    bar = control._bar

    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.width() * 0.8), 10))
    QTest.mouseMove(bar, QPoint(bar.width() // 2, 10))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 10))
    assert control.high_dbfs == pytest.approx(-60, abs=1)

    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert control.high_dbfs == pytest.approx(-20, abs=2)
    image = desk.image()
    rows = range(desk.y_of(0, FIRST_HZ) - 2, desk.y_of(0, FIRST_HZ) + 2)
    brightest = max(brightness(image, 150, y) for y in rows)
    assert brightest == pytest.approx(color_at(1).lightnessF(), abs=0.06)


async def test_levels_with_a_colour_are_those_of_last_time(desk: Desk) -> None:
    assert desk.switch.range is None
    desk.switch.restore_range((-90.0, -30.0))
    assert desk.switch.range == (-90, -30)

    desk.head.looks.toggle_spectrogram()
    await desk.is_drawn()

    assert (desk.display.range.low_dbfs, desk.display.range.high_dbfs) == (-90, -30)
    assert desk.display.layer._range == (-90, -30)
    desk.display.range.move_end(is_high=True, dbfs=-40)
    assert desk.switch.range == (-90, -40)
