from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.choice import Choice, ChoiceOption
from app.ui.controls.segmented import Segment, SegmentedControl
from app.ui.theme import Theme
from app.ui.tokens import DARK
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]

FORMATS = [("mp3", "MP3"), ("ogg", "OGG"), ("wav", "WAV"), ("flac", "FLAC")]
RATES = [("48000", "48,000 Hz"), ("44100", "44,100 Hz"), ("22050", "22,050 Hz")]


def segment(control: SegmentedControl, text: str) -> QPushButton:
    return next(button for button in control.findChildren(QPushButton) if button.accessibleName() == text)


@pytest.fixture
def formats(theme: Theme, shown: Show) -> SegmentedControl:
    control = SegmentedControl(theme, "Format", FORMATS)
    control.set_value("mp3")
    shown(control)
    return control


@pytest.fixture
def rates(theme: Theme, shown: Show) -> Choice:
    choice = Choice(theme, "Sample rate", RATES)
    choice.set_value("48000")
    shown(choice)
    return choice


# segments


def test_a_click_takes_a_segment_and_leaves_the_other(formats: SegmentedControl, qtbot: QtBot):
    with qtbot.waitSignal(formats.changed) as told:
        qtbot.mouseClick(segment(formats, "WAV"), Qt.MouseButton.LeftButton)

    assert told.args == ["wav"]
    assert formats.value() == "wav"
    assert not segment(formats, "MP3").isChecked()


def test_the_taken_segment_can_be_clicked_in_vain(formats: SegmentedControl, qtbot: QtBot):
    with qtbot.assertNotEmitted(formats.changed):
        qtbot.mouseClick(segment(formats, "MP3"), Qt.MouseButton.LeftButton)

    assert formats.value() == "mp3"


def test_arrows_step_over_closed_segments_and_stop_at_the_end(formats: SegmentedControl, qtbot: QtBot):
    formats.set_option_enabled("ogg", False, "This model makes no OGG. Convert at export.")
    segment(formats, "MP3").setFocus()
    seen: list[str] = []
    formats.changed.connect(seen.append)

    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)

    assert seen == ["wav", "flac", "wav"]
    assert QApplication.focusWidget() is segment(formats, "WAV")


def test_tab_stops_once(theme: Theme, shown: Show, qtbot: QtBot):
    window = QWidget()
    control = SegmentedControl(theme, "Format", FORMATS, parent=window)
    after = QPushButton("after", window)
    control.set_value("wav")
    shown(window)
    control.setFocus()
    first = QApplication.focusWidget()

    qtbot.keyClick(first, Qt.Key.Key_Tab)

    assert first is segment(control, "WAV")
    assert QApplication.focusWidget() is after


def test_the_program_sets_a_segment_silently(formats: SegmentedControl, qtbot: QtBot):
    with qtbot.assertNotEmitted(formats.changed):
        formats.set_value("flac")
        formats.set_value(None)

    assert formats.value() is None
    with pytest.raises(KeyError):
        formats.set_value("aac")


def test_after_nothing_was_taken_a_segment_can_be_taken_again(formats: SegmentedControl, qtbot: QtBot):
    formats.set_value(None)

    with qtbot.waitSignal(formats.changed):
        qtbot.mouseClick(segment(formats, "MP3"), Qt.MouseButton.LeftButton)

    qtbot.mouseClick(segment(formats, "OGG"), Qt.MouseButton.LeftButton)
    assert formats.value() == "ogg"


def test_new_options_keep_the_taken_one_where_they_can(formats: SegmentedControl):
    formats.set_option_enabled("mp3", True)
    formats.set_options([("wav", "WAV"), ("mp3", "MP3")])
    kept = formats.value()
    formats.set_options([("wav", "WAV")])

    assert (kept, formats.value(), formats.keys()) == ("mp3", None, ("wav",))


def test_a_closed_segment_says_why(formats: SegmentedControl, qtbot: QtBot):
    reason = "This model makes no FLAC. Convert at export."
    formats.set_option_enabled("flac", False, reason)
    closed = segment(formats, "FLAC")

    middle = closed.rect().center()
    QApplication.sendEvent(closed, QHelpEvent(QEvent.Type.ToolTip, middle, closed.mapToGlobal(middle)))

    assert QToolTip.text() == reason
    QToolTip.hideText()


def test_segments_are_radio_buttons_that_assistive_technology_can_press(formats: SegmentedControl, qtbot: QtBot):
    ogg = segment(formats, "OGG")

    with qtbot.waitSignal(formats.changed) as told:
        accessibility.press(ogg)

    assert told.args == ["ogg"]
    assert accessibility.role(ogg) == QAccessible.Role.RadioButton
    assert accessibility.interface(ogg).state().checked
    assert (accessibility.name(formats), accessibility.description(ogg)) == ("Format", "Format")


def test_a_segment_without_words_is_still_named(theme: Theme, qtbot: QtBot):
    control = SegmentedControl(theme, "View", [Segment("wave", "", "audio-waveform", "Waveform")])
    qtbot.addWidget(control)

    assert accessibility.name(segment(control, "Waveform")) == "Waveform"
    assert segment(control, "Waveform").toolTip() == "Waveform"


