from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.time_ruler import RULER_PX
from app.ui.view_span import ViewSpan
from app.ui.wave_layers import Depth
from app.ui.waveform_view import WaveformView
from tests.ui.listening_room import RATE_HZ, write_tone
from tests.ui.wave_desk import FRAMES, HEIGHT, LANES_Y, WIDTH, Said, click, drag, height_of_wave, image_of, laid_out

CAP_Y, BRACE_Y = 5, 20
PLAIN, NO_BUTTON = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton


@pytest.fixture
def view(theme: Theme, tmp_path: Path, qtbot: QtBot) -> WaveformView:
    return laid_out(theme, qtbot, write_tone(tmp_path / "a.wav"))


@pytest.fixture
def said(view: WaveformView) -> Said:
    return Said(view)


class Sheet:
    """A layer of one colour over the left half of every lane."""

    def __init__(self, colour: str) -> None:
        self._colour = colour
        self.asked: list[tuple[list[QRectF], ViewSpan]] = []

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        self.asked.append((list(lanes), span))
        painter.setOpacity(1)
        for lane in lanes:
            painter.fillRect(QRectF(0, lane.top(), lane.width() / 2, lane.height()), QColor(self._colour))


class Handle:
    """Grips around one pixel column."""

    def __init__(self, x: float) -> None:
        self._x = x
        self.heard: list[str] = []

    def cursor_at(self, point: QPointF, area: QRectF, span: ViewSpan) -> Qt.CursorShape | None:
        return Qt.CursorShape.SplitHCursor if self._is_at(point) else None

    def press(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        if self._is_at(point):
            self.heard.append(f"press {span.frame_at(point.x(), area.width()):.0f}")
        return self._is_at(point)

    def drag(self, point: QPointF, area: QRectF, span: ViewSpan) -> None:
        self.heard.append(f"drag {span.frame_at(point.x(), area.width()):.0f}")

    def release(self) -> None:
        self.heard.append("release")

    def double_click(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        if self._is_at(point):
            self.heard.append("twice")
        return self._is_at(point)

    def _is_at(self, point: QPointF) -> bool:
        return abs(point.x() - self._x) < 5


def test_a_layer_covers_the_wave_and_the_playhead_stays_above_it(view: WaveformView, theme: Theme) -> None:
    sheet = Sheet("#ff00ff")
    view.add_layer(sheet)
    view.show_position(FRAMES // 4)

    image = image_of(view)

    colours = {theme.color("wpeak").name(), theme.color("wcore").name()}
    assert height_of_wave(image, 100, colours) == 0
    assert height_of_wave(image, 500, colours) > 50
    assert image.pixelColor(WIDTH // 4, 100) == theme.color("playhead")
    assert sheet.asked[-1] == (view.lanes(), view.span)


def test_a_layer_below_the_wave_leaves_it_in_sight(view: WaveformView, theme: Theme) -> None:
    view.add_layer(Sheet("#400040"), Depth.BELOW_WAVE)

    image = image_of(view)

    assert image.pixelColor(100, RULER_PX + 2).name() == "#400040"
    assert height_of_wave(image, 100, {theme.color("wpeak").name(), theme.color("wcore").name()}) > 50


def test_what_is_to_be_read_lies_above_the_playhead(view: WaveformView, theme: Theme) -> None:
    view.add_layer(Sheet("#ff00ff"), Depth.ABOVE_PLAYHEAD)
    view.show_position(FRAMES // 4)

    image = image_of(view)

    assert image.pixelColor(WIDTH // 4, 100).name() == "#ff00ff"
    assert image.pixelColor(WIDTH // 4, RULER_PX - 2) == theme.color("playhead")


def test_the_wave_can_be_faint_or_gone(view: WaveformView, theme: Theme) -> None:
    colours = {theme.color("wpeak").name(), theme.color("wcore").name()}
    view.show_wave(0)
    gone = height_of_wave(image_of(view), 100, colours)
    view.show_wave(0.5)
    faint = image_of(view)
    view.show_wave(1)

    assert gone == 0
    core = faint.pixelColor(100, RULER_PX + 50)
    assert theme.color("canvas").lightness() < core.lightness() < theme.color("wcore").lightness()
    assert height_of_wave(image_of(view), 100, colours) > 50


def test_lanes_fill_the_place_below_the_ruler(view: WaveformView) -> None:
    left, right = view.lanes()

    assert left.top() == RULER_PX
    assert right.bottom() <= HEIGHT
    assert right.bottom() >= HEIGHT - 2
    assert right.top() - left.bottom() == 1
    assert left.width() == WIDTH


def test_grips_are_asked_before_the_selection_gets_the_mouse(view: WaveformView, said: Said) -> None:
    handle = Handle(150)
    view.add_grips(handle)

    drag(view, 150, 300)
    drag(view, 300, 450)

    assert handle.heard == [f"press {FRAMES // 4}", "drag 18000", "drag 24000", "release"]
    assert said.regions == [LoopRegion(24_000, 36_000)]


def point_at(view: WaveformView, x: int) -> None:
    """Move the mouse there. Qt’s own way moves the pointer of the screen, where something else may lie on top."""
    at = QPointF(x, 100)
    QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), *(NO_BUTTON,) * 2, PLAIN))


def test_grips_say_what_the_cursor_looks_like(view: WaveformView) -> None:
    view.add_grips(Handle(150))

    point_at(view, 150)
    over = view.cursor().shape()
    point_at(view, 200)

    assert over is Qt.CursorShape.SplitHCursor
    assert view.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_grips_take_a_double_click_that_is_meant_for_them(view: WaveformView, said: Said) -> None:
    handle = Handle(150)
    view.add_grips(handle)
    view.show_region(LoopRegion(10, 20_000))

    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))

    assert "twice" in handle.heard
    assert said.regions == []


def test_another_take_frees_the_mouse_that_grips_hold(view: WaveformView) -> None:
    handle = Handle(150)
    view.add_grips(handle)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))

    view.show_take(FRAMES, RATE_HZ, 2)
    QTest.mouseMove(view, QPoint(200, 100))

    assert handle.heard == [f"press {FRAMES // 4}", "release"]


