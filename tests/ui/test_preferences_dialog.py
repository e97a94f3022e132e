"""Settings take effect at once; keys and limits are one press away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget

from app.storage.settings import Settings
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.text_field import TextField
from app.ui.preferences_dialog import PreferencesDialog

CLIPS = Path("/home/ann/Cuesmith/Clips")


class Opened:
    def __init__(self, theme, qtbot) -> None:
        self._home = QWidget()
        qtbot.addWidget(self._home)
        self._home.show()
        self.dialog = PreferencesDialog(theme, Settings(), Path("/library/takes"), CLIPS, self._home)
        self.settings: list[Settings] = []
        self.dialog.changed.connect(self.settings.append)
        self.dialog.open()
        QApplication.processEvents()

    def field(self, name: str) -> TextField:
        return next(each for each in self.dialog.findChildren(TextField) if each.accessibleName() == name)

    def button(self, text: str) -> QAbstractButton:
        return next(each for each in self.dialog.findChildren(QAbstractButton) if each.text() == text)

    def texts(self) -> list[str]:
        return [label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def opened(theme, qtbot):
    made = Opened(theme, qtbot)
    yield made
    made.dialog.done(0)


def test_the_appearance_changes_at_once(opened):
    control = opened.dialog.findChild(SegmentedControl)

    next(each for each in control.findChildren(QAbstractButton) if each.text() == "Light").click()

    assert opened.settings[-1].theme == "light"


def test_the_text_size_is_typed_in_percent(opened):
    field = opened.field("Text size")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "150")
    QTest.keyClick(field, Qt.Key.Key_Tab)

    assert opened.settings[-1].text_scale == 1.5


def test_enter_takes_the_text_size_over_and_leaves_the_dialog_open(opened):
    field = opened.field("Text size")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "150")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert opened.settings[-1].text_scale == 1.5
    assert opened.dialog.isVisible()


def test_less_motion_can_be_asked_for(opened):
    opened.button("Reduce motion").toggle()

    assert opened.settings[-1].reduce_motion is True


def test_keys_and_limits_have_a_dialog_of_their_own(opened, qtbot):
    with qtbot.waitSignal(opened.dialog.services_wanted):
        opened.button("Open services and keys").click()

    assert not opened.dialog.isVisible()


def test_it_tells_where_the_takes_are(opened):
    assert str(Path("/library/takes")) in opened.texts()


def test_another_folder_for_clips_is_chosen_and_left_again(opened, tmp_path):
    assert any(text.startswith(str(CLIPS)) for text in opened.texts())

    opened.button("Choose a folder").click()
    (picker,) = opened.dialog.findChildren(QFileDialog)
    assert picker.testOption(QFileDialog.Option.DontUseNativeDialog)
    picker.fileSelected.emit(str(tmp_path))
    picker.reject()
    assert opened.settings[-1].clips_folder == tmp_path
    assert any(text.startswith(str(tmp_path)) for text in opened.texts())

    opened.button("Use the usual one").click()
    assert opened.settings[-1].clips_folder is None
    assert any(text.startswith(str(CLIPS)) for text in opened.texts())
