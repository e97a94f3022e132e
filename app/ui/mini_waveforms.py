"""Fetches the mini waveforms of the takes that the list shows, one at a time, off the GUI thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
        self._cache: PeaksCache | None = None
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mini waveforms")

    def want(self, takes: Iterable[Take]) -> None:
        """Fetch the waveforms of these takes that weren't asked for yet."""
        for take in takes:
            if take.state is TakeState.STORED and take.id not in self._asked:
                self._asked.add(take.id)
                self._background.start(self._fetch(take.id, self._path_of(take)))

    async def levels(self, path: Path) -> tuple[float, ...]:
        """Those of any audio file.

        Raises:
            StorageError: It can't be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read, path)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _fetch(self, take_id: str, path: Path) -> None:
        try:
            levels = await self.levels(path)
        except AppError:
            return  # the preview says what is wrong with the file, as soon as somebody looks at it
        self.ready.emit(take_id, levels)

    def _read(self, path: Path) -> tuple[float, ...]:
        if self._cache is None:
            self._cache = self._make_cache()
        peaks = self._cache.load_or_build(path)
        columns = peaks.columns(0, peaks.frames, min(LEVELS, max(1, peaks.frames)))
        highest, lowest = columns.high.max(axis=0), columns.low.min(axis=0)
        return tuple(max(float(high), -float(low)) for high, low in zip(highest, lowest, strict=True))
