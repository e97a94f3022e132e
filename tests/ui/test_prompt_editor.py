"""Names of clips stand out in the prompt, and are offered after an @."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest

from app.domain.reference_spec import ReferenceSpec
from app.ui.mentions import mentions_in, units, up_to
from app.ui.prompt_editor import PromptEditor


@pytest.fixture
def editor(theme, shown):
    made = PromptEditor(theme, "Prompt")
    made.resize(300, 160)
    made.show_clips("@Audio", ["Skipper, rough", "Thunder"], takes_files=True)
    shown(made)
    made.setFocus()
    return made


def formats(editor: PromptEditor) -> list[tuple[str, QTextCharFormat]]:
    """The marked pieces of the first line, each with its look."""
    block = editor.document().firstBlock()
    return [
        (
            up_to(block.text(), each.start + each.length)[len(up_to(block.text(), each.start)) :],
            QTextCharFormat(each.format),
        )
        for each in block.layout().formats()
    ]


def offers(editor: PromptEditor) -> list[str]:
    return editor._offers.stringList() if editor._list.isVisible() else []


@given(some.text(some.sampled_from("@Audio0123 x.é😀\n"), max_size=40) | some.text(max_size=20))
def test_what_is_marked_is_what_the_check_reads(text):
    spec = ReferenceSpec(max_clips=3, mention="@Audio")

    assert tuple(each.number for each in mentions_in(text, "@Audio")) == spec.mentioned(text)


@given(some.text(max_size=20), some.integers(0, 20))
def test_letters_are_counted_as_the_text_box_counts_them(text, length):
    beginning = text[:length]

    assert up_to(text, units(beginning)) == beginning


def test_a_name_of_a_clip_is_in_the_accent_also_after_letters_that_count_twice(editor, theme):
    editor.insertPlainText("😀 @Audio1 shouts")

    ((name, look),) = formats(editor)
    assert name == "@Audio1"
    assert look.foreground().color() == theme.color("accent")
    assert look.underlineStyle() is QTextCharFormat.UnderlineStyle.NoUnderline
    block = editor.document().firstBlock()
    (rect,) = editor._rects_in(block, next(mentions_in(block.text(), "@Audio")))
    assert rect.left() > 20


def test_a_name_without_a_clip_has_a_dotted_line_until_there_is_one(editor):
    editor.insertPlainText("@Audio3 far away")
    assert formats(editor)[0][1].underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine

    editor.show_clips("@Audio", ["a", "b", "c"], takes_files=True)

    assert formats(editor)[0][1].underlineStyle() is QTextCharFormat.UnderlineStyle.NoUnderline


def test_an_at_offers_the_clips_and_enter_takes_one(editor):
    QTest.keyClicks(editor, "Like @")
    assert offers(editor) == ["@Audio1  Skipper, rough", "@Audio2  Thunder"]

    QTest.keyClick(editor._list, Qt.Key.Key_Down)
    QTest.keyClick(editor._list, Qt.Key.Key_Return)

    assert editor.toPlainText() == "Like @Audio2"
    assert offers(editor) == []


def test_a_clip_is_found_by_a_part_of_its_own_name(editor):
    QTest.keyClicks(editor, "@thun")

    assert offers(editor) == ["@Audio2  Thunder"]


def test_an_address_offers_nothing(editor):
    QTest.keyClicks(editor, "me@")

    assert offers(editor) == []


def test_where_clips_have_no_names_an_at_is_an_at(editor):
    editor.show_clips("", ["Skipper"], takes_files=True)

    QTest.keyClicks(editor, "@Audio1")

    assert offers(editor) == []
    assert formats(editor) == []


def test_a_name_is_put_at_the_cursor_with_room_around_it(editor):
    editor.insertPlainText("Rain,then")
    cursor = editor.textCursor()
    cursor.setPosition(5)
    editor.setTextCursor(cursor)

    editor.insert_clip(2)

    assert editor.toPlainText() == "Rain, @Audio2 then"


def test_typing_after_a_renaming_that_was_undone_forgets_it(editor):
    told = []
    editor.renaming_redone.connect(told.append)
    editor.insertPlainText("@Audio1")
    editor.rename_clips({1: 2, 2: 1}, 2, "swap")
    editor.undo()

    QTest.keyClicks(editor, "!")
    editor.undo()
    editor.redo()

    assert told == []
    assert editor._renamings == []


def test_a_name_falls_to_no_other_clip_when_its_own_is_gone(editor):
    editor.insertPlainText("@Audio1 @Audio2 @Audio7")

    editor.rename_clips({1: None, 2: 1}, 1, "removal")

    assert editor.toPlainText() == "@Audio2 @Audio1 @Audio7"
