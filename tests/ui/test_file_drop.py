"""Files that are dropped onto the window: the part says what will happen before they are let go."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.dropped_files import is_sheet, words_for_library, words_for_sheet
from app.ui.file_drop import FileDrop


def carrying(*names: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    return data


def enter(target: QWidget, data: QMimeData) -> bool:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target: QWidget, data: QMimeData) -> None:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.mark.parametrize(
    ("names", "anywhere", "on_the_library"),
    [
        (["/a/Script.CSV"], "Drop the sheet to import its lines", "Drop the sheet to import its lines"),
        (["/a/script.tsv"], "Drop the sheet to import its lines", "Drop the sheet to import its lines"),
        (["/a/talk.wav"], "", "Drop a recording to transcribe it"),
        (["/a/one.csv", "/a/two.csv"], "", "Drop a recording to transcribe it"),
    ],
    ids=["csv", "tsv", "recording", "two sheets"],
)
def test_what_is_held_above_the_window_says_what_it_is_for(names, anywhere, on_the_library):
    files = list(map(Path, names))

    assert (words_for_sheet(files), words_for_library(files)) == (anywhere, on_the_library)
    assert is_sheet(files) == bool(anywhere)


def test_a_sheet_is_taken_wherever_it_is_dropped_and_anything_else_is_left_alone(theme, shown, qtbot):
    window = shown(QWidget())
    taking = FileDrop(theme, window, words_for_sheet)

    with qtbot.waitSignal(taking.brought) as brought:
        is_taken = enter(window, carrying("/a/script.csv"))
        drop(window, carrying("/a/script.csv"))

    assert is_taken
    assert brought.args == [[Path("/a/script.csv")]]
    assert not enter(window, carrying("/a/talk.wav"))
