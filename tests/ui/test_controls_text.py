from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.controls.text_area import TextArea
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme
from app.ui.tokens import DARK
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]


@pytest.mark.parametrize("make", [TextField, TextArea, SearchField])
def test_a_field_is_named_by_its_label(theme: Theme, qtbot: QtBot, make):
    field = make(theme, "Seed")
    qtbot.addWidget(field)

    assert accessibility.name(field) == "Seed"


@pytest.mark.parametrize("make", [TextField, TextArea])
def test_a_wrong_field_is_outlined_until_it_is_mended(theme: Theme, qtbot: QtBot, shown: Show, make):
    field = make(theme, "Seed")
    window = QWidget()
    field.setParent(window)
    field.resize(120, 40)
    shown(window)
    window.setFocus()

    def outline() -> str:
        return field.grab().toImage().pixelColor(60, 0).name().upper()

    calm = outline()
    field.set_error("Use a whole number.")
    wrong = outline()
    field.set_error(None)

    assert (calm, wrong, outline()) == (DARK.line_field, DARK.err, DARK.line_field)


def test_a_secret_is_not_shown(theme: Theme, qtbot: QtBot):
    field = TextField(theme, "Key", secret=True)
    qtbot.addWidget(field)

    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_tab_leaves_the_text_area(theme: Theme, qtbot: QtBot, shown: Show):
    window = QWidget()
    area = TextArea(theme, "Prompt", parent=window)
    after = QPushButton("after", window)
    shown(window)
    area.setFocus()

    qtbot.keyClick(area, Qt.Key.Key_Tab)

    assert after.hasFocus()
    assert area.toPlainText() == ""


def test_a_search_waits_for_the_last_letter(theme: Theme, qtbot: QtBot, shown: Show):
    field = SearchField(theme, "Search tasks", pause_ms=20)
    shown(field)
    seen: list[str] = []
    field.searched.connect(seen.append)

    qtbot.keyClicks(field, "rain ")
    qtbot.waitUntil(lambda: bool(seen))

    assert seen == ["rain"]


def test_enter_searches_at_once_and_only_once(theme: Theme, qtbot: QtBot, shown: Show):
    field = SearchField(theme, "Search tasks", pause_ms=60_000)
    shown(field)
    seen: list[str] = []
    field.searched.connect(seen.append)

    qtbot.keyClicks(field, "door")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert seen == ["door"]


@pytest.mark.parametrize("how", ["escape", "cross"])
def test_clearing_finds_everything_again(theme: Theme, qtbot: QtBot, shown: Show, how: str):
    field = SearchField(theme, "Search tasks", pause_ms=60_000)
    shown(field)
    cross = field.findChild(QPushButton)
    field.setText("door")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert cross.isVisible()

    with qtbot.waitSignal(field.searched) as told:
        if how == "escape":
            qtbot.keyClick(field, Qt.Key.Key_Escape)
        else:
            qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)

    assert told.args == [""]
    assert not cross.isVisible()


def test_a_cut_label_is_whole_in_its_tooltip(theme: Theme, qtbot: QtBot, shown: Show):
    words = "A fishing boat in a storm at night"
    label = Label(theme, words, elide=True)
    label.setFixedWidth(60)
    shown(label)
    label.grab()
    cut = label.toolTip()
    label.setFixedWidth(400)
    label.grab()

    assert (cut, label.toolTip()) == (words, "")
    assert accessibility.name(label) == words


def test_a_wrapped_label_is_as_high_as_its_lines(theme: Theme, qtbot: QtBot):
    label = Label(theme, "one two three four five six", font="body", wrap=True)
    qtbot.addWidget(label)

    assert label.heightForWidth(2000) == 18
    assert label.heightForWidth(60) % 18 == 0
    assert label.heightForWidth(60) > 18


def test_a_label_can_change_its_colour(theme: Theme, qtbot: QtBot, shown: Show):
    label = Label(theme, "██████", font="title", role="text")
    shown(label)
    label.set_role("err")

    image = label.grab().toImage()
    colors = {image.pixelColor(x, image.height() // 2).name().upper() for x in range(image.width())}
    assert DARK.err in colors
    assert DARK.text not in colors


def test_a_text_that_a_screen_reader_puts_in_counts_as_typed_and_one_of_the_program_does_not(
    theme: Theme, shown: Show, qtbot: QtBot
):
    field = TextField(theme, "Seed")
    other = QLineEdit()
    window = QWidget()
    field.setParent(window)
    other.setParent(window)
    shown(window)
    other.setFocus()
    finished = []
    field.editingFinished.connect(lambda: finished.append(field.text()))

    field.setText("7")
    accessibility.interface(field).editableTextInterface().replaceText(0, 1, "42")

    assert finished[-1:] == ["42"]
    assert "7" not in finished


def test_the_first_click_into_a_short_value_selects_it_and_the_second_places_the_cursor(
    theme: Theme, shown: Show, qtbot: QtBot
):
    field = TextField(theme, "Length", text="0:04.0", selects_on_click=True)
    other = QLineEdit()
    window = QWidget()
    field.setParent(window)
    other.setParent(window)
    field.resize(120, 28)
    other.move(0, 60)
    shown(window)
    other.setFocus()

    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    first = field.selectedText()
    qtbot.wait(QApplication.doubleClickInterval() + 10)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)

    assert (first, field.selectedText()) == ("0:04.0", "")
