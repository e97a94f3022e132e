"""Lets be heard what there is of takes that broke off while they arrived: looked at only when one is on show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import BrokenAudio, StorageError
from app.domain.take import Take
from app.ui.background import Background
from app.ui.preview_panel import PreviewPanel
from app.ui.recording import Recording


class IncompleteTakes(QObject):
    """Answers the preview.

    Args:
        path_of: Where the audio of a take lies.
    """

    def __init__(
        self,
        preview: PreviewPanel,
        path_of: Callable[[Take], Path],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self._path_of = path_of
        self._background = background
        preview.kept_wanted.connect(lambda take: background.start(self._find(take)))

    async def _find(self, take: Take) -> None:
        kept = await asyncio.to_thread(_look_at, self._path_of(take))
        if kept is not None:
            self._preview.show_kept(take, kept)


def _look_at(path: Path) -> Recording | None:
    """What the file holds; None where nothing of it can be heard. Blocking."""
    from app.audio.files import inspect

    try:
        info = inspect(path)
    except (BrokenAudio, StorageError):  # too little has arrived, or it was removed: the preview says so already
        return None
    return Recording(path, info) if info.frames else None
