"""The ledger in the whole window: the ways to it, what it shows, and the ways on."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from app.domain.task import Task, TaskState
from app.storage.library_index import Filter
from app.storage.settings import SettingsStore, SpendingSettings
from app.ui.services_dialog import ServicesDialog
from app.ui.spending_dialog import SpendingDialog
from app.ui.spent_button import SpentButton
from tests.ui.test_window import add_foreign_task
from tests.ui.test_window_services import labels
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NO_KEYCHAIN = "keyring.backends.null.Keyring"


def rows(dialog: SpendingDialog) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in dialog.items.rows]


async def paid(world, amount: str, provider: str = "runware", project: str = "") -> Task:
    """A task of a service that told its cost."""
    task = await add_foreign_task(world, TaskState.CANCELLED, provider=provider)
    stored = await world.services.store.task(task.id)
    receipt = replace(stored.attempt.receipt, billed=Decimal(amount), is_settled=True)
    await world.services.store.record(replace(stored, attempt=replace(stored.attempt, receipt=receipt)))
    if project:
        await world.services.store.move_to_project([task.id], project)
    return task


@in_a_window
async def test_toolbar_menu_and_key_open_one_ledger(world):
    await paid(world, "0.05")
    await world.window.month_spent.show()
    window = world.window.window

    world.button("Spending: " + f"{datetime.now().astimezone():%B} $0.05").click()
    world.key(Qt.Key.Key_S, CTRL | SHIFT)
    world.window.dialogs.open_menu()
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    next(each for each in menu.actions() if each.text() == "Spending…\tCtrl+Shift+S").trigger()
    menu.close()

    assert len([each for each in window.findChildren(SpendingDialog) if each.isVisible()]) == 1


@in_a_window
async def test_the_ledger_is_told_by_day_service_and_project(world):
    await paid(world, "0.05", project="Night Storm")
    await paid(world, "0.20", provider="camb")
    dialog = world.window.spending.open()

    await until(lambda: dialog.items.rows)
    today = datetime.now().astimezone()
    assert rows(dialog)[0] == [f"{today:%a} {today.day} {today:%b %Y}", "$0.250", "", "2", ""]
    assert "$0.25 billed, 2 tasks" in labels(dialog)
    world.button("By service", dialog).click()
    await until(lambda: [row[0] for row in rows(dialog)] == ["Camb.ai", "Runware", "Total"])
    world.button("By project", dialog).click()
    await until(lambda: [row[0] for row in rows(dialog)] == ["No project", "Night Storm", "Total"])
    world.button("Last month", dialog).click()
    await until(lambda: not dialog.items.rows)
    assert dialog._empty.text == "Nothing was spent last month."
    dialog.reject()


@in_a_window
async def test_typed_dates_are_shown_and_wrong_ones_are_marked(world):
    await paid(world, "0.05")
    dialog = world.window.spending.open()
    world.button("Dates", dialog).click()
    await until(lambda: rows(dialog))

    dialog.first.setText("2026-13-01")
    dialog.first.editingFinished.emit()
    assert "Type dates such as 2026-11-01" in labels(dialog)
    assert dialog.first.property("problem")
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    dialog.first.setText("2020-01-01")
    dialog.last.setText(yesterday.isoformat())
    QTest.keyClick(dialog.last, Qt.Key.Key_Return)

    await until(lambda: not dialog.items.rows)
    assert not dialog.first.property("problem")
    assert dialog.isVisible()
    dialog.reject()


@in_a_window
async def test_what_is_held_or_unknown_leads_to_its_task(world):
    await paid(world, "0.05")
    lost = await add_foreign_task(world, TaskState.UNCERTAIN)
    window = world.window
    window.library.set_filter(Filter.DONE)
    dialog = window.spending.open()
    world.button("Held or unknown", dialog).click()
    await until(lambda: [row[1:4] for row in rows(dialog)] == [["Needs your decision", "acme", "$0.070"]])
    assert not world.button("Show the task", dialog).isEnabled()

    dialog.table.selectRow(0)
    world.button("Show the task", dialog).click()

    await until(lambda: window.library.table.current_row() is not None)
    assert window.library.table.current_row().task.id == lost.id
    assert window.library.query.filter is Filter.ALL


@in_a_window
async def test_a_cost_that_nobody_told_is_not_called_nothing(world):
    task = await add_foreign_task(world, TaskState.CANCELLED)
    stored = await world.services.store.task(task.id)
    untold = replace(stored.attempt.receipt, reserved=None, billed=None, is_settled=True)
    await world.services.store.record(replace(stored, attempt=replace(stored.attempt, receipt=untold)))
    dialog = world.window.spending.open()

    await until(lambda: dialog.items.rows)
    assert "Cost unknown, 1 task\n" in labels(dialog) + "\n"
    await until(lambda: "Today unknown" in labels(dialog))
    assert "This month unknown" in labels(dialog)
    assert "$0" not in labels(dialog)
    dialog.reject()


@in_a_window
async def test_limits_stand_beside_what_was_spent_and_can_be_changed(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    await paid(world, "0.05")
    window = world.window
    window.take_settings(replace(window.settings.now, spending=SpendingSettings(Decimal(5), Decimal("0.05"))))
    dialog = window.spending.open()

    await until(lambda: "Today $0.05 of $5" in labels(dialog))
    assert "This month $0.05 of $0.05" in labels(dialog)
    world.button("Change limits", dialog).click()

    services = window.window.findChild(ServicesDialog)
    assert services.isVisible()
    assert services.focusWidget().accessibleName() == "Limit a day"


@in_a_window
async def test_the_ledger_stays_true_while_it_is_open(world):
    await paid(world, "0.05")
    dialog = world.window.spending.open()
    await until(lambda: dialog.items.rows)
    world.window.spending._again.setInterval(0)

    await paid(world, "0.10")
    world.services.library.changed.announce(frozenset())

    await until(lambda: rows(dialog)[-1][1] == "$0.150")
    dialog.reject()


@in_a_window
async def test_an_export_is_written_where_the_user_says(world, tmp_path: Path):
    await paid(world, "0.05")
    dialog = world.window.spending.open()
    await until(lambda: dialog.items.rows)
    world.button("Export CSV", dialog).click()
    picker = dialog.findChild(QFileDialog)
    assert picker.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert not picker.testOption(QFileDialog.Option.DontConfirmOverwrite)

    picker.fileSelected.emit(str(tmp_path / "spending.csv"))
    await until(lambda: "Written: spending.csv" in labels(dialog))
    picker.reject()

    (row,) = csv.DictReader((tmp_path / "spending.csv").read_text("utf-8-sig").splitlines())
    assert (row["service"], row["billed_usd"]) == ("runware", "0.05")
    world.window.spending._days = world.services.ledger.days_of(world.window.spending._days)
    await world.window.spending._export(tmp_path / "gone" / "spending.csv")
    assert "doesn't exist any more" in labels(dialog)
    dialog.reject()


@in_a_window
async def test_a_limit_that_a_command_line_sets_counts_in_the_open_window(world):
    window = world.window
    theirs = SettingsStore(world.services.locations.settings_file)
    theirs.set("spending.month_usd", "7")

    await world.services.spending.refuse_over_ceilings([], None)  # as before any click

    assert window.settings.now.spending == SpendingSettings(None, Decimal(7))
    await until(lambda: window.toolbar.findChild(SpentButton).accessibleName().endswith("$0 of $7"))
    window.take_settings(replace(window.settings.now, reduce_motion=True))  # saves; the limit stays
    await world.settle()
    assert theirs.load().spending.month_usd == 7
