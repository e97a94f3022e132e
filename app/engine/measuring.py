"""Measures of takes, made in the background and kept in the library."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from app.domain.errors import StorageError
from app.domain.measures import Measures
from app.domain.take import Take, TakeState
from app.domain.task import Task
from app.engine.changes import Changes
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore

_AT_ONCE = 32
_log = logging.getLogger(__name__)


class Measure(Protocol):
    """Measures a whole file; `app.audio.measures.measure`."""

    def __call__(self, path: Path, *, cancelled: Callable[[], bool]) -> Measures: ...


class Measuring:
    """Measures every stored take that wasn't measured yet, one after the other, on a thread of its own.

    What was measured by an earlier version comes after all that never was.

    Attributes:
        measured: Each take whose measures are in the library now, without them.

    Args:
        task_changes: Where the engine announces tasks that it changed.
        measure: Blocks; called on the thread.
    """

    def __init__(self, store: TaskStore, files: TakeFiles, task_changes: Changes[Task], measure: Measure) -> None:
        self.measured: Changes[Take] = Changes()
        self._store = store
        self._files = files
        self._task_changes = task_changes
        self._measure = measure
        self._wanted = asyncio.Event()
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(1, "measuring")
        self._stop_listening: Callable[[], None] | None = None
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Measure what is left over from before, and from now on what is stored."""
        self._wanted.set()
        self._stop_listening = self._task_changes.listen(self._look_at)
        self._working = asyncio.ensure_future(self._work())
        self._working.add_done_callback(_report_bug)

    async def measure(self, takes: Iterable[Take]) -> None:
        """Measure these now, as far as they can be; `start` need not have been called."""
        try:
            for take in takes:
                await self._measure_one(take)
        except StorageError:
            _log.warning("measures can't be kept", exc_info=True)  # whoever asked goes on without them

    async def close(self) -> None:
        """Stop, for good; a measurement under way is given up and made at the next start."""
        self._stop.set()
        if self._stop_listening is not None:
            self._stop_listening()
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait([self._working])
        await asyncio.to_thread(self._thread.shutdown)

    def _look_at(self, task: Task) -> None:
        if any(take.state is TakeState.STORED and take.measures is None for take in task.takes):
            self._wanted.set()

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                while takes := await self._store.unmeasured(_AT_ONCE):
                    for take in takes:
                        await self._measure_one(take)
            except StorageError:
                _log.warning("measures can't be kept", exc_info=True)  # the next stored take brings another try

    async def _measure_one(self, take: Take) -> None:
        """A take that can't be measured is marked as such, so that it isn't tried for ever."""
        assert take.file is not None, "a stored take has a file"
        path = self._files.path(take.file)
        measures: Measures | None = None
        try:
            measures = await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: self._measure(path, cancelled=self._stop.is_set)
            )
        except StorageError:
            _log.warning("a take can't be measured", exc_info=True)
        await self._store.set_measures(take.id, measures)
        self.measured.announce(take)


def _report_bug(working: asyncio.Task[None]) -> None:
    error = None if working.cancelled() else working.exception()
    if error is not None:
        context = {"message": "measuring stopped", "exception": error, "task": working}
        asyncio.get_running_loop().call_exception_handler(context)
