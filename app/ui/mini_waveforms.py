"""Fetches the mini waveforms of the takes that the list shows, one at a time, off the GUI thread.

What was wanted last comes first: it is what is in sight. The take in the preview comes before all of them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError
from app.domain.take import Take, TakeState
from app.ui.background import Background

if TYPE_CHECKING:
    from app.audio.peaks_cache import PeaksCache

LEVELS = 56


class MiniWaveforms(QObject):
    """Each take once; a file that can't be read simply has none.

    Args:
        make_cache: Called once, on the reading thread; loads NumPy.
    """

    ready = Signal(str, tuple)  # take id, levels from 0.0 to 1.0

    def __init__(
        self,
        make_cache: Callable[[], PeaksCache],
        path_of: Callable[[Take], Path],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_cache = make_cache
        self._path_of = path_of
        self._background = background
        self._asked: set[str] = set()
        self._wanted: list[Take] = []
        self._is_fetching = False
        self._is_closed = threading.Event()
        self._cache: PeaksCache | None = None
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mini waveforms")

    def want(self, takes: Iterable[Take]) -> None:
        """Fetch the waveforms of these takes that weren't asked for yet."""
        new = [take for take in takes if take.state is TakeState.STORED and take.id not in self._asked]
        self._asked.update(take.id for take in new)
        self._wanted.extend(reversed(new))
        if self._wanted and not self._is_fetching:
            self._is_fetching = True
            self._background.start(self._fetch_all())

    async def levels(self, path: Path) -> tuple[float, ...]:
        """Those of any audio file; none once this was closed.

        Raises:
            BrokenAudio: It can't be decoded.
            StorageError: It can't be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read, path)

    def close(self) -> None:
        """What is being read is given up."""
        self._is_closed.set()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _fetch_all(self) -> None:
        try:
            while self._wanted and not self._is_closed.is_set():
                await self._fetch(self._wanted.pop())
        finally:
            self._is_fetching = False

    async def _fetch(self, take: Take) -> None:
        try:
            levels = await self.levels(self._path_of(take))
        except AppError:
            return  # the preview says what is wrong with the file, as soon as somebody looks at it
        if levels:
            self.ready.emit(take.id, levels)

    def _read(self, path: Path) -> tuple[float, ...]:
        if self._cache is None:
            self._cache = self._make_cache()
        try:
            peaks = self._cache.outline(path, cancelled=self._is_closed.is_set)
        except CancelledError:
            return ()
        columns = peaks.columns(0, max(1, peaks.frames), min(LEVELS, max(1, peaks.frames)))
        highest, lowest = columns.high.max(axis=0), columns.low.min(axis=0)
        return tuple(max(float(high), -float(low)) for high, low in zip(highest, lowest, strict=True))
