"""The whole window on a library of its own: real services, the built-in generator, and a silent sound card."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.audio.player import Player
from app.building import build_for_window
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest
from app.domain.task import Task
from app.storage.locations import Locations
from app.ui.application import Application
from app.ui.picture import Picture
from tests.fakes.sound_card import HandClock, SilentSoundCard
from tests.ui.waiting import until


class World:
    """One start of the app; several may follow each other on the same home.

    Attributes:
        card: What the window plays into.
    """

    def __init__(self, app: QApplication, home: Path) -> None:
        handlers = list(logging.getLogger().handlers)
        self.clock = HandClock()
        self.card = SilentSoundCard(self.clock)
        self.services = replace(
            build_for_window(Locations.from_environment({"CUESMITH_HOME": str(home)})),
            make_player=lambda: Player(self.card, clock=self.clock),
            list_devices=lambda: self.card.devices,
        )
        self._fault_tellers = [each for each in logging.getLogger().handlers if each not in handlers]
        self.window = Application(Picture(app, self.services, self.services.window_state), self.services)
        self._running: asyncio.Task[int] | None = None

    async def start(self) -> None:
        """Show the window, and wait until the library stands in it."""
        answered: list[bool] = []
        self.window.rows.emptied.connect(answered.append)
        is_first = not self.services.window_state.load().layout
        self._running = asyncio.ensure_future(self.window.run())
        await until(lambda: answered or (self._running is not None and self._running.done()))
        if self._running.done():
            self._running.result()
        if is_first:
            self.window.window.resize(1440, 900)  # it fits itself to the screen, and that of a test is small
        self.window.window.activateWindow()
        await until(self.window.window.isActiveWindow)

    async def end(self) -> None:
        """Leave as a user does; nothing happens the second time."""
        if self._running is None:
            return
        self.window.window.close()
        if self.window.leaving.question is not None:
            self.window.leaving.question.accept()
        await until(self._running.done)
        assert self._running.result() == 0
        self._running = None
        for handler in self._fault_tellers:
            logging.getLogger().removeHandler(handler)
        for part in (self.window.window, self.window, self.window.theme):
            part.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # What a user does

    async def make(self, prompt: str, *, takes: int = 2, seconds: float = 0.2, model: str = "sketch") -> Task:
        """A finished task, made by the engine and shown in the list."""
        request = GenerationRequest("local", model, prompt, takes=takes, duration_s=seconds)
        if model == "speech":
            request = replace(request, takes=1, duration_s=None, voice="en-us")
        tasks = await self.services.queue.add(request)
        await self.services.queue.wait([task.id for task in tasks])
        await until(lambda: self.row_of(tasks[0].id) is not None)
        await self.settle()
        return await self.services.library.task(tasks[0].id)

    async def settle(self) -> None:
        """Until nothing is being read or written for the window."""
        await until(lambda: not len(self.window.background) and not self.window.rows._gather.isActive())

    def row_of(self, task_id: str) -> int | None:
        """Where the row of a task is, once its values are known."""
        items = self.window.library.items
        for at in range(items.rowCount()):
            row = items.row(at)
            if row is not None and row.take is None and row.task.id == task_id:
                return at
        return None

    def select(self, task: Task, take: int = 0) -> None:
        self.window.rows.select(task.id, take)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window.window, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def button(self, text: str, inside: QWidget | None = None) -> QAbstractButton:
        """The button that can be seen, by its words or its name."""
        found = [
            each
            for each in (inside or self.window.window).findChildren(QAbstractButton)
            if each.isVisible() and text in (each.text(), each.accessibleName())
        ]
        assert found, f"no button is called {text}"
        return found[0]

    def spec(self, model: str) -> ModelSpec:
        return self.services.catalogue.spec("local", model)


@asynccontextmanager
async def opened(app: QApplication, home: Path) -> AsyncIterator[World]:
    world = World(app, home)
    await world.start()
    try:
        yield world
    finally:
        await world.end()


def in_a_window(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    """Hand a test the app, started on an empty library.

    Not a fixture: between a test and the end of its fixtures Qt's events are worked off outside the loop.
    """
    own = {name: each for name, each in inspect.signature(test).parameters.items() if name != "world"}
    needed = {
        name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("qapp", "theme", "tmp_path", *own)
    }

    @functools.wraps(test)
    async def run(**given: Any) -> None:
        async with opened(given["qapp"], given["tmp_path"] / "home") as world:
            await test(world=world, **{name: given[name] for name in own})

    run.__signature__ = inspect.Signature(list(needed.values()))  # type: ignore[attr-defined]
    return run
