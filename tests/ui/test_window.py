"""The whole window, from a prompt to a row, a sound and the bin; on a real library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QDesktopServices, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from app.audio.player_events import PlayerState
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Estimate, Receipt
from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.task import Attempt, Task, TaskState
from app.domain.transcript import Transcript
from app.storage.library_index import Filter, SortKey
from app.storage.settings import SpendingSettings
from app.ui.dialog import Dialog
from app.ui.item_models.row_id import take_of
from app.ui.look_chooser import Look
from app.ui.model_chooser import ModelPopup
from app.ui.preferences_dialog import PreferencesDialog
from app.ui.shortcut_sheet import ShortcutSheet
from app.ui.shortcuts import Deed
from app.ui.spent_button import SpentButton
from tests.ui.accessibility import interface
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def labels(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


async def add_foreign_task(
    world: World, state: TaskState, failure: Failure | None = None, provider: str = "acme"
) -> Task:
    """A task of a service, as an earlier start has left it."""
    now = datetime.now(UTC)
    price = Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute")
    task_id = uuid4().hex[:12]
    wire = WireRequest("POST", "/", {}, b"")
    attempt = Attempt(uuid4(), task_id, 1, provider, "seed", "https://acme.example", wire, now, sent_at=now)
    request = GenerationRequest(provider, "seed", "Glass harmonica", takes=1)
    task = Task(task_id, uuid4().hex[:12], request, Kind.MUSIC, TaskState.QUEUED, now, now, price)
    await world.services.store.add([task])
    receipt = replace(attempt, receipt=Receipt(price, reserved=price.most))
    await world.services.store.record(replace(task, state=state, attempt=receipt, failure=failure))
    world.window.rows.query_anew()
    await until(lambda: world.row_of(task_id) is not None)
    return task


# The first start


@in_a_window
async def test_the_first_start_offers_a_sound_that_is_one_click_away(world):
    assert "Your first sound is one click away" in labels(world.window.library)
    assert world.window.column.draft.prompt == world.spec("sketch").examples[0].prompt
    await until(world.window.column.prompt.examples.isVisible)
    assert QApplication.focusWidget() is world.window.column.prompt.text

    world.button("Generate this sound").click()

    await until(lambda: world.window.library.items.rowCount() == 1)
    await until(lambda: not world.window.column.prompt.examples.isVisible())
    await world.services.queue.wait_until_idle()


@in_a_window
async def test_ctrl_enter_makes_what_the_panels_say_and_selects_it(world):
    window = world.window
    window.column.prompt.use("A door slams")
    field = window.column.prompt._length_row._slider._field
    field.setFocus()
    field.selectAll()
    world.type("0.2")

    world.key(Qt.Key.Key_Return, CTRL)

    await until(lambda: window.library.table.current_row() is not None)
    task = window.library.table.current_row().task
    assert (task.request.prompt, task.request.duration_s, task.request.takes) == ("A door slams", 0.2, 3)
    await world.services.queue.wait_until_idle()
    await until(lambda: window.library.table.current_row().task.state is TaskState.FINISHED)
    await until(lambda: window.messages.text.startswith("3 takes saved."))


@in_a_window
async def test_a_request_that_cannot_be_sent_leaves_the_focus_at_its_first_problem(world):
    column = world.window.column
    column.prompt.use("")
    column.prompt._seed.setFocus()
    world.type("x")

    world.key(Qt.Key.Key_Return, CTRL)

    assert QApplication.focusWidget() is column.prompt.text
    assert "Prompt is empty." in labels(column)
    assert "Type a whole number" in labels(column)
    world.type("Rain")
    assert "Prompt is empty." not in labels(column)
    assert "Type a whole number" in labels(column)
    assert world.window.library.items.rowCount() == 0


# The list


@in_a_window
async def test_favourites_notes_and_ratings_are_kept(world):
    task = await world.make("Rain")
    world.select(task, 2)
    await until(lambda: world.window.library.current_take() and world.window.library.current_take().number == 2)
    world.window.library.focus_list()

    world.key(Qt.Key.Key_F)
    await world.settle()
    world.key(Qt.Key.Key_4, CTRL | ALT)
    await world.settle()
    assert world.window.messages.text == "Rated 4 of 5."
    world.key(Qt.Key.Key_N)
    await until(lambda: world.window.window.findChild(Dialog) is not None)
    dialog = world.window.window.findChild(Dialog)
    await until(lambda: QApplication.focusWidget() is not None and QApplication.focusWidget().window() is dialog)
    world.type("best one")
    world.button("Save note", dialog).click()
    await world.settle()

    take = await world.services.library.take(f"{task.id}-2")
    assert (take.is_favourite, take.rating, take.note) == (True, 4, "best one")


@in_a_window
async def test_what_was_deleted_comes_back_by_undo_and_goes_by_redo(world):
    first, second = await world.make("Rain"), await world.make("Wind")
    window = world.window
    world.select(second)
    await world.settle()
    window.library.focus_list()

    world.key(Qt.Key.Key_Delete)
    await until(lambda: world.row_of(second.id) is None)
    assert window.messages.text == "1 task moved to the bin."
    assert window.library.table.current_row().task.id == first.id
    world.key(Qt.Key.Key_Z, CTRL)
    await until(lambda: world.row_of(second.id) is not None)
    world.key(Qt.Key.Key_Z, CTRL | SHIFT)
    await until(lambda: world.row_of(second.id) is None)

    world.button("Undo", window.messages).click()
    await until(lambda: world.row_of(second.id) is not None)


@in_a_window
async def test_a_single_take_goes_to_the_bin_and_back_out_of_it(world):
    task = await world.make("Rain")
    window = world.window
    world.select(task, 2)
    await world.settle()
    window.library.focus_list()
    world.key(Qt.Key.Key_Delete)
    await until(lambda: len(window.library.items.row(0).task.takes) == 1)

    window.library.set_filter(Filter.BIN)
    await world.settle()
    window.library.table.selectAll()
    rows = window.library.table.selected_rows  # the task's row, and those of its takes if it is unfolded
    await until(lambda: {take.number for row in rows() for take in row.task.takes} == {2})
    window.library.items.set_open(next(iter([window.library.items.row(0).number])), True)
    window.library.table.select(window.library.items.row_id(1))
    window.library.delete_selected()
    await until(lambda: window.library.items.rowCount() == 0)

    window.library.set_filter(Filter.ALL)
    await until(lambda: window.library.items.row(0) and len(window.library.items.row(0).task.takes) == 2)


@in_a_window
async def test_filters_and_the_search_find_the_tasks(world):
    rain, door = await world.make("Rain on a roof"), await world.make("Door slams")
    window = world.window

    world.key(Qt.Key.Key_F, CTRL)
    world.type("roof")
    await until(lambda: window.library.items.rowCount() == 1)
    assert world.row_of(rain.id) == 0
    world.key(Qt.Key.Key_Escape)
    await until(lambda: window.library.items.rowCount() == 2)

    world.key(Qt.Key.Key_4, CTRL)
    await until(lambda: window.library.items.rowCount() == 0)
    assert "Nothing failed." in labels(window.library)
    world.key(Qt.Key.Key_1, CTRL)
    await until(lambda: window.library.items.rowCount() == 2)
    window.library.set_sort(SortKey.PROMPT, descending=False)
    await until(lambda: world.row_of(door.id) == 0)


@in_a_window
async def test_a_task_that_the_filter_leaves_out_is_not_jumped_to_later(world):
    old = await world.make("Rain")
    window = world.window
    world.select(old)
    await world.settle()
    window.library.set_filter(Filter.FAILED)
    await world.settle()

    window.column.prompt.use("Wind")
    window.generating.generate()
    await world.services.queue.wait_until_idle()
    await world.settle()
    window.library.set_filter(Filter.ALL)
    await until(lambda: window.library.items.rowCount() == 2)
    await world.settle()

    assert window.library.table.current_row().task.id == old.id


@in_a_window
async def test_a_failed_task_tells_why_and_can_be_edited(world):
    failure = Failure("content_refused", "The service refused this text. Nothing was made.")
    task = await add_foreign_task(world, TaskState.FAILED, failure)
    world.select(task)
    await world.settle()

    world.window.library.act_on_current()

    await until(lambda: world.window.column.draft.prompt == "Glass harmonica")


@in_a_window
async def test_an_uncertain_task_is_decided_in_a_dialog(world):
    task = await add_foreign_task(world, TaskState.UNCERTAIN)
    window = world.window
    world.select(task)
    await world.settle()
    window.library.focus_list()
    assert world.button("Needs you 1").isVisible()

    world.key(Qt.Key.Key_D, CTRL)
    await until(lambda: window.window.findChild(Dialog) is not None)
    dialog = window.window.findChild(Dialog)
    assert "Did the service take this request?" in labels(dialog)
    assert "Glass harmonica" in labels(dialog)
    world.button("Mark as failed", dialog).click()

    await until(lambda: window.library.table.current_row().task.state is TaskState.FAILED)


@in_a_window
async def test_the_question_about_a_lost_answer_names_the_service_and_leads_to_its_usage_page(world, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    task = await add_foreign_task(world, TaskState.UNCERTAIN, provider="runware")
    world.select(task)
    await world.settle()
    world.window.library.focus_list()

    world.key(Qt.Key.Key_D, CTRL)
    await until(lambda: world.window.window.findChild(Dialog) is not None)
    dialog = world.window.window.findChild(Dialog)
    assert "Did Runware take this request?" in labels(dialog)
    world.button("Open usage page", dialog).click()

    runware = next(each for each in world.services.known_services if each.id == "runware")
    assert opened == [runware.usage_page]
    assert dialog.isVisible()
    dialog.reject()


@in_a_window
async def test_generate_says_that_a_limit_is_reached_as_soon_as_it_is_known(world, monkeypatch):
    monkeypatch.setenv("RUNWARE_API_KEY", "invented-key-3f9c")
    window = world.window
    await add_foreign_task(world, TaskState.CANCELLED)
    window.generating.choose(next(spec for spec in world.services.catalogue.models if spec.provider == "runware"))
    await until(lambda: window.toolbar.generate.text().startswith("Generate"))

    window.take_settings(replace(window.settings.now, spending=SpendingSettings(None, Decimal("0.08"))))

    await until(lambda: window.toolbar.generate.text() == "Ceiling reached")
    assert "This would pass your limit of $0.08 this month" in labels(window.toolbar)
    assert "$0.07 held" in labels(window.toolbar)
    window.take_settings(replace(window.settings.now, spending=SpendingSettings(None, None)))
    await until(lambda: window.toolbar.generate.text().startswith("Generate"))


@in_a_window
async def test_what_is_held_for_a_failure_is_let_go_once_the_user_says_it_was_free(world):
    window = world.window
    failed = await add_foreign_task(world, TaskState.FAILED, Failure("generation_failed", "No."))
    await window.month_spent.show()
    spent = window.toolbar.findChild(SpentButton)
    assert spent.accessibleName().endswith("unknown, $0.07 held")
    world.select(failed)
    await until(window.library.table.current_row)

    window.library.table.menu_wanted.emit(QPoint(50, 50))
    menu = next(each for each in window.window.findChildren(QMenu) if each.isVisible())
    next(each for each in menu.actions() if each.text() == "It cost nothing").trigger()
    menu.close()
    await world.settle()

    await until(lambda: not spent.isVisible())
    assert "Nothing is held any more for 1 task." in labels(window.messages)
    assert (await world.services.store.task(failed.id)).billed == 0


@in_a_window
async def test_another_process_writes_and_the_list_shows_it(world):
    task = await world.make("Rain")
    other = World(QApplication.instance(), world.services.locations.data.parent)
    await other.services.open()
    try:
        await other.services.library.annotate(f"{task.id}-1", "from elsewhere")
        await until(lambda: any(take.note for take in world.window.library.items.row(0).task.takes))
    finally:
        await other.services.close()
        await other.end()


# Sound


@in_a_window
async def test_space_plays_and_numbers_switch_takes(world):
    task = await world.make("Rain", seconds=1.0)
    window = world.window
    world.select(task)
    await world.settle()
    window.library.focus_list()

    world.key(Qt.Key.Key_Space)
    await until(lambda: window.transport.state is PlayerState.PLAYING)
    world.key(Qt.Key.Key_2)

    assert window.preview.take.number == 2
    world.key(Qt.Key.Key_Escape)
    await until(lambda: window.transport.state is not PlayerState.PLAYING)


@in_a_window
async def test_typing_a_prompt_plays_nothing(world):
    task = await world.make("Rain", seconds=1.0)
    window = world.window
    world.select(task)
    await world.settle()
    window.column.prompt.use("")

    world.type("f 2")

    assert window.column.draft.prompt == "f 2"
    assert window.preview.take.number == 1
    assert window.transport.state is not PlayerState.PLAYING


@in_a_window
async def test_takes_are_copied_as_files(world):
    task = await world.make("Rain")
    world.select(task)
    await world.settle()
    world.window.library.focus_list()
    QApplication.clipboard().clear()

    world.key(Qt.Key.Key_C, CTRL)
    await world.settle()

    copied: QMimeData = QApplication.clipboard().mimeData()
    assert len(copied.urls()) == 2
    assert all(url.isLocalFile() for url in copied.urls())
    QApplication.clipboard().clear()  # Qt would let go of it after Python has gone, and crash


# Keys and dialogs


@in_a_window
async def test_every_key_of_the_table_does_something(world):
    assert world.window.deeds.known == set(Deed)
    assert not world.window.deeds.can(Deed.PICK), "only while takes are hidden"


@in_a_window
async def test_keys_open_what_they_name(world):
    window = world.window
    world.key(Qt.Key.Key_L, CTRL)
    popup = window.toolbar.chooser.findChild(ModelPopup)
    assert popup.isVisible()
    popup.close()

    for key, modifiers, kind in ((Qt.Key.Key_Comma, CTRL, PreferencesDialog), (Qt.Key.Key_F1, None, ShortcutSheet)):
        window.window.setFocus()
        world.key(key, modifiers or Qt.KeyboardModifier.NoModifier)
        dialog = window.window.findChild(kind)
        assert dialog.isVisible()
        dialog.done(0)
        await until(window.window.isActiveWindow)

    window.dialogs.open_menu()
    menu = next(each for each in window.window.findChildren(QMenu) if each.isVisible())
    assert {"Settings…", "Keyboard…", "Quit"} <= {each.text().split("\t")[0] for each in menu.actions()}
    menu.close()


@in_a_window
async def test_alt_goes_to_the_panels_and_f6_round_the_areas(world):
    window = world.window
    await world.make("Rain")
    window.column.audio.set_open(False)

    world.key(Qt.Key.Key_3, ALT)
    assert window.column.audio.isAncestorOf(QApplication.focusWidget())
    world.key(Qt.Key.Key_1, ALT)
    assert QApplication.focusWidget() is window.column.prompt.text
    world.key(Qt.Key.Key_F6)
    assert QApplication.focusWidget() is window.library.table
    world.key(Qt.Key.Key_F6, SHIFT)

    assert QApplication.focusWidget() is window.column.prompt.text


@in_a_window
async def test_settings_are_saved_and_act_at_once(world):
    window = world.window
    window.take_settings(replace(window.settings.now, theme="light", text_scale=1.2))
    window.take_settings(replace(window.settings.now, text_scale=1.5))

    assert not window.theme.is_dark
    await world.settle()
    kept = world.services.settings.load()
    assert (kept.theme, kept.text_scale) == ("light", 1.5)


# Narrow windows


@in_a_window
async def test_the_first_window_is_no_larger_than_the_screen(world):
    window = world.window.window

    window.fit_screen(QSize(1280, 720))

    assert window.width() <= 1280
    assert window.height() < 720  # the frame needs room, too


@in_a_window
async def test_what_was_asked_for_outlives_a_window_that_is_killed(world):
    world.window.generating.choose(world.spec("sketch"))
    world.window.column.prompt.use("Rain on a roof")
    world.window.generating.generate()
    await world.services.queue.wait_until_idle()
    await world.settle()

    assert world.services.window_state.load().draft.prompt == "Rain on a roof"


@in_a_window
async def test_a_narrow_window_folds_the_request_and_brings_it_back(world):
    window = world.window
    window.window.resize(960, 640)
    assert not window.column.isVisible()

    world.button("Audio settings").click()
    assert window.column.isVisible()
    assert window.column.audio.isAncestorOf(QApplication.focusWidget())
    world.button("Audio settings").click()
    assert not window.column.isVisible()
    world.key(Qt.Key.Key_1, ALT)
    assert QApplication.focusWidget() is window.column.prompt.text

    window.window.resize(1440, 900)

    assert window.column.isVisible()
    assert window.column.width() == 340


@in_a_window
@pytest.mark.parametrize(
    ("scale", "width", "is_there"),
    [(1.0, 1024, True), (1.0, 1023, False), (1.5, 1200, True), (1.5, 1024, False), (2.0, 1440, False)],
)
async def test_large_text_folds_the_request_only_where_nothing_fits_beside_it(world, scale, width, is_there):
    window = world.window
    window.window.resize(width, 800)

    window.take_settings(replace(window.settings.now, text_scale=scale))

    assert window.column.isVisible() is is_there
    assert window.window.width() == width


@in_a_window
async def test_the_rail_says_in_words_what_is_folded_and_how_to_open_it(world):
    window = world.window
    window.take_settings(replace(window.settings.now, text_scale=1.5))
    window.window.resize(1024, 768)
    prompt, _voice, audio = window.window._rail._buttons.values()

    assert (prompt.text(), audio.text()) == ("Prompt", "Audio")
    assert prompt.toolTip() == "Show the prompt (Alt+1)"
    assert interface(audio).text(QAccessible.Text.Name) == "Audio settings"
    assert QFontMetrics(window.theme.font("caption")).horizontalAdvance("Prompt") <= prompt.width()
    prompt.click()
    assert prompt.toolTip() == "Fold away the prompt (Alt+1)"


@in_a_window
async def test_a_problem_brings_the_folded_request_back(world):
    window = world.window
    window.column.prompt.use("")
    window.window.resize(960, 640)

    window.generating.generate()

    assert QApplication.focusWidget() is window.column.prompt.text


@in_a_window
async def test_only_the_parts_that_a_model_has_stand_in_the_rail(world):
    window = world.window
    window.window.resize(960, 640)
    rail = window.window._rail

    assert not rail._buttons["voice"].isVisible()
    window.generating.choose(world.spec("speech"))
    assert rail._buttons["voice"].isVisible()


# From one start to the next


def shows_spectrogram(world) -> bool:
    """Whether its sandy colours are on the lanes."""
    image = world.window.preview.waveform.grab().toImage()
    place = world.window.preview.waveform.lanes()[0]
    column = [image.pixelColor(int(place.width()) // 3, y) for y in range(int(place.top()), int(place.bottom()))]
    return any(colour.red() > 150 and colour.red() > colour.blue() for colour in column)


async def test_the_window_comes_back_as_it_was_left(qapp, theme, tmp_path):
    first = World(qapp, tmp_path / "home")
    await first.start()
    task = await first.make("Rain on a roof", takes=3)
    left = first.window
    left.window.resize(900, 700)  # the screen of a test is no larger
    left.generating.choose(first.spec("speech"))
    left.column.prompt.use("Nobody looks back.")
    left.column.audio.set_open(False)
    left.library.set_sort(SortKey.PROMPT, descending=False)
    left.library.set_filter(Filter.DONE)
    left.window._right.setSizes([300, 300])
    left.window._right.splitterMoved.emit(300, 1)
    preview_height = left.preview.height()
    first.select(task, 2)
    await first.settle()
    left.library.focus_list()
    first.key(Qt.Key.Key_S)
    await until(lambda: shows_spectrogram(first))
    await first.end()

    second = World(qapp, tmp_path / "home")
    await second.start()
    back = second.window
    await until(lambda: back.library.current_take() is not None)
    try:
        assert (back.window.width(), back.window.height()) == (900, 700)
        assert back.column.spec.id == "speech"
        assert back.column.draft.prompt == "Nobody looks back."
        assert not back.column.audio.is_open()
        assert back.column.prompt.is_open()
        assert (back.library.query.filter, back.library.query.sort) == (Filter.DONE, SortKey.PROMPT)
        assert back.library.current_take().id == f"{task.id}-2"
        assert take_of(back.library.items.row_id(back.library.table.currentIndex().row())) == 2
        assert abs(back.preview.height() - preview_height) <= 2
        assert "one click away" not in labels(back.library)
        await until(lambda: shows_spectrogram(second))
        assert back.preview.head.looks.value() == Look.SPECTROGRAM
    finally:
        await second.end()


@in_a_window
async def test_a_state_that_cannot_be_kept_does_not_keep_the_window_open(world):
    blocked = world.services.locations.config / "window.json"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.mkdir()

    await world.end()  # which looks at the exit code, too

    assert blocked.is_dir()


# What a screen reader finds


def unnamed(world: World) -> list[str]:
    """Everything that takes part in the window and has no name."""
    missing = []
    roles = {
        QAccessible.Role.PushButton,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.EditableText,
        QAccessible.Role.Slider,
        QAccessible.Role.SpinBox,
        QAccessible.Role.ComboBox,
        QAccessible.Role.List,
        QAccessible.Role.Table,
        QAccessible.Role.ButtonMenu,
    }
    for widget in world.window.window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        about = interface(widget)
        can_have_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if (about.role() in roles or can_have_focus) and not about.text(QAccessible.Text.Name):
            missing.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return missing


@pytest.mark.parametrize("model", ["sketch", "speech"])
@in_a_window
async def test_every_control_has_a_name(world, model):
    await world.make("Rain")
    world.window.generating.choose(world.spec(model))
    await world.settle()
    world.select(await world.make("Wind"))
    await world.settle()

    assert unnamed(world) == []


@in_a_window
async def test_every_control_has_a_name_in_an_empty_and_in_a_narrow_window(world):
    assert unnamed(world) == []

    world.window.window.resize(960, 640)

    assert unnamed(world) == []


@in_a_window
async def test_tab_comes_to_the_preview_and_its_transcript_between_the_library_and_the_messages(world):
    window, areas = world.window, []
    preview, transcript = window.preview, window.preview.transcript
    shown = {"transcript": transcript, "preview": preview, "library": window.library, "messages": window.messages}
    transcript.show_transcript(Transcript("Rain on a tin roof."))
    for part in (preview.head, preview.bar, transcript):
        part.show()
    window.library.focus_search()

    for _ in range(60):
        focused = QApplication.focusWidget()
        areas.append(next((name for name, each in shown.items() if each.isAncestorOf(focused)), ""))
        if areas[-1] == "messages":
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)

    assert list(dict.fromkeys(areas)) == ["library", "preview", "transcript", "messages"]
