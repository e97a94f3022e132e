"""Gets peaks, single samples and zero crossings off the GUI thread; an answer for an earlier take is dropped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError
from app.ui.background import Background

if TYPE_CHECKING:
    from app.audio.growing_peaks import GrowingPeaks
    from app.audio.peaks import Peaks
    from app.audio.peaks_cache import PeaksCache
    from app.audio.stretches import Stretches

T = TypeVar("T")

_GROWS_EVERY_S = 0.25


class _Shown:
    """The file that is on show, until another one is; its samples are read by one thread."""

    def __init__(self, path: Path, *, is_whole: bool = True) -> None:
        self.path = path
        self.is_whole = is_whole
        self.is_outdated = threading.Event()
        self._stretches: Stretches | None = None

    @property
    def stretches(self) -> Stretches:
        if self._stretches is None:
            from app.audio.stretches import Stretches

            self._stretches = Stretches(self.path, is_growing=not self.is_whole)
        return self._stretches


class PeaksLoader(QObject):
    """Reads one file at a time: its peaks on one thread, and what is seen of it closely on another.

    Args:
        make_cache: Called once, on the first thread; loads NumPy.
    """

    peaks_ready = Signal(object)  # Peaks: of the first frames while the file is read, then of all, `Peaks.frames`
    # First frame, an int that 32 bits may not hold; float32, shape (channels, frames).
    samples_ready = Signal(object, object)
    crossings_ready = Signal(object)  # dict of each frame that was asked for to the frame where a cut is best
    failed = Signal(object)  # AppError

    def __init__(
        self, make_cache: Callable[[], PeaksCache], background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_cache = make_cache
        self._background = background
        self._cache: PeaksCache | None = None
        self._shown: _Shown | None = None
        self._newest_samples = 0
        self._peaks_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="peaks")
        self._samples_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="samples")

    def load(self, path: Path) -> None:
        """Get the peaks of a file, several times a second while it is read; forgets what was asked for before."""
        self.forget()
        self._shown = _Shown(path)
        self._background.start(self._load(self._shown))

    def follow(self, path: Path) -> None:
        """Get the peaks of a WAV that is still being written, again and again as it grows; as `load` otherwise."""
        self.forget()
        self._shown = _Shown(path, is_whole=False)
        self._background.start(self._follow(self._shown))

    def load_samples(self, start: int, frames: int) -> None:
        """Get single samples of the file whose peaks were asked for; of several wishes the last counts."""
        if self._shown is not None:
            self._newest_samples += 1
            self._background.start(self._load_samples(self._shown, start, frames, self._newest_samples))

    def load_crossings(self, frames: tuple[int, ...]) -> None:
        """Find the best place for a cut near each of these frames of the file whose peaks were asked for."""
        if self._shown is not None:
            self._background.start(self._load_crossings(self._shown, frames))

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        if self._shown is not None:
            self._shown.is_outdated.set()
        self._shown = None

    def close(self) -> None:
        """End the threads; what they are reading is given up."""
        self.forget()
        for thread in (self._peaks_thread, self._samples_thread):
            thread.shutdown(wait=False, cancel_futures=True)

    async def _load(self, shown: _Shown) -> None:
        loop = asyncio.get_running_loop()

        def emit(peaks: Peaks) -> None:
            if not shown.is_outdated.is_set():
                self.peaks_ready.emit(peaks)

        def tell(peaks: Peaks) -> None:
            if not shown.is_outdated.is_set():
                loop.call_soon_threadsafe(emit, peaks)

        def read() -> Peaks:
            if self._cache is None:
                self._cache = self._make_cache()
            return self._cache.load_or_build(shown.path, grown=tell, cancelled=shown.is_outdated.is_set)

        peaks = await self._answer(shown, self._peaks_thread, read)
        if peaks is not None:
            self.peaks_ready.emit(peaks)

    async def _follow(self, shown: _Shown) -> None:
        growing: GrowingPeaks | None = None

        def read() -> Peaks | None:
            nonlocal growing
            if growing is None:
                from app.audio.growing_peaks import GrowingPeaks

                growing = GrowingPeaks(shown.path)
            return growing.more()

        while not shown.is_outdated.is_set():
            try:
                peaks = await asyncio.get_running_loop().run_in_executor(self._peaks_thread, read)
            except AppError:
                return  # it is whole or gone by now: whoever shows it hears of that in a moment
            if peaks is not None and not shown.is_outdated.is_set():
                self.peaks_ready.emit(peaks)
            await asyncio.sleep(_GROWS_EVERY_S)

    async def _load_samples(self, shown: _Shown, start: int, frames: int, serial: int) -> None:
        block = await self._answer(
            shown,
            self._samples_thread,
            lambda: shown.stretches.read(start, frames) if serial == self._newest_samples else None,
        )
        if block is not None:
            self.samples_ready.emit(start, block)

    async def _load_crossings(self, shown: _Shown, frames: tuple[int, ...]) -> None:
        def find() -> dict[int, int]:
            from app.audio.zero_crossing import crossings_near

            return crossings_near(shown.stretches, frames)

        found = await self._answer(shown, self._samples_thread, find)
        if found is not None:
            self.crossings_ready.emit(found)

    async def _answer(self, shown: _Shown, thread: ThreadPoolExecutor, read: Callable[[], T | None]) -> T | None:
        """What a thread found out; None if nobody waits for it any more, or if it failed, which is told."""

        def work() -> T | None:
            try:
                return None if shown.is_outdated.is_set() else read()
            except CancelledError:
                return None

        try:
            answer = await asyncio.get_running_loop().run_in_executor(thread, work)
        except AppError as error:
            # One that arrives is whole or gone by now: whoever shows it hears of that in a moment.
            if shown.is_whole and not shown.is_outdated.is_set():
                self.failed.emit(error)
            return None
        return None if shown.is_outdated.is_set() else answer
