"""What somebody does with the real window while its GUI thread is watched: a long script, stop all, the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QTableView

from app.engine.ledger_view import Span
from app.storage.ledger_entries import Grouping
from app.ui.application import Application
from app.ui.batch_dialog import BatchDialog
from tests.benchmarks.gui_gaps import Gaps
from tests.benchmarks.stand_in import MODEL
from tests.benchmarks.thousand_tasks import request

Measured = dict[str, dict[str, float]]
_PATIENCE_S = 300


class _Script:
    """A long script from its file to the queue, one step after the other; nothing is sent."""

    def __init__(self, window: Application, path: Path) -> None:
        self._window, self._flow, self._path = window, window.batches, path

    @property
    def _dialog(self) -> BatchDialog:
        assert self._flow._dialog is not None
        return self._flow._dialog

    async def open(self) -> None:
        self._flow.ask(self._path)
        await until(lambda: self._flow._dialog is not None)
        await self._planned()

    async def scroll(self) -> None:
        await scrolled(self._dialog.lines.table)

    async def mend(self) -> None:
        self._dialog.mended.emit(2, "prompt", "a hollow drum under water")
        await self._planned()

    async def queue(self) -> None:
        self._dialog.wanted.emit()
        if self._flow._question is not None:
            self._flow._question.accept()
        await until(lambda: self._flow._dialog is None)
        await settled(self._window)

    async def scroll_library(self) -> None:
        await scrolled(self._window.library.table)

    async def _planned(self) -> None:
        await until(lambda: self._dialog.figures is not None)


async def sheet_is_generated(window: Application, rows: int) -> Measured:
    """Import a script of so many lines, scroll through it, mend a line, and queue it; nothing is sent."""
    await window.services.queue.pause()
    path = Path(window.services.locations.config) / "storm.csv"
    path.write_text(sheet_text(rows), "utf-8")
    script = _Script(window, path)
    return {
        "opened and planned": await watched(script.open),
        "scrolled": await watched(script.scroll),
        "mended and planned anew": await watched(script.mend),
        "queued": await watched(script.queue),
        "in the library scrolled": await watched(script.scroll_library),
    }


async def all_is_stopped(window: Application, tasks: int) -> Measured:
    """Stop so many waiting tasks at once, and take that back."""
    queue = window.services.queue
    await queue.pause()
    measured: Measured = {}

    async def is_queued() -> None:
        await asyncio.gather(*(queue.add(request(number)) for number in range(tasks)))
        await settled(window)

    async def is_stopped() -> None:
        stopped = await queue.stop_all(under_way=False)
        waiting.extend(stopped.waiting)
        await settled(window)

    async def is_undone() -> None:
        await queue.queue_again(waiting)
        await settled(window)

    waiting: list[str] = []
    measured["queued, each on its own"] = await watched(is_queued)
    measured["stopped"] = await watched(is_stopped)
    assert len(waiting) == tasks
    measured["queued again"] = await watched(is_undone)
    return measured


async def ledger_is_read(window: Application, _number: int) -> Measured:
    """Look at everything that was ever spent, by each grouping."""
    measured: Measured = {}
    for by in (*(each.value for each in Grouping), "open"):

        async def is_read(by: str = by) -> None:
            dialog = window.spending.open()
            dialog.grouping.set_value(by)
            dialog.spans.set_value(Span.ALL.value)
            dialog.ask()
            await settled(window)
            dialog.reject()

        measured[f"by {by}"] = await watched(is_read)
    return measured


async def watched(scene: Callable[[], Awaitable[None]]) -> dict[str, float]:
    """The longest times that the GUI thread was away, and worked, during a scene."""
    gaps = Gaps()
    async with asyncio.timeout(_PATIENCE_S):
        await scene()
    gaps.stop()
    return gaps.figures()


async def scrolled(table: QTableView) -> None:
    """From the first row to the last, as somebody drags the bar."""
    bar = table.verticalScrollBar()
    for step in range(100):
        bar.setValue(bar.maximum() * step // 100)
        await asyncio.sleep(0.01)


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - the window announces these things to nobody but itself
        await asyncio.sleep(0.01)


async def settled(window: Application) -> None:
    """Until nothing is read for the window any more."""
    still = 0
    while still < 3:
        is_busy = len(window.background) or window.rows._gather.isActive()
        still = 0 if is_busy else still + 1
        await asyncio.sleep(0.01)


def sheet_text(rows: int) -> str:
    """A script whose lines differ, for the model of the stand-in."""
    lines = [f"line-{number},heavy rain on a tin roof {number},aimlapi,{MODEL},1" for number in range(rows)]
    return "\n".join(["id,prompt,provider,model,duration", *lines]) + "\n"
