from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.label import Label
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.theme import Theme
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]


@pytest.fixture
def window(shown: Show) -> Iterator[QWidget]:
    window = QWidget()
    window.resize(800, 600)
    shown(window)
    yield window
    window.close()


def opened(dialog: Dialog, qtbot: QtBot) -> Dialog:
    with qtbot.waitExposed(dialog):
        dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def button(dialog: Dialog, words: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if words in (b.text(), b.accessibleName()))


def test_the_primary_button_stands_at_the_right_end(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Export 3 takes", parent=window)
    dialog.add_button("Export 3 files", primary=True)
    dialog.add_button("Cancel", safe=True)
    dialog.add_button("Preview")
    opened(dialog, qtbot)

    order = sorted(("Export 3 files", "Cancel", "Preview"), key=lambda words: button(dialog, words).x())

    assert order == ["Cancel", "Preview", "Export 3 files"]


@pytest.mark.parametrize("how", ["escape", "cross", "window manager"])
def test_leaving_makes_the_safe_choice(theme: Theme, window: QWidget, qtbot: QtBot, how: str):
    dialog = Dialog(theme, "Did the service take this request?", parent=window)
    anew = dialog.add_button("Submit anew", tone="warn")
    later = dialog.add_button("Decide later", safe=True)
    pressed: list[str] = []
    anew.clicked.connect(lambda: pressed.append("anew"))
    later.clicked.connect(lambda: (pressed.append("later"), dialog.reject()))
    opened(dialog, qtbot)

    if how == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    elif how == "cross":
        qtbot.mouseClick(button(dialog, "Close"), Qt.MouseButton.LeftButton)
    else:
        dialog.close()

    assert pressed == ["later"]
    assert not dialog.isVisible()


def test_without_a_safe_button_leaving_rejects(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = opened(Dialog(theme, "About", parent=window), qtbot)

    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


def test_opening_does_not_wait_and_blocks_the_window(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = opened(Dialog(theme, "About", parent=window), qtbot)

    assert dialog.isModal()
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
    dialog.reject()


def test_the_reason_stands_beside_a_closed_primary_button(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Export", parent=window)
    export = dialog.add_button("Export 3 files", primary=True)
    dialog.set_footer_note("The takes in the library stay as they are.")
    opened(dialog, qtbot)

    def words() -> list[str]:
        return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]

    dialog.set_primary_enabled(False, "Choose a folder first.")
    closed = (export.isEnabled(), "Choose a folder first." in words())
    dialog.set_primary_enabled(True)

    assert closed == (False, True)
    assert export.isEnabled()
    assert "The takes in the library stay as they are." in words()
    dialog.reject()


def test_enter_in_a_field_presses_the_primary_button(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Export", parent=window)
    name = TextField(theme, "Name")
    dialog.body.addWidget(name)
    dialog.add_button("Cancel", safe=True)
    export = dialog.add_button("Export", primary=True)
    opened(dialog, qtbot)

    with qtbot.waitSignal(export.clicked):
        qtbot.keyClick(name, Qt.Key.Key_Return)
    dialog.reject()


def test_a_question_opens_on_its_safe_button(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Did it?", icon="circle-question-mark", parent=window)
    dialog.add_button("Submit anew", tone="warn")
    later = dialog.add_button("Decide later", safe=True)
    opened(dialog, qtbot)

    assert dialog.focusWidget() is later
    dialog.reject()


def test_a_form_opens_on_its_first_field(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Export", parent=window)
    name = TextField(theme, "Name")
    dialog.body.addWidget(name)
    dialog.add_button("Cancel", safe=True)
    opened(dialog, qtbot)

    assert dialog.focusWidget() is name
    assert isinstance(dialog.focusWidget(), QLineEdit)
    dialog.reject()


def test_a_dialog_is_one_and_says_its_title(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = opened(Dialog(theme, "Export 3 takes", parent=window), qtbot)

    assert accessibility.role(dialog) == QAccessible.Role.Dialog
    assert (accessibility.name(dialog), dialog.windowTitle()) == ("Export 3 takes", "Export 3 takes")
    dialog.reject()


def test_a_dialog_can_be_opened_again(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "Export", parent=window)
    cancel = dialog.add_button("Cancel", safe=True)
    cancel.clicked.connect(dialog.reject)
    results: list[int] = []
    dialog.finished.connect(results.append)
    for _ in range(2):
        opened(dialog, qtbot)
        dialog.close()

    assert results == [QDialog.DialogCode.Rejected] * 2


def test_wrapped_words_are_whole_and_wide_dialogs_fit_a_small_screen_with_large_text(
    theme: Theme, window: QWidget, qtbot: QtBot
):
    theme.set_text_scale(1.5)
    dialog = Dialog(theme, "A question", subtitle="Many words about it. " * 8, width=2_000, parent=window)
    labels = [Label(theme, "What it means for your money, in some detail. " * 6, wrap=True) for _ in range(2)]
    for label in labels:
        dialog.body.addWidget(label)

    opened(dialog, qtbot)

    assert dialog.width() <= dialog.screen().availableGeometry().width()
    assert [label.height() >= label.heightForWidth(label.width()) for label in labels] == [True, True]


def test_where_enter_goes_is_seen_as_soon_as_a_dialog_opens(theme: Theme, window: QWidget, qtbot: QtBot):
    dialog = Dialog(theme, "A question", parent=window)
    later = dialog.add_button("Decide later", safe=True)

    opened(dialog, qtbot)

    assert later.hasFocus()
    ring = dialog.findChild(QWidget, "focusRing")
    assert ring is not None
    assert ring.isVisible()
    assert ring.geometry().contains(later.mapTo(dialog, later.rect().center()))
