"""What is asked about a lost answer: never more than can be done, and never a charge by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Estimate
from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.task import Attempt, Task, TaskState
from app.engine.recovery import CANT_BE_ASKED
from app.engine.undecided import Undecided
from app.ui.decision_dialog import DecisionDialog, again_words, facts_of, why_undecided

SENT = datetime(2026, 3, 14, 14, 2).astimezone()
WIRE = WireRequest("POST", "/", {}, b"")
TASK = Task(
    id="0123456789ab",
    click_id="ba9876543210",
    request=GenerationRequest("aimlapi", "stable-audio", "Subway brakes,\nlong screech", duration_s=12.0),
    kind=Kind.EFFECT,
    state=TaskState.UNCERTAIN,
    created_at=SENT,
    updated_at=SENT,
    attempt=Attempt(UUID(int=1), "0123456789ab", 1, "aimlapi", "stable-audio", "https://x", WIRE, SENT, SENT),
    failure=Failure("outcome_unknown", CANT_BE_ASKED),
)


def undecided(*, asked: bool = False, sent: bool = True, again: Estimate | None = None) -> Undecided:
    return Undecided(TASK, asked, sent, again or Estimate())


@pytest.fixture
def opened(theme, shown):
    parent = shown(QWidget())

    def open_(what: Undecided, *, page: bool = True) -> DecisionDialog:
        dialog = DecisionDialog(
            theme, what, service="AI/ML API", has_usage_page=page, model="Stable Audio", now=SENT, parent=parent
        )
        dialog.open()
        return dialog

    return open_


def texts(dialog: QWidget) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()]


def buttons(dialog: QWidget) -> dict[str, QAbstractButton]:
    return {each.text(): each for each in dialog.findChildren(QAbstractButton) if each.isVisible() and each.text()}


def test_it_says_what_is_known_and_offers_what_can_be_done(opened):
    dialog = opened(undecided())

    assert texts(dialog)[:2] == [
        "Did AI/ML API take this request?",
        "The connection broke right after the request was sent at 14:02. The service can’t be asked about it, so it "
        "may be running, and it may be charged. Nothing is sent again unless you say so.",
    ]
    assert {"Subway brakes, long screech", "Stable Audio · 0:12 · 1 take"} <= set(texts(dialog))
    assert list(buttons(dialog)) == ["Open usage page", "Submit anew", "Mark as failed", "Decide later"]
    assert dialog.focusWidget() is buttons(dialog)["Decide later"]


def test_only_a_service_that_can_be_asked_is_asked_again(opened):
    dialog = opened(undecided(asked=True), page=False)

    assert list(buttons(dialog)) == ["Check again", "Submit anew", "Mark as failed", "Decide later"]


def test_a_service_that_is_gone_is_sent_nothing(opened):
    dialog = opened(undecided(sent=False))

    assert not buttons(dialog)["Submit anew"].isEnabled()
    assert buttons(dialog)["Mark as failed"].isEnabled()
    assert any("no service “aimlapi” here any more" in text for text in texts(dialog))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("focused", ["Submit anew", "Decide later"])
def test_ctrl_enter_never_submits(opened, qtbot, key, focused):
    dialog = opened(undecided())
    buttons(dialog)[focused].setFocus()

    with qtbot.assertNotEmitted(dialog.submit_wanted):
        QTest.keyClick(dialog.focusWidget(), key, Qt.KeyboardModifier.ControlModifier)

    assert dialog.isVisible()


def test_escape_leaves_it_for_later(opened, qtbot):
    dialog = opened(undecided())

    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_decision_made_elsewhere_leaves_nothing_to_decide(opened):
    dialog = opened(undecided())

    dialog.show_decided(replace(TASK, state=TaskState.FAILED))

    assert texts(dialog)[:2] == ["This task was decided meanwhile.", "It was marked as failed."]
    assert list(buttons(dialog)) == ["Close"]


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (Estimate(), "May cost a second time; the price is unknown."),
        (Estimate(Decimal("0.07"), Decimal("0.07")), "May cost a second time; about $0.07."),
        (Estimate(Decimal("0.07"), Decimal("0.95")), "May cost a second time; about $0.07, at most $0.95."),
        (Estimate(Decimal("0.07"), None), "May cost a second time; about $0.07, nobody knows the most."),
        (Estimate(None, Decimal("0.95")), "May cost a second time; the price is unknown, at most $0.95."),
        (Estimate(Decimal(0), Decimal(0)), "That costs nothing."),
    ],
    ids=["unknown", "known", "two figures", "no most", "no price", "free"],
)
def test_what_it_may_cost_again_is_said(again, words):
    assert again_words(undecided(again=again)) == f"Sends it once more. {words}"


def test_the_services_own_words_come_first():
    told = replace(TASK, failure=Failure("outcome_unknown", "AI/ML API failed while it had the request"))
    yesterday = datetime(2026, 3, 15, 9).astimezone()

    assert why_undecided(told, yesterday) == (
        "AI/ML API failed while it had the request. It was sent at 14:02 on 14 Mar. Nothing is sent again unless you "
        "say so."
    )


def test_what_is_not_known_of_the_request_is_left_out():
    request = GenerationRequest("aimlapi", "stable-audio", "rain", takes=2)

    assert facts_of(replace(TASK, request=request), "Stable Audio") == "Stable Audio · 2 takes"


def test_a_decision_is_about_the_tasks_whole_price_where_it_is_sent_whole():
    task = replace(TASK, estimate=Estimate(Decimal("0.07"), Decimal("0.95")))

    assert Undecided.of(task, None) == Undecided(task, False, False, task.estimate)
