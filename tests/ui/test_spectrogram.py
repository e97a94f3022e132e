from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.audio.files import inspect
from app.audio.peaks import build
from app.audio.spectrogram import Levels
from app.audio.spectrogram_axis import FrequencyAxis
from app.audio.spectrogram_tiles import TileKey, TileMaker
from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import AppError
from app.ui.background import Background
from app.ui.look_chooser import Look
from app.ui.loop_region import LoopRegion
from app.ui.preview_head import PreviewHead
from app.ui.recording import Recording
from app.ui.spectrogram_axis_strip import SpectrogramAxisStrip, placed
from app.ui.spectrogram_display import SpectrogramDisplay
from app.ui.spectrogram_layer import Reading
from app.ui.spectrogram_map import UNKNOWN, color_at
from app.ui.spectrogram_readout import reading_text
from app.ui.spectrogram_switch import SpectrogramSwitch
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from app.ui.waveform_view import WaveformView
from tests.audio.arriving import ArrivingWav
from tests.ui.waiting import until

RATE_HZ = 48_000
WIDTH, HEIGHT = 600, 324
FIRST_HZ, SECOND_HZ = 1_000, 6_000


def write_tones(path: Path, *, seconds: float = 2.0, channels: int = 2, level: float = 0.1) -> Path:
    """Left 1 kHz, right 6 kHz, at -20 dBFS; silent in the second half."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = [level * np.sin(2 * np.pi * hz * time_s) * (time_s < seconds / 2) for hz in (FIRST_HZ, SECOND_HZ)]
    soundfile.write(path, np.stack(tones[:channels], axis=1).astype(np.float32), RATE_HZ, subtype="FLOAT")
    return path


class Desk(QWidget):
    """A waveform with its head and a switch to the spectrogram, as the preview has them."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        super().__init__()
        self._theme = theme
        self.folder = folder
        self.problems: list[AppError] = []
        self.background = Background(self.problems.append)
        self.head = PreviewHead(theme)
        self.view = WaveformView(theme)
        self.row = QHBoxLayout()
        self.row.setSpacing(0)
        self.row.addWidget(self.view)
        self.switch = SpectrogramSwitch(self.head.looks, self.background, self._display_of, self)
        self.switch.failed.connect(self.problems.append)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.head)
        column.addLayout(self.row)
        self.view.setFixedSize(WIDTH, HEIGHT)

    def _display_of(self, display: type[SpectrogramDisplay]) -> SpectrogramDisplay:
        return display(
            self._theme, self.head, self.view, self.background, lambda widget: self.row.insertWidget(0, widget)
        )

    def put(self, path: Path) -> None:
        info = inspect(path)
        self.view.show_take(info.frames, info.sample_rate_hz, info.channels)
        self.view.show_peaks(build(path))
        self.switch.show_sound(Recording(path, info))

    @property
    def looks(self) -> Look:
        return self.head.looks.look

    @property
    def display(self) -> SpectrogramDisplay:
        assert self.switch._display is not None
        return self.switch._display

    async def is_drawn(self) -> None:
        """Until all that is in sight is there."""
        await until(lambda: self.switch._display is not None)
        layer = self.display.layer
        await until(
            lambda: self.image() and layer._picture and layer._frame and not layer._picture.missing(layer._frame)
        )
        layer.refresh()

    async def background_idle(self) -> None:
        await until(lambda: not len(self.background))

    def image(self) -> QImage:
        return self.view.grab().toImage()

    def y_of(self, lane: int, hz: float) -> int:
        place = self.view.lanes()[lane]
        return int(place.bottom() - FrequencyAxis.of(RATE_HZ).share_of(hz) * place.height())

    def point_at(self, x: int, y: int) -> None:
        QTest.mouseMove(self.view, QPoint(x, y))


@pytest.fixture
async def desk(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Desk]:
    desk = Desk(theme, tmp_path)
    qtbot.addWidget(desk)
    desk.show()
    desk.put(write_tones(tmp_path / "tones.wav"))
    yield desk
    await desk.background.close()
    desk.switch.close()


def brightness(image: QImage, x: int, y: int) -> float:
    return image.pixelColor(x, y).lightnessF()


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
    monkeypatch.setattr(TileMaker, "make", lambda self, key, **named: (made.append(key), make(self, key, **named))[1])
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
    assert len(set(made)) <= len(made)


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


@pytest.mark.parametrize("height", [14, 40, 66, 93, 160, 320])
@pytest.mark.parametrize("rate_hz", [1_000, 8_000, 48_000])
def test_no_frequency_is_written_over_another(height: int, rate_hz: int) -> None:
    found = placed(FrequencyAxis.of(rate_hz), height, 14)

    middles = sorted(min(max(y, 7), height - 7) for y, _text in found)
    assert all(after - before >= 14 for before, after in pairwise(middles))
    assert len(found) >= min(3, height // 40)