def test_dragging_the_ruler_scrubs(view: WaveformView, said: Said) -> None:
    drag(view, 150, 450, y=CAP_Y)

    assert said.scrubs == ["start", FRAMES // 4, FRAMES // 2, FRAMES * 3 // 4, "end"]
    assert (said.seeks, said.regions) == ([], [])
    assert view.position == FRAMES * 3 // 4


def test_the_cap_of_the_playhead_can_be_dragged_beside_an_end_of_the_loop(view: WaveformView, said: Said) -> None:
    view.show_region(LoopRegion(FRAMES // 4, FRAMES // 2))
    view.show_position(FRAMES // 4)

    drag(view, 150, 240, y=CAP_Y)
    drag(view, 150, 180, y=BRACE_Y)

    assert said.scrubs[-2:] == [FRAMES * 240 // WIDTH, "end"]
    assert said.regions == [LoopRegion(FRAMES * 180 // WIDTH, FRAMES // 2)]


def test_a_click_on_the_ruler_goes_there_without_scrubbing(view: WaveformView, said: Said) -> None:
    click(view, 300, y=CAP_Y)

    assert said.seeks == [FRAMES // 2]
    assert said.scrubs == []


def test_another_take_ends_a_scrub(view: WaveformView, said: Said) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, CAP_Y))
    QTest.mouseMove(view, QPoint(300, CAP_Y))

    view.show_take(FRAMES, RATE_HZ, 2)

    assert said.scrubs == ["start", FRAMES // 4, FRAMES // 2, "end"]


def test_a_second_button_doesnt_break_into_what_the_first_one_does(view: WaveformView, said: Said) -> None:
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, CAP_Y))
    QTest.mouseMove(view, QPoint(300, CAP_Y))

    for kind, held in ((QEvent.Type.MouseButtonPress, middle), (QEvent.Type.MouseButtonRelease, NO_BUTTON)):
        at = QPointF(300, CAP_Y)
        event = QMouseEvent(kind, at, view.mapToGlobal(at), middle, Qt.MouseButton.LeftButton | held, PLAIN)
        QApplication.sendEvent(view, event)
    QTest.mouseMove(view, QPoint(450, CAP_Y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(450, CAP_Y))

    assert said.scrubs == ["start", FRAMES // 4, FRAMES // 2, FRAMES * 3 // 4, "end"]


def test_a_press_ends_what_never_heard_of_its_release(view: WaveformView, said: Said) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, CAP_Y))
    QTest.mouseMove(view, QPoint(300, CAP_Y))

    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, LANES_Y))

    assert said.scrubs[-1] == "end"


def test_it_tells_where_the_mouse_is_and_that_it_has_left(view: WaveformView, said: Said) -> None:
    QTest.mouseMove(view, QPoint(120, 90))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))

    assert said.points == [QPointF(120, 90), None]


def test_shift_extends_the_selection_by_a_click_or_a_drag(view: WaveformView, said: Said) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    view.show_region(LoopRegion(FRAMES // 4, FRAMES // 2))

    click(view, 450, held=shift)
    drag(view, 240, 60, held=shift)

    assert said.regions == [LoopRegion(FRAMES // 4, FRAMES * 3 // 4), LoopRegion(FRAMES // 10, FRAMES * 3 // 4)]


def test_shift_without_a_selection_marks_from_the_playhead(view: WaveformView, said: Said) -> None:
    view.show_position(FRAMES // 4)

    click(view, 450, held=Qt.KeyboardModifier.ShiftModifier)

    assert said.regions == [LoopRegion(FRAMES // 4, FRAMES * 3 // 4)]
