"""The line above the waveform at every width: what it leaves out, and that nothing overlaps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.comparing import Comparing
from app.ui.preview_head import PreviewHead
from tests.fakes.measures import measures_of
from tests.ui.listening_room import take_of, task_of, write_tone

DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


@pytest.fixture
def head(theme, shown, tmp_path):
    """Of a task with fourteen takes that are played equally loud, within a window."""
    window = QWidget()
    head = PreviewHead(theme, window)
    path = write_tone(tmp_path / "tone.wav", frames=4_800)
    task = task_of(*(take_of(path, number, measures=measures_of(-10.0 - number)) for number in range(1, 15)))
    comparing = Comparing()
    comparing.show_task(task)
    comparing.set_matching(True)
    head.show_task(task, task.takes[2], comparing)
    head.show_toggles(wide(theme, 68))
    head.show_range(wide(theme, 116))
    head.comparing, head.task = comparing, task
    shown(window)
    yield head
    window.close()


def wide(theme, width_px: int) -> QWidget:
    """Something that others put there."""
    made = QWidget()
    made.setFixedSize(theme.px(width_px), theme.px(28))
    return made


def resized(head: PreviewHead, width: int) -> None:
    head.resize(width, head.height())
    QApplication.processEvents()


@pytest.mark.parametrize("is_blind", [False, True], ids=["open", "blind"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_at_any_width_nothing_overlaps_or_is_cut(theme, head, scale, is_blind):
    theme.set_text_scale(scale)
    if is_blind:
        head.comparing.begin_blind()
        head.show_task(head.task, head.task.takes[2], head.comparing)

    for width in range(theme.px(460), theme.px(1_300), theme.px(40)):
        resized(head, width)
        parts = [each for each in head.findChildren(QWidget, options=DIRECTLY) if each.isVisible()]
        takes = head.switcher.findChildren(QWidget)
        assert all(each.width() >= each.sizeHint().width() for each in takes if each.isVisible()), width
        edges = sorted((part.geometry().left(), part.geometry().right()) for part in parts)
        assert all(before[1] < after[0] for before, after in pairwise(edges)), width
        assert edges[-1][1] < head.width(), width
        assert all(part.width() >= part.minimumSizeHint().width() for part in parts), width


def test_words_with_an_icon_go_before_the_format_and_buttons_keep_their_names(head):
    told = {
        "words": lambda: head.match.text() != "",
        "format": head.format.isVisible,
        "decibels": head.matched.isVisible,
    }
    gone: list[str] = []
    for width in range(1_600, 460, -10):
        resized(head, width)
        gone += [name for name, is_told in told.items() if not is_told() and name not in gone]

    assert gone == list(told)
    assert (head.match.accessibleName(), head.blind.accessibleName()) == ("Match loudness", "Compare blind")
    resized(head, 1_600)
    assert all(is_told() for is_told in told.values())
