"""Gets peaks and single samples off the GUI thread; an answer for an earlier take is dropped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError
from app.ui.background import Background

if TYPE_CHECKING:
    from app.audio.growing_peaks import GrowingPeaks
    from app.audio.peaks import Floats, Peaks
    from app.audio.peaks_cache import PeaksCache

_GROWS_EVERY_S = 0.25


class PeaksLoader(QObject):
    """Reads one file at a time on a thread of its own.

    Args:
        make_cache: Called once, on that thread; loads NumPy.
    """

    peaks_ready = Signal(object)  # Peaks
    samples_ready = Signal(int, object)  # first frame; float32, shape (channels, frames)
    failed = Signal(object)  # AppError

    def __init__(
        self, make_cache: Callable[[], PeaksCache], background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_cache = make_cache
        self._background = background
        self._cache: PeaksCache | None = None
        self._path: Path | None = None
        self._outdated = threading.Event()
        self._newest_samples = 0
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="peaks")

    def load(self, path: Path) -> None:
        """Get the peaks of a file; forgets what was asked for before."""
        self.forget()
        self._path = path
        self._background.start(self._load(path, self._outdated))

    def follow(self, path: Path) -> None:
        """Get the peaks of a WAV that is still being written, again and again as it grows; as `load` otherwise."""
        self.forget()
        self._background.start(self._follow(path, self._outdated))

    def load_samples(self, start: int, frames: int) -> None:
        """Get single samples of the file whose peaks were asked for; of several wishes the last counts."""
        if self._path is not None:
            self._newest_samples += 1
            self._background.start(self._load_samples(self._path, start, frames, self._newest_samples, self._outdated))

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        self._outdated.set()
        self._outdated = threading.Event()
        self._path = None

    def close(self) -> None:
        """End the thread; what it is reading is given up."""
        self.forget()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _load(self, path: Path, outdated: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        try:
            peaks = await loop.run_in_executor(self._executor, self._read, path, outdated)
        except AppError as error:
            if not outdated.is_set():
                self.failed.emit(error)
            return
        if not outdated.is_set():
            self.peaks_ready.emit(peaks)

    async def _follow(self, path: Path, outdated: threading.Event) -> None:
        growing: GrowingPeaks | None = None

        def read() -> Peaks | None:
            nonlocal growing
            if growing is None:
                from app.audio.growing_peaks import GrowingPeaks

                growing = GrowingPeaks(path)
            return growing.more()

        while not outdated.is_set():
            try:
                peaks = await asyncio.get_running_loop().run_in_executor(self._executor, read)
            except AppError:
                return  # it is whole or gone by now: whoever shows it hears of that in a moment
            if peaks is not None and not outdated.is_set():
                self.peaks_ready.emit(peaks)
            await asyncio.sleep(_GROWS_EVERY_S)

    def _read(self, path: Path, outdated: threading.Event) -> Peaks:
        if self._cache is None:
            self._cache = self._make_cache()
        return self._cache.load_or_build(path, cancelled=outdated.is_set)

    async def _load_samples(self, path: Path, start: int, frames: int, serial: int, outdated: threading.Event) -> None:
        def read() -> Floats | None:
            if serial != self._newest_samples or outdated.is_set():
                return None
            from app.audio.peaks import samples

            return samples(path, start, frames)

        try:
            block = await asyncio.get_running_loop().run_in_executor(self._executor, read)
        except AppError as error:
            if not outdated.is_set():
                self.failed.emit(error)
            return
        if block is not None and not outdated.is_set():
            self.samples_ready.emit(start, block)
