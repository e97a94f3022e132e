"""The real window at work, in a process of its own; prints what was measured as JSON.

    python -m tests.benchmarks.window_work tasks TASKS          the GUI thread while tasks run through
    python -m tests.benchmarks.window_work sheet ROWS           a script is imported, scrolled, mended and queued
    python -m tests.benchmarks.window_work stop TASKS           all are stopped, and that is taken back
    python -m tests.benchmarks.window_work ledger               everything that was ever spent is looked at
    python -m tests.benchmarks.window_work search TIMES         one letter typed into the search
    python -m tests.benchmarks.window_work memory               what the window holds once the library stands in it

The library is that of `CUESMITH_HOME`, the screen that of `QT_QPA_PLATFORM` and `DISPLAY`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.building import build_for_window
from app.storage.library_index import LibraryQuery, SortKey
from app.storage.locations import Locations
from app.ui import event_loop
from app.ui.application import Application
from app.ui.controls.search_field import PAUSE_MS, SearchField
from app.ui.garbage import GarbageWatch
from app.ui.picture import Picture
from tests.benchmarks.gui_gaps import Gaps
from tests.benchmarks.thousand_tasks import private_kb, run_by_engine, timed
from tests.benchmarks.window_scenes import all_is_stopped, ledger_is_read, settled, sheet_is_generated

OWN_WORK, QUERY = "work of the GUI thread itself", "the query alone"
_LETTERS = "rwdgtfeabclh"


class Painted(QObject):
    """Waits until the list shows the answer to a search, with the values of every row that can be seen."""

    def __init__(self, window: Application) -> None:
        super().__init__()
        self._items = window.library.items
        self._table = window.library.table
        self._has_answer = False
        self._is_painted = asyncio.Event()
        self._items.modelReset.connect(self._on_answer)
        self._table.viewport().installEventFilter(self)

    def _on_answer(self) -> None:
        self._has_answer = True

    def expect(self) -> None:
        self._has_answer = False
        self._is_painted.clear()

    async def wait(self) -> None:
        await asyncio.wait_for(self._is_painted.wait(), 20)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._has_answer:
            QTimer.singleShot(0, self._after_paint)
        return False

    def _after_paint(self) -> None:
        height = self._table.viewport().height()
        first, last = self._table.rowAt(0), self._table.rowAt(height - 1)
        last = self._items.rowCount() - 1 if last < 0 else last
        if all(self._items.row(row) is not None for row in range(max(first, 0), last + 1)):
            self._is_painted.set()


async def tasks_run_through(window: Application, count: int) -> dict[str, float]:
    """Run so many tasks while somebody looks at the list."""
    await run_by_engine(window.services, 16)  # what is loaded at the very first request is in the start's row
    gaps = Gaps()
    took = await timed(lambda tasks: run_by_engine(window.services, tasks), count)
    gaps.stop()
    return {**gaps.figures(), **took}


async def letters_typed(window: Application, times: int) -> dict[str, list[float]]:
    """Type one letter, see the list, clear it; by each order. Milliseconds, by order; and what of it is whose."""
    field = window.library.findChild(SearchField)
    assert field is not None
    painted = Painted(window)
    took: dict[str, list[float]] = {}
    for sort in SortKey:
        window.library._change(LibraryQuery(sort=sort))
        await settled(window)
        for letter in _LETTERS[:times]:
            painted.expect()
            pressed_s, worked_s = time.perf_counter(), time.thread_time()
            field.setFocus()
            QTest.keyClick(field, letter)  # type: ignore[call-overload]
            await painted.wait()
            took.setdefault(sort.value, []).append((time.perf_counter() - pressed_s) * 1_000 - PAUSE_MS)
            took.setdefault(f"{sort.value}, {OWN_WORK}", []).append((time.thread_time() - worked_s) * 1_000)
            await settled(window)
            began_s = time.perf_counter()
            await window.services.library.ids(LibraryQuery(text=letter, sort=sort))
            took.setdefault(f"{sort.value}, {QUERY}", []).append((time.perf_counter() - began_s) * 1_000)
            field.clear()
            await settled(window)
    return took


async def held(window: Application) -> dict[str, float]:
    """Private memory once the list was read and scrolled through."""
    bar = window.library.table.verticalScrollBar()
    for step in range(20):
        bar.setValue(bar.maximum() * step // 20)
        await settled(window)
    return {"private_kb": private_kb()}


def main() -> None:
    kind, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)

    async def run() -> int:
        services = build_for_window(Locations.from_environment(os.environ))
        window = Application(Picture(app, services, services.window_state), services)
        window.painted.connect(GarbageWatch(parent=window).start)
        is_shown = asyncio.Event()
        window.rows.emptied.connect(lambda _is_empty: is_shown.set())
        running = asyncio.ensure_future(window.run())
        await asyncio.wait_for(is_shown.wait(), 60)
        window.window.resize(1440, 900)
        await asyncio.sleep(1)  # what is loaded after the paint is in the start's row
        await settled(window)
        work: dict[str, Callable[[], Any]] = {
            "tasks": lambda: tasks_run_through(window, number),
            "sheet": lambda: sheet_is_generated(window, number),
            "stop": lambda: all_is_stopped(window, number),
            "ledger": lambda: ledger_is_read(window, number),
            "search": lambda: letters_typed(window, number),
            "memory": lambda: held(window),
        }
        measured = await work[kind]()
        sys.stdout.write(json.dumps(measured) + "\n")
        sys.stdout.flush()
        window.leaving.end()
        return await running

    sys.exit(event_loop.run(run()))


if __name__ == "__main__":
    main()
