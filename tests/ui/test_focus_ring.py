from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.button import Button
from app.ui.controls.text_area import TextArea
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

Show = Callable[[QWidget], QWidget]


class Form(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.first = Button(theme, "First")
        self.second = Button(theme, "Second")
        self.text = TextField(theme, "Text")
        self.area = TextArea(theme, "Area")
        column = QVBoxLayout(self)
        for widget in (self.first, self.second, self.text, self.area):
            column.addWidget(widget)


def ring(window: QWidget) -> QRect | None:
    frame = window.findChild(QWidget, "focusRing")
    return frame.geometry() if frame is not None and frame.isVisible() else None


def around(widget: QWidget) -> QRect:
    place = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
    return place.adjusted(-3, -3, 3, 3)


def test_the_keyboard_brings_the_ring(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))
    form.first.setFocus()

    qtbot.keyClick(form.first, Qt.Key.Key_Tab)

    assert form.second.hasFocus()
    assert ring(form) == around(form.second)


def test_the_mouse_does_not(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))

    qtbot.mouseClick(form.second, Qt.MouseButton.LeftButton)

    assert form.second.hasFocus()
    assert ring(form) is None


def test_a_text_field_has_it_always(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))

    qtbot.mouseClick(form.text, Qt.MouseButton.LeftButton)

    assert ring(form) == around(form.text)


def test_what_draws_its_own_has_none(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))
    form.text.setFocus()

    qtbot.keyClick(form.text, Qt.Key.Key_Tab)

    assert form.area.hasFocus()
    assert ring(form) is None


def test_it_moves_with_its_control(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))
    form.text.setFocus()

    form.first.hide()
    form.resize(500, 400)

    qtbot.waitUntil(lambda: ring(form) == around(form.text))


def test_it_goes_with_its_control(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))
    form.text.setFocus()

    form.text.hide()

    qtbot.waitUntil(lambda: ring(form) is None or ring(form) == around(form.focusWidget()))


def test_it_lets_the_mouse_through(theme: Theme, qtbot: QtBot, shown: Show):
    form = shown(Form(theme))
    form.text.setFocus()

    assert form.childAt(around(form.text).topLeft()) is None
    assert form.childAt(form.text.geometry().center()) is form.text


def test_it_is_cut_off_by_what_scrolls(theme: Theme, qtbot: QtBot, shown: Show):
    inside = QWidget()
    inside.setFixedSize(200, 600)
    field = TextField(theme, "Text", parent=inside)
    field.setGeometry(20, 10, 100, 28)
    area = QScrollArea()
    area.setWidget(inside)
    area.resize(240, 120)
    shown(area)
    field.setFocus()
    before = ring(area)

    area.verticalScrollBar().setValue(20)
    half = ring(area)
    area.verticalScrollBar().setValue(300)

    assert before is not None
    assert half is not None
    assert half.height() < before.height()
    assert ring(area) is None
