"""Keys do what the table says, and single ones never while somebody types."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.controls.search_field import SearchField
from app.ui.shortcut_sheet import ShortcutSheet
from app.ui.shortcuts import BINDINGS, Deed, Shortcuts


class Desk(QWidget):
    """A window with something to type in, something to press, and neither."""

    def __init__(self, theme) -> None:
        super().__init__()
        self.done: list[tuple[Deed, int]] = []
        self.field, self.button, self.plain = QLineEdit(), QPushButton("Press"), QWidget()
        self.search = SearchField(theme, "Search")
        self.presses = 0
        self.button.clicked.connect(self._press)
        self.plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        for widget in (self.field, self.search, self.button, self.plain):
            column.addWidget(widget)
        self.cannot: set[Deed] = set()
        self.shortcuts = Shortcuts(
            self, lambda deed, number: self.done.append((deed, number)), lambda deed: deed not in self.cannot
        )

    def _press(self) -> None:
        self.presses += 1

    def type(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifier)


@pytest.fixture
def desk(theme, shown):
    made = shown(Desk(theme))
    made.plain.setFocus()
    yield made
    QApplication.instance().removeEventFilter(made.shortcuts)


def test_no_two_deeds_have_the_same_keys():
    keys = Counter(QKeySequence(binding.keys).toString() for binding in BINDINGS)

    assert [each for each, count in keys.items() if count > 1] == []


def test_every_key_of_the_table_is_one_that_qt_knows():
    for binding in BINDINGS:
        sequence = QKeySequence(binding.keys)
        assert sequence.count() == 1
        assert sequence[0].key() != Qt.Key.Key_unknown


def test_every_deed_has_a_key():
    assert {binding.deed for binding in BINDINGS} == set(Deed)


@pytest.mark.parametrize(
    ("key", "deed"),
    [
        (Qt.Key.Key_Space, (Deed.PLAY, 0)),
        (Qt.Key.Key_3, (Deed.TAKE, 3)),
        (Qt.Key.Key_F, (Deed.FAVOURITE, 0)),
        (Qt.Key.Key_Delete, (Deed.DELETE, 0)),
        (Qt.Key.Key_0, (Deed.ZOOM_FIT, 0)),
        (Qt.Key.Key_M, (Deed.MATCH, 0)),
        (Qt.Key.Key_B, (Deed.BLIND, 0)),
        (Qt.Key.Key_C, (Deed.MONITOR, 0)),
    ],
)
def test_single_keys_act_while_nobody_types(desk, key, deed):
    desk.type(key)

    assert desk.done == [deed]


def test_single_keys_write_while_somebody_types(desk):
    desk.field.setFocus()

    for key in (Qt.Key.Key_Space, Qt.Key.Key_3, Qt.Key.Key_F, Qt.Key.Key_0, Qt.Key.Key_Delete):
        desk.type(key)

    assert desk.done == []
    assert desk.field.text() == " 3f0"


def test_keys_with_ctrl_act_also_while_somebody_types(desk):
    desk.field.setFocus()

    desk.type(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert desk.done == [(Deed.GENERATE, 0)]


def test_ctrl_alt_rates_but_never_instead_of_a_sign_that_is_typed(desk):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    desk.type(Qt.Key.Key_4, both)
    desk.field.setFocus()
    desk.type(Qt.Key.Key_4, both)

    assert desk.done == [(Deed.RATING, 4)]


def test_a_button_reached_by_keyboard_is_pressed_by_space(desk):
    desk.button.setFocus(Qt.FocusReason.TabFocusReason)

    desk.type(Qt.Key.Key_Space)

    assert (desk.presses, desk.done) == (1, [])


def test_space_after_a_click_plays_and_does_not_press_again(desk):
    desk.button.setFocus(Qt.FocusReason.MouseFocusReason)

    desk.type(Qt.Key.Key_Space)

    assert (desk.presses, desk.done) == (0, [(Deed.PLAY, 0)])


def test_a_key_that_is_held_down_acts_once(desk):
    for is_repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", is_repeated)
        QApplication.sendEvent(desk.plain, event)

    assert desk.done == [(Deed.PLAY, 0)]


def test_escape_leaves_a_field_but_clears_a_search_first(desk):
    desk.search.setFocus()
    desk.search.setText("rain")

    desk.type(Qt.Key.Key_Escape)
    assert (desk.search.text(), desk.done) == ("", [])
    desk.type(Qt.Key.Key_Escape)

    assert desk.done == [(Deed.STOP, 0)]


def test_another_window_keeps_its_keys(desk, shown):
    other = QLineEdit()
    shown(other)
    other.setReadOnly(True)

    QTest.keyClick(other, Qt.Key.Key_Space)

    assert desk.done == []


@pytest.mark.parametrize(
    ("modifiers", "text", "deed"),
    [
        (Qt.KeyboardModifier.NoModifier, "[", Deed.TRIM_START),
        (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier, "[", Deed.TRIM_START),
        (Qt.KeyboardModifier.ShiftModifier, "]", Deed.TRIM_END),
    ],
    ids=["US", "AltGr on Windows", "with Shift"],
)
def test_a_bracket_is_a_key_however_the_keyboard_types_it(desk, modifiers, text, deed):
    key = Qt.Key.Key_BracketLeft if text == "[" else Qt.Key.Key_BracketRight
    QApplication.sendEvent(desk.plain, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))

    assert desk.done == [(deed, 0)]


def test_a_key_whose_deed_cannot_be_done_is_left_to_the_widget(desk):
    desk.cannot = {Deed.PICK}
    desk.button.setDefault(True)
    desk.button.setFocus(Qt.FocusReason.TabFocusReason)
    desk.type(Qt.Key.Key_Return)
    assert (desk.presses, desk.done) == (1, [])

    desk.cannot = set()
    desk.plain.setFocus()
    desk.type(Qt.Key.Key_Return)

    assert desk.done == [(Deed.PICK, 0)]


def test_return_presses_the_button_that_has_the_focus_before_it_picks(desk):
    desk.button.setDefault(True)
    desk.button.setFocus(Qt.FocusReason.TabFocusReason)

    desk.type(Qt.Key.Key_Return)

    assert (desk.presses, desk.done) == (1, [])


def sheet_labels(theme, qtbot, known):
    sheet = ShortcutSheet(theme, known)
    qtbot.addWidget(sheet)
    return sheet, [label.text() for label in sheet.findChildren(QLabel)]


def test_the_sheet_shows_every_deed_in_groups(theme, qtbot):
    _, shown = sheet_labels(theme, qtbot, set(Deed))

    assert {deed.value for deed in Deed} <= set(shown)
    assert {"1 to 9", "Ctrl+Alt+0 to 5", "F1 or Ctrl+/"} <= set(shown)
    assert shown.index("Compare takes") < shown.index(Deed.BLIND.value) < shown.index("Generate")


def test_the_sheet_leaves_out_what_the_window_cannot_do(theme, qtbot):
    _, shown = sheet_labels(theme, qtbot, {Deed.PLAY, Deed.QUIT})

    assert Deed.SPECTROGRAM.value not in shown
    assert "Compare takes" not in shown
    assert {"Listen", Deed.PLAY.value, Deed.QUIT.value} <= set(shown)


def test_the_sheet_fits_on_the_smallest_screen(theme, qtbot):
    sheet, _ = sheet_labels(theme, qtbot, set(Deed))

    assert sheet.layout().totalHeightForWidth(984) <= 640
