"""Takes on their way to other programs: pulled at, made while the button is held, copied."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import AppError, ExportError
from app.engine.handing_over import Handed
from app.storage.settings import Settings
from app.ui.background import Background
from app.ui.drag_chip import DragChip
from app.ui.drag_data import file_data
from app.ui.drag_flow import DragFlow
from app.ui.drag_ghost import ghost
from app.ui.drag_handle import DragHandle
from app.ui.loop_region import LoopRegion
from app.ui.message_bar import MessageBar
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from tests.engine.export_takes import takes_in
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window

NOWHERE = Path("/nowhere")


class SlowHands:
    """Stands in for what finds and makes the files: it waits until the test says so."""

    def __init__(self, folder: Path) -> None:
        self._takes = takes_in(folder)
        self.asked: list[tuple[list[str], tuple[int, int] | None]] = []
        self.may_go_on = asyncio.Event()
        self.failure: AppError | None = None

    async def of(self, take_ids: list[str], *, selection: tuple[int, int] | None = None) -> list[str]:
        self.asked.append((take_ids, selection))
        return take_ids

    async def hand_over(self, take_ids: list[str], _settings: object, folder: Path) -> tuple[Handed, ...]:
        await self.may_go_on.wait()
        if self.failure is not None:
            raise self.failure
        return tuple(Handed(self._takes.take(), folder / f"{take_id}.wav") for take_id in take_ids)


class Place:
    """A drag flow in a window of its own."""

    def __init__(self, theme: Theme, qtbot: QtBot, hands: SlowHands) -> None:
        self.errors: list[AppError] = []
        self.background = Background(self.errors.append)
        self.messages = MessageBar(theme)
        self.origin = QWidget()
        for widget in (self.messages, self.origin):
            qtbot.addWidget(widget)
        self.flow = DragFlow(
            theme,
            hands,  # type: ignore[arg-type]
            hands,  # type: ignore[arg-type]
            self.settings,
            NOWHERE,
            self.messages,
            self.background,
            self.origin,
        )
        self.failed: list[tuple[object, object, str]] = []
        self.flow.failed.connect(lambda ids, region, why: self.failed.append((ids, region, why)))

    async def settings(self) -> Settings:
        return Settings()

    async def settle(self) -> None:
        await until(lambda: len(self.background) == 0)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt would let go of what is in it after Python has gone, and crash."""
    QApplication.clipboard().clear()
    yield
    QApplication.clipboard().clear()


@pytest.fixture
def hands(tmp_path: Path) -> SlowHands:
    return SlowHands(tmp_path)


@pytest.fixture
def place(theme: Theme, qtbot: QtBot, hands: SlowHands) -> Place:
    return Place(theme, qtbot, hands)


async def test_a_button_that_is_let_go_early_carries_nothing_and_the_next_pull_has_the_files(
    place: Place, hands: SlowHands
) -> None:
    place.flow.drag(place.origin, ["a", "b"])
    await until(lambda: place.messages.text == "Preparing 2 files…")
    assert QApplication.overrideCursor() is not None

    QTest.mouseRelease(place.origin, Qt.MouseButton.LeftButton)
    assert QApplication.overrideCursor() is None
    hands.may_go_on.set()
    await place.settle()

    assert place.messages.text == "2 files ready. Drag again, and it starts at once."
    assert not place.flow.is_dragging


async def test_who_pulls_again_meanwhile_waits_for_the_same_files(place: Place, hands: SlowHands) -> None:
    place.flow.drag(place.origin, ["a"])
    await until(lambda: QApplication.overrideCursor() is not None)
    QTest.mouseRelease(place.origin, Qt.MouseButton.LeftButton)
    assert QApplication.overrideCursor() is None

    place.flow.drag(place.origin, ["b"])
    assert QApplication.overrideCursor() is None
    place.flow.drag(place.origin, ["a"])
    assert QApplication.overrideCursor() is not None
    hands.may_go_on.set()
    await until(lambda: not place.flow.is_dragging)

    assert [ids for ids, _selection in hands.asked] == [["a"]]
    assert QApplication.overrideCursor() is None


async def test_what_is_ready_at_once_needs_no_words(place: Place, hands: SlowHands) -> None:
    hands.may_go_on.set()

    place.flow.drag(place.origin, ["a"])
    await until(lambda: not place.flow.is_dragging)  # no button is held in here

    assert place.messages.messages == ()
    assert hands.asked == [(["a"], None)]


