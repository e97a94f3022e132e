"""A transcript can be read along, searched, copied, and leads to the sound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from app.domain.transcript import Segment, Transcript, TranscriptFormat
from app.ui.item_models.transcript import TranscriptItemModel
from app.ui.languages import SPOKEN, language_name
from app.ui.text_search import Match, matches
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transcript_text import in_paragraphs
from tests.ui.accessibility import name
from tests.ui.transcribing_world import TALK

PLAIN = Transcript("Straße 😀 und Meer. Das Meer ist weit.", language="de")
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(theme, shown):
    made = TranscriptPanel(theme)
    made.resize(420, 260)
    made = shown(made)
    made.show_transcript(TALK)
    return made


def click(panel: TranscriptPanel, row: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    centre = panel.list.visualRect(panel.list.items.index(row, 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, modifiers, centre)


def words(panel: TranscriptPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def look_for(panel: TranscriptPanel, text: str) -> None:
    panel.open_search()
    panel.search_bar.field.selectAll()
    QTest.keyClicks(panel.search_bar.field, text)
    QTest.keyClick(panel.search_bar.field, Qt.Key.Key_Return)


def test_the_head_tells_language_and_speakers(panel):
    assert "English, 2 speakers" in words(panel)

    panel.show_transcript(replace(TALK, language="", segments=()))

    assert "speaker" not in words(panel)


def test_a_click_and_enter_lead_to_the_sound_and_arrows_only_step(panel, qtbot):
    with qtbot.waitSignal(panel.seek_wanted) as clicked:
        click(panel, 2)
    assert clicked.args == [1.0]

    with qtbot.assertNotEmitted(panel.seek_wanted):
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert panel.list.currentIndex().row() == 3
    with qtbot.waitSignal(panel.seek_wanted) as entered:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert entered.args == [1.5]


def test_a_click_that_selects_more_does_not_seek(panel, qtbot):
    click(panel, 0)
    with qtbot.assertNotEmitted(panel.seek_wanted):
        click(panel, 2, SHIFT)

    assert panel.list.selected() == [0, 1, 2]


def test_what_is_heard_is_marked_and_nothing_between_two_sentences(panel):
    for seconds, row in ((0.0, 0), (0.45, None), (1.2, 2), (9.0, None)):
        panel.show_position(seconds, is_playing=True)
        assert panel.list.items.heard == row


def test_the_list_follows_what_plays_unless_somebody_reads_elsewhere(panel):
    many = replace(TALK, segments=tuple(Segment(float(n), n + 0.9, f"Sentence {n}") for n in range(200)))
    panel.show_transcript(many)
    QApplication.processEvents()

    panel.show_position(50.0, is_playing=True)
    assert panel.list.visualRect(panel.list.items.index(50, 0)).intersects(panel.list.viewport().rect())

    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    panel.show_position(150.0, is_playing=True)
    assert not panel.list.visualRect(panel.list.items.index(150, 0)).intersects(panel.list.viewport().rect())


def test_selected_sentences_are_copied_with_their_speakers(panel):
    click(panel, 1)
    click(panel, 2, SHIFT)

    QTest.keyClick(panel.list, Qt.Key.Key_C, CTRL)

    assert QGuiApplication.clipboard().text() == "Ann: Nobody looks back.\n\nBen: And the boat?"


def test_all_of_it_is_copied(panel, qtbot):
    with qtbot.waitSignal(panel.copied):
        panel._copy.click()

    assert QGuiApplication.clipboard().text().startswith("Ann: We leave at first light. Nobody looks back.\n\nBen:")


def test_a_search_counts_its_places_and_goes_round(panel):
    look_for(panel, "BOAT")
    assert "1 of 2" in words(panel)
    assert panel.list.currentIndex().row() == 2

    QTest.keyClick(panel.search_bar.field, Qt.Key.Key_Return)
    assert ("2 of 2" in words(panel), panel.list.currentIndex().row()) == (True, 3)
    QTest.keyClick(panel.search_bar.field, Qt.Key.Key_Return)
    assert "1 of 2" in words(panel)
    QTest.keyClick(panel.search_bar.field, Qt.Key.Key_Return, SHIFT)
    assert "2 of 2" in words(panel)

    look_for(panel, "whale")
    assert "Not found" in words(panel)


def test_escape_ends_the_search_where_something_was_found(panel):
    look_for(panel, "boat")

    QTest.keyClick(panel.search_bar.field, Qt.Key.Key_Escape)

    assert panel.search_bar.isHidden()
    assert QApplication.focusWidget() is panel.list
    assert panel.list.items.index(2, 0).data(TranscriptItemModel.MATCHES) == ()


def test_words_without_times_are_text_that_can_be_searched_and_copied(panel):
    panel.show_transcript(PLAIN)
    assert panel.text.isVisible()
    assert panel.text.toPlainText() == PLAIN.text
    assert panel.text.isReadOnly()

    look_for(panel, "meer")

    assert "1 of 2" in words(panel)
    assert [mark.cursor.selectedText() for mark in panel.text.extraSelections()] == ["Meer", "Meer"]
    panel.text.selectAll()
    panel.copy_selected()
    assert QGuiApplication.clipboard().text() == PLAIN.text


def test_a_note_stands_where_there_are_no_words(panel):
    panel.show_transcript(None, "The words appear here as they come.")

    assert panel._note.isVisible()
    assert panel._note.text == "The words appear here as they come."
    assert not panel._copy.isEnabled()
    panel.open_search()
    assert panel.search_bar.isHidden()

    panel.show_transcript(Transcript("", ()), "")
    assert panel._note.text == "Nothing was said."


def test_the_words_so_far_stand_beside_what_is_said_about_the_rest(panel):
    panel.show_transcript(TALK, "2 of 3 parts")

    assert panel.list.isVisible()
    assert "English, 2 speakers, 2 of 3 parts" in words(panel)


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Text…", TranscriptFormat.TEXT),
        ("Subtitles (SRT)…", TranscriptFormat.SRT),
        ("Subtitles (VTT)…", TranscriptFormat.VTT),
        ("JSON…", TranscriptFormat.VERBOSE_JSON),
    ],
)
def test_every_format_can_be_saved(panel, qtbot, entry, wanted):
    panel._save.click()
    menu = next(each for each in panel.findChildren(QMenu) if each.isVisible())

    with qtbot.waitSignal(panel.save_wanted) as saved:
        next(each for each in menu.actions() if each.text() == entry).trigger()

    menu.close()
    assert saved.args == [wanted]


def test_rows_read_their_time_and_who_begins_to_speak(panel):
    spoken = [panel.list.items.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]

    assert spoken == [
        "0:00, Ann, We leave at first light.",
        "0:00, Nobody looks back.",
        "0:01, Ben, And the boat?",
        "0:01, Ann, The boat stays.",
    ]
    assert [name(each) for each in (panel.list, panel._find, panel._copy, panel._save)] == [
        "Transcript",
        "Search in the transcript",
        "Copy all",
        "Save as…",
    ]


def test_the_item_model_keeps_qts_rules():
    model = TranscriptItemModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.show(TALK.segments)
    model.show_position(0.1)
    model.show_matches({0: [Match(0, 2)]}, (0, Match(0, 2)))
    model.show(())

    assert model.rowCount() == 0


def test_thousands_of_sentences_are_laid_out_a_few_at_a_time(panel):
    long = "And then, as I have said before, the second wave came over the rail and took the lantern with it."
    panel.show_transcript(replace(TALK, segments=tuple(Segment(n * 4.0, n * 4.0 + 3, long) for n in range(4000))))
    measured: list[int] = []
    delegate, height = panel.list._delegate, panel.list._delegate._height
    delegate._height = lambda index: measured.append(index.row()) or height(index)

    panel.list.doItemsLayout()
    assert 0 < len(measured) <= 300
    for _ in range(200):
        QApplication.processEvents()
    assert len(set(measured)) == 4000

    panel.list.go_to(3999)
    assert panel.list.visualRect(panel.list.items.index(3999, 0)).intersects(panel.list.viewport().rect())


def test_another_width_keeps_the_place_where_one_reads(panel):
    panel.show_transcript(
        replace(TALK, segments=tuple(Segment(float(n), n + 0.9, f"{n}: " + "word " * 20) for n in range(600)))
    )
    for _ in range(20):
        QApplication.processEvents()
    panel.list.scrollTo(panel.list.items.index(400, 0), panel.list.ScrollHint.PositionAtTop)

    panel.resize(QSize(320, 260))
    for _ in range(30):
        QApplication.processEvents()

    assert abs(panel.list.indexAt(panel.list.viewport().rect().topLeft()).row() - 400) <= 1


def test_places_are_counted_as_qt_counts():
    assert matches("a😀b B", "b") == [Match(3, 1), Match(5, 1)]
    assert matches("the  sea\nis", "sea is") == [Match(5, 6)]
    assert matches("a.c abc", "a.c") == [Match(0, 3)]
    assert matches("anything", "") == []


def test_languages_have_names_that_people_read():
    assert [language_name(tag) for tag in ("de", "en-GB", "english", "no", "zh-Hant")] == [
        "German",
        "English (United Kingdom)",
        "English",
        "Norwegian Bokmål",
        "Chinese (Hant)",
    ]
    assert len({language_name(tag) for tag in SPOKEN}) == len(SPOKEN)


def test_a_text_without_paragraphs_gets_some_where_sentences_end():
    sentence = "The second wave came over the rail and took the lantern with it."
    shown = in_paragraphs(" ".join([sentence] * 20) + "\nA line of its own.")

    lines = shown.splitlines()
    assert all(len(line) <= 500 for line in lines)
    assert all(line.endswith((sentence, "own.")) for line in lines)
    assert " ".join(lines) == " ".join([sentence] * 20) + " A line of its own."
    assert in_paragraphs("海很宽。" * 200).replace("\n", "") == "海很宽。" * 200
    assert in_paragraphs("a" * 2000) == "a" * 2000
