from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.take import Take, TakeState
from app.ui.take_switcher import TakeSwitcher, window_around
from app.ui.theme import Theme


def takes(count: int) -> list[Take]:
    return [Take(f"t-{n}", "t", "a", n, f"r{n}", TakeState.STORED) for n in range(1, count + 1)]


def buttons(switcher: TakeSwitcher) -> list[QAbstractButton]:
    return switcher.findChildren(QAbstractButton)


@pytest.fixture
def switcher(theme: Theme, qtbot: QtBot) -> TakeSwitcher:
    switcher = TakeSwitcher(theme)
    qtbot.addWidget(switcher)
    return switcher


def test_every_take_has_its_number_and_one_is_on(switcher: TakeSwitcher) -> None:
    switcher.show_takes(takes(3), "t-2")

    assert [(b.text(), b.isChecked()) for b in buttons(switcher)] == [("1", False), ("2", True), ("3", False)]


def test_a_click_announces_the_take(switcher: TakeSwitcher, qtbot: QtBot) -> None:
    switcher.show_takes(takes(3), "t-1")

    with qtbot.waitSignal(switcher.chosen) as chosen:
        QTest.mouseClick(buttons(switcher)[2], Qt.MouseButton.LeftButton)

    assert chosen.args == ["t-3"]


def test_what_is_wrong_with_a_take_is_said_in_words(switcher: TakeSwitcher) -> None:
    one, two = takes(2)

    switcher.show_takes([one, replace(two, state=TakeState.BROKEN)], "t-1")

    assert [b.accessibleName() for b in buttons(switcher)] == ["Take 1", "Take 2, broken file"]
    assert not switcher.grab().isNull()


@given(st.integers(0, 99), st.integers(1, 100), st.integers(1, 20))
def test_of_many_takes_those_around_the_current_one_have_a_button(current: int, count: int, most: int) -> None:
    current = min(current, count - 1)

    window = window_around(current, count, most)

    assert current in window
    assert len(window) == min(count, most)
    assert window.start >= 0
    assert window.stop <= count


def test_without_takes_it_is_gone(switcher: TakeSwitcher) -> None:
    switcher.show_takes(takes(2), "t-1")
    switcher.show_takes([], None)

    assert switcher.isHidden()
