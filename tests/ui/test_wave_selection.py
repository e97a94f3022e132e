from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from app.ui.wave_menu import offer_looks, offer_selection
from app.ui.wave_readout import words_of
from app.ui.wave_toggles import WaveToggles
from app.ui.waveform_view import WaveformView
from tests.ui.listening_room import RATE_HZ, write_tone
from tests.ui.wave_desk import FRAMES, LANES_Y, WIDTH, Said, drag, image_of, laid_out

PLAIN, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def view(theme: Theme, tmp_path: Path, qtbot: QtBot) -> WaveformView:
    return laid_out(theme, qtbot, write_tone(tmp_path / "a.wav"))


@pytest.fixture
def said(view: WaveformView) -> Said:
    return Said(view)


@pytest.fixture
def asked(view: WaveformView) -> list[tuple[int, ...]]:
    asked: list[tuple[int, ...]] = []
    view.crossings_wanted.connect(asked.append)
    return asked


def test_ends_that_were_dragged_go_to_zero_crossings(
    view: WaveformView, said: Said, asked: list[tuple[int, ...]]
) -> None:
    QTest.keyClick(view, Qt.Key.Key_Z)
    drag(view, 150, 300)
    assert asked == [(12_000, 24_000)]

    view.show_crossings({12_000: 12_011, 24_000: 23_990})

    assert said.regions == [LoopRegion(12_000, 24_000), LoopRegion(12_011, 23_990)]
    assert asked == [(12_000, 24_000)]


def test_the_end_that_stays_is_left_alone(view: WaveformView, asked: list[tuple[int, ...]]) -> None:
    view.selection.set_snapping(True)
    view.show_region(LoopRegion(12_000, 24_000))

    drag(view, 300, 450)
    view.show_crossings({36_000: 36_005})

    assert asked == [(36_000,)]
    assert view.region == LoopRegion(12_000, 36_005)


def test_an_answer_for_earlier_ends_leaves_the_later_ones_to_theirs(
    view: WaveformView, asked: list[tuple[int, ...]]
) -> None:
    QTest.keyClick(view, Qt.Key.Key_Z)
    drag(view, 150, 300)
    drag(view, 60, 450)
    assert asked == [(12_000, 24_000), (4_800, 36_000)]

    view.show_crossings({12_000: 12_010, 24_000: 24_010})
    view.show_crossings({4_800: 4_810, 36_000: 36_010})

    assert view.region == LoopRegion(4_810, 36_010)


def test_the_ends_of_the_take_are_as_good_as_crossings(view: WaveformView, asked: list[tuple[int, ...]]) -> None:
    view.selection.set_snapping(True)

    QTest.keyClick(view, Qt.Key.Key_A, CTRL)

    assert view.region == LoopRegion(0, FRAMES)
    assert asked == []


@pytest.mark.parametrize("held", [CTRL, ALT])
@pytest.mark.parametrize("is_snapping", [True, False])
def test_ctrl_or_alt_does_the_opposite(
    view: WaveformView, asked: list[tuple[int, ...]], is_snapping: bool, held: Qt.KeyboardModifier
) -> None:
    view.selection.set_snapping(is_snapping)

    drag(view, 150, 300, held=held)

    assert bool(asked) is not is_snapping


def test_the_keys_for_the_loop_snap_too(view: WaveformView, asked: list[tuple[int, ...]]) -> None:
    view.selection.set_snapping(True)
    view.show_position(10_000)
    QTest.keyClick(view, Qt.Key.Key_I)
    view.show_crossings({10_000: 10_003})
    view.show_position(20_000)
    QTest.keyClick(view, Qt.Key.Key_O, ALT)

    assert asked == [(10_000,)]
    assert view.region == LoopRegion(10_003, 20_000)


def test_an_answer_that_comes_too_late_changes_nothing(view: WaveformView, said: Said) -> None:
    view.selection.set_snapping(True)
    drag(view, 150, 300)
    drag(view, 420, 540)

    view.show_crossings({12_000: 12_011, 24_000: 23_990})

    assert view.region == LoopRegion(33_600, 43_200)
    assert len(said.regions) == 2


def test_an_answer_in_the_midst_of_the_next_drag_takes_nothing_from_the_hand(view: WaveformView) -> None:
    view.selection.set_snapping(True)
    drag(view, 150, 300)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, LANES_Y))
    QTest.mouseMove(view, QPoint(450, LANES_Y))

    view.show_crossings({12_000: 12_011, 24_000: 23_990})

    assert view.region == LoopRegion(12_000, 36_000)


def test_crossings_that_meet_leave_the_selection_as_it_was(view: WaveformView) -> None:
    view.selection.set_snapping(True)
    drag(view, 150, 156)

    view.show_crossings({12_000: 12_100, 12_480: 12_100})

    assert view.region == LoopRegion(12_000, 12_480)


def test_another_take_in_the_midst_of_a_drag_is_not_selected_from(view: WaveformView, said: Said) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, LANES_Y))
    QTest.mouseMove(view, QPoint(300, LANES_Y))

    view.show_take(FRAMES, RATE_HZ, 2)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, LANES_Y))

    assert view.region is None
    assert said.regions == []


