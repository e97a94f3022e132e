"""What the user does to the clips of the request and may want to take back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.ui.background import Background
from app.ui.clip_changes import ClipChange
from app.ui.message_bar import MessageBar
from app.ui.request_column import RequestColumn


class ClipActions(QObject):
    """Shortens clips, and offers a way back by a message and, while the focus is among the clips, by keys.

    Args:
        trim: The beginning of a clip, so many seconds at the most, as a file of its own; blocking.
    """

    def __init__(
        self,
        column: RequestColumn,
        trim: Callable[[Path, float], Path],
        messages: MessageBar,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._column = column
        self._trim = trim
        self._messages = messages
        column.clips_changed.connect(self._on_change)
        column.voice.references.trim_wanted.connect(lambda path, s: background.start(self._shorten(path, s)))

    @property
    def has_focus(self) -> bool:
        """Whether undo and redo are about clips now."""
        focused = QApplication.focusWidget()
        return focused is not None and self._column.voice.references.isAncestorOf(focused)

    def undo(self) -> None:
        """Take back the last change of the clips."""
        if not self._column.undo_clips():
            self._messages.say("Nothing to undo.")

    def redo(self) -> None:
        if not self._column.redo_clips():
            self._messages.say("Nothing to do again.")

    async def _shorten(self, path: Path, longest_s: float) -> None:
        """Raises an AppError where the copy can't be made; the clip stays as it is then."""
        clips = self._column.voice.references
        clips.show_trimming(path, is_under_way=True)
        try:
            short = await asyncio.to_thread(self._trim, path, longest_s)
        finally:
            clips.show_trimming(path, is_under_way=False)
        clips.exchange(path, short)

    def _on_change(self, change: ClipChange) -> None:
        if change.removed:
            names = ", ".join(file.path.stem for file in change.removed)
            what = "trimmed" if change.added else "removed"
            self._messages.say(f"{names} {what}.", action="Undo", act=lambda: self._bring_back(change))

    def _bring_back(self, change: ClipChange) -> None:
        """The button beside a message takes back what that message told, once."""
        self._column.undo_clips(change)
