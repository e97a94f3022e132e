"""Has the tiles of a spectrogram made off the GUI thread; the newest wish wins, what is in sight comes first."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.audio.spectrogram import Levels
from app.audio.spectrogram_tiles import TileKey, TileMaker, TileStore
from app.domain.errors import AppError
from app.ui.background import Background

_TOLD_EVERY_MS = 33
# Going back and forth between takes computes nothing anew.
_KEPT_BYTES, _BYTES_A_SOUND = 128 << 20, 64 << 20


class _Shown:
    """One sound on show; another one of the same name is not the same, for it may be another file by then."""

    def __init__(self, path: Path, store: TileStore, *, is_growing: bool) -> None:
        self.path = path
        self.store = store
        self.is_growing = is_growing


class SpectrogramLoader(QObject):
    """Works on one file at a time, on a thread of its own.

    The file is open only while tiles of it are made: it may be moved or deleted otherwise.
    """

    tiles_ready = Signal()  # there are more in the store; at most 30 times a second
    failed = Signal(object)  # AppError

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._stores: OrderedDict[Path, TileStore] = OrderedDict()
        self._shown: _Shown | None = None
        self._wishes: tuple[TileKey, ...] = ()
        self._maker: TileMaker | None = None
        self._maker_of: _Shown | None = None
        self._is_working = False
        self._is_closed = False
        self._broken: set[Path] = set()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spectrogram")
        self._telling = QTimer(self, interval=_TOLD_EVERY_MS, singleShot=True)
        self._telling.timeout.connect(self.tiles_ready)

    def load(self, path: Path, *, is_growing: bool = False) -> TileStore:
        """From now on wishes are for tiles of this file; what is known of it already is in the store.

        Args:
            is_growing: It is a WAV that is still being written; the store has to be told how long it is by now.
        """
        if path in self._broken or is_growing:  # what has this name now may be another sound than before
            self._broken.discard(path)
            self._stores.pop(path, None)
        store = self._stores.setdefault(path, TileStore(max_bytes=_BYTES_A_SOUND))
        self._stores.move_to_end(path)
        self._shown, self._wishes = _Shown(path, store, is_growing=is_growing), ()
        return store

    def want(self, keys: Sequence[TileKey]) -> None:
        """Make these tiles, in this order; what was wanted before and isn't now is given up."""
        self._wishes = tuple(keys)
        is_idle = not self._is_working and not self._is_closed
        if keys and is_idle and self._shown is not None and self._shown.path not in self._broken:
            self._is_working = True
            self._background.start(self._work())

    def move(self, before: Path, after: Path) -> None:
        """A sound that arrived is stored: what is known of it counts for the file that it is now."""
        store = self._stores.pop(before, None)
        if store is not None:
            self._stores[after] = store

    def forget(self) -> None:
        """Nobody waits for anything any more."""
        self._shown, self._wishes = None, ()

    def close(self) -> None:
        """End the thread; what it is making is given up."""
        if self._is_closed:
            return
        self.forget()
        self._is_closed = True
        self._telling.stop()
        self._executor.submit(self._let_go)
        self._executor.shutdown(wait=False)

    async def _work(self) -> None:
        """Until nothing is wanted any more."""
        loop = asyncio.get_running_loop()
        try:
            while (shown := self._shown) is not None and self._wishes and shown.path not in self._broken:
                key = self._wishes[0]
                try:
                    made = await loop.run_in_executor(self._executor, self._make, shown, key)
                except AppError as error:
                    self._broken.add(shown.path)  # or it would be tried again with every frame that is painted
                    # One that arrives is whole or gone by now: whoever shows it hears of that in a moment.
                    if self._shown is shown and not shown.is_growing:
                        self.failed.emit(error)
                    continue
                if made is None:  # it was given up; it may be wanted again by now, or of another sound
                    continue
                if self._shown is shown:
                    self._wishes = tuple(each for each in self._wishes if each != key)
                if self._stores.get(shown.path) is shown.store:
                    levels, frames = made
                    shown.store.put(key, levels, frames if shown.is_growing else None)
                    self._make_room()
                    if not self._telling.isActive() and not self._is_closed:
                        self._telling.start()
        finally:
            self._is_working = False
            if not self._is_closed:
                self._executor.submit(self._let_go)

    def _make_room(self) -> None:
        """Forget the sounds that were not on show for longest until the rest fits."""
        while len(self._stores) > 1 and sum(store.bytes for store in self._stores.values()) > _KEPT_BYTES:
            self._stores.popitem(last=False)

    # on the thread

    def _make(self, shown: _Shown, key: TileKey) -> tuple[Levels, int] | None:
        """A tile, and how long the sound was for it; None if it was given up meanwhile."""

        def is_unwanted() -> bool:
            return self._shown is not shown or key not in self._wishes

        if is_unwanted():
            return None
        if self._maker is None or self._maker_of is not shown:
            self._let_go()
            self._maker, self._maker_of = TileMaker(shown.path, is_growing=shown.is_growing), shown
        try:
            return self._maker.make(key, cancelled=is_unwanted), self._maker.frames
        except CancelledError:
            return None

    def _let_go(self) -> None:
        if self._maker is not None:
            self._maker.close()
            self._maker = self._maker_of = None
