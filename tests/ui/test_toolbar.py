"""The button says what a click makes and what it costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from app.domain.model_spec import Kind, ModelSpec
from app.domain.price import Price, PriceUnit
from app.domain.receipt import FREE, Estimate, Spent
from app.storage.ledger import Excess
from app.ui.spent_button import SpentButton
from app.ui.toolbar import Toolbar
from tests.ui.accessibility import name

LOCAL = ModelSpec("local", "sketch", "Sketch", (Kind.EFFECT,))
SEED = ModelSpec(
    "acme", "seed", "Seed", (Kind.SCENE,), price=Price(Decimal("0.158"), PriceUnit.MINUTE, read_on="2026-11-18")
)


@pytest.fixture
def toolbar(theme, shown):
    made = Toolbar(theme, {"acme": "Acme"})
    made.resize(1440, 56)
    return shown(made)


def centre_of(toolbar: Toolbar, words: str) -> int:
    """How far below the upper edge the middle of a line is."""
    return next(each for each in toolbar.findChildren(QLabel) if each.text() == words).geometry().center().y()


def texts(toolbar: Toolbar) -> list[str]:
    return [label.text() for label in toolbar.findChildren(QLabel) if label.isVisible() and label.text()]


def test_the_built_in_generator_is_free_and_sends_nothing(toolbar):
    toolbar.show_request(LOCAL, 3, Estimate(FREE, FREE))

    assert toolbar.generate.text() == "Generate 3 takes"
    assert "free" in name(toolbar.generate)
    assert texts(toolbar) == ["Made on this computer", "Nothing is sent anywhere"]


def test_an_estimate_is_told_with_its_basis(toolbar):
    toolbar.show_request(SEED, 1, Estimate(Decimal("0.07"), Decimal("0.07"), "3 × about 0:09 at $0.158 a minute"))

    assert toolbar.generate.text() == "Generate 1 take"
    assert "about $0.07" in name(toolbar.generate)
    assert texts(toolbar) == ["3 × about 0:09 at $0.158 a minute", "Price list of 18 Nov 2026"]


def test_an_unknown_price_says_so(toolbar):
    toolbar.show_request(SEED, 2, Estimate(basis="No published price"))

    assert "price unknown" in name(toolbar.generate)
    assert "No published price" in texts(toolbar)


def test_a_line_that_stands_alone_beside_the_button_is_in_the_middle(toolbar):
    toolbar.show_request(SEED, 2, Estimate(basis="No published price"))
    QApplication.processEvents()
    above_another = centre_of(toolbar, "No published price")

    toolbar.show_request(replace(SEED, price=None), 2, Estimate(basis="No published price"))
    QApplication.processEvents()

    middle = toolbar.generate.geometry().center().y()
    assert above_another < middle - 4
    assert abs(centre_of(toolbar, "No published price") - middle) <= 1


def test_a_narrow_bar_keeps_the_basis_in_the_tooltip(toolbar):
    toolbar.show_request(SEED, 1, Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute"))

    toolbar.resize(1100, 56)

    assert texts(toolbar) == []
    assert toolbar.generate.toolTip() == "by the minute. Price list of 18 Nov 2026"


def test_nothing_is_said_of_money_before_there_is_any(toolbar):
    toolbar.show_spent("November", Spent(), None)
    assert spending_buttons(toolbar) == []

    toolbar.show_spent("November", Spent(Decimal("14.82")), Decimal(40))

    assert [name(each) for each in spending_buttons(toolbar)] == ["Spending: November $14.82 of $40"]


def test_money_that_is_only_held_does_not_look_gone(toolbar):
    toolbar.show_spent("November", Spent(Decimal("0.49"), Decimal("0.95")), None)

    (button,) = spending_buttons(toolbar)
    assert name(button) == "Spending: November $0.49, $0.95 held"
    assert "the most that tasks can still cost of which that isn’t known yet" in button.toolTip()

    toolbar.show_spent("November", Spent(held=Decimal("0.95")), Decimal(40))

    assert name(button) == "Spending: November $0 of $40, $0.95 held"


def test_what_nobody_told_the_cost_of_is_never_nothing(toolbar):
    toolbar.show_spent("November", Spent(), None, unknown=3)

    (button,) = spending_buttons(toolbar)
    assert name(button) == "Spending: November unknown"
    assert "and 3 tasks of unknown cost" in button.toolTip()

    toolbar.show_spent("November", Spent(Decimal("14.82")), None, unknown=1)

    assert name(button) == "Spending: November $14.82"
    assert "and 1 task of unknown cost" in button.toolTip()


def test_the_months_spending_opens_the_ledger_by_mouse_and_keyboard(toolbar, qtbot):
    toolbar.show_spent("November", Spent(Decimal("14.82")), None)
    (button,) = spending_buttons(toolbar)

    with qtbot.waitSignal(toolbar.spending_wanted):
        button.click()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(toolbar.spending_wanted):
        QTest.keyClick(button, Qt.Key.Key_Return)


def spending_buttons(toolbar: Toolbar) -> list[QAbstractButton]:
    return [each for each in toolbar.findChildren(SpentButton) if each.isVisible()]


def test_a_clicked_generate_does_not_take_the_focus(toolbar):
    """Space plays next; it must not pay once more."""
    assert not toolbar.generate.focusPolicy() & Qt.FocusPolicy.ClickFocus


def test_the_bar_grows_with_the_text(toolbar, theme):
    theme.set_text_scale(1.5)

    assert toolbar.height() == 84
    assert toolbar.chooser.width() == 232 * 1.5  # 1440 px are a narrow window at this size


def services_button(toolbar: Toolbar) -> QAbstractButton:
    return next(each for each in toolbar.findChildren(QAbstractButton) if name(each) == "Services and keys")


def test_services_are_one_press_away_and_a_narrow_bar_keeps_their_icon(toolbar, qtbot):
    assert services_button(toolbar).text() == "Services"
    with qtbot.waitSignal(toolbar.services_wanted):
        services_button(toolbar).click()

    toolbar.resize(1100, 56)

    assert services_button(toolbar).text() == ""
    assert services_button(toolbar).toolTip() == "Services and keys (Ctrl+K)"


def test_without_a_key_the_button_says_so_and_asks_for_one_instead(toolbar, qtbot):
    generated: list[bool] = []
    toolbar.generate_wanted.connect(lambda: generated.append(True))
    toolbar.show_request(SEED, 1, Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute"))

    toolbar.show_key_missing("Acme")
    toolbar.show_request(SEED, 2, Estimate(Decimal("0.14"), Decimal("0.14"), "by the minute"))
    with qtbot.waitSignal(toolbar.key_wanted):
        toolbar.generate.click()

    assert name(toolbar.generate) == "Set a key for Acme"
    assert toolbar.generate.toolTip() == "Acme needs a key before it can generate."
    assert generated == []


def test_with_a_key_the_button_generates_again(toolbar, qtbot):
    toolbar.show_request(SEED, 2, Estimate(Decimal("0.14"), Decimal("0.14"), "by the minute"))
    toolbar.show_key_missing("Acme")

    toolbar.show_key_missing("")
    with qtbot.waitSignal(toolbar.generate_wanted):
        toolbar.generate.click()

    assert name(toolbar.generate) == "Generate 2 takes, about $0.14"
    assert toolbar.generate.toolTip() == "by the minute. Price list of 18 Nov 2026"


EXCESS = Excess("this month", Decimal(40), Spent(Decimal("39.95")), Decimal("0.07"))


def test_a_click_that_would_pass_a_limit_says_so_before_and_leads_to_the_limits(toolbar, qtbot):
    generated: list[bool] = []
    toolbar.generate_wanted.connect(lambda: generated.append(True))
    toolbar.show_excess(EXCESS)
    toolbar.show_request(SEED, 1, Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute"))

    with qtbot.waitSignal(toolbar.limits_wanted):
        toolbar.generate.click()

    assert name(toolbar.generate) == "Ceiling reached"
    assert texts(toolbar) == ["This would pass your limit of $40 this month", "$39.95 spent, about $0.07 needed"]
    told = "This would pass your limit of $40 this month: $39.95 spent, about $0.07 needed."
    assert toolbar.generate.toolTip() == told
    assert generated == []

    toolbar.show_excess(None)

    assert name(toolbar.generate) == "Generate 1 take, about $0.07"
    assert texts(toolbar) == ["by the minute", "Price list of 18 Nov 2026"]


def test_a_key_is_asked_for_before_a_limit_matters(toolbar, qtbot):
    toolbar.show_request(SEED, 1, Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute"))
    toolbar.show_excess(EXCESS)

    toolbar.show_key_missing("Acme")

    assert name(toolbar.generate) == "Set a key for Acme"
    with qtbot.waitSignal(toolbar.key_wanted):
        toolbar.generate.click()


def test_a_key_for_another_address_is_to_be_confirmed(toolbar):
    toolbar.show_key_missing("Acme", is_unconfirmed=True)

    assert name(toolbar.generate) == "Confirm the key for Acme"


def test_the_price_on_generate_is_whole_before_what_was_spent_has_a_place(toolbar, theme):
    toolbar.show_request(SEED, 3, Estimate(Decimal("0.07"), Decimal("0.07"), "by the minute"))
    toolbar.show_spent("November", Spent(Decimal("14.82"), Decimal(2)), Decimal(40))
    spent = toolbar.findChild(SpentButton)
    assert spent.isVisible()

    theme.set_text_scale(1.5)
    toolbar.setFixedWidth(1024)
    QApplication.processEvents()

    assert not spent.isVisible()
    assert toolbar.generate.width() >= toolbar.generate.sizeHint().width()
    toolbar.show_spent("November", Spent(Decimal("14.83"), Decimal(2)), Decimal(40))
    assert not spent.isVisible()
