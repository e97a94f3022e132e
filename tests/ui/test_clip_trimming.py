"""Trim and fades in the window: each take keeps its own, heard, exported, and taken back with undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import ExportSettings, FadeShape
from app.ui.clip_tips import CHIP_TIP
from app.ui.clip_trimming import clip_words
from app.ui.loop_region import LoopRegion
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window, opened

CTRL = Qt.KeyboardModifier.ControlModifier


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
