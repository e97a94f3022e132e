"""The model is chosen with the mouse, by keyboard, or by typing a part of its name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from app.domain.model_spec import Kind, ModelSpec
from app.domain.price import Price, PriceUnit
from app.ui.model_chooser import ModelChooser, ModelPopup
from tests.ui.accessibility import description, name

SKETCH = ModelSpec("local", "sketch", "Sketch", (Kind.EFFECT, Kind.SCENE), price=Price(Decimal(0), PriceUnit.REQUEST))
SPEECH = ModelSpec("local", "speech", "Speech", (Kind.SPEECH,), price=Price(Decimal(0), PriceUnit.REQUEST))
SEED = ModelSpec(
    "acme", "seed", "Seed Audio", (Kind.SCENE,), summary="Whole scenes", price=Price(Decimal("0.158"), PriceUnit.MINUTE)
)
RIDDLE = ModelSpec("acme", "riddle", "Riddle", (Kind.MUSIC,))


@pytest.fixture
def chooser(theme, shown):
    made = ModelChooser(theme, {"local": "Built-in generator", "acme": "Acme"})
    made.show_models([SKETCH, SPEECH, SEED, RIDDLE], SKETCH)
    return shown(made)


@pytest.fixture
def popup(chooser):
    chooser.open_list()
    QApplication.processEvents()
    opened = chooser.findChild(ModelPopup)
    yield opened
    if chooser.findChild(ModelPopup) is not None:
        opened.close()


def rows(popup: ModelPopup) -> list[str]:
    return [name(button) for button, _words in popup._rows if button.isVisible()]


def test_the_button_says_model_place_and_kinds(chooser):
    assert name(chooser) == "Model: Sketch"
    assert description(chooser) == "On this computer, effects and scenes"


def test_a_model_of_a_service_names_the_service(chooser):
    chooser.show_models([SEED], SEED)

    assert description(chooser) == "Acme, scenes"


def test_every_model_has_its_price(popup):
    prices = {name(button): description(button) for button, _words in popup._rows}

    assert prices == {
        "Sketch": "effects and scenes, free",
        "Speech": "speech, free",
        "Seed Audio": "scenes, $0.158 a minute",
        "Riddle": "music, price unknown",
    }


def test_typing_finds_and_enter_takes_the_first(chooser, popup, qtbot):
    with qtbot.waitSignal(chooser.chosen) as chosen:
        QTest.keyClicks(popup.focusWidget(), "whole sc")
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Return)

    assert chosen.args == [SEED]


def test_models_are_found_by_service_and_by_kind(popup, qtbot):
    QTest.keyClicks(popup._search, "acme music")
    qtbot.waitUntil(lambda: len(rows(popup)) < 4)

    assert rows(popup) == ["Riddle"]


def test_a_search_without_a_model_says_so(popup):
    popup._filter("zzz")

    assert rows(popup) == []
    assert "No model matches." in [label.text() for label in popup.findChildren(QLabel) if label.isVisible()]


def test_the_arrows_walk_through_the_models_and_back_to_the_search(chooser, popup, qtbot):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(popup.focusWidget(), key)
    assert name(popup.focusWidget()) == "Speech"

    for _ in range(2):
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Up)
    assert popup.focusWidget() is popup._search
    QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Down)
    with qtbot.waitSignal(chooser.chosen) as chosen:
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Return)

    assert chosen.args == [SKETCH]


def test_letters_typed_on_a_model_go_to_the_search(popup):
    QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Down)

    for letter in "se":
        QTest.keyClicks(popup.focusWidget(), letter)

    assert popup._search.text() == "se"


def test_escape_leaves_everything_as_it_was(chooser, popup):
    chosen = []
    chooser.chosen.connect(chosen.append)

    QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Escape)

    assert not popup.isVisible()
    assert chosen == []


def test_a_click_with_the_mouse_leaves_the_focus_where_it_was(chooser):
    assert not chooser.focusPolicy() & Qt.FocusPolicy.ClickFocus


def key_links(popup: ModelPopup) -> list[str]:
    buttons = popup.findChildren(QAbstractButton)
    return [name(each) for each in buttons if each.isVisible() and name(each).startswith("Add a key")]


def test_a_service_without_a_key_offers_to_add_one(chooser, popup, qtbot):
    assert key_links(popup) == []
    chooser.show_missing_keys(frozenset({"acme"}))
    assert key_links(popup) == ["Add a key for Acme"]

    with qtbot.waitSignal(chooser.key_wanted) as wanted:
        next(each for each in popup.findChildren(QAbstractButton) if name(each) == "Add a key for Acme").click()

    assert wanted.args == ["acme"]
    assert not popup.isVisible()


def test_the_offer_goes_with_the_models_that_a_search_leaves_out(chooser, popup, qtbot):
    chooser.show_missing_keys(frozenset({"acme"}))

    QTest.keyClicks(popup._search, "sketch")
    qtbot.waitUntil(lambda: key_links(popup) == [])


def test_it_says_that_it_opens_so_that_keys_can_be_looked_up(chooser, qtbot):
    with qtbot.waitSignal(chooser.opening):
        chooser.open_list()
    chooser.findChild(ModelPopup).close()
