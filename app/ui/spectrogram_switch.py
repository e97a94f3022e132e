"""Brings the spectrogram onto the waveform when it is first wanted, and what it needs along with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background import Background
from app.ui.look_chooser import Look, LookChooser
from app.ui.recording import Recording

if TYPE_CHECKING:
    from app.ui.spectrogram_display import SpectrogramDisplay


class SpectrogramSwitch(QObject):
    """Knows which look is wanted of which sound; until then no part of the spectrogram exists.

    Args:
        make: Puts it into the window, once its class is loaded.
    """

    failed = Signal(object)  # AppError

    def __init__(
        self,
        looks: LookChooser,
        background: Background,
        make: Callable[[type[SpectrogramDisplay]], SpectrogramDisplay],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._looks = looks
        self._background = background
        self._make = make
        self._sound: Recording | None = None
        self._display: SpectrogramDisplay | None = None
        self._is_loading = False
        self._range: tuple[float, float] | None = None
        looks.look_changed.connect(lambda _look: self._refresh())

    def show_sound(self, sound: Recording | None) -> None:
        """Another sound is on show, or more of it has arrived; None where there is none."""
        self._sound = sound
        self._refresh()

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest level with a colour, in dBFS; None while nobody has seen any."""
        return self._range if self._display is None else (self._display.range.low_dbfs, self._display.range.high_dbfs)

    def restore_range(self, range_dbfs: tuple[float, float] | None) -> None:
        """Have the levels in colour that had one when the window was left."""
        self._range = range_dbfs
        if self._display is not None and range_dbfs is not None:
            self._display.show_range(*range_dbfs)

    def move_sound(self, before: Path, after: Path) -> None:
        """A sound that arrived under one name is stored under another."""
        if self._display is not None:
            self._display.move(before, after)

    def close(self) -> None:
        if self._display is not None:
            self._display.close()

    def _refresh(self) -> None:
        look = self._looks.look
        if self._display is not None:
            self._display.show(look, self._sound)
        elif look is not Look.WAVEFORM and self._sound is not None and not self._is_loading:
            self._is_loading = True
            self._background.start(self._load())

    async def _load(self) -> None:
        display = await asyncio.to_thread(_display_class)
        self._display = self._make(display)
        self._display.setParent(self)
        self._display.failed.connect(self.failed)
        self.restore_range(self._range)
        self._refresh()


def _display_class() -> type[SpectrogramDisplay]:
    """NumPy comes along: loading it would hold the GUI thread up."""
    from app.ui.spectrogram_display import SpectrogramDisplay

    return SpectrogramDisplay
