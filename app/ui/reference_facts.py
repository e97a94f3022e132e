"""What the files are that go along with a request: read once each, never on this thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from app.domain.errors import AppError
from app.domain.request import InputKind
from app.ui.background import Background

if TYPE_CHECKING:
    from app.domain.input_facts import InputFacts

_THUMBNAIL_PX = 128
Looked: TypeAlias = "Sequence[tuple[Path, InputFacts | None]]"


class ReferenceFacts(QObject):
    """`ready` tells that more is known of a file.

    Args:
        probe: What a file is; raises StorageError where it can't be read.
        levels: How loud a clip is from its beginning to its end, 0.0 to 1.0; raises an AppError like `probe`.
    """

    ready = Signal(object)  # Path

    def __init__(
        self,
        probe: Callable[[Path], Awaitable[InputFacts]],
        levels: Callable[[Path], Awaitable[Sequence[float]]],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._probe = probe
        self._read_levels = levels
        self._background = background
        self._asked: set[Path] = set()
        self._facts: dict[Path, InputFacts] = {}
        self._levels: dict[Path, tuple[float, ...]] = {}
        self._thumbnails: dict[Path, QImage] = {}
        self._unreadable: set[Path] = set()

    def facts(self, path: Path) -> InputFacts | None:
        """What is known of a file; None while it is being read, and where it can't be."""
        return self._facts.get(path)

    def levels(self, path: Path) -> tuple[float, ...]:
        return self._levels.get(path, ())

    def thumbnail(self, path: Path) -> QImage | None:
        return self._thumbnails.get(path)

    def is_unreadable(self, path: Path) -> bool:
        return path in self._unreadable

    def want(self, path: Path) -> None:
        """Read a file that wasn't asked for yet."""
        if path not in self._asked:
            self._asked.add(path)
            self._background.start(self._read(path))

    def look_at(self, paths: Sequence[Path], on_done: Callable[[Looked], None]) -> None:
        """Read these files anew; `on_done` gets them in their order, with None for what can't be read."""
        self._asked.update(paths)
        self._background.start(self._read_all(paths), on_done=on_done)

    async def _read_all(self, paths: Sequence[Path]) -> Looked:
        for path in paths:
            await self._probe_one(path)
        for path in paths:
            self._background.start(self._look(path))
        return [(path, self.facts(path)) for path in paths]

    async def _read(self, path: Path) -> None:
        await self._probe_one(path)
        await self._look(path)

    async def _probe_one(self, path: Path) -> None:
        self._facts.pop(path, None)
        self._unreadable.discard(path)
        try:
            self._facts[path] = await self._probe(path)
        except AppError:
            self._unreadable.add(path)  # its row says so, with what to do
        self.ready.emit(path)

    async def _look(self, path: Path) -> None:
        """What is shown of a file, beyond the facts."""
        facts = self.facts(path)
        if facts is None or facts.kind is None:
            return
        if facts.kind is InputKind.PICTURE:
            self._thumbnails[path] = await asyncio.to_thread(_thumbnail, path)
        else:
            try:
                self._levels[path] = tuple(await self._read_levels(path))
            except AppError:
                return  # a clip without a wave can still be used; what is wrong with it, the facts say
        self.ready.emit(path)


def _thumbnail(path: Path) -> QImage:
    """Small, with its middle kept; empty where it can't be drawn. Blocking."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        target = QSize(_THUMBNAIL_PX, _THUMBNAIL_PX)
        reader.setScaledSize(size.scaled(target, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()
