from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget
from pytestqt.qtbot import QtBot

from app.audio.peaks import PeaksBuilder, build
from app.ui.loop_region import LoopRegion
from app.ui.theme import Scheme, Theme
from app.ui.time_ruler import RULER_PX
from app.ui.view_span import ViewSpan
from app.ui.wave_scale import WaveScale
from app.ui.waveform_view import WaveformView
from tests.ui import accessibility
from tests.ui.listening_room import RATE_HZ, write_tone
from tests.ui.wave_desk import FRAMES, HEIGHT, WIDTH, Said, click, drag, height_of_wave, image_of, laid_out, turn_wheel


@pytest.fixture
def view(theme: Theme, tmp_path: Path, qtbot: QtBot) -> WaveformView:
    """One second, quiet in its first half and loud in its second."""
    return laid_out(theme, qtbot, write_tone(tmp_path / "a.wav", loud_from=FRAMES // 2))


@pytest.fixture
def said(view: WaveformView) -> Said:
    return Said(view)


def test_louder_columns_are_taller(view: WaveformView, theme: Theme) -> None:
    colours = {theme.color("wpeak").name(), theme.color("wcore").name()}

    image = image_of(view)

    quiet = [height_of_wave(image, x, colours) for x in range(50, 250, 10)]
    loud = [height_of_wave(image, x, colours) for x in range(350, 550, 10)]
    assert max(quiet) * 5 < min(loud)


def test_decibels_show_quiet_sound(view: WaveformView, theme: Theme) -> None:
    colours = {theme.color("wpeak").name(), theme.color("wcore").name()}
    linear = height_of_wave(image_of(view), 100, colours)

    QTest.keyClick(view, Qt.Key.Key_D)

    assert view.scale is WaveScale.DECIBELS
    assert height_of_wave(image_of(view), 100, colours) > 4 * linear


def test_the_wave_is_not_drawn_anew_while_the_playhead_moves(
    view: WaveformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    renders: list[int] = []
    render = view._painter._render
    monkeypatch.setattr(view._painter, "_render", lambda *a: (renders.append(1), render(*a))[1])
    view.show_span(ViewSpan(0, 24_000, FRAMES))
    image_of(view)
    assert renders == [1]

    for frame in range(0, 20_000, 500):
        view.show_position(frame)
        view.repaint()

    assert renders == [1]


def test_the_colours_follow_the_scheme(view: WaveformView, theme: Theme) -> None:
    dark = image_of(view)
    theme.set_scheme(Scheme.LIGHT)

    light = image_of(view)

    assert dark.pixelColor(10, 40).name() == "#0e1113"
    assert light.pixelColor(10, 40).name() == "#ffffff"
    assert height_of_wave(light, 500, {theme.color("wpeak").name(), theme.color("wcore").name()}) > 50


def test_mono_has_one_lane_of_the_full_height(view: WaveformView, theme: Theme, tmp_path: Path) -> None:
    view.show_take(FRAMES, RATE_HZ, 1)
    view.show_peaks(build(write_tone(tmp_path / "mono.wav", channels=1)))

    image = image_of(view)

    middle = RULER_PX + (HEIGHT - RULER_PX) // 2
    assert image.pixelColor(300, middle - 1).name() == theme.color("wcore").name()


def test_a_click_asks_to_go_there(view: WaveformView, said: Said) -> None:
    click(view, 150)

    assert said.seeks == [FRAMES // 4]
    assert said.regions == []


def test_a_drag_selects_either_way(view: WaveformView, said: Said) -> None:
    drag(view, 300, 150)

    assert said.regions == [LoopRegion(FRAMES // 4, FRAMES // 2)]
    assert said.seeks == []


def test_an_edge_can_be_dragged_also_over_the_other(view: WaveformView, said: Said) -> None:
    view.show_region(LoopRegion(FRAMES // 4, FRAMES // 2))

    drag(view, 300 + 5, 450)
    drag(view, 150, 540)

    assert said.regions == [LoopRegion(FRAMES // 4, FRAMES * 3 // 4), LoopRegion(FRAMES * 3 // 4, FRAMES * 9 // 10)]


def test_clicking_twice_forgets_the_selection(view: WaveformView, said: Said) -> None:
    view.show_region(LoopRegion(10, 20_000))

    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 100))

    assert said.regions == [None]


def test_the_wheel_zooms_at_the_pointer(view: WaveformView, said: Said) -> None:
    before = view.span.frame_at(450, WIDTH)

    turn_wheel(view, 450, 3)

    assert view.span.length < FRAMES / 1.9
    assert view.span.frame_at(450, WIDTH) == pytest.approx(before)
    turn_wheel(view, 450, -9)
    assert view.span.is_whole


def test_the_wheel_with_shift_scrolls(view: WaveformView) -> None:
    view.show_span(ViewSpan(0, 10_000, FRAMES))

    turn_wheel(view, 300, -1, shift=True)

    assert view.span == ViewSpan(1_000, 11_000, FRAMES)


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 24_480),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 23_520),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, FRAMES),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 0),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, FRAMES),
    ],
)
def test_keys_move_the_playhead(
    view: WaveformView, said: Said, key: Qt.Key, modifier: Qt.KeyboardModifier, expected: int
) -> None:
    view.show_position(24_000)

    QTest.keyClick(view, key, modifier)

    assert said.seeks == [expected]


def test_keys_zoom_at_the_playhead(view: WaveformView) -> None:
    view.show_position(12_000)

    QTest.keyClick(view, Qt.Key.Key_Plus)

    assert view.span == ViewSpan(6_000, 30_000, FRAMES)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.span.is_whole


def test_pages_are_turned_by_keys(view: WaveformView) -> None:
    view.show_span(ViewSpan(0, 10_000, FRAMES))

    QTest.keyClick(view, Qt.Key.Key_PageDown)

    assert view.span == ViewSpan(9_000, 19_000, FRAMES)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.span == ViewSpan(0, 10_000, FRAMES)


def test_ctrl_moves_by_one_sample(view: WaveformView, said: Said) -> None:
    view.show_position(24_000)

    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)

    assert said.seeks == [24_001, 23_999]