async def test_one_pull_at_a_time(place: Place, hands: SlowHands) -> None:
    place.flow.drag(place.origin, ["a"])
    place.flow.drag(place.origin, ["b"])
    hands.may_go_on.set()
    await place.settle()

    assert [ids for ids, _selection in hands.asked] == [["a"]]


async def test_what_cant_be_made_asks_for_the_export_dialog_with_the_reason(place: Place, hands: SlowHands) -> None:
    hands.failure = ExportError("The disk is full.")
    hands.may_go_on.set()
    region = LoopRegion(10, 20)

    place.flow.drag(place.origin, ["a"], region)
    await place.settle()
    place.flow.copy(["b"])
    await place.settle()

    assert [(ids, part) for ids, part, _why in place.failed] == [(["a"], region), (["b"], None)]
    assert all("The disk is full." in why for _ids, _part, why in place.failed)
    assert not place.flow.is_dragging
    assert QApplication.overrideCursor() is None


async def test_a_copy_is_on_the_clipboard_for_every_kind_of_program(place: Place, hands: SlowHands) -> None:
    hands.may_go_on.set()

    place.flow.copy(["Räuber"], LoopRegion(10, 20))
    await place.settle()

    data = QApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in data.urls()] == ["/nowhere/Räuber.wav"]
    gnome = bytes(data.data("x-special/gnome-copied-files").data()).decode()
    assert gnome == "copy\nfile:///nowhere/R%C3%A4uber.wav"
    assert place.messages.text == "1 file copied."
    assert hands.asked == [(["Räuber"], (10, 20))]