def test_wrong_segments_are_outlined(formats: SegmentedControl):
    formats.set_error("This model makes no MP3.")

    assert formats.grab().toImage().pixelColor(40, 0).name().upper() == DARK.err


# the drop-down


def menu_of(choice: Choice) -> QMenu:
    return choice.findChild(QMenu)


def test_a_click_opens_the_menu_with_the_taken_entry_marked(rates: Choice, qtbot: QtBot):
    qtbot.mouseClick(rates, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(menu_of(rates).isVisible)

    assert menu_of(rates).activeAction().text() == "48,000 Hz"
    assert [action.isChecked() for action in rates.menu_actions()] == [True, False, False]
    menu_of(rates).hide()


def test_keys_open_the_menu_and_take_an_entry(rates: Choice, qtbot: QtBot):
    rates.setFocus()
    qtbot.keyClick(rates, Qt.Key.Key_Down)
    qtbot.waitUntil(menu_of(rates).isVisible)

    with qtbot.waitSignal(rates.changed) as told:
        qtbot.keyClick(menu_of(rates), Qt.Key.Key_Down)
        qtbot.keyClick(menu_of(rates), Qt.Key.Key_Return)

    assert told.args == ["44100"]
    assert not menu_of(rates).isVisible()


def test_escape_takes_nothing(rates: Choice, qtbot: QtBot):
    rates.open_menu()

    with qtbot.assertNotEmitted(rates.changed):
        qtbot.keyClick(menu_of(rates), Qt.Key.Key_Escape)

    assert rates.value() == "48000"


def test_an_entry_can_be_pressed_through_accessibility(rates: Choice, qtbot: QtBot):
    accessibility.press(rates)
    qtbot.waitUntil(menu_of(rates).isVisible)
    entries = accessibility.interface(menu_of(rates))
    wanted = next(
        entries.child(place)
        for place in range(entries.childCount())
        if entries.child(place).text(QAccessible.Text.Name) == "22,050 Hz"
    )

    with qtbot.waitSignal(rates.changed) as told:
        actions = wanted.actionInterface()
        actions.doAction(actions.actionNames()[0])

    assert told.args == ["22050"]
    menu_of(rates).hide()


def test_the_name_is_the_label_and_the_description_what_is_taken(rates: Choice):
    before = (accessibility.name(rates), accessibility.description(rates))

    rates.set_value("22050")

    assert before == ("Sample rate", "48,000 Hz")
    assert accessibility.description(rates) == "22,050 Hz"


def test_the_program_takes_an_entry_silently(rates: Choice, qtbot: QtBot):
    with qtbot.assertNotEmitted(rates.changed):
        rates.set_value("44100")
        rates.set_options([("44100", "44,100 Hz")])

    assert rates.value() == "44100"
    with pytest.raises(KeyError):
        rates.set_value("48000")


def test_a_vanished_entry_leaves_the_placeholder(theme: Theme, qtbot: QtBot):
    choice = Choice(theme, "Voice", [("a", "Alto")], placeholder="Choose a voice")
    qtbot.addWidget(choice)
    choice.set_value("a")

    choice.set_options([("b", "Bass")])

    assert (choice.value(), choice.current_text()) == (None, "Choose a voice")


def test_entries_stand_under_their_group_and_say_why_they_are_closed(theme: Theme, qtbot: QtBot):
    choice = Choice(
        theme,
        "Model",
        [
            ChoiceOption("sketch", "Sketch", group="Built-in"),
            ChoiceOption("seed", "Seed Audio", group="Runware", enabled=False, reason="Runware needs a key."),
        ],
    )
    qtbot.addWidget(choice)
    words = [action.text() for action in menu_of(choice).actions() if not action.isSeparator()]

    assert words == ["Built-in", "Sketch", "Runware", "Seed Audio"]
    closed = choice.menu_actions()[1]
    assert (closed.isEnabled(), closed.toolTip()) == (False, "Runware needs a key.")


def test_an_ampersand_is_a_letter(theme: Theme, qtbot: QtBot):
    choice = Choice(theme, "Voice", [("rb", "R&B")])
    qtbot.addWidget(choice)

    assert choice.menu_actions()[0].text() == "R&&B"


def test_without_entries_no_menu_opens(theme: Theme, shown: Show, qtbot: QtBot):
    choice = Choice(theme, "Voice")
    shown(choice)

    choice.open_menu()

    assert not menu_of(choice).isVisible()


def test_a_wrong_choice_is_outlined(rates: Choice):
    rates.set_error("Choose another rate.")

    assert rates.grab().toImage().pixelColor(rates.rect().center().x(), 0).name().upper() == DARK.err


def test_hundreds_of_entries_scroll_in_one_column(theme: Theme, shown: Show):
    choice = Choice(theme, "Voice", [(str(number), f"Voice {number}") for number in range(200)])
    shown(choice)

    choice.open_menu()
    menu = next(menu for menu in choice.findChildren(QMenu) if menu.isVisible())

    lefts = {menu.actionGeometry(action).left() for action in menu.actions()}
    menu.close()
    assert len(lefts) == 1