def test_many_turns_of_the_wheel_between_two_frames_are_one_frame(view: WaveformView) -> None:
    QApplication.processEvents()
    painted: list[object] = []
    original = view.paintEvent
    view.paintEvent = lambda event: (painted.append(event), original(event))  # type: ignore[method-assign]

    for _ in range(20):
        turn_wheel(view, 300, 1)
    QApplication.processEvents()

    assert len(painted) == 1
    assert view.span.length == pytest.approx(FRAMES / 1.25**20)


def test_the_middle_button_takes_the_take_along(view: WaveformView, said: Said) -> None:
    view.show_span(ViewSpan(10_000, 20_000, FRAMES))

    QTest.mousePress(view, Qt.MouseButton.MiddleButton, pos=QPoint(300, 100))
    QTest.mouseMove(view, QPoint(180, 100))
    QTest.mouseRelease(view, Qt.MouseButton.MiddleButton, pos=QPoint(180, 100))

    assert view.span == ViewSpan(12_000, 22_000, FRAMES)
    assert (said.seeks, said.regions) == ([], [])


def test_a_drag_past_an_end_scrolls_and_goes_on_selecting(view: WaveformView, said: Said, qtbot: QtBot) -> None:
    view.show_span(ViewSpan(10_000, 20_000, FRAMES))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(view, QPoint(WIDTH + 300, 100))

    qtbot.waitUntil(lambda: view.span.end == FRAMES)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(WIDTH + 300, 100))

    assert said.regions == [LoopRegion(15_000, FRAMES)]


def test_two_fingers_zoom_between_them(view: WaveformView) -> None:
    at = QPointF(150, 100)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        view.mapToGlobal(at),
        1.0,
        QPointF(),
    )

    QApplication.sendEvent(view, event)

    assert view.span == ViewSpan(FRAMES / 8, FRAMES * 5 / 8, FRAMES)