def test_a_drag_says_nothing_of_copies(qapp: QApplication) -> None:
    assert file_data([NOWHERE / "a.wav"]).formats() == ["text/uri-list"]


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_ghost_is_sharp_and_grows_with_its_words(theme: Theme, ratio: float) -> None:
    one = ghost(theme, ["a.wav"], device_pixel_ratio=ratio)
    two = ghost(theme, ["a.wav", "b.wav"], device_pixel_ratio=ratio)
    long = ghost(theme, ["a" * 300 + ".wav"], device_pixel_ratio=ratio)

    assert one.deviceIndependentSize().height() == theme.px(30)
    assert one.height() == round(theme.px(30) * ratio)
    assert one.width() < two.width()
    assert long.deviceIndependentSize().width() < theme.px(340)
    colours = {one.toImage().pixelColor(x, one.height() // 2).name() for x in range(one.width())}
    assert theme.color("text").name() in colours or len(colours) > 4


def shown_handle(theme: Theme, qtbot: QtBot) -> tuple[DragHandle, list[str]]:
    handle, told = DragHandle(theme), []
    qtbot.addWidget(handle)
    handle.drag_begun.connect(lambda: told.append("pull"))
    handle.clicked.connect(lambda: told.append("click"))
    handle.show()
    return handle, told


def test_a_pull_at_the_handle_is_no_click_and_a_click_no_pull(theme: Theme, qtbot: QtBot) -> None:
    handle, told = shown_handle(theme, qtbot)
    handle.show_usable(is_usable=True)

    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert handle.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(handle, QPoint(21, 10))
    assert told == []
    for x in (40, 60, 20):
        QTest.mouseMove(handle, QPoint(x, 10))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert told == ["pull"]
    assert handle.cursor().shape() is Qt.CursorShape.OpenHandCursor

    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    QTest.keyClick(handle, Qt.Key.Key_Return)
    assert told == ["pull", "click", "click"]


def test_a_handle_without_a_take_says_so_and_does_nothing(theme: Theme, qtbot: QtBot) -> None:
    handle, told = shown_handle(theme, qtbot)

    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    QTest.mouseMove(handle, QPoint(60, 10))

    assert told == []
    assert handle.toolTip() == "Select a take first"


def test_without_room_the_handle_keeps_its_name_for_those_who_hear_it(theme: Theme, qtbot: QtBot) -> None:
    handle, _told = shown_handle(theme, qtbot)
    wide = handle.sizeHint().width()

    handle.show_words(has_room=False)

    assert handle.sizeHint().width() < wide / 2
    assert handle.accessibleName() == "Drag to DAW"


AREA, SPAN = QRectF(0, 24, 1_000, 200), ViewSpan.whole(10_000)


def test_a_selection_has_a_handle_in_its_corner_while_there_is_room(theme: Theme) -> None:
    regions: list[LoopRegion | None] = [LoopRegion(2_000, 5_000)]
    chip, told = DragChip(theme, lambda: regions[-1], lambda: 1.0), []
    chip.drag_begun.connect(lambda: told.append("pull"))
    place = chip.place(AREA, SPAN)
    assert place is not None
    assert 470 < place.left() < place.right() < 500
    at = place.center()

    assert chip.cursor_at(at, AREA, SPAN) is Qt.CursorShape.OpenHandCursor
    assert not chip.press(QPointF(300, 100), AREA, SPAN)
    assert chip.press(at, AREA, SPAN)
    chip.drag(at + QPointF(1, 0), AREA, SPAN)
    assert told == []
    for step in (12, 24):
        chip.drag(at + QPointF(step, 0), AREA, SPAN)
    chip.release()
    assert told == ["pull"]

    scrolled = chip.place(AREA, ViewSpan(0, 4_000, 10_000))  # its end is out of sight
    assert scrolled is not None
    assert scrolled.right() < AREA.right()
    regions.append(LoopRegion(2_000, 2_100))
    assert chip.place(AREA, SPAN) is None
    regions.append(None)
    assert not chip.press(at, AREA, SPAN)


# In the whole window


@in_a_window
async def test_the_selection_is_pulled_out_of_the_waveform_and_stays(world: World) -> None:
    task = await world.make("rain", takes=1, seconds=1.0)
    world.select(task)
    await world.settle()
    preview, view = world.window.preview, world.window.preview.waveform
    region = LoopRegion(12_000, 36_000)
    view.selection.choose(region, can_snap=False)
    place = preview.chip.place(view.lane_area, view.span)
    assert place is not None
    at = place.center().toPoint()

    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    for step in (12, 24, 36):
        QTest.mouseMove(view, at + QPoint(step, 0))
    assert not view._mouse.is_busy  # its release will be heard where the files are dropped
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(36, 0))
    await world.settle()

    assert view.region == region
    (file,) = world.services.locations.handed_over.iterdir()
    assert soundfile.info(file).frames == region.frames


async def first_row(world: World) -> QPoint:
    table = world.window.library.table
    return table.visualRect(world.window.library.items.index(0, 2)).center()


def pulled(world: World) -> list[list[str]]:
    told: list[list[str]] = []
    world.window.library.drag_begun.connect(told.append)
    return told


@in_a_window
async def test_a_pulled_row_hands_over_all_its_takes_and_selects_no_others_on_the_way(world: World) -> None:
    await world.make("rain")
    task = await world.make("wind", takes=2)
    told, table = pulled(world), world.window.library.table
    at = await first_row(world)
    view = table.viewport()

    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 5):
        QTest.mouseMove(view, at + QPoint(0, 12 * step))
    selected = [row.task.id for row in table.selected_rows()]
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(0, 48))
    await world.settle()

    assert told == [[take.id for take in task.takes]]
    assert selected == [task.id]
    assert world.window.messages.text == "2 files ready. Drag again, and it starts at once."
    assert len(list(world.services.locations.handed_over.iterdir())) == 2


@in_a_window
async def test_copy_in_a_text_field_copies_text_and_elsewhere_files(world: World) -> None:
    await world.make("rain", takes=1)
    prompt = world.window.column.prompt.text
    prompt.setPlainText("thunder")
    prompt.setFocus()
    prompt.selectAll()

    world.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "thunder"
    world.window.library.focus_list()
    world.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: bool(QApplication.clipboard().mimeData().urls()))

    (url,) = QApplication.clipboard().mimeData().urls()
    assert Path(url.toLocalFile()).is_file()
    assert Path(url.toLocalFile()).parent == world.services.locations.handed_over
    await world.settle()
    assert world.window.messages.text == "1 file copied."


@in_a_window
async def test_a_failure_opens_the_export_dialog_with_its_reason(world: World) -> None:
    from app.ui.export_dialog import ExportDialog

    task = await world.make("rain", takes=1)
    world.services.locations.handed_over.write_text("a file in the way")

    world.window.library.focus_list()
    world.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: bool(world.window.window.findChildren(ExportDialog)))

    (dialog,) = world.window.window.findChildren(ExportDialog)
    assert [source.take.id for source in dialog._sources] == [task.takes[0].id]
    assert "it is a file" in dialog._why.text()
    await world.settle()
    dialog.reject()
