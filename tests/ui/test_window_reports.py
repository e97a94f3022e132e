"""What came of a damaged library, in the window: a short sentence, and the whole report behind a button."""

from __future__ import annotations

import sqlite3
from contextlib import closing
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


async def test_a_click_that_waits_for_a_locked_library_is_told_and_made_once(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path / "home") as world:
        await world.settle()
        messages, library = world.window.messages, world.services.database.path
        with closing(sqlite3.connect(library, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            world.window.column.prompt.use("rain")
            world.window.generating.generate()
            await until(lambda: messages.text.startswith("Another program keeps the library locked."))
            other.execute("ROLLBACK")

        await until(lambda: world.window.library.items.rowCount() > 0)
        await world.services.queue.wait_until_idle()
        assert len(await world.services.store.tasks()) == 1
