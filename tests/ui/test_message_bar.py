from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.message_bar import MessageBar
from app.ui.message_list import MessageList
from app.ui.message_log import MOST_KEPT, Message, MessageLog, Tone
from app.ui.theme import Theme

NOW = datetime(2026, 11, 18, 14, 2, tzinfo=UTC)
messages = st.builds(Message, st.text(max_size=3), st.just(NOW), st.sampled_from(Tone))


@given(st.lists(st.one_of(messages, st.sampled_from(["read", "pass"])), max_size=30))
def test_what_has_to_be_read_is_never_covered_by_news(steps: list[Message | str]) -> None:
    log = MessageLog()
    unread: list[Message] = []

    for step in steps:
        if isinstance(step, Message):
            log.say(step)
            if step.tone.stays:
                unread = [other for other in unread if other.text != step.text]
                unread.append(step)
        elif step == "read" and log.current is not None:
            current = log.current
            log.read(current)
            unread = [other for other in unread if other is not current]
        elif step == "pass":
            log.pass_by()
        if unread:
            assert log.current is unread[-1]
        elif log.current is not None:
            assert not log.current.tone.stays


def test_old_messages_are_forgotten_at_last() -> None:
    log = MessageLog()

    for number in range(MOST_KEPT + 5):
        log.say(Message(str(number), NOW))

    assert len(log.messages) == MOST_KEPT
    assert log.messages[0].text == str(MOST_KEPT + 4)


@pytest.fixture
def bar(theme: Theme, shown: Callable[[QWidget], QWidget]) -> MessageBar:
    bar = MessageBar(theme, passing_ms=30, now=lambda: NOW)
    bar.resize(900, 28)
    shown(bar)
    return bar


def button(bar: MessageBar, name: str) -> QAbstractButton:
    found = [
        each
        for each in bar.findChildren(QAbstractButton)
        if each.isVisible() and name in (each.accessibleName(), each.text())
    ]
    assert len(found) == 1
    return found[0]


def test_news_goes_by_itself(bar: MessageBar, qtbot: QtBot) -> None:
    bar.set_rest_text("Nothing leaves this computer until you generate with a service.", "shield-check")
    bar.say("3 takes saved.")
    assert bar.text == "3 takes saved."

    qtbot.waitUntil(lambda: bar.text == "")

    assert [message.text for message in bar.messages] == ["3 takes saved."]


def test_an_error_stays_until_it_is_read_and_news_waits_behind_it(bar: MessageBar, qtbot: QtBot) -> None:
    bar.say("The disk is full.", Tone.ERROR)
    bar.say("3 takes saved.")

    assert bar.text == "The disk is full."
    QTest.mouseClick(button(bar, "Dismiss"), Qt.MouseButton.LeftButton)
    assert bar.text == "3 takes saved."


def test_news_from_before_an_error_does_not_come_back_after_it(bar: MessageBar) -> None:
    bar.say("Saving what can be saved…")
    bar.say("The library was damaged.", Tone.ERROR, action="Read the report", act=lambda: None)

    button(bar, "Read the report").click()

    assert bar.text == ""


def test_the_action_is_done_once_and_the_message_goes(bar: MessageBar) -> None:
    undone: list[bool] = []
    bar.say("3 takes moved to the bin.", action="Undo", act=lambda: undone.append(True))

    QTest.mouseClick(button(bar, "Undo"), Qt.MouseButton.LeftButton)

    assert undone == [True]
    assert bar.text == ""


def test_a_decision_colours_the_bar(bar: MessageBar, theme: Theme) -> None:
    bar.say("A task needs your decision.", Tone.DECISION, action="Decide", act=lambda: None)

    assert bar.grab().toImage().pixelColor(600, 20).name() == theme.color("warn_tint").name()


def test_all_messages_are_listed_newest_first_and_count_as_read(bar: MessageBar) -> None:
    bar.say("3 takes saved.")
    bar.say("The disk is full.", Tone.ERROR)

    bar.open_all()

    (popup,) = bar.findChildren(MessageList)
    assert [text.split("   ")[1] for text in popup.texts] == ["The disk is full.", "3 takes saved."]
    assert bar.text == ""
    popup.close()


def test_the_list_can_be_opened_when_nothing_was_said(bar: MessageBar) -> None:
    bar.open_all()

    (popup,) = bar.findChildren(MessageList)
    assert popup.texts == []
    popup.close()


def test_a_long_message_leaves_room_for_the_summary(bar: MessageBar) -> None:
    bar.set_summary("1 running · 2 queued")

    bar.say("A very long sentence. " * 30, Tone.ERROR, action="Open services", act=lambda: None)

    assert bar.minimumSizeHint().width() < 500
    assert bar.grab().width() == 900
    assert button(bar, "Open services").geometry().right() < 900


def test_with_reduced_motion_the_text_stands_at_once(bar: MessageBar, theme: Theme) -> None:
    theme.set_reduce_motion(True)

    bar.say("3 takes saved.")

    assert not bar._veil.isEnabled()


def test_what_is_under_way_stays_as_long_as_it_goes_on(bar: MessageBar, qtbot: QtBot) -> None:
    stopped: list[bool] = []
    said = bar.begin("Exporting 3 files…", action="Stop", act=lambda: stopped.append(True))
    for number in (1, 2, 3):
        qtbot.waitUntil(lambda: bar.text == "")  # longer ago than news stays
        said = bar.go_on(said, f"Exporting {number} of 3 files…")
        assert bar.text == f"Exporting {number} of 3 files…"

    assert [message.text for message in bar.messages] == ["Exporting 3 of 3 files…"]
    button(bar, "Stop").click()
    assert stopped == [True]


def test_how_far_something_is_covers_no_other_news(bar: MessageBar, qtbot: QtBot) -> None:
    said = bar.begin("Exporting 3 files…")
    bar.say("1 take arrived.")

    said = bar.go_on(said, "Exporting 2 of 3 files…")

    assert bar.text == "1 take arrived."
    qtbot.waitUntil(lambda: bar.text == "")
    bar.go_on(said, "Exporting 3 of 3 files…")
    assert bar.text == "Exporting 3 of 3 files…"
