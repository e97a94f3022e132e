from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.flow_layout import FlowLayout
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.section import Section
from app.ui.controls.slider_field import SliderField
from app.ui.controls.stepper import Stepper
from app.ui.controls.text_field import TextField
from app.ui.theme import Scheme, Theme
from app.ui.tokens import LIGHT
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]


def visible_text(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


# section


@pytest.fixture
def section(theme: Theme, shown: Show) -> Iterator[Section]:
    window = QWidget()
    column = QVBoxLayout(window)
    made = Section(theme, "Voice")
    made.content.addWidget(Label(theme, "content"))
    column.addWidget(made)
    column.addStretch(1)
    window.resize(340, 300)
    shown(window)
    yield made
    window.close()


def heading(section: Section) -> QPushButton:
    return next(button for button in section.findChildren(QPushButton) if button.text() == "Voice")


@pytest.mark.parametrize("still", [False, True])
def test_a_section_folds_and_unfolds(theme: Theme, section: Section, qtbot: QtBot, still: bool):
    theme.set_reduce_motion(still)
    body = section.content.parentWidget()
    open_height = section.height()

    qtbot.mouseClick(heading(section), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not body.isVisible())
    qtbot.waitUntil(lambda: section.height() < open_height)
    folded = section.is_open()
    section.set_open(True)
    qtbot.waitUntil(lambda: section.height() == open_height)

    assert not folded
    assert body.isVisible()


def test_a_section_is_folded_by_keys_and_says_so(section: Section, qtbot: QtBot):
    heading(section).setFocus()

    with qtbot.waitSignal(section.toggled) as told:
        qtbot.keyClick(heading(section), Qt.Key.Key_Space)

    assert told.args == [False]
    assert accessibility.name(heading(section)) == "Voice"
    assert not accessibility.interface(heading(section)).state().checked


def test_folding_back_and_forth_at_once_ends_open(section: Section, qtbot: QtBot):
    before = section.height()
    section.set_open(False)
    section.set_open(True)

    qtbot.waitUntil(lambda: section.height() == before)
    assert section.content.parentWidget().isVisible()


def test_a_heading_carries_a_note_and_actions(theme: Theme, section: Section, qtbot: QtBot):
    history = IconButton(theme, "history", "History", size=24)
    section.add_action(history)
    section.set_note("2 of 3 clips")

    assert "2 of 3 clips" in visible_text(section)
    qtbot.waitUntil(lambda: history.geometry().left() > heading(section).geometry().right())
    section.set_note("")
    assert "2 of 3 clips" not in visible_text(section)


# field row


def test_a_problem_stands_below_its_field(theme: Theme, shown: Show):
    field = TextField(theme, "Seed")
    row = FieldRow(theme, "Seed", field, hint="Empty is new for every take.")
    shown(row)
    hinted = visible_text(row)

    row.set_error("Use a whole number.")
    wrong = (visible_text(row), row.error(), field.property("problem"))
    row.set_error(None)

    assert "Empty is new for every take." in hinted
    assert wrong == (["Seed", "Use a whole number."], "Use a whole number.", True)
    assert (visible_text(row), row.error()) == (hinted, None)


def test_the_sign_of_a_problem_is_more_than_a_colour(theme: Theme, shown: Show):
    row = FieldRow(theme, "Seed", TextField(theme, "Seed"))
    shown(row)

    row.set_error("Use a whole number.")

    signs = [label for label in row.findChildren(QLabel) if label.isVisible() and not label.pixmap().isNull()]
    assert len(signs) == 1


def test_what_a_slider_finds_wrong_is_shown(theme: Theme, shown: Show, qtbot: QtBot):
    control = SliderField(theme, "Speed", minimum=0.5, maximum=2, step=0.01, unit="×")
    row = FieldRow(theme, "Speed", control)
    shown(row)
    line = control.findChild(QLineEdit)

    line.setText("9")
    line.editingFinished.emit()
    wrong = row.error()
    control.set_value(1)

    assert wrong == "Out of range. Use 0.50× to 2.00×."
    assert row.error() is None


def test_what_a_stepper_mended_is_said_until_it_moves(theme: Theme, shown: Show, qtbot: QtBot):
    control = Stepper(theme, "Takes", maximum=4)
    row = FieldRow(theme, "Takes", control, hint="up to 4 a click", stretch=False)
    shown(row)
    line = control.findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "9")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    said = row.error()

    qtbot.keyClick(line, Qt.Key.Key_Down)

    assert said == "9 is out of range. 4 is the highest."
    assert row.error() is None
    assert "up to 4 a click" in visible_text(row)


def test_labels_of_rows_stand_in_one_column(theme: Theme, shown: Show):
    window = QWidget()
    column = QVBoxLayout(window)
    controls = [TextField(theme, "Seed"), TextField(theme, "Language")]
    for name, control in zip(("Seed", "Language"), controls, strict=True):
        column.addWidget(FieldRow(theme, name, control))
    shown(window)

    assert len({control.mapTo(window, control.rect().topLeft()).x() for control in controls}) == 1


# the rest


def test_chips_go_on_in_the_next_line(theme: Theme, qtbot: QtBot):
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(6, window)
    boxes = [QPushButton(str(number)) for number in range(3)]
    for box in boxes:
        box.setFixedSize(50, 20)
        flow.addWidget(box)

    assert flow.heightForWidth(200) == 20
    assert flow.heightForWidth(110) == 46
    boxes[1].hide()
    flow.invalidate()
    assert flow.heightForWidth(110) == 20


def test_lines_follow_the_theme(theme: Theme, shown: Show):
    divider = Divider(theme)
    shown(divider)

    theme.set_scheme(Scheme.LIGHT)
    theme.set_text_scale(2.0)

    assert divider.grab().toImage().pixelColor(5, 0).name().upper() == LIGHT.line
