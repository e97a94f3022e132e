"""Trim and fades by hand: handles in the lanes, and what they make of an edit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import FadeShape
from app.ui.clip_handles import ClipHandles, Handle
from app.ui.lane_guides import LaneGuides
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from app.ui.wave_scale import WaveScale

TOTAL = 48_000
AREA = QRectF(0, 24, 960, 200)  # 50 frames a pixel when all of it is in view
SPAN = ViewSpan.whole(TOTAL)
BOTTOM, TOP = AREA.bottom() - 6, AREA.top() + 8


class Hand:
    """Handles of a take of one second, and what they told."""

    def __init__(self, theme: Theme, edit: ClipEdit = WHOLE) -> None:
        self.painted = 0
        self.handles = ClipHandles(theme, self._paint)
        self.handles.show_clip(edit, TOTAL)
        self.settled: list[tuple[ClipEdit, ClipEdit]] = []
        self.handles.settled.connect(lambda before, after: self.settled.append((before, after)))

    def _paint(self) -> None:
        self.painted += 1

    def pull(self, x: float, y: float, to_x: float, *, span: ViewSpan = SPAN, release: bool = True) -> bool:
        taken = self.handles.press(QPointF(x, y), AREA, span)
        if taken:
            for at in (x + (to_x - x) / 2, to_x):
                self.handles.drag(QPointF(at, y), AREA, span)
            if release:
                self.handles.release()
        return taken


@pytest.fixture
def hand(theme: Theme) -> Hand:
    return Hand(theme)


def test_the_ends_of_a_whole_take_are_grips_in_its_lower_corners(hand: Hand) -> None:
    assert hand.pull(4, BOTTOM, 104)
    assert hand.pull(955, BOTTOM, 855)

    assert hand.handles.edit == ClipEdit(100 * 50, TOTAL - 100 * 50)
    assert [after for _before, after in hand.settled] == [ClipEdit(5_000), ClipEdit(5_000, 43_000)]


def test_fades_are_pulled_out_of_the_upper_corners(hand: Hand) -> None:
    assert hand.pull(7, TOP, 107)
    assert hand.pull(953, TOP, 853)

    assert hand.handles.edit == ClipEdit(0, None, 5_000, 5_000)
    assert hand.handles.handle_at(QPointF(100, TOP), AREA, SPAN) is Handle.FADE_IN
    assert hand.handles.handle_at(QPointF(860, TOP), AREA, SPAN) is Handle.FADE_OUT


def test_beside_the_handles_the_mouse_is_for_seeking_and_selecting(hand: Hand) -> None:
    for x, y in ((4, 120), (20, BOTTOM), (30, TOP), (480, BOTTOM), (955, 120)):
        assert not hand.pull(x, y, x + 50), (x, y)
        assert hand.handles.cursor_at(QPointF(x, y), AREA, SPAN) is None

    assert hand.handles.edit == WHOLE
    assert hand.settled == []


def test_the_line_of_a_trim_is_a_handle_over_its_whole_height(theme: Theme) -> None:
    hand = Hand(theme, ClipEdit(5_000))

    assert hand.handles.cursor_at(QPointF(101, 120), AREA, SPAN) is Qt.CursorShape.SizeHorCursor
    assert hand.pull(101, 120, 201)

    assert hand.handles.edit.start == 10_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the theme is the same for all
@given(st.floats(-2_000, 3_000), st.sampled_from(Handle), st.floats(0, 0.9))
def test_a_handle_follows_the_hand_at_every_zoom_and_comes_back_with_it(
    theme: Theme, to_x: float, handle: Handle, zoom: float
) -> None:
    before = ClipEdit(10_000, 40_000, 4_000, 6_000)
    hand = Hand(theme, before)
    span = ViewSpan(TOTAL * 0.0, TOTAL * (1 - zoom), TOTAL)
    frames = {Handle.START: 10_000, Handle.END: 40_000, Handle.FADE_IN: 14_000, Handle.FADE_OUT: 34_000}
    x = span.x_of(frames[handle], AREA.width())
    y = TOP if handle in (Handle.FADE_IN, Handle.FADE_OUT) else BOTTOM

    assert hand.pull(x, y, to_x, span=span, release=False)
    edit = hand.handles.edit
    assert edit == edit.within(TOTAL)
    hand.handles.drag(QPointF(x, y), AREA, span)
    hand.handles.release()

    assert hand.handles.edit == before
    assert hand.settled == []


def test_two_clicks_on_a_handle_undo_what_it_did(theme: Theme) -> None:
    edit = ClipEdit(10_000, 40_000, 4_000, 6_000)
    hand = Hand(theme, edit)

    for x, y in ((204, BOTTOM), (796, BOTTOM), (4_000 / 50, TOP), ((TOTAL - 6_000) / 50, TOP)):
        assert hand.handles.double_click(QPointF(x, y), AREA, SPAN), (x, y)

    assert hand.handles.edit == WHOLE
    assert len(hand.settled) == 4
    assert not hand.handles.double_click(QPointF(480, 120), AREA, SPAN)


def test_a_part_becomes_the_clip_from_both_sides_of_it(theme: Theme) -> None:
    hand = Hand(theme, ClipEdit(10_000, 20_000))

    hand.handles.trim_to(30_000, 40_000)
    assert hand.handles.edit == ClipEdit(30_000, 40_000)
    hand.handles.trim_to(1_000, 2_000)
    assert hand.handles.edit == ClipEdit(1_000, 2_000)


def test_a_clip_of_nothing_is_refused_with_a_sentence(theme: Theme) -> None:
    hand, told = Hand(theme, ClipEdit(10_000, 40_000)), []
    hand.handles.refused.connect(told.append)

    for frame in (40_000, 41_000):
        hand.handles.trim_start(frame)
    for frame in (10_000, 0):
        hand.handles.trim_end(frame)

    assert hand.handles.edit == ClipEdit(10_000, 40_000)
    assert hand.settled == []
    assert ["before its end" in words for words in told] == [True, True, False, False]
    assert ["after its start" in words for words in told] == [False, False, True, True]


def test_while_a_handle_is_dragged_its_time_stands_beside_the_pointer(theme: Theme) -> None:
    hand = Hand(theme)
    hand.handles.show_clip(WHOLE, TOTAL, 48_000)
    said = {}
    for handle, x, y, to_x in ((Handle.START, 4, BOTTOM, 104), (Handle.FADE_OUT, 953, TOP, 853)):
        hand.pull(x, y, to_x, release=False)
        said[handle] = hand.handles._words_of(handle)
        while_held = painted(hand)
        hand.handles.release()
        assert while_held != painted(hand)

    assert said[Handle.START] == "00:00.104 – 00:01.000 · 895.8 ms"
    assert said[Handle.FADE_OUT] == "Fade out 104.2 ms"


@pytest.mark.parametrize("height", [70.0, 200.0])
def test_labels_of_the_lanes_leave_room_for_the_handles_in_their_corners(theme: Theme, height: float) -> None:
    lane = QRectF(0, 0, 960, height)
    image = QImage(960, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    guides = LaneGuides(theme)
    guides.paint_labels(painter, [lane], WaveScale.DECIBELS, 1.0, is_over_picture=False)
    guides.paint_names(painter, [lane], ["L", "R"], "", is_over_picture=False)
    painter.end()

    labelled = np.flatnonzero(np.frombuffer(image.constBits(), np.uint32).reshape(200, 960).any(axis=0))
    held = ClipHandles(theme, lambda: None)
    held.show_clip(WHOLE, TOTAL)
    grabbed = [x for x in labelled.tolist() if held.handle_at(QPointF(x, TOP - AREA.top()), lane, SPAN) is not None]
    assert len(labelled) > 20
    assert grabbed == []


def test_ends_go_to_zero_crossings_where_that_is_wanted_and_nothing_else_does(theme: Theme) -> None:
    snaps = [True]
    handles, asked, snapped = ClipHandles(theme, lambda: None, lambda: snaps[-1]), [], []
    handles.crossings_wanted.connect(asked.append)
    handles.snapped.connect(snapped.append)
    handles.show_clip(WHOLE, TOTAL)

    handles.trim_start(1_000)
    handles.snap({1_000: 1_013})
    handles.trim_end(40_000)
    handles.trim_end(41_000)  # has moved on before the answer comes
    handles.snap({40_000: 39_990})
    handles.fade_in(500)
    handles.snap({1_013: 7, 41_000: 7})
    assert asked == [(1_000,), (40_000,), (41_000,)]
    assert handles.edit == ClipEdit(1_013, 41_000, 500)
    assert snapped == [ClipEdit(1_013)]

    snaps.append(False)
    handles.trim_start(2_000)
    handles.snap({2_000: 2_013})
    assert handles.edit.start == 2_000


def test_without_a_take_there_is_nothing_to_hold(theme: Theme) -> None:
    hand = Hand(theme)
    hand.handles.show_clip(ClipEdit(5, 10), 0)

    assert not hand.pull(4, BOTTOM, 100)
    hand.handles.trim_start(5)

    assert hand.handles.edit == WHOLE
    assert hand.settled == []


def painted(hand: Hand, span: ViewSpan = SPAN) -> QImage:
    image = QImage(960, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    hand.handles.paint(painter, [QRectF(0, 24, 960, 99), QRectF(0, 124, 960, 100)], span)
    painter.end()
    return image


@pytest.mark.parametrize("shape", list(FadeShape), ids=lambda shape: shape.value)
def test_what_is_cut_off_lies_under_a_veil_and_the_curve_is_that_of_the_sound(theme: Theme, shape: FadeShape) -> None:
    hand = Hand(theme, ClipEdit(10_000, 40_000, 10_000, 0, shape))

    image = painted(hand)

    black, line = QColor("#000000"), theme.color("text2")
    assert image.pixelColor(100, 120) != black
    assert image.pixelColor(900, 120) != black
    assert image.pixelColor(500, 120) == black
    assert image.pixelColor(200, 60).name() == line.name()
    assert image.pixelColor(799, 60).name() == line.name()
    half = {"linear": 0.5, "equal-power": 0.7071, "s-curve": 0.5, "exponential": 0.0306, "logarithmic": 0.9694}
    column = [y for y in range(24, 224) if image.pixelColor(300, y) != black]  # in the middle of the fade
    expected = AREA.bottom() + (TOP - AREA.bottom()) * half[shape.value]
    assert min(abs(y - expected) for y in column) <= 2


def test_a_clip_that_is_out_of_sight_is_a_veil_alone(theme: Theme) -> None:
    hand = Hand(theme, ClipEdit(40_000, 41_000, 200, 200))

    image = painted(hand, ViewSpan(0, 10_000, TOTAL))

    colours = {image.pixelColor(x, y).name() for x in range(0, 960, 7) for y in range(24, 224, 5)}
    assert len(colours) == 1