def test_two_fingers_on_a_touch_screen_zoom_and_take_along_what_is_between_them(view: WaveformView, said: Said) -> None:
    view.show_span(ViewSpan(10_000, 22_000, FRAMES))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))  # Qt makes it of the first finger
    QTest.mouseMove(view, QPoint(150, 100))
    pinch = QPinchGesture()
    pinch.setLastCenterPoint(view.mapToGlobal(QPointF(300, 100)))
    pinch.setCenterPoint(view.mapToGlobal(QPointF(270, 100)))
    pinch.setScaleFactor(2.0)

    QApplication.sendEvent(view, QGestureEvent([pinch]))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))

    assert view.span == ViewSpan(13_300, 19_300, FRAMES)
    assert (said.seeks, said.regions, view.region) == ([], [], None)


def test_i_and_o_set_the_ends_of_the_loop_at_the_playhead(view: WaveformView, said: Said) -> None:
    view.show_position(10_000)
    QTest.keyClick(view, Qt.Key.Key_I)
    view.show_position(20_000)
    QTest.keyClick(view, Qt.Key.Key_O)
    view.show_position(30_000)
    QTest.keyClick(view, Qt.Key.Key_I)

    assert said.regions == [LoopRegion(10_000, FRAMES), LoopRegion(10_000, 20_000), LoopRegion(30_000, FRAMES)]


def test_keys_that_mean_nothing_here_are_left_to_the_window(view: WaveformView, theme: Theme, qtbot: QtBot) -> None:
    heard: list[int] = []

    class Parent(QWidget):
        def keyPressEvent(self, event: object) -> None:
            heard.append(event.key())  # type: ignore[attr-defined]

    parent = Parent()
    qtbot.addWidget(parent)
    view.setParent(parent)

    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_2, Qt.Key.Key_Space):
        QTest.keyClick(view, key)

    assert heard == [Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_2, Qt.Key.Key_Space]
    view.setParent(None)


def test_the_view_turns_the_page_when_the_playhead_leaves_it(view: WaveformView) -> None:
    view.show_span(ViewSpan(0, 10_000, FRAMES))

    view.show_position(10_500, follow=True)

    assert view.span == ViewSpan(10_500, 20_500, FRAMES)
    view.show_position(30_000)
    assert view.span == ViewSpan(10_500, 20_500, FRAMES)


def test_who_scrolls_away_while_it_plays_is_left_in_peace(view: WaveformView) -> None:
    view.show_span(ViewSpan(0, 10_000, FRAMES))
    view.show_position(5_000, follow=True)
    view.show_span(ViewSpan(30_000, 40_000, FRAMES))

    for frame in range(5_000, 12_000, 800):
        view.show_position(frame, follow=True)

    assert view.span == ViewSpan(30_000, 40_000, FRAMES)
    view.nudge(0.01)
    view.show_position(12_280, follow=True)
    assert view.span.start <= 12_280 <= view.span.end


def test_only_the_playhead_is_painted_while_it_moves(view: WaveformView) -> None:
    image_of(view)
    areas: list[int] = []
    original = view.paintEvent

    def watch(event: object) -> None:
        areas.append(event.region().boundingRect().width())  # type: ignore[attr-defined]
        original(event)  # type: ignore[arg-type]

    view.paintEvent = watch  # type: ignore[method-assign]
    view.show_position(1_000)
    QApplication.processEvents()
    areas.clear()
    view.show_position(1_200)
    QApplication.processEvents()

    assert areas
    assert max(areas) < 40


