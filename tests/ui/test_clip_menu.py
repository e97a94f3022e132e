"""The menu of a clip does what its handles do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import FadeShape
from app.ui.clip_handles import ClipHandles, Handle
from app.ui.clip_menu import ClipMenu
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from tests.ui.window_world import World, in_a_window


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


def test_over_a_fade_the_menu_begins_with_its_shapes(theme: Theme, qtbot: QtBot) -> None:
    handles = ClipHandles(theme, lambda: None)
    handles.show_clip(WHOLE, 48_000)
    place = QWidget()
    qtbot.addWidget(place)
    handles.fade_in(4_800)

    menu = ClipMenu(handles, 100, 48_000, None, Handle.FADE_IN, place)

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
    assert handles.edit == WHOLE
