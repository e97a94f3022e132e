from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.loop_region import LoopRegion
from app.ui.selection_dialog import SelectionDialog
from app.ui.theme import Theme
from app.ui.typed_positions import parsed_position, position_words

RATE_HZ, FRAMES = 44_100, 441_000
ENTER = Qt.Key.Key_Return

Asked = tuple[SelectionDialog, list[LoopRegion]]


@pytest.fixture
def asked(theme: Theme, shown: Callable[[QWidget], QWidget]) -> Asked:
    return ask(theme, shown, LoopRegion(44_107, 88_213))


def ask(theme: Theme, shown: Callable[[QWidget], QWidget], region: LoopRegion, *, in_samples: bool = False) -> Asked:
    dialog = SelectionDialog(theme, region, FRAMES, RATE_HZ, in_samples=in_samples)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    chosen: list[LoopRegion] = []
    dialog.chosen.connect(chosen.append)
    shown(dialog)
    return dialog, chosen


def test_what_is_typed_is_selected(asked: Asked) -> None:
    dialog, chosen = asked
    dialog.start.setText("0:01.5")
    dialog.end.setText("88,200 samples")

    QTest.keyClick(dialog.end, ENTER)

    assert chosen == [LoopRegion(66_150, 88_200)]


def test_what_is_not_typed_anew_stays_exact(asked: Asked) -> None:
    dialog, chosen = asked
    assert (dialog.start.text(), dialog.end.text()) == ("0:01.000", "0:02.000")
    dialog.end.setText("3")

    QTest.keyClick(dialog.end, ENTER)

    assert chosen == [LoopRegion(44_107, 132_300)]


def test_ends_within_the_same_millisecond_are_kept_apart(theme: Theme, shown: Callable[[QWidget], QWidget]) -> None:
    dialog, chosen = ask(theme, shown, LoopRegion(44_107, 44_109))

    QTest.keyClick(dialog.end, ENTER)

    assert chosen == [LoopRegion(44_107, 44_109)]


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("soon", "2", "start"),
        ("1", "", "end"),
        ("1", "0:10.001", "end"),
        ("2", "1", "end"),
        ("2", "2", "end"),
    ],
)
def test_what_is_no_selection_is_said_at_its_field(asked: Asked, start: str, end: str, problem: str) -> None:
    dialog, chosen = asked
    dialog.start.setText(start)
    dialog.end.setText(end)

    QTest.keyClick(dialog.end, ENTER)

    assert chosen == []
    assert (dialog._start_row.error() is not None, dialog._end_row.error() is not None) == (
        problem == "start",
        problem == "end",
    )


def test_samples_are_told_where_the_ruler_counts_them(theme: Theme, shown: Callable[[QWidget], QWidget]) -> None:
    dialog, _chosen = ask(theme, shown, LoopRegion(44_107, 88_213), in_samples=True)

    assert dialog.start.text() == "44,107 samples"


@given(st.integers(0, 5_000_000_000), st.sampled_from([8_000, 44_100, 48_000, 192_000]), st.booleans())
def test_a_place_that_was_told_can_be_typed(frame: int, rate_hz: int, in_samples: bool) -> None:
    found = parsed_position(position_words(frame, rate_hz, in_samples=in_samples), rate_hz)

    assert found is not None
    assert abs(found - frame) <= (0 if in_samples else rate_hz / 2000 + 1)


@pytest.mark.parametrize("text", ["", "samples", "1:2:3:4", "-1", "a few samples", "nan", "1,2,x samples"])
def test_anything_else_is_no_place(text: str) -> None:
    assert parsed_position(text, RATE_HZ) is None
