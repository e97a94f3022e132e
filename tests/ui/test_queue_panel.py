"""The list of the library: what it asks for, what it says, and what happens to a click in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu

from app.domain.model_spec import Kind, ModelSpec
from app.domain.take import Failure, TakeState
from app.domain.task import TaskState
from app.engine.live import Live
from app.storage.library_index import Filter, LibraryQuery, SortKey
from app.ui.item_models.row_id import take_row, task_row
from app.ui.item_models.row_text import COLUMNS, Column
from app.ui.queue_panel import QueuePanel
from app.ui.row_menu import RowMenu
from app.ui.task_words import RowAction
from tests.ui.accessibility import name
from tests.ui.library_rows import NOW, library_row, with_favourite


@pytest.fixture
def live() -> dict[str, Live]:
    return {}


@pytest.fixture
def panel(theme, shown, live):
    made = QueuePanel(
        theme,
        live_of=live.get,
        position_of=lambda _id: None,
        model_label=lambda _provider, _model: "Sketch",
        now=lambda: NOW,
    )
    made.resize(1100, 400)
    return shown(made)


def show(panel: QueuePanel, *rows) -> None:
    panel.items.show([row.number for row in rows])
    panel.items.fill(rows)
    panel.show_rows(library_is_empty=not rows)
    QApplication.processEvents()


def click(panel: QueuePanel, at: int, column: Column, *, x: int | None = None, modifier=None) -> None:
    """Click into a cell: in its middle, or some pixels from its left."""
    rect = panel.table.visualRect(panel.items.index(at, COLUMNS.index(column)))
    where = QPoint(rect.left() + x if x is not None else rect.center().x(), rect.center().y())
    keys = modifier or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, keys, where)


def emitted(signal) -> list[tuple]:
    got: list[tuple] = []
    signal.connect(lambda *values: got.append(values))
    return got


def chip(panel: QueuePanel, text: str) -> QAbstractButton:
    return next(
        each for each in panel.head.findChildren(QAbstractButton) if each.isVisible() and name(each).startswith(text)
    )


def name_of_row(panel: QueuePanel, at: int) -> str:
    return panel.items.index(at, COLUMNS.index(Column.PROMPT)).data(Qt.ItemDataRole.AccessibleTextRole)


def words(panel: QueuePanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


# What is asked for


def test_a_filter_announces_its_query_and_pressed_again_shows_everything(panel):
    show(panel, library_row(1))
    panel.show_counts({Filter.ALL: 1, Filter.FAILED: 1})
    queries = emitted(panel.query_changed)

    chip(panel, "Failed").click()
    chip(panel, "Failed").click()

    assert [query.filter for (query,) in queries] == [Filter.FAILED, Filter.ALL]
    assert chip(panel, "All").isChecked()


def test_a_filter_works_when_it_is_toggled_without_a_click(panel):
    show(panel, library_row(1))
    queries = emitted(panel.query_changed)

    chip(panel, "Pending").toggle()

    assert [query.filter for (query,) in queries] == [Filter.PENDING]


def test_the_filter_in_force_stays_on_when_it_is_pressed_and_was_all(panel):
    chip(panel, "All").click()

    assert chip(panel, "All").isChecked()


def test_what_needs_a_decision_has_a_filter_only_then(panel):
    show(panel, library_row(1))
    panel.show_counts({Filter.ALL: 1})
    assert "Needs you" not in {name(each).rsplit(" ", 1)[0] for each in _visible_chips(panel)}

    panel.show_counts({Filter.ALL: 1, Filter.NEEDS_YOU: 1})

    assert name(chip(panel, "Needs you")) == "Needs you 1"


def test_counts_are_read_with_the_filter(panel):
    show(panel, library_row(1))
    panel.show_counts({Filter.ALL: 1284, Filter.FAVOURITES: 37})

    assert name(chip(panel, "All")) == "All 1,284"
    assert name(chip(panel, "Favourites")) == "Favourites 37"


def test_an_empty_library_has_one_filter_only(panel):
    show(panel)
    panel.show_counts({})

    assert [name(each) for each in _visible_chips(panel)] == ["All 0"]


def _visible_chips(panel: QueuePanel) -> list[QAbstractButton]:
    return [each for each in panel.head.findChildren(QAbstractButton) if each.isVisible() and each.isCheckable()]


def test_a_search_announces_its_text_and_keeps_the_filter(panel, qtbot):
    panel.set_filter(Filter.DONE)
    panel.focus_search()

    with qtbot.waitSignal(panel.query_changed) as asked:
        QTest.keyClicks(QApplication.focusWidget(), "rain")

    assert asked.args == [LibraryQuery("rain", Filter.DONE)]


def test_a_query_from_elsewhere_is_shown_without_being_announced(panel, qtbot):
    queries = emitted(panel.query_changed)

    panel.show_query(LibraryQuery("rain", Filter.FAILED, SortKey.LENGTH, False))

    assert queries == []
    assert panel.head._search.text() == "rain"
    assert chip(panel, "Failed").isChecked()


def test_a_heading_sorts_and_clicked_again_turns_the_order_round(panel):
    show(panel, library_row(1))
    queries = emitted(panel.query_changed)
    header = panel.table.horizontalHeader()
    at = COLUMNS.index(Column.LENGTH)
    where = QPoint(header.sectionViewportPosition(at) + 10, header.height() // 2)

    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)

    assert [(query.sort, query.descending) for (query,) in queries] == [
        (SortKey.LENGTH, True),
        (SortKey.LENGTH, False),
    ]


# The selection


def test_the_selection_is_kept_by_what_it_is_and_not_by_where_it_stands(panel):
    show(panel, library_row(3), library_row(2), library_row(1))
    panel.table.select(task_row(2))

    panel.items.show([5, 1, 4, 3, 2])

    assert panel.items.row_id(panel.table.currentIndex().row()) == task_row(2)
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [4]


def test_what_a_search_hid_is_selected_again_when_it_comes_back(panel):
    show(panel, library_row(3), library_row(2), library_row(1))
    panel.table.select(task_row(2))

    panel.items.show([])
    panel.items.show([3, 1])
    panel.items.show([3, 2, 1])

    assert panel.items.row_id(panel.table.currentIndex().row()) == task_row(2)
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [1]


def test_the_selected_take_stays_selected_when_another_one_goes_and_comes_back(panel):
    whole = library_row(2, takes=4)
    fewer = replace(whole, task=replace(whole.task, takes=(*whole.task.takes[:1], *whole.task.takes[2:])))
    show(panel, whole)
    panel.items.set_open(2, True)
    panel.table.select(take_row(2, 3))

    for row, place in ((fewer, 2), (whole, 3)):
        panel.items.fill([row])

        assert panel.items.row_id(panel.table.currentIndex().row()) == take_row(2, 3)
        assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [place]


def test_a_list_that_is_scrolled_does_not_move_when_a_row_comes_above(panel):
    show(panel, *(library_row(number) for number in range(60, 0, -1)))
    panel.table.verticalScrollBar().setValue(20 * 32 + 7)
    QApplication.processEvents()
    before = panel.items.row_id(panel.table.rowAt(0)), panel.table.rowViewportPosition(panel.table.rowAt(0))

    panel.items.show(list(range(61, 0, -1)))
    QApplication.processEvents()

    assert (
        panel.items.row_id(panel.table.rowAt(0)),
        panel.table.rowViewportPosition(panel.table.rowAt(0)),
    ) == before


def test_a_list_at_its_top_shows_what_comes(panel):
    show(panel, *(library_row(number) for number in range(60, 0, -1)))

    panel.items.show(list(range(61, 0, -1)))
    QApplication.processEvents()

    assert panel.items.row_id(panel.table.rowAt(0)) == task_row(61)


def test_a_deleted_row_hands_the_selection_to_the_one_below(panel):
    show(panel, library_row(3), library_row(2), library_row(1))
    panel.table.select(task_row(2))
    wishes = emitted(panel.delete_wanted)

    panel.delete_selected()

    assert wishes == [([f"{2:012x}"], [])]
    assert panel.table.current_row().number == 1


def test_the_last_row_hands_the_selection_to_the_one_above(panel):
    show(panel, library_row(2), library_row(1, takes=2))
    panel.items.set_open(1, True)
    panel.table.select(task_row(1))

    panel.delete_selected()

    assert panel.table.current_row().number == 2


def test_in_the_bin_the_same_key_brings_back(panel):
    panel.show_query(LibraryQuery(filter=Filter.BIN))
    show(panel, library_row(1))
    panel.table.select(task_row(1))
    wishes = emitted(panel.restore_wanted)

    panel.delete_selected()

    assert wishes == [([f"{1:012x}"], [])]


def test_tab_into_the_list_selects_the_row_that_gets_the_focus(panel):
    panel.focus_search()
    show(panel, library_row(2), library_row(1))

    panel.table.setFocus(Qt.FocusReason.TabFocusReason)

    assert panel.table.current_row().number == 2
    assert [row.number for row in panel.table.selected_rows()] == [2]


# Folding


def test_the_arrows_unfold_and_fold(panel):
    show(panel, library_row(2, takes=2), library_row(1))
    panel.table.setFocus()
    panel.table.select(task_row(2))

    QTest.keyClick(panel.table, Qt.Key.Key_Right)
    assert panel.items.rowCount() == 4
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.table.current_row().take.number == 1
    QTest.keyClick(panel.table, Qt.Key.Key_Left)

    assert panel.items.rowCount() == 2
    assert panel.items.row_id(panel.table.currentIndex().row()) == task_row(2)


def test_a_click_on_the_arrow_folds_and_unfolds(panel):
    show(panel, library_row(2, takes=2), library_row(1))

    click(panel, 0, Column.ICON, x=18)
    assert panel.items.rowCount() == 4
    click(panel, 0, Column.ICON, x=18)

    assert panel.items.rowCount() == 2


def test_choosing_rows_with_ctrl_folds_nothing(panel):
    show(panel, library_row(2, takes=2), library_row(1))

    click(panel, 0, Column.ICON, x=18, modifier=Qt.KeyboardModifier.ControlModifier)

    assert panel.items.rowCount() == 2


def test_two_quick_clicks_play_but_not_on_the_arrow(panel):
    show(panel, library_row(2, takes=2))
    plays = emitted(panel.play_wanted)

    for column in (Column.ICON, Column.PROMPT):
        click(panel, 0, column)
        rect = panel.table.visualRect(panel.items.index(0, COLUMNS.index(column)))
        QTest.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())

    assert plays == [()]


# Clicks in a row


def test_the_star_of_a_take_marks_and_unmarks_it(panel):
    show(panel, with_favourite(library_row(1, takes=2), 2))
    panel.items.set_open(1, True)
    wishes = emitted(panel.favourite_wanted)

    click(panel, 1, Column.FAVOURITE)
    click(panel, 2, Column.FAVOURITE)

    assert wishes == [([f"{1:012x}-1"], True), ([f"{1:012x}-2"], False)]


def test_the_key_marks_all_selected_takes_alike(panel):
    show(panel, with_favourite(library_row(1, takes=2), 2))
    panel.items.set_open(1, True)
    panel.table.selectAll()
    wishes = emitted(panel.favourite_wanted)

    panel.toggle_favourite()

    assert wishes[0][1] is True


@pytest.mark.parametrize(
    ("row", "signal", "text"),
    [
        (library_row(1, state=TaskState.FAILED, failure=Failure("service_unavailable", "Down.")), "retry", "Retry"),
        (library_row(1, state=TaskState.FAILED, failure=Failure("content_refused", "No.")), "reuse", "Edit"),
        (library_row(1, state=TaskState.UNCERTAIN, price="0.07"), "decide", "Decide"),
        (library_row(1, state=TaskState.RUNNING), "check", "Check again"),
        (library_row(1, 1, TaskState.RUNNING, take_state=TakeState.ANNOUNCED), "check", "Fetch"),
    ],
)
def test_the_button_in_a_row_does_what_it_says(panel, live, row, signal, text):
    if row.task.state is TaskState.RUNNING:
        live[row.task.id] = Live(NOW, is_paused=True)
    show(panel, row)
    wishes = emitted(getattr(panel, f"{signal}_wanted"))
    panel.table.select(task_row(1))
    action = panel.current_action()
    index = panel.items.index(0, COLUMNS.index(Column.STATE))
    rect = panel.table.row_delegate._action_rect(panel.table.visualRect(index), panel.items.words(panel.items.row(0)))

    assert action.value == text
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())

    assert len(wishes) == 1
    assert f"{1:012x}" in str(wishes[0])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("credentials_missing", "Add key"),
        ("key_unconfirmed", "Open services"),
        ("credentials_rejected", "Open services"),
        ("keychain_error", "Open services"),
    ],
)
def test_a_task_that_failed_for_its_key_leads_to_the_services_and_retries_nothing(panel, kind, text):
    show(panel, library_row(1, state=TaskState.FAILED, failure=Failure(kind, "Why.")))
    panel.table.select(task_row(1))
    wishes, retries = emitted(panel.services_wanted), emitted(panel.retry_wanted)
    assert panel.current_action().value == text

    panel.act_on_current()

    assert wishes == [("local", kind)]
    assert retries == []
    panel.retry_selected()  # as the menu and Ctrl+R do
    assert retries == [([f"{1:012x}"],)]


def test_a_task_without_credit_leads_to_the_account(panel):
    show(panel, library_row(1, state=TaskState.FAILED, failure=Failure("quota_exhausted", "Why.")))
    panel.table.select(task_row(1))
    wishes = emitted(panel.credit_wanted)

    panel.act_on_current()

    assert wishes == [("local",)]


def test_once_the_account_was_opened_what_failed_there_before_can_be_retried_in_its_row(panel):
    failure = Failure("quota_exhausted", "Why.")
    later = library_row(2, state=TaskState.FAILED, failure=failure)
    show(
        panel,
        library_row(1, state=TaskState.FAILED, failure=failure),
        replace(later, task=replace(later.task, updated_at=NOW + timedelta(minutes=1))),
    )
    panel.table.select(task_row(1))
    retries, wishes = emitted(panel.retry_wanted), emitted(panel.credit_wanted)
    panel.act_on_current()

    assert panel.current_actions() == (RowAction.RETRY, RowAction.ADD_CREDIT)
    panel.act_on_current()
    menu = RowMenu(panel)
    entries = {each.text().split("\t")[0]: each for each in menu.actions()}
    entries["Add credit"].trigger()

    assert retries == [([f"{1:012x}"],)]
    assert len(wishes) == 2
    assert [each.text() for each in menu.actions()].count("Retry\tCtrl+R") == 1
    panel.table.select(task_row(2))
    assert panel.current_actions() == (RowAction.ADD_CREDIT,)


def test_what_failed_of_a_task_is_red_behind_its_icon_and_spoken(panel, theme):
    partly = library_row(1, 2, failure=Failure("generation_failed", "No."))
    show(panel, replace(partly, task=replace(partly.task, request=replace(partly.task.request, takes=3))))

    state = panel.items.index(0, COLUMNS.index(Column.STATE))
    image = panel.table.viewport().grab(panel.table.visualRect(state)).toImage()
    red = theme.color("err").name()
    columns = [x for x in range(image.width()) if any(image.pixelColor(x, y).name() == red for y in range(8, 26))]

    assert state.data() == "2 of 3 takes  1 failed"
    assert "2 of 3 takes, 1 failed, rain 1" in name_of_row(panel, 0)
    assert max(columns) - min(columns) > 40  # the icon and both words


def test_a_broken_take_can_be_fetched_from_its_row(panel):
    show(panel, library_row(1, 1, take_state=TakeState.BROKEN))
    panel.items.set_open(1, True)
    panel.table.select(take_row(1, 1))
    wishes = emitted(panel.fetch_wanted)

    panel.act_on_current()

    assert wishes == [(f"{1:012x}-1",)]


def test_the_menu_offers_what_can_be_done_and_greys_the_rest(panel):
    show(panel, library_row(1, state=TaskState.UNCERTAIN, price="0.07"))
    panel.table.select(task_row(1))
    wishes = emitted(panel.decide_wanted)

    QTest.keyClick(panel.table, Qt.Key.Key_Menu)
    panel.table.menu_wanted.emit(panel.mapToGlobal(QPoint(50, 50)))

    menu = next(each for each in panel.findChildren(QMenu) if each.isVisible())
    entries = {each.text().split("\t")[0]: each for each in menu.actions() if not each.isSeparator()}
    assert entries["Decide"].isEnabled()
    assert not entries["Play"].isEnabled()
    assert not entries["Retry"].isEnabled()
    assert entries["Move to the bin"].isEnabled()
    entries["Decide"].trigger()
    assert wishes == [(f"{1:012x}",)]
    menu.close()


def test_the_menu_offers_to_say_that_a_task_of_unknown_cost_was_free(panel):
    show(panel, library_row(1, state=TaskState.FAILED, price="0.07"), library_row(2, state=TaskState.RUNNING))
    wishes = emitted(panel.settle_wanted)
    panel.table.select(task_row(2))
    running = RowMenu(panel)
    panel.table.select(task_row(1))
    failed = RowMenu(panel)

    entry = next(each for each in failed.actions() if each.text() == "It cost nothing")
    entry.trigger()

    assert "It cost nothing" not in {each.text() for each in running.actions()}
    assert wishes == [([f"{1:012x}"],)]


# What is painted


def pixel(panel: QueuePanel, x: int, at: int = 0):
    picture = panel.table.viewport().grab().toImage()
    bottom = panel.table.rowViewportPosition(at) + panel.table.rowHeight(at) - 1
    scale = picture.devicePixelRatio()
    return picture.pixelColor(int(x * scale), int(bottom * scale))


def test_progress_is_painted_up_to_its_value(panel, live, theme):
    live[f"{1:012x}"] = Live(NOW - timedelta(seconds=41), 0.5)
    show(panel, library_row(1, state=TaskState.RUNNING))
    width = panel.table.viewport().width()

    assert pixel(panel, int(width * 0.25)) == theme.color("accent")
    assert pixel(panel, int(width * 0.48)) == theme.color("accent")
    assert pixel(panel, int(width * 0.52)) != theme.color("accent")


def test_progress_without_a_percentage_is_a_bar_that_stands_still_without_motion(panel, live, theme):
    theme.set_reduce_motion(True)
    live[f"{1:012x}"] = Live(NOW - timedelta(seconds=41), None)
    show(panel, library_row(1, state=TaskState.RUNNING))
    panel.table._turn()
    width = panel.table.viewport().width()

    assert pixel(panel, int(width * 0.28)) == theme.color("accent")
    assert pixel(panel, int(width * 0.32)) != theme.color("accent")


def test_only_a_single_selection_has_the_accent_edge(panel, theme):
    show(panel, library_row(2), library_row(1))
    panel.table.select(task_row(2))
    edge = panel.table.viewport().grab().toImage().pixelColor(1, 10)
    panel.table.selectAll()

    assert edge == theme.color("accent")
    assert panel.table.viewport().grab().toImage().pixelColor(1, 10) == theme.color("sel")


def test_rows_grow_with_the_text(panel, theme):
    show(panel, library_row(1))

    theme.set_text_scale(1.5)

    assert panel.table.rowHeight(0) == 48
    assert panel.head.height() == 66
    assert panel.table.columnWidth(COLUMNS.index(Column.FAVOURITE)) == 36


def test_a_narrow_list_leaves_out_columns_and_keeps_them_in_the_tooltip(panel):
    show(panel, library_row(1))
    panel.resize(800, 400)
    QApplication.processEvents()

    shown = [column for at, column in enumerate(COLUMNS) if not panel.table.isColumnHidden(at)]
    tooltip = panel.items.index(0, COLUMNS.index(Column.PROMPT)).data(Qt.ItemDataRole.ToolTipRole)

    assert Column.MODEL not in shown
    assert Column.WHEN not in shown
    assert tooltip == "rain 1\nSketch, free, 4 min"
    assert panel.table.columnWidth(COLUMNS.index(Column.PROMPT)) >= 160


def test_headings_explain_themselves(panel):
    explained = panel.items.headerData(
        COLUMNS.index(Column.LOUDNESS), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )

    assert explained.startswith("Integrated loudness in LUFS")


# What an empty list says


@pytest.mark.parametrize(
    ("query", "is_empty", "sentence"),
    [
        (LibraryQuery(), True, "Your first sound is one click away"),
        (LibraryQuery("glass rain"), False, "No task matches “glass rain”."),
        (LibraryQuery(filter=Filter.FAILED), False, "Nothing failed."),
        (LibraryQuery(filter=Filter.PENDING), False, "Nothing is waiting."),
        (LibraryQuery(filter=Filter.FAVOURITES), False, "No favourites yet. Press F on a take."),
        (LibraryQuery(filter=Filter.BIN), True, "The bin is empty."),
    ],
)
def test_an_empty_list_says_why(panel, query, is_empty, sentence):
    panel.show_query(query)
    panel.items.show([])
    panel.show_rows(library_is_empty=is_empty)

    assert sentence in words(panel)


def test_the_first_run_tells_that_it_costs_nothing_and_offers_to_generate(panel, qtbot):
    show(panel)

    assert "The built-in generator needs no account and costs nothing." in words(panel)
    with qtbot.waitSignal(panel.empty.generate_wanted):
        next(each for each in panel.empty.findChildren(QAbstractButton) if each.text() == "Generate this sound").click()


def test_a_first_click_that_may_cost_is_offered_beside_its_price_only(panel):
    show(panel)
    built_in, paid = (ModelSpec(provider, "m", "Model", (Kind.EFFECT,)) for provider in ("local", "runware"))

    panel.empty.show_model(paid)
    assert "costs nothing" not in words(panel)
    assert not any(each.isVisible() for each in panel.empty.findChildren(QAbstractButton))

    panel.empty.show_model(built_in)
    assert "costs nothing" in words(panel)
    assert any(each.isVisible() for each in panel.empty.findChildren(QAbstractButton))


def test_a_search_that_finds_nothing_can_be_cleared(panel):
    panel.show_query(LibraryQuery("glass rain"))
    panel.items.show([])
    panel.show_rows(library_is_empty=False)
    queries = emitted(panel.query_changed)

    next(each for each in panel.empty.findChildren(QAbstractButton) if each.text() == "Clear search").click()

    assert [query.text for (query,) in queries] == [""]
    assert panel.head._search.text() == ""


def test_the_keys_go_on_working_when_the_last_row_goes(panel):
    show(panel, library_row(1))
    panel.table.setFocus()

    show(panel)

    assert panel.isAncestorOf(QApplication.focusWidget())