@pytest.mark.parametrize(
    ("key", "held", "expected"),
    [
        (Qt.Key.Key_Right, ALT, LoopRegion(12_000, 24_080)),
        (Qt.Key.Key_Left, ALT, LoopRegion(12_000, 23_920)),
        (Qt.Key.Key_Right, ALT | SHIFT, LoopRegion(12_080, 24_000)),
        (Qt.Key.Key_Left, ALT | SHIFT, LoopRegion(11_920, 24_000)),
    ],
)
def test_alt_moves_the_ends_by_a_pixel(
    view: WaveformView, said: Said, key: Qt.Key, held: Qt.KeyboardModifier, expected: LoopRegion
) -> None:
    view.show_region(LoopRegion(12_000, 24_000))

    QTest.keyClick(view, key, held)

    assert said.regions == [expected]


def test_closest_up_alt_moves_the_ends_by_a_sample(view: WaveformView) -> None:
    view.show_region(LoopRegion(12_000, 12_010))
    view.show_span(ViewSpan(11_990, 12_030, FRAMES))

    QTest.keyClick(view, Qt.Key.Key_Right, ALT)

    assert view.region == LoopRegion(12_000, 12_011)


def test_a_double_click_selects_what_is_in_sight_and_another_one_nothing(view: WaveformView, said: Said) -> None:
    view.show_span(ViewSpan(6_000, 18_000, FRAMES))

    for _ in range(2):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(400, LANES_Y))

    assert said.regions == [LoopRegion(6_000, 18_000), None]


def test_a_double_click_on_the_ruler_asks_for_the_ends(view: WaveformView, said: Said, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.typing_wanted):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 10))

    assert said.regions == []


def test_what_is_selected_is_announced(view: WaveformView, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("app.ui.waveform_view.announce", lambda _widget, text: told.append(text))
    view.show_region(LoopRegion(12_000, 24_000))

    QTest.keyClick(view, Qt.Key.Key_Right, ALT)
    view.clear_region()

    assert told == ["Selected: 00:00.250 – 00:00.501 · 251.7 ms", "Selected: Nothing"]


def test_e_shows_the_selection_and_a_little_around_it(view: WaveformView) -> None:
    view.show_region(LoopRegion(12_000, 24_000))

    QTest.keyClick(view, Qt.Key.Key_E)

    assert view.span == ViewSpan(11_760, 24_240, FRAMES)


def test_a_drag_tells_exactly_what_it_marks(view: WaveformView, theme: Theme) -> None:
    before = image_of(view)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, LANES_Y))
    QTest.mouseMove(view, QPoint(300, LANES_Y))
    dragging = image_of(view)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, LANES_Y))

    plate = theme.color("raised").name()
    above = [
        sum(image.pixelColor(x, LANES_Y - 30).name() == plate for x in range(WIDTH))
        for image in (before, dragging, image_of(view))
    ]
    assert above[1] > 100
    assert above[::2] == [0, 0]


@pytest.mark.parametrize(
    ("region", "in_samples", "expected"),
    [
        (LoopRegion(97_920, 240_960), False, "00:02.040 – 00:05.020 · 2.980 s"),
        (LoopRegion(480, 720), False, "00:00.010 – 00:00.015 · 5.0 ms"),
        (LoopRegion(96_110, 96_120), True, "96,110 – 96,120 · 10 samples (0.208 ms)"),
        (LoopRegion(0, 1), True, "0 – 1 · 1 sample (0.021 ms)"),
    ],
)
def test_what_is_marked_is_told_in_milliseconds_or_samples(region: LoopRegion, in_samples: bool, expected: str) -> None:
    assert words_of(region, 48_000, in_samples=in_samples) == expected


def test_switches_show_and_change_scale_and_snapping(view: WaveformView, theme: Theme, qtbot: QtBot) -> None:
    toggles = WaveToggles(theme, view)
    qtbot.addWidget(toggles)

    QTest.keyClick(view, Qt.Key.Key_D)
    toggles.snap.click()

    assert toggles.decibels.isChecked()
    assert view.selection.is_snapping
    QTest.keyClick(view, Qt.Key.Key_Z)
    assert not toggles.snap.isChecked()


def test_the_menu_does_what_keys_do(view: WaveformView) -> None:
    view.show_region(LoopRegion(12_000, 24_000))

    def offers() -> dict[str, QAction]:
        menu = QMenu(view)
        offer_selection(menu, view)
        offer_looks(menu, view)
        return {action.text().split("\t")[0]: action for action in menu.actions()}

    before = offers()
    assert not before["Show the whole take"].isEnabled()
    before["Scale in decibels"].trigger()
    before["Zoom to the selection"].trigger()
    before["Snap to zero crossings"].trigger()

    assert offers()["Scale in decibels"].isChecked()
    assert offers()["Snap to zero crossings"].isChecked()
    assert view.span.length < FRAMES / 2
    offers()["Clear the selection"].trigger()
    assert not offers()["Clear the selection"].isEnabled()
