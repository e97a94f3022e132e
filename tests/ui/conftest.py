"""One application and one theme for all tests of the window; the theme is as it was before each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Scheme, Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def session_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, RESOURCES, scheme=Scheme.DARK)


@pytest.fixture
def theme(session_theme: Theme) -> Iterator[Theme]:
    """Dark, at the usual text size, moving."""
    yield session_theme
    session_theme.set_scheme(Scheme.DARK)
    session_theme.set_text_scale(1.0)
    session_theme.set_reduce_motion(False)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], QWidget]:
    """Show a widget as an active window and hand it back."""

    def show(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        QCursor.setPos(2, 2)
        widget.move(100, 100)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show
