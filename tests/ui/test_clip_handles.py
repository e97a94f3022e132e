"""Trim and fades by hand, key and undo; each take keeps its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QHelpEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import ExportSettings, FadeShape
from app.ui.clip_handles import ClipHandles, Handle
from app.ui.clip_menu import ClipMenu
from app.ui.clip_tips import CHIP_TIP
from app.ui.clip_trimming import clip_words
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window, opened

CTRL = Qt.KeyboardModifier.ControlModifier
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


# In the whole window


def has_files() -> bool:
    data = QApplication.clipboard().mimeData()
    return data is not None and bool(data.urls())


def pull(world: World, x: float, y: float, to_x: float) -> None:
    view = world.window.preview.waveform
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    for at in (x + (to_x - x) / 2, to_x):
        QTest.mouseMove(view, QPoint(round(at), round(y)))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(to_x), round(y)))


@in_a_window
async def test_each_take_keeps_its_own_edit_and_undo_takes_it_back(world: World) -> None:
    task = await world.make("rain", takes=2, seconds=1.0)
    world.select(task)
    await world.settle()
    preview, view = world.window.preview, world.window.preview.waveform
    area = view.lane_area

    pull(world, 4, area.bottom() - 6, view.width() / 4)
    first = preview.clip.edit
    assert first.start == pytest.approx(12_000, abs=400)
    preview.choose_number(2)
    await world.settle()
    assert preview.clip.edit == WHOLE
    view.show_position(24_000)
    world.window.library.focus_list()
    world.key(Qt.Key.Key_BracketRight)
    assert preview.clip.edit == ClipEdit(0, 24_000)
    assert "0.000 – 0.500 s" in preview.bar._trim.text
    preview.choose_number(1)
    assert preview.clip.edit == first

    world.window.actions.undo()  # of the other take, which isn't on show
    assert preview.clip.edit == first
    assert world.window.messages.text == "Trim and fades of take 2 are as they were."
    world.key(Qt.Key.Key_Z, CTRL)
    assert preview.clip.edit == WHOLE
    world.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert preview.clip.edit == first
    world.key(Qt.Key.Key_Z, CTRL)
    await world.settle()

    assert preview.clip.edit == WHOLE
    ids = [take.id for take in task.takes]
    assert await world.services.clip_edits.of(ids) == {}


async def test_an_edit_is_there_after_a_restart_and_what_is_copied_has_it(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as world:
        task = await world.make("rain", takes=1, seconds=1.0)
        world.select(task)
        await world.settle()
        world.window.preview.clip.trim_to(12_000, 36_000)
        await world.settle()

    async with opened(qapp, tmp_path) as world:
        preview = world.window.preview
        await until(lambda: preview.clip.edit == ClipEdit(12_000, 36_000))
        assert preview.bar._trim.text == "0.250 – 0.750 s"
        QApplication.clipboard().clear()
        world.window.library.focus_list()
        world.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        await until(has_files)
        (url,) = QApplication.clipboard().mimeData().urls()
        await world.settle()
        QApplication.clipboard().clear()  # Qt would let go of it after Python has gone, and crash

    assert soundfile.info(url.toLocalFile()).frames == 24_000


@in_a_window
async def test_what_another_window_cuts_is_cut_here_too_but_never_under_ones_hand(world: World) -> None:
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview, library, take_id = world.window.preview, world.services.library, task.takes[0].id
    area = preview.waveform.lane_area

    await world.services.clip_edits.save(take_id, ClipEdit(4_000))
    library.changed.announce(frozenset())
    await world.settle()
    assert preview.clip.edit == ClipEdit(4_000)

    grip = QPointF(preview.waveform.x_of(4_000) + 4, area.bottom() - 6)
    assert preview.clip.press(grip, area, preview.waveform.span)
    await world.services.clip_edits.save(take_id, ClipEdit(5_000))
    library.changed.announce(frozenset())
    await world.settle()
    assert preview.clip.edit == ClipEdit(4_000)
    preview.clip.drag(grip + QPointF(100, 0), area, preview.waveform.span)
    preview.clip.release()
    mine = preview.clip.edit
    library.changed.announce(frozenset())
    await world.settle()

    assert preview.clip.edit == mine
    assert await world.services.clip_edits.all() == {take_id: mine}


@in_a_window
async def test_the_handles_are_there_with_a_take_and_say_what_they_are_for(world: World) -> None:
    assert not world.window.preview.clip.is_shown
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview, view = world.window.preview, world.window.preview.waveform
    view.selection.choose(LoopRegion(12_000, 36_000), can_snap=False)
    area, tips = view.lane_area, world.window.trimming._tips
    chip = preview.chip.place(area, view.span)
    assert chip is not None

    told = [
        tips.tip_at(QPointF(4, area.bottom() - 6)),
        tips.tip_at(QPointF(view.width() - 4, area.bottom() - 6)),
        tips.tip_at(QPointF(7, area.top() + 8)),
        tips.tip_at(chip.center()),
        tips.tip_at(QPointF(view.width() / 2, area.bottom() - 20)),
    ]

    assert ["[" in told[0], "]" in told[1], "shape" in told[2], told[3] == CHIP_TIP, told[4] == ""] == [True] * 5
    where = view.mapToGlobal(QPoint(4, int(area.bottom()) - 6))
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, QPoint(4, int(area.bottom()) - 6), where))
    assert QToolTip.text() == told[0]
    QToolTip.hideText()
    preview.show_task(None)
    assert not preview.clip.is_shown


def test_an_edit_is_told_in_words() -> None:
    info = AudioInfo(AudioFormat.WAV, 48_000, 2, 96_000)

    assert clip_words(WHOLE, info) == "The whole take, without fades."
    words = clip_words(ClipEdit(12_000, None, 4_800, 0), info)
    assert words == "Clip from 0.250 to 2.000 seconds, fade in 0.100 seconds."


@in_a_window
async def test_a_trim_that_snaps_cuts_where_it_doesnt_click_and_undo_takes_back_both(world: World) -> None:
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview = world.window.preview
    preview.waveform.selection.set_snapping(True)
    whole, _rate = soundfile.read(world.window.picture.path_of(task.takes[0]), always_2d=True)
    loud = 10_000 + int(np.abs(whole[10_000:11_000]).sum(axis=1).argmax())

    preview.clip.trim_start(loud)
    await world.settle()
    start = preview.clip.edit.start
    kept = await world.services.clip_edits.of([task.takes[0].id])

    assert start != loud
    assert np.abs(whole[start]).sum() < np.abs(whole[loud]).sum() / 4
    assert kept == {task.takes[0].id: preview.clip.edit}
    world.window.actions.undo()
    assert preview.clip.edit == WHOLE


@in_a_window
async def test_what_was_cut_off_is_not_heard_and_a_fade_is(world: World) -> None:
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview = world.window.preview
    preview.clip.trim_to(12_000, 36_000)
    preview.clip.fade_in(4_800)
    preview.clip.choose_shape(FadeShape.LINEAR)

    preview.play_from_start()
    await until(lambda: world.window.transport.is_playing)
    assert preview.waveform.position == 12_000
    heard = world.card.take(48_000)

    take = task.takes[0]
    whole, _rate = soundfile.read(world.window.picture.path_of(take), dtype="float32", always_2d=True)
    part = whole[12_000 + 4_800 : 36_000]
    loud = np.flatnonzero(np.abs(heard).max(axis=1) > 0)
    start = loud[-1] + 1 - len(part)
    assert np.abs(heard[start : loud[-1] + 1] - part).max() < 1e-3
    middle = heard[start - 2_400] / whole[12_000 + 2_400]
    assert middle == pytest.approx(0.5, abs=0.01)
    assert len(loud) <= 24_000


@in_a_window
async def test_one_key_exports_what_is_selected_or_trimmed_with_the_settings_of_the_last_time(
    world: World, tmp_path: Path
) -> None:
    store = world.services.settings
    export = ExportSettings(folder=tmp_path / "out", format=AudioFormat.FLAC, name="{take}", writes_tags=False)
    store.save(replace(store.load(), export=export))
    task = await world.make("rain", takes=2, seconds=1.0)
    world.select(task, 1)
    await world.settle()
    preview, again = world.window.preview, (Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    preview.waveform.setFocus()

    preview.clip.trim_to(12_000, 36_000)
    world.key(*again)
    await world.settle()
    preview.waveform.selection.choose(LoopRegion(20_000, 24_000), can_snap=False)
    world.key(*again)
    await world.settle()
    world.select(task)  # both of its takes, from the list
    await world.settle()
    world.window.library.focus_list()
    world.key(*again)
    await world.settle()

    frames = {path.name: soundfile.info(path).frames for path in (tmp_path / "out").iterdir()}
    assert frames == {"1.flac": 24_000, "1 2.flac": 4_000, "1 3.flac": 24_000, "2.flac": 48_000}


@in_a_window
async def test_settings_that_dont_suit_a_take_open_the_dialog_with_the_reason(world: World, tmp_path: Path) -> None:
    from app.ui.export_dialog import ExportDialog

    store = world.services.settings
    store.save(replace(store.load(), export=ExportSettings(folder=tmp_path / "out", fade_in_s=5.0)))
    task = await world.make("rain", takes=1)
    world.select(task)
    await world.settle()
    world.window.library.focus_list()

    world.key(Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    await until(lambda: bool(world.window.window.findChildren(ExportDialog)))

    (dialog,) = world.window.window.findChildren(ExportDialog)
    assert "The fade takes 5.000 s" in dialog._why.text()
    await world.settle()
    dialog.reject()
    assert not (tmp_path / "out").exists()


def actions_of(menu: QMenu) -> dict[str, QAction]:
    """Everything that a menu and its own menus offer, by its words."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= {f"{action.text()}: {words}": each for words, each in actions_of(inner).items()}
        elif action.text():
            found[action.text().partition("\t")[0]] = action
    return found