def test_the_playhead_stands_where_the_position_is(view: WaveformView, theme: Theme) -> None:
    view.show_position(FRAMES // 4)

    image = image_of(view)

    white = theme.color("playhead").name()
    assert all(image.pixelColor(150, y).name() == white for y in range(RULER_PX, HEIGHT - 2))
    assert image.pixelColor(140, 100).name() != white


def test_a_close_zoom_asks_for_samples_and_draws_them(view: WaveformView, said: Said, theme: Theme) -> None:
    view.show_span(ViewSpan(30_000, 30_600, FRAMES))
    assert len(said.samples) == 1

    samples = np.zeros((2, 1_800), np.float32)
    samples[:, 900] = 1.0
    view.show_samples(29_400, samples)

    image = image_of(view)
    colours = {theme.color("wcore").name(), theme.color("wpeak").name()}
    assert height_of_wave(image, 300, colours) > 60
    assert height_of_wave(image, 100, colours) <= 4


@pytest.mark.parametrize("frames", [FRAMES, 4_000, 600, 40])
def test_clipped_samples_are_marked_at_any_zoom(view: WaveformView, theme: Theme, tmp_path: Path, frames: int) -> None:
    sound = np.full((FRAMES, 2), 0.1, np.float32)
    sound[24_000:24_004, 1] = 1.0
    soundfile.write(tmp_path / "clipped.wav", sound, RATE_HZ, subtype="PCM_24")
    view.show_take(FRAMES, RATE_HZ, 2)
    view.show_peaks(build(tmp_path / "clipped.wav"))
    view.show_samples(0, np.ascontiguousarray(sound.T))
    view.show_span(ViewSpan(24_000 - frames // 2, 24_000 + frames // 2, FRAMES))

    image = image_of(view)

    left, right = view.lanes()
    red = theme.color("err")
    marked = [x for x in range(WIDTH) if image.pixelColor(x, round(right.top())) == red]
    assert marked
    assert abs(marked[0] - WIDTH // 2) <= 1
    assert marked == [x for x in range(WIDTH) if image.pixelColor(x, round(right.bottom()) - 1) == red]
    assert not any(image.pixelColor(x, round(left.top())) == red for x in range(WIDTH))


def test_what_is_not_read_yet_is_a_quiet_line(view: WaveformView, theme: Theme) -> None:
    builder = PeaksBuilder(2, RATE_HZ)
    builder.add(np.full((FRAMES // 4 // 256 * 256, 2), 0.5, np.float32))
    view.show_peaks(builder.so_far())

    image = image_of(view)

    unread = theme.color("wpeakoff").name()
    assert [height_of_wave(image, x, {unread}) for x in (100, 200, 500)] == [0, 2, 2]  # a pixel in each lane


def test_six_channels_are_six_lanes_while_there_is_room(view: WaveformView) -> None:
    view.show_take(FRAMES, RATE_HZ, 6)

    assert len(view.lanes()) == 6
    assert view.accessibleDescription().startswith("Position")
    view.resize(WIDTH, 120)
    assert len(view.lanes()) == 2
    assert "first 2 of 6 channels" in view.accessibleDescription()


def test_it_is_a_slider_for_a_screen_reader(view: WaveformView, said: Said) -> None:
    view.show_position(12_000)
    view.announce_position()

    slider = accessibility.interface(view)

    assert slider.role() is QAccessible.Role.Slider
    assert slider.text(QAccessible.Text.Name) == "Waveform"
    values = slider.valueInterface()
    assert (values.minimumValue(), values.currentValue(), values.maximumValue()) == (0, 250, 1000)
    assert said.seeks == []
    values.setCurrentValue(500)
    assert said.seeks == [24_000]


def test_without_a_take_nothing_can_be_done(theme: Theme, qtbot: QtBot) -> None:
    view = WaveformView(theme)
    qtbot.addWidget(view)
    said = Said(view)
    view.resize(WIDTH, HEIGHT)

    click(view, 100)
    drag(view, 100, 300)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_I)

    assert (said.seeks, said.regions) == ([], [])
    image_of(view)


def test_it_grows_with_the_text(view: WaveformView, theme: Theme, shown: Callable[[QWidget], QWidget]) -> None:
    before = view.minimumHeight()

    theme.set_text_scale(2.0)

    assert view.minimumHeight() == 2 * before


def test_six_hours_at_192_khz_can_be_looked_at_sample_by_sample(view: WaveformView, said: Said) -> None:
    total = 6 * 3600 * 192_000
    view.show_take(total, 192_000, 2)
    view.show_region(LoopRegion(0, total))

    view.show_span(ViewSpan(total - 16, total, total))
    for frame in (0, total - 8, total, 1_000_000):
        view.show_position(frame)
        image_of(view)
    click(view, WIDTH // 2)
    drag(view, 0, WIDTH - 1)

    assert said.seeks == [total - 8]
    assert said.regions == [LoopRegion(total - 16, total)]
