"""A piece of music is planned section by section, with the keyboard alone if need be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import Range
from app.domain.plan_spec import PlanSpec
from app.ui.controls.segmented import SegmentedControl
from app.ui.plan_section_row import PlanSectionRow
from app.ui.request_column import RequestColumn
from tests.ui.accessibility import name, names_inside
from tests.ui.request_world import Files, button, column_of, texts

MUSIC = ModelSpec(
    "acme",
    "music",
    "Music",
    (Kind.MUSIC,),
    duration=Range(10, 300, 30),
    plan=PlanSpec(Range(3, 120, 30, is_whole=True), most_sections=3),
)
PLAN = CompositionPlan(
    ("low strings", "slow"), ("drums",), (PlanSection("Intro", 20, ("cello",)), PlanSection("Theme", 45, lines=("La",)))
)
PLANNED = Draft("A cello", plans={"acme/music": PLAN}, planned=("acme/music",))


@pytest.fixture
def column(theme, shown):
    theme.set_reduce_motion(True)
    return shown(column_of(theme, MUSIC, Files({})))


def rows(column: RequestColumn) -> list[PlanSectionRow]:
    QApplication.processEvents()
    found = (row for row in column.findChildren(PlanSectionRow) if row.isVisible())
    return sorted(found, key=lambda row: row.mapTo(column, QPoint()).y())


def field(column: RequestColumn, words: str) -> QWidget:
    return next(each for each in column.findChildren(QWidget) if each.isVisible() and each.accessibleName() == words)


def switch(column: RequestColumn) -> SegmentedControl:
    return next(each for each in column.findChildren(SegmentedControl) if each.accessibleName() == "What is asked for")


def test_a_switch_puts_the_plan_in_place_of_prompt_and_length_and_back(column):
    column.show_draft(Draft("A cello"))

    switch(column).step(1)
    planned = column.request()
    shown = (column.prompt.text.isVisible(), column.prompt._length_row.isVisible())
    switch(column).step(-1)

    assert planned.plan == CompositionPlan(sections=(PlanSection("Section 1", 30),))
    assert planned.duration_s is None
    assert shown == (False, False)
    assert column.request().prompt == "A cello"
    assert column.request().plan is None
    assert column.prompt.text.isVisible()


def test_a_plan_is_shown_with_its_length(column):
    column.show_draft(PLANNED)

    assert [name(row._heading) for row in rows(column)] == ["Section 1, Intro, 0:20, cello", "Section 2, Theme, 0:45"]
    assert "1:05 in 2 sections" in texts(column)
    assert column.request().plan == PLAN
    assert column.problems() == ()


def test_what_is_typed_is_in_the_plan(column):
    column.show_draft(PLANNED)
    rows(column)[1]._heading.click()

    for words, text in (("Section 2: styles", "choir,  brass , "), ("Section 2: without", "drums")):
        QTest.keyClicks(field(column, words), text)
    lines = field(column, "Section 2: lyrics")
    lines.selectAll()
    QTest.keyClicks(lines, "One")
    QTest.keyClick(lines, Qt.Key.Key_Return)
    QTest.keyClicks(lines, "Two")
    QTest.keyClicks(field(column, "Styles of the whole piece"), ", dark")

    plan = column.request().plan
    assert plan.styles == ("low strings", "slow", "dark")
    assert plan.sections[1] == PlanSection("Theme", 45, ("choir", "brass"), ("drums",), ("One", "Two"))


def test_a_section_is_added_unfolded_with_its_name_ready_to_be_typed(column):
    column.show_draft(PLANNED)

    button(column, "Add a section").click()
    QTest.keyClicks(QApplication.focusWidget(), "Coda")

    assert [section.name for section in column.request().plan.sections] == ["Intro", "Theme", "Coda"]
    assert not button(column, "Add a section").isEnabled()
    assert button(column, "Add a section").toolTip() == "A plan may have 3 sections."


def test_sections_move_with_alt_and_arrows_and_with_buttons(column):
    column.show_draft(PLANNED)
    rows(column)[1].setFocus()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    moved = [section.name for section in column.request().plan.sections]
    assert QApplication.focusWidget() is rows(column)[0]._heading
    button(column, "Move section 1 down").click()

    assert moved == ["Theme", "Intro"]
    assert [section.name for section in column.request().plan.sections] == ["Intro", "Theme"]
    assert not button(column, "Move section 1 up").isEnabled()


def test_tab_and_screen_readers_go_through_the_sections_as_they_are_shown(column):
    column.show_draft(PLANNED)
    button(column, "Move section 2 up").click()
    button(column, "Add a section").click()
    rows(column)[2].set_open(False)

    heard = [each for each in names_inside(column.prompt.plan) if each.startswith("Section ")]
    field(column, "Styles to leave out of the whole piece").setFocus()
    stops = []
    while not stops or stops[-1] != "Takes":
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stops.append(name(QApplication.focusWidget()))

    assert heard == ["Section 1, Theme, 0:45", "Section 2, Intro, 0:20, cello", "Section 3, 0:30"]
    assert [each for each in stops if each.startswith("Section ")] == heard
    assert stops[0] == heard[0]


def test_a_section_is_removed_and_the_focus_stays_near(column):
    column.show_draft(PLANNED)

    button(column, "Remove section 1").click()

    assert [section.name for section in column.request().plan.sections] == ["Theme"]
    assert QApplication.focusWidget() is rows(column)[0]._heading


def check(column: RequestColumn) -> tuple[Problem, ...]:
    """As a click on Generate does, and each change after it."""
    problems = column.problems()
    assert column.show_problems(problems) == ()
    return problems


def test_each_problem_stands_at_its_field_and_goes_when_it_is_mended(column):
    column.show_draft(PLANNED)
    rows(column)[1]._heading.click()
    field(column, "Section 2: name").setText("")
    field(column, "Section 2: name").textEdited.emit("")

    (problem,) = check(column)
    column.go_to(problem.field)

    assert problem == Problem("plan.sections.2.name", "Section 2: it has no name. Give it one.")
    assert rows(column)[1]._parts["name"].error() == "It has no name. Give it one."
    assert "It has no name. Give it one." not in texts(rows(column)[0])
    assert QApplication.focusWidget() is field(column, "Section 2: name")
    QTest.keyClicks(QApplication.focusWidget(), "Theme")
    check(column)
    assert rows(column)[1]._parts["name"].error() is None


def test_a_folded_section_tells_its_problem_below_its_heading_until_it_is_unfolded(column):
    nameless = CompositionPlan(("slow",), sections=(PlanSection("Intro", 20), PlanSection("", 45)))
    column.show_draft(replace(PLANNED, plans={"acme/music": nameless}))

    (problem,) = check(column)
    folded = texts(rows(column)[1])
    spoken = name(rows(column)[1]._heading)
    column.go_to(problem.field)

    assert folded.count("It has no name. Give it one.") == 1
    assert spoken == "Section 2, 0:45, It has no name. Give it one."
    assert texts(rows(column)[1]).count("It has no name. Give it one.") == 1
    assert rows(column)[1]._note.isHidden()


def test_a_plan_without_a_style_says_so_at_the_styles(column):
    column.show_draft(Draft(plans={"acme/music": CompositionPlan(sections=PLAN.sections)}, planned=("acme/music",)))

    (problem,) = check(column)
    column.go_to(problem.field)

    styles = field(column, "Styles of the whole piece")
    assert QApplication.focusWidget() is styles
    assert "The plan has no style for the whole piece." in column.prompt.plan._whole["plan.styles"].error()
    assert column.prompt.plan._note.isHidden()


def test_problems_come_from_top_to_bottom_and_a_plan_without_sections_leads_to_adding_one(column):
    long = PlanSection("Theme", 500)
    column.show_draft(replace(PLANNED, plans={"acme/music": CompositionPlan(sections=(PlanSection("", 20), long))}))
    fields = [problem.field for problem in check(column)]
    column.show_draft(replace(PLANNED, plans={"acme/music": CompositionPlan(("slow",))}))
    (problem,) = check(column)

    column.go_to(problem.field)

    assert fields == ["plan.styles", "plan.sections.1.name", "plan.sections.2.duration"]
    assert "The plan has no section. Add one." in texts(column)
    assert QApplication.focusWidget() is button(column, "Add a section")


def test_a_length_that_cannot_be_used_keeps_the_request_back_and_hides_nothing_else(column):
    column.show_draft(PLANNED)
    rows(column)[0]._heading.click()
    length = rows(column)[0]._length._field
    length.setFocus()
    length.selectAll()
    QTest.keyClicks(length, "5:00")
    column.commit_typing()
    styles = field(column, "Styles of the whole piece")
    styles.clear()
    styles.textEdited.emit("")

    problems = check(column)

    assert [problem.field for problem in problems] == ["plan.styles", "plan.sections.1.duration"]
    assert problems[1].message == "Section 1: Out of range. Use 0:03 to 2:00."
    assert texts(rows(column)[0]).count("Out of range. Use 0:03 to 2:00.") == 1


def test_an_earlier_prompt_takes_the_place_of_the_plan(column):
    column.show_draft(PLANNED)

    column.prompt.use("Rain")

    assert column.request().plan is None
    assert column.request().prompt == "Rain"
    assert column.prompt.text.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_plan_fits_the_narrowest_column(column, theme, scale):
    column.show_draft(PLANNED)
    for row in rows(column):
        row.set_open(True)
    theme.set_text_scale(scale)
    column.resize(theme.px(272), 900)
    QApplication.processEvents()

    assert column.widget().width() <= column.viewport().width()
