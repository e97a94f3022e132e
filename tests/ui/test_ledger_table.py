"""The ledger as a table: figures at the right, unknown as a word, and a way to a task."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.model_spec import Kind
from app.domain.task import TaskState
from app.engine.ledger_view import Days, LedgerTable, Line
from app.storage.ledger_entries import Grouping, LedgerEntry, Sum
from app.ui.item_models.ledger import (
    ENTRY_HEADINGS,
    LedgerItemModel,
    amount,
    headings_of,
    rows_of_entries,
    rows_of_table,
)
from app.ui.ledger_table import LedgerTable as TableView

NAMES = {"camb": "Camb.ai", "runware": "Runware"}
TABLE = LedgerTable(
    Grouping.SERVICE,
    Days(date(2026, 3, 1), date(2026, 3, 31)),
    (
        Line("runware", Sum(Decimal("1.5"), Decimal("0.5"), 12)),
        Line("camb", Sum(None, Decimal(0), 1, unknown=1)),
    ),
    Sum(Decimal("1.5"), Decimal("0.5"), 13, unknown=1),
)


def entry(**changes: object) -> LedgerEntry:
    values: dict[str, object] = {
        "attempt": "a",
        "at": datetime(2026, 3, 4, 14, 2, tzinfo=UTC),
        "task_id": "0123456789ab",
        "state": TaskState.UNCERTAIN,
        "provider": "camb",
        "model": "m",
        "kind": Kind.EFFECT,
        "project": "",
        "prompt": "Rain\non tin",
        "expected": None,
        "most": None,
        "reserved": None,
        "billed": None,
        "is_settled": False,
    }
    return LedgerEntry(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def items(qapp) -> LedgerItemModel:
    return LedgerItemModel()


def texts(items: LedgerItemModel) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in items.rows]


def test_sums_stand_with_their_total_and_unknown_is_a_word(items, qtmodeltester):
    items.show(headings_of(Grouping.SERVICE), rows_of_table(TABLE, NAMES.__getitem__))

    qtmodeltester.check(items)
    assert texts(items) == [
        ["Runware", "$1.500", "$0.500", "12", ""],
        ["Camb.ai", "unknown", "", "1", "1 task"],
        ["Total", "$1.500", "$0.500", "13", "1 task"],
    ]
    assert [row.share for row in items.rows] == [1.0, 0.0, None]
    spoken = items.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Billed: unknown"


def test_days_and_tasks_without_a_project_have_names(items):
    day = LedgerTable(Grouping.DAY, Days(), (Line("2026-03-04", Sum(Decimal(1), tasks=1)),), Sum(Decimal(1), tasks=1))
    none = LedgerTable(Grouping.PROJECT, Days(), (Line("", Sum(Decimal(1), tasks=1)),), Sum(Decimal(1), tasks=1))

    assert rows_of_table(day, str)[0].cells[0].text == "Wed 4 Mar 2026"
    assert rows_of_table(none, str)[0].cells[0].text == "No project"
    assert rows_of_table(LedgerTable(Grouping.DAY, Days(), (), Sum()), str) == []


def test_what_is_open_says_why_with_the_newest_first(items):
    entries = [
        entry(reserved=Decimal("0.25")),
        entry(state=TaskState.FAILED, is_settled=True),
        entry(state=TaskState.FINISHED),
        entry(state=TaskState.CANCELLED),
        entry(state=TaskState.RUNNING, reserved=Decimal("0.5")),
    ]

    items.show(ENTRY_HEADINGS, rows_of_entries(entries, NAMES.__getitem__, lambda moment: moment))

    assert [(row[1], row[3]) for row in texts(items)] == [
        ("Under way", "$0.500"),
        ("Cancelled after it was sent", "unknown"),
        ("Its service told no cost", "unknown"),
        ("Given up, cost unknown", "unknown"),
        ("Needs your decision", "$0.250"),
    ]
    assert texts(items)[0][0] == "Rain on tin"
    assert texts(items)[0][4] == "4 Mar 14:02"


def test_a_row_leads_to_its_task_and_a_sum_leads_nowhere(theme, shown, items, qtbot):
    view = shown(TableView(theme, items))
    view.resize(600, 300)
    items.show(headings_of(Grouping.SERVICE), rows_of_table(TABLE, NAMES.__getitem__))
    view.setCurrentIndex(items.index(0, 0))
    with qtbot.assertNotEmitted(view.task_wanted):
        QTest.keyClick(view, Qt.Key.Key_Return)
    items.show(ENTRY_HEADINGS, rows_of_entries([entry()], NAMES.__getitem__, lambda moment: moment))
    view.setCurrentIndex(items.index(0, 0))

    with qtbot.waitSignal(view.task_wanted) as wanted:
        QTest.keyClick(view, Qt.Key.Key_Return)

    assert wanted.args == ["0123456789ab"]
    assert view.chosen_task() == "0123456789ab"
    assert sum(view.columnWidth(column) for column in range(5)) == view.viewport().width()


@pytest.mark.parametrize(
    ("value", "words"),
    [("0", "$0"), ("1.5", "$1.500"), ("43.5914", "$43.591"), ("0.0000004", "$0.0000004"), ("1234.5", "$1,234.500")],
)
def test_amounts_line_up_and_little_is_not_nothing(value, words):
    assert amount(Decimal(value)) == words
