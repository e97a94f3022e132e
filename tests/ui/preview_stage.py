"""A preview on a silent sound card, with takes to look at and to hear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from app.audio.peaks_cache import PeaksCache
from app.audio.player_events import PlayerState
from app.domain.take import Take
from app.domain.task import Task
from app.ui.loop_region import LoopRegion
from app.ui.peaks_loader import PeaksLoader
from app.ui.preview_panel import PreviewPanel
from app.ui.theme import Theme
from tests.fakes.measures import measures_of
from tests.ui.listening_room import RATE_HZ, Room, take_of, task_of, write_tone
from tests.ui.waiting import until


class Preview:
    """A preview panel on a silent sound card, with three takes of 2, 3 and 1 seconds."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.room = Room()
        self.folder = folder
        self.transport = self.room.transport
        self.peaks = PeaksLoader(lambda: PeaksCache(folder / "cache"), self.room.background)
        self.panel = PreviewPanel(theme, self.transport, self.peaks, self.path_of, lambda _provider: "Acme Audio")
        self.panel.resize(1000, 348)
        self.exports: list[tuple[list[str], LoopRegion | None]] = []
        self.chosen: list[str] = []
        self.panel.export_wanted.connect(lambda ids, region: self.exports.append((ids, region)))
        self.panel.take_chosen.connect(self.chosen.append)
        self.takes = tuple(
            take_of(
                write_tone(folder / f"{number}.wav", frames=seconds * RATE_HZ),
                number,
                measures=measures_of(-12.8, -1.9),
            )
            for number, seconds in ((1, 2), (2, 3), (3, 1))
        )
        self.task = task_of(*self.takes)

    def path_of(self, take: Take) -> Path:
        assert take.file is not None
        return self.folder / take.file

    async def show(self, task: Task | None = None, take_id: str | None = None) -> None:
        self.panel.show_task(task or self.task, take_id)
        await until(lambda: self.transport.state is not PlayerState.EMPTY)

    async def play(self) -> None:
        self.panel.toggle_play()
        await until(lambda: self.transport.is_playing)

    def button(self, name: str) -> QAbstractButton:
        found = [
            each
            for each in self.panel.findChildren(QAbstractButton)
            if each.accessibleName() == name or (isinstance(each, QPushButton) and each.text() == name)
        ]
        assert len(found) == 1, f"{len(found)} buttons are called {name}"
        return found[0]

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


@asynccontextmanager
async def shown(theme: Theme, folder: Path, qtbot: QtBot) -> AsyncIterator[Preview]:
    """A preview on the screen."""
    preview = Preview(theme, folder)
    qtbot.addWidget(preview.panel)
    preview.panel.show()
    yield preview
    preview.peaks.close()
    await preview.room.close()