@in_a_window
async def test_a_menu_does_what_the_handles_do(world: World) -> None:
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview, clip = world.window.preview, world.window.preview.clip
    preview.waveform.selection.choose(LoopRegion(20_000, 40_000), can_snap=False)
    preview.waveform.show_position(30_000)

    def choose(words: str) -> None:
        preview.waveform.customContextMenuRequested.emit(QPoint(5, 5))
        (menu,) = [each for each in preview.findChildren(QMenu) if each.isVisible()]
        actions = actions_of(menu)
        actions[words].trigger()
        menu.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    choose("Trim to the selection")
    choose("Fade in: 100 ms")
    choose("Fade shape: S-curve")
    choose("End the clip here")
    assert clip.edit == ClipEdit(20_000, 30_000, 4_800, 0, FadeShape.S_CURVE)
    choose("Fade in: None")
    assert clip.edit.fade_in == 0
    choose("Whole take again, without fades")
    assert clip.edit == WHOLE


def test_over_a_fade_the_menu_begins_with_its_shapes(hand: Hand, qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    hand.handles.fade_in(4_800)

    menu = ClipMenu(hand.handles, 100, 48_000, None, Handle.FADE_IN, place)

    words = list(actions_of(menu))
    assert words[: len(FadeShape) + 1] == [
        "Linear",
        "Equal power",
        "Exponential",
        "Logarithmic",
        "S-curve",
        "Reset fade in",
    ]
    assert "Trim to the selection" not in words
    actions_of(menu)["Reset fade in"].trigger()
    assert hand.handles.edit == WHOLE
