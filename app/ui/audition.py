"""Hearing a clip or the sample of a voice beside the takes: one sound at a time, and a second press stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.audio.player_events import PlayerState
from app.domain.errors import AppError
from app.ui.background import Background
from app.ui.transport import Transport

Find = Callable[[], Awaitable[Path]]


class Audition(QObject):
    """Plays what isn't a take. It has a player of its own, so that the take on show stays where it was heard.

    Args:
        transport: Of its own; nobody else loads it. It has to be given device and volume as that of the takes.
        takes: That of the preview. Whichever of the two begins, the other falls silent.
    """

    changed = Signal()  # `sounding` or `is_fetching` is another one
    failed = Signal(object, object)  # AppError, and what should have been heard

    def __init__(
        self, transport: Transport, takes: Transport, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.transport = transport
        self._takes = takes
        self._background = background
        self._sounding: Hashable | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._has_begun = False
        transport.set_watched(False)  # nobody follows where it is
        transport.state_changed.connect(self._on_state)
        transport.failed.connect(self._on_failed)
        takes.state_changed.connect(self._on_take)

    @property
    def sounding(self) -> Hashable | None:
        """What is heard, or will be as soon as its file is there; None in silence."""
        return self._sounding

    @property
    def is_fetching(self) -> bool:
        """Whether the file of what is wanted isn't there yet."""
        return self._fetching is not None

    def toggle(self, what: Hashable, find: Find) -> None:
        """Play something, or stop if that is what sounds.

        Args:
            what: Tells it from others.
            find: Brings its file; may take a while, and may raise AppError.
        """
        is_same = what == self._sounding
        self._fall_silent()
        if not is_same:
            self._sounding = what
            self._fetching = self._background.start(self._begin(find))
        self.changed.emit()

    def stop(self) -> None:
        """Fall silent; what is still being fetched isn't played."""
        if self._sounding is not None:
            self._fall_silent()
            self.changed.emit()

    async def close(self) -> None:
        """Fall silent for good."""
        self._fall_silent()
        await self.transport.close()

    async def _begin(self, find: Find) -> None:
        try:
            path = await find()
        except AppError as error:
            self._fetching = None
            self._on_failed(error)
            return
        self._fetching = None
        self._takes.pause()
        self.transport.load(path)
        self.transport.play()
        self.changed.emit()

    def _fall_silent(self) -> None:
        fetching, self._fetching = self._fetching, None
        if fetching is not None:
            fetching.cancel()
        self._has_begun = False
        if self._sounding is not None:
            self._sounding = None
            self.transport.unload()  # lets go of the file, too

    def _on_state(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            self._has_begun = self._sounding is not None
        elif state in (PlayerState.ENDED, PlayerState.PAUSED) and self._has_begun:
            # Paused by nobody: the device went away. An end before the beginning was that of the sound before.
            self.stop()

    def _on_failed(self, error: AppError) -> None:
        what = self._sounding
        self.stop()
        self.failed.emit(error, what)

    def _on_take(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            self.stop()
