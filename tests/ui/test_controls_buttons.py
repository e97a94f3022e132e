from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.button import Button
from app.ui.controls.check_box import CheckBox
from app.ui.controls.chip import FilterChip, SuggestionChip
from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.controls.link import LinkButton
from app.ui.controls.primary_button import PrimaryButton, key_hint_text
from app.ui.theme import Scheme, Theme
from app.ui.tokens import DARK, LIGHT
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]

MAKERS: list[Callable[[Theme], QPushButton]] = [
    lambda theme: PrimaryButton(theme, "Generate 3 takes", icon="audio-lines", size="toolbar"),
    lambda theme: Button(theme, "Add credit"),
    lambda theme: GhostButton(theme, "Batch", icon="table-2"),
    lambda theme: IconButton(theme, "play", "Play"),
    lambda theme: LinkButton(theme, "Change category"),
    lambda theme: FilterChip(theme, "Failed"),
    lambda theme: SuggestionChip(theme, "Rain on a window"),
]
ALL_BUTTONS = pytest.mark.parametrize(
    "make", MAKERS, ids=["primary", "button", "ghost", "icon", "link", "filter", "suggestion"]
)


def color_at(widget: QWidget, x: int, y: int) -> str:
    return widget.grab().toImage().pixelColor(x, y).name().upper()


@ALL_BUTTONS
@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_space_and_enter_press_a_button(theme: Theme, qtbot: QtBot, shown: Show, make, key: Qt.Key):
    button = shown(make(theme))

    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


@ALL_BUTTONS
def test_assistive_technology_can_press_a_button(theme: Theme, qtbot: QtBot, shown: Show, make):
    button = shown(make(theme))

    with qtbot.waitSignal(button.toggled if button.isCheckable() else button.clicked):
        accessibility.press(button)

    assert accessibility.name(button)


@ALL_BUTTONS
def test_a_disabled_button_is_not_pressed(theme: Theme, qtbot: QtBot, shown: Show, make):
    button = shown(make(theme))
    button.setEnabled(False)

    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.keyClick(button, Qt.Key.Key_Return)


@ALL_BUTTONS
def test_a_button_can_be_hit(theme: Theme, make, qtbot: QtBot):
    button = make(theme)
    qtbot.addWidget(button)

    assert button.sizeHint().height() >= 24
    assert button.sizeHint().width() >= 24


def test_the_generate_button_says_its_price(theme: Theme, qtbot: QtBot):
    button = PrimaryButton(theme, "Generate 3 takes", size="toolbar")
    qtbot.addWidget(button)
    narrow = button.sizeHint().width()

    button.set_price("about $0.07")
    button.set_key_hint("Ctrl+Return")

    assert accessibility.name(button) == "Generate 3 takes, about $0.07"
    assert button.sizeHint().width() > narrow
    button.setText("Generate 2 takes")
    button.set_price("")
    assert accessibility.name(button) == "Generate 2 takes"


def test_a_shortcut_is_written_as_on_the_keys():
    assert key_hint_text("Ctrl+F") in ("Ctrl F", "⌘F")
    assert "↵" in key_hint_text("Ctrl+Return")


def test_the_primary_button_is_filled_in_every_state(theme: Theme, qtbot: QtBot, shown: Show):
    button = shown(PrimaryButton(theme, "Export 3 files"))
    normal = color_at(button, 6, 4)
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    pressed = color_at(button, 6, 4)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    button.setEnabled(False)
    disabled = color_at(button, 6, 4)
    button.setEnabled(True)
    theme.set_scheme(Scheme.LIGHT)
    light = color_at(button, 6, 4)

    assert (normal, pressed, disabled) == (DARK.accent_fill, DARK.accent_pressed, DARK.field)
    assert light == LIGHT.accent_fill


def test_a_button_lights_up_under_the_pointer(theme: Theme, qtbot: QtBot, shown: Show):
    button = shown(Button(theme, "Replace"))
    before = color_at(button, 6, 4)

    qtbot.mouseMove(button, QPoint(8, 8))
    qtbot.waitUntil(button.underMouse)

    assert (before, color_at(button, 6, 4)) == (DARK.field, DARK.raised)


def test_a_warning_button_is_outlined_as_one(theme: Theme, qtbot: QtBot, shown: Show):
    button = shown(Button(theme, "Submit anew", tone="warn"))

    assert color_at(button, button.width() // 2, 0) == DARK.warn


def test_an_icon_button_has_a_name_and_says_it_in_its_tooltip(theme: Theme, qtbot: QtBot):
    button = IconButton(theme, "repeat", "Loop", checkable=True)
    qtbot.addWidget(button)

    assert (accessibility.name(button), button.toolTip()) == ("Loop", "Loop")
    button.set_name("Play once", "Stops at the end")
    assert (accessibility.name(button), button.toolTip()) == ("Play once", "Stops at the end")


def test_a_checked_icon_button_is_tinted(theme: Theme, qtbot: QtBot, shown: Show):
    button = shown(IconButton(theme, "repeat", "Loop", checkable=True))

    button.setChecked(True)

    assert color_at(button, 3, 14) == DARK.accent_tint


def test_a_filter_tells_its_count(theme: Theme, qtbot: QtBot, shown: Show):
    chip = shown(FilterChip(theme, "All"))
    chip.set_count(1284)

    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    assert chip.isChecked()
    assert accessibility.name(chip) == "All 1,284"
    assert accessibility.interface(chip).state().checked
    assert color_at(chip, 12, 3) == DARK.raised


def test_an_empty_filter_can_still_be_chosen(theme: Theme, qtbot: QtBot, shown: Show):
    chip = shown(FilterChip(theme, "Failed"))
    chip.set_count(0)

    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    assert chip.isChecked()


def test_needs_you_is_only_there_when_something_does(theme: Theme, qtbot: QtBot):
    parent = QWidget()
    qtbot.addWidget(parent)
    chip = FilterChip(theme, "Needs you", icon="circle-question-mark", needs_you=True, parent=parent)
    seen = [chip.isVisibleTo(parent)]

    for count in (2, 0):
        chip.set_count(count)
        seen.append(chip.isVisibleTo(parent))

    assert seen == [False, True, False]


def test_a_filter_keeps_its_width_when_chosen(theme: Theme, qtbot: QtBot):
    chip = FilterChip(theme, "Pending")
    qtbot.addWidget(chip)
    before = chip.sizeHint()

    chip.setChecked(True)

    assert chip.sizeHint() == before


def test_a_box_is_ticked_by_its_words_and_by_space(theme: Theme, qtbot: QtBot, shown: Show):
    box = shown(CheckBox(theme, "Mark as made with AI"))

    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 4, box.height() // 2))

    assert box.isChecked()
    assert accessibility.name(box) == "Mark as made with AI"


def test_a_wrong_box_is_outlined(theme: Theme, qtbot: QtBot, shown: Show):
    box = shown(CheckBox(theme, "One"))
    calm = QColor(color_at(box, 8, 5))

    box.set_error("Choose one.")

    wrong = QColor(color_at(box, 8, 5))
    assert wrong.red() - wrong.blue() > 80 > calm.red() - calm.blue()


def test_the_roles_are_what_they_look_like(theme: Theme, qtbot: QtBot):
    made = {
        Button(theme, "Replace"): QAccessible.Role.Button,
        GhostButton(theme, "Match loudness", checkable=True): QAccessible.Role.CheckBox,
        CheckBox(theme, "One"): QAccessible.Role.CheckBox,
    }
    for widget in made:
        qtbot.addWidget(widget)

    assert {widget: accessibility.role(widget) for widget in made} == made
