"""A voice is found, heard and marked in the list, or named by its id where there is no list."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain import errors
from app.domain.model_spec import Kind, ModelSpec
from app.domain.voice import Voice
from app.engine.voice_library import search
from app.ui.controls.search_field import SearchField
from app.ui.item_models.voices import VoiceItemModel
from app.ui.voice_chooser import VoiceChooser
from app.ui.voice_trouble import WhyNoVoices
from tests.ui.request_world import button, texts

SPEECH = ModelSpec("acme", "speech", "Speech", (Kind.SPEECH,), has_voices=True, default_voice="anna")
OPEN = replace(SPEECH, takes_any_voice=True)
ANNA = Voice("anna", "Anna", "acme", ("en-GB",), "female", "warm", "https://clips.example/anna.wav")
BERT = Voice("bert", "Bert", "acme", ("de-DE",), "male", "deep")
CARL = Voice("carl", "Carl", "acme", ("en-US",), "male", "rough")
VOICES = (ANNA, BERT, CARL)
NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def chooser(theme, shown) -> VoiceChooser:
    made = VoiceChooser(theme, search)
    made.resize(312, 400)
    made.show_chosen(SPEECH, "anna")
    made.show_voices(VOICES, NOBODY)
    return shown(made)


def names(chooser: VoiceChooser) -> list[str]:
    items = chooser.list.items
    return [items.index(row).data() for row in range(items.rowCount())]


def spot(chooser: VoiceChooser, row: int, *, from_right: int | None = None, from_left: int = 0) -> QPoint:
    rect = chooser.list.visualRect(chooser.list.items.index(row))
    x = rect.right() - from_right if from_right is not None else rect.left() + from_left
    return QPoint(x, rect.center().y())


def click(chooser: VoiceChooser, where: QPoint) -> None:
    QTest.mouseClick(chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=where)


def spoken(chooser: VoiceChooser, row: int) -> str:
    return chooser.list.items.index(row).data(Qt.ItemDataRole.AccessibleTextRole)


# Favourites


def test_favourites_stand_first_and_else_the_order_is_that_of_the_service(chooser):
    chooser.show_voices(VOICES, frozenset({"carl", "unknown"}))

    assert names(chooser) == ["Carl", "Anna", "Bert"]
    assert spoken(chooser, 0) == "Carl, favourite, en-US · male · rough"


def test_the_star_marks_a_voice_without_choosing_it(chooser, qtbot):
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)

    with qtbot.waitSignal(chooser.favourite_wanted) as wanted:
        click(chooser, spot(chooser, 1, from_right=8))

    assert wanted.args == ["bert", True]
    assert chosen == []


def test_the_star_of_a_favourite_takes_the_mark_away(chooser, qtbot):
    chooser.show_favourites(frozenset({"bert"}))

    with qtbot.waitSignal(chooser.favourite_wanted) as wanted:
        click(chooser, spot(chooser, 1, from_right=8))

    assert wanted.args == ["bert", False]


def test_f_marks_the_chosen_voice(chooser, qtbot):
    chooser.list.setFocus()
    QTest.keyClick(chooser.list, Qt.Key.Key_Down)

    with qtbot.waitSignal(chooser.favourite_wanted) as wanted:
        QTest.keyClick(chooser.list, Qt.Key.Key_F)

    assert wanted.args == ["bert", True]


def test_a_voice_that_is_marked_stays_where_it_is_until_the_list_is_shown_anew(chooser):
    chooser.show_favourites(frozenset({"carl"}))
    assert names(chooser) == ["Anna", "Bert", "Carl"]

    chooser.filters.changed.emit()

    assert names(chooser) == ["Carl", "Anna", "Bert"]


# Hearing


def test_the_play_button_and_enter_ask_for_a_sample(chooser, qtbot):
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)

    with qtbot.waitSignal(chooser.sample_wanted) as by_mouse:
        click(chooser, spot(chooser, 0, from_left=14))
    chooser.list.setFocus()
    with qtbot.waitSignal(chooser.sample_wanted) as by_key:
        QTest.keyClick(chooser.list, Qt.Key.Key_Return)

    assert by_mouse.args == [ANNA]
    assert by_key.args == [ANNA]
    assert chosen == []


def test_a_voice_without_a_sample_has_no_play_button(chooser, qtbot):
    with qtbot.assertNotEmitted(chooser.sample_wanted):
        click(chooser, spot(chooser, 1, from_left=14))
        chooser.list.setFocus()
        QTest.keyClick(chooser.list, Qt.Key.Key_Return)

    assert chooser.list.selectionModel().selectedIndexes()[0].data(VoiceItemModel.ID) == "bert"


def test_what_sounds_is_told_to_a_screen_reader(chooser):
    before = spoken(chooser, 0)

    chooser.show_sounding("anna", is_fetching=False)

    assert before == "Anna, en-GB · female · warm, has a sample"
    assert spoken(chooser, 0) == "Anna, en-GB · female · warm, playing"


# Finding


def test_voices_are_found_by_gender(chooser):
    chooser.filters.genders.set_value("male")
    chooser.filters.genders.changed.emit("male")

    assert names(chooser) == ["Bert", "Carl"]
    assert chooser.filters.genders.isVisible()


def test_the_list_is_as_high_as_all_voices_need_also_while_somebody_searches(chooser):
    few = chooser.list.height()
    QTest.keyClicks(chooser.filters.search, "carl")
    QTest.keyClick(chooser.filters.search, Qt.Key.Key_Return)
    while_searching = chooser.list.height()
    chooser.show_voices([replace(ANNA, id=str(number)) for number in range(40)], NOBODY)

    assert names(chooser) == []
    assert while_searching == few
    assert few < chooser.list.height() < 40 * 28


def test_there_is_no_filter_for_what_voices_do_not_differ_in(chooser):
    chooser.show_voices([replace(voice, gender="", languages=()) for voice in VOICES], NOBODY)
    assert not chooser.filters.genders.isVisible()
    assert not chooser.filters.languages.isVisible()

    chooser.show_voices([replace(voice, gender="female") for voice in VOICES], NOBODY)
    assert not chooser.filters.genders.isVisible()


def test_languages_have_names(chooser):
    actions = [action.text() for action in chooser.filters.languages.menu_actions()]

    assert actions == [
        "All languages",
        "English (United Kingdom)\ten-GB",
        "English (United States)\ten-US",
        "German (Germany)\tde-DE",
    ]


def test_a_filter_that_makes_no_sense_any_more_is_let_go(chooser):
    chooser.filters.genders.set_value("female")
    chooser.filters.genders.changed.emit("female")
    chooser.show_chosen(SPEECH, "bert")

    chooser.show_voices((BERT, replace(CARL, gender="")), NOBODY)

    assert names(chooser) == ["Bert", "Carl"]


def test_thousands_of_voices_are_quick(chooser, qtbot):
    many = tuple(
        Voice(f"v{number}", f"Voice {number}", "acme", (f"en-{number % 26 + 65:c}A",), ("male", "female")[number % 2])
        for number in range(5_000)
    )
    began_s = time.perf_counter()
    chooser.show_voices(many, frozenset({"v4000"}))
    QApplication.processEvents()
    QTest.keyClicks(chooser.filters.search, "49")
    QTest.keyClick(chooser.filters.search, Qt.Key.Key_Return)
    QApplication.processEvents()
    took_s = time.perf_counter() - began_s

    assert "Voice 49" in names(chooser)
    assert len(chooser.list.findChildren(QWidget)) < 12, "rows are painted, not made of widgets"
    assert took_s < 1.0


# A voice that the list doesn't have


def test_a_voice_that_went_is_shown_and_stays_chosen_until_another_is(chooser):
    chooser.show_chosen(SPEECH, "gone")

    assert names(chooser)[0] == "gone"
    assert spoken(chooser, 0) == "gone, No longer offered"
    assert chooser.name == "gone"
    assert chooser.list.currentIndex().row() == 0

    chooser.list.setFocus()
    QTest.keyClick(chooser.list, Qt.Key.Key_Down)
    chooser.filters.changed.emit()

    assert names(chooser) == ["Anna", "Bert", "Carl"]


def test_a_voice_that_is_no_longer_offered_keeps_its_name_also_while_another_is_tried(chooser):
    chooser.show_chosen(SPEECH, "v-17", "Dora, whispering")

    assert spoken(chooser, 0) == "Dora, whispering, No longer offered"
    assert chooser.name == "Dora, whispering"
    chooser.list.setCurrentIndex(chooser.list.items.index(1))
    assert chooser.name == "Anna"
    chooser.list.setCurrentIndex(chooser.list.items.index(0))
    assert chooser.name == "Dora, whispering"


def test_a_voice_that_was_typed_is_not_called_gone(chooser):
    chooser.show_chosen(OPEN, "zoe-2")

    assert spoken(chooser, 0) == "zoe-2"


def test_a_voice_that_went_cannot_become_a_favourite(chooser, qtbot):
    chooser.show_chosen(SPEECH, "gone")
    chooser.list.setFocus()

    with qtbot.assertNotEmitted(chooser.favourite_wanted):
        QTest.keyClick(chooser.list, Qt.Key.Key_F)
        click(chooser, spot(chooser, 0, from_right=8))


# Where there is no list


@pytest.mark.parametrize(
    ("error", "reason", "way"),
    [
        (errors.CredentialsMissing("x"), "Acme needs a key before it lists its voices.", "Add key"),
        (errors.KeyUnconfirmed("x"), "The key for Acme was given for another address.", "Open services"),
        (errors.CredentialsRejected("x"), "Acme refused the key.", "Open services"),
        (errors.NotConnected("x"), "There is no connection to Acme.", ""),
        (errors.ServiceUnavailable("x"), "Acme can’t be reached.", ""),
        (errors.UnexpectedReply("x"), "Acme answered in a way that can’t be understood.", ""),
    ],
)
def test_where_the_list_cannot_be_had_it_says_why_and_what_to_do(chooser, qtbot, error, reason, way):
    chooser.show_trouble(WhyNoVoices.of(error, "Acme"))

    said = texts(chooser)
    assert "The voices couldn’t be loaded. Type a voice id or try again." in said
    assert reason in said
    assert not chooser.list.isVisible()
    with qtbot.waitSignal(chooser.reload_wanted):
        button(chooser, "Try again").click()
    if way:
        with qtbot.waitSignal(chooser.keys_wanted):
            button(chooser, way).click()
    else:
        assert "Add key" not in said
        assert "Open services" not in said


def test_an_id_can_be_typed_also_where_the_model_would_have_a_list(chooser):
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)
    chooser.show_trouble(WhyNoVoices("Acme can’t be reached."))
    assert chooser.trouble.field.text() == "anna"

    chooser.take_focus()
    assert QApplication.focusWidget() is chooser.trouble.field
    chooser.trouble.field.selectAll()
    QTest.keyClicks(chooser.trouble.field, "zoe")
    assert chosen[-1] == "zoe"
    assert chooser.name == "zoe"

    chooser.trouble.field.selectAll()
    QTest.keyClick(chooser.trouble.field, Qt.Key.Key_Delete)
    assert chosen[-1] == ""
    assert chooser.name == "anna", "without a choice it is the model's own"


def test_a_service_without_a_list_says_so(chooser):
    chooser.show_voices((), NOBODY)

    assert "This service lists no voices. Type a voice id." in texts(chooser)
    assert chooser.trouble.field.isVisible()
    assert "couldn’t be loaded" not in texts(chooser)


def test_a_problem_with_the_voice_stands_below_the_field(chooser):
    chooser.show_trouble(WhyNoVoices())

    chooser.show_problem("The voice must be a number from the list of voices; it is zoe.")

    assert "The voice must be a number" in texts(chooser)


def test_while_voices_load_nothing_else_moves_and_the_search_keeps_the_focus(chooser):
    chooser.filters.search.setFocus()
    height = chooser.sizeHint().height()

    chooser.show_loading()

    assert chooser.sizeHint().height() == height
    assert isinstance(QApplication.focusWidget(), SearchField)
    assert chooser.list.accessibleDescription() == "Loading the voices…"


def test_the_focus_follows_from_the_search_to_the_field_for_an_id_and_back(chooser):
    chooser.filters.search.setFocus()

    chooser.show_trouble(WhyNoVoices())
    in_trouble = QApplication.focusWidget()
    chooser.show_voices(VOICES, NOBODY)

    assert in_trouble is chooser.trouble.field
    assert isinstance(QApplication.focusWidget(), SearchField)
