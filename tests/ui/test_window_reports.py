"""What came of a damaged library, in the window: a short sentence, and the whole report behind a button."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.ui.report_dialog import ReportDialog
from tests.ui.request_world import texts
from tests.ui.waiting import until
from tests.ui.window_world import opened

pytestmark = pytest.mark.usefixtures("theme")


async def test_a_long_report_is_short_in_the_bar_and_whole_in_a_dialog(qapp: QApplication, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with opened(qapp, home) as world:
        await world.make("rain", takes=1)
    library = home / "data" / "library.sqlite3"
    with library.open("rb+") as file:
        file.write(bytes(100))

    async with opened(qapp, home) as world:
        bar = world.window.messages
        assert (
            bar.text == "The library was damaged. 1 task with 1 take came back. What was changed last may be missing."
        )
        world.button("Read the report", bar).click()
        await until(lambda: any(each.isVisible() for each in world.window.window.findChildren(ReportDialog)))
        dialog = next(each for each in world.window.window.findChildren(ReportDialog) if each.isVisible())
        world.button("Copy", dialog).click()

        (told,) = (path.read_text() for path in library.parent.glob("*.damaged-*.txt"))
        assert QGuiApplication.clipboard().text() == told
        assert dialog.windowTitle() == "The library was damaged"
        assert "1 task with 1 take came back." in texts(dialog)
        assert f"in {library.parent}." in texts(dialog)
        world.button("Close", dialog).click()
