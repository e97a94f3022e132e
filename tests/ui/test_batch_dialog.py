"""A script before it is started: what is shown of it, mended in it, and asked about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.errors import RowProblem
from app.domain.model_spec import Kind, ModelSpec
from app.domain.price import Price, PriceUnit
from app.domain.receipt import Estimate, Spent
from app.domain.request import GenerationRequest
from app.domain.voice import Voice
from app.engine.batch_plan import BatchPlan, CheckedRow, PlannedRow
from app.engine.sheet_table import Sheet, SheetRow
from app.storage.ledger import Excess
from app.ui.batch_dialog import BatchDialog, Figures, figures_of
from app.ui.controls.choice import Choice
from app.ui.controls.text_field import TextField
from app.ui.item_models.sheet import SheetColumn
from app.ui.sheet_list import SheetList

VOICES = (Voice("v1", "Fable", "acme"), Voice("v2", "Onyx", "acme"))
CHOIR = ModelSpec(
    "acme",
    "choir",
    "Choir",
    (Kind.SPEECH,),
    max_takes=4,
    has_voices=True,
    voices=VOICES,
    price=Price(Decimal("0.003"), PriceUnit.REQUEST, read_on="2026-11-02"),
)
BARE = ModelSpec("beta", "bare", "Bare", (Kind.EFFECT,))
NAMES = {"acme": "Acme", "beta": "Beta"}
PATH = Path("/scripts/Night storm.csv")


def row(line: int, voice: str = "v1", prompt: str = "All hands!") -> SheetRow:
    return SheetRow(line, {"id": f"EP3_{line:03d}", "voice": voice, "prompt": prompt})


def planned(each: SheetRow, spec: ModelSpec = CHOIR, **more: object) -> PlannedRow:
    request = GenerationRequest(spec.provider, spec.id, each.cells.get("prompt", ""), voice=each.cells.get("voice"))
    checked = CheckedRow(each, spec, request, (request,), (spec.estimate(request),), "f")
    return PlannedRow(checked, **more)  # type: ignore[arg-type]


def figures(*rows: SheetRow, problems: tuple[RowProblem, ...] = (), spec: ModelSpec = CHOIR) -> Figures:
    sound = tuple(planned(each, spec) for each in rows if each.line not in {problem.line for problem in problems})
    sheet = Sheet(PATH, ("id", "voice", "prompt"), rows)
    return figures_of(sheet, BatchPlan(str(PATH), sound, problems), VOICES)


@pytest.fixture
def dialog(theme, qtbot):
    home = QWidget()
    qtbot.addWidget(home)
    sheet = Sheet(PATH, ("id", "voice", "prompt"), (row(2),))
    made = BatchDialog(theme, sheet, (CHOIR, BARE), NAMES, CHOIR, Path("/sounds/VO"), home)
    made.show()
    yield made
    del home


def words(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def cells(lines: SheetList, at: int) -> list[str]:
    return [str(lines.items.index(at, column).data()) for column in SheetColumn]


def test_counts_and_price_are_told_in_words(dialog):
    changed = replace(planned(row(3)), before=GenerationRequest("acme", "choir", "Some hands!", voice="v1"))
    shown = figures(row(2), row(3))
    plan = replace(shown.plan, rows=(planned(row(2)), changed), removed=("EP3_009",))
    shown = figures_of(Sheet(PATH, ("id", "voice", "prompt"), (row(2), row(3))), plan, VOICES)

    dialog.show_figures(replace(shown, left=Decimal("25.18")))

    assert (
        "Night storm.csv: 2 lines. 1 is new, 1 changed since the last import. No longer in it, left as they are: "
        "EP3_009." in words(dialog)
    )
    assert "about $0.006" in words(dialog)
    assert "2 lines, 2 takes, 20 characters" in words(dialog)
    assert "$25.18 left this month. Price list of 2 Nov 2026." in words(dialog)
    assert dialog._go.text() == "Generate 2 lines"
    assert cells(dialog.lines, 0) == ["EP3_002", "Fable", "All hands!", "1", "$0.003", "New"]
    assert cells(dialog.lines, 1)[-1] == "Text changed"


def test_a_wrong_voice_is_mended_in_its_row(dialog, qtbot):
    wrong = RowProblem(3, "EP3_003", "voice", "The voice must be v1 or v2; it is Gruff.")
    dialog.show_figures(figures(row(2), row(3, "Gruff"), problems=(wrong,)))
    (choice,) = [each for each in dialog.lines.findChildren(Choice) if each.accessibleName() == "EP3_003: voice"]

    with qtbot.waitSignal(dialog.mended) as mended:
        choice._take("v2")

    assert mended.args == [3, "voice", "v2"]
    assert cells(dialog.lines, 1)[-1] == "No such voice"
    assert "1 is new, 1 needs a fix." in words(dialog)
    assert dialog._go.text() == "Generate 1 line"  # the others needn't wait for it


def test_any_other_cell_is_mended_by_typing(dialog, qtbot):
    empty = RowProblem(2, "EP3_002", "prompt", "Prompt is empty. Describe what you want to hear.")
    dialog.show_figures(figures(row(2, prompt=""), problems=(empty,)))
    (field,) = [each for each in dialog.lines.findChildren(TextField) if each.accessibleName() == "EP3_002: prompt"]
    assert field.accessibleDescription() == empty.message

    with qtbot.waitSignal(dialog.mended) as mended:
        field.setFocus()
        QTest.keyClicks(field, "Cut the mast.")
        QTest.keyClick(field, Qt.Key.Key_Return)

    assert mended.args == [2, "prompt", "Cut the mast."]
    assert cells(dialog.lines, 0)[-1] == "Prompt is empty"  # the whole sentence is in the tooltip
    assert not dialog._go.isEnabled()  # there is nothing else to send
    assert dialog._go.text() == "Generate"
    assert "Every line needs a fix, or another model." in words(dialog)


def test_a_mended_row_loses_its_control(dialog):
    wrong = RowProblem(2, "EP3_002", "voice", "There is no voice “Gruff”.")
    dialog.show_figures(figures(row(2, "Gruff"), problems=(wrong,)))
    assert dialog.lines.table._menders

    dialog.show_figures(figures(row(2, "v2")))

    assert not dialog.lines.table._menders
    assert cells(dialog.lines, 0)[1] == "Onyx"


def test_only_wrong_rows_in_view_have_controls(dialog):
    rows = [row(line, "Gruff") for line in range(2, 2002)]
    problems = tuple(RowProblem(each.line, each.id, "voice", "There is no voice “Gruff”.") for each in rows)

    dialog.show_figures(figures(*rows, problems=problems))
    table = dialog.lines.table
    above = set(table._menders)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())

    assert 0 < len(above) < 20
    assert 0 < len(table._menders) < 20
    assert above.isdisjoint(table._menders)


def test_a_limit_is_told_before_the_click_and_leads_to_the_limits(dialog, qtbot):
    excess = Excess("this month", Decimal(40), Spent(Decimal("39.99")), Decimal("0.02"))
    dialog.show_figures(replace(figures(row(2)), excess=excess))

    with qtbot.waitSignal(dialog.limits_wanted), qtbot.assertNotEmitted(dialog.wanted):
        dialog._go.click()

    assert dialog._go.text() == "Ceiling reached"
    assert "This would pass your limit of $40 this month" in words(dialog)


def test_a_missing_key_is_asked_for_first(dialog, qtbot):
    dialog.show_figures(figures(row(2)))
    dialog.show_lacking(["acme", "beta"])

    with qtbot.waitSignal(dialog.key_wanted) as asked:
        dialog._go.click()

    assert asked.args == ["acme"]
    assert dialog._go.text() == "Set a key for Acme"


def test_unknown_prices_stay_unknown(dialog):
    dialog.show_figures(figures(row(2), spec=BARE))

    assert "price unknown" in words(dialog)
    assert "The price of 1 line is unknown." in words(dialog)
    assert cells(dialog.lines, 0)[SheetColumn.PRICE] == "unknown"
    assert dialog.figures.estimate == Estimate(None, None)


def test_nothing_can_be_started_while_lines_are_checked_or_without_a_folder(dialog):
    assert not dialog._go.isEnabled()
    dialog.show_figures(figures(row(2)))
    assert dialog._go.isEnabled()

    dialog._folder.setText("")

    assert not dialog._go.isEnabled()
    dialog._folder.setText("/sounds")
    dialog.set_busy(True)
    assert not dialog._go.isEnabled()


def test_other_defaults_are_announced(dialog, qtbot):
    with qtbot.waitSignal(dialog.defaults_changed):
        dialog._model._take("beta\0bare")

    assert dialog.spec is BARE
    with qtbot.waitSignal(dialog.defaults_changed):
        dialog._takes._more.click()
    assert dialog.takes == 2


def test_enter_in_a_cell_or_in_the_list_starts_nothing(dialog, qtbot):
    wrong = RowProblem(3, "EP3_003", "duration", "The length must be seconds, such as 2.5; it is soon.")
    dialog.show_figures(figures(row(2), row(3), problems=(wrong,)))
    (field,) = [each for each in dialog.lines.findChildren(TextField) if each.accessibleName() == "EP3_003: duration"]
    assert dialog._go.isEnabled()

    with qtbot.assertNotEmitted(dialog.wanted):
        QTest.keyClick(field, Qt.Key.Key_Return)  # with nothing changed
        QTest.keyClick(dialog.lines.table, Qt.Key.Key_Return)


def test_a_mended_cell_hands_the_focus_to_the_next_wrong_one(dialog, qtbot):
    both = tuple(RowProblem(line, f"EP3_{line:03d}", "voice", "There is no voice “Gruff”.") for line in (2, 3))
    dialog.show_figures(figures(row(2, "Gruff"), row(3, "Gruff"), problems=both))
    qtbot.waitUntil(lambda: dialog.lines.table._menders[0][1].hasFocus())

    dialog.show_figures(figures(row(2), row(3, "Gruff"), problems=both[1:]))

    assert dialog.lines.table._menders[1][1].hasFocus()


def test_a_mended_cell_hands_the_focus_to_a_wrong_one_far_below_it_and_the_last_to_the_first(dialog, qtbot):
    table = dialog.lines.table
    many = [row(line) for line in range(2, 200)]

    def show(*wrong: int) -> None:
        problems = tuple(RowProblem(line, f"EP3_{line:03d}", "takes", "This must be 1.") for line in wrong)
        rows = [replace(each, cells={**each.cells, "takes": "?" if each.line in wrong else "1"}) for each in many]
        dialog.show_figures(figures(*rows, problems=problems))

    show(3, 100, 180)
    table._menders[1][1].setFocus()
    show(100, 180)
    qtbot.waitUntil(lambda: 98 in table._menders and table._menders[98][1].hasFocus())
    table.go_to_problem(150)
    show(100)
    qtbot.waitUntil(lambda: 98 in table._menders and table._menders[98][1].hasFocus())
    show()
    qtbot.waitUntil(table.hasFocus)


def test_scrolling_a_wrong_line_out_of_view_doesnt_scroll_back(dialog, qtbot):
    many = [row(line) for line in range(2, 200)]
    wrong = (RowProblem(2, "EP3_002", "takes", "This must be 1."),)
    dialog.show_figures(figures(*many, problems=wrong))
    table = dialog.lines.table
    qtbot.waitUntil(lambda: table._menders[0][1].hasFocus())

    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())

    assert table.hasFocus()
    assert table.verticalScrollBar().value() == table.verticalScrollBar().maximum()
