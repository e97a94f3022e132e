"""What the user does to the clips of the request and may want to take back."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.ui.clip_changes import ClipChange
from app.ui.message_bar import MessageBar
from app.ui.request_column import RequestColumn


class ClipActions(QObject):
    """Offers a way back for what is removed, by its message and, while the focus is among the clips, by keys."""

    def __init__(self, column: RequestColumn, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._column = column
        self._messages = messages
        column.clips_changed.connect(self._on_change)

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

    def _on_change(self, change: ClipChange) -> None:
        if change.removed and not change.added:
            names = ", ".join(file.path.stem for file in change.removed)
            self._messages.say(f"{names} removed.", action="Undo", act=lambda: self._bring_back(change))

    def _bring_back(self, change: ClipChange) -> None:
        """The button beside a message takes back what that message told, once."""
        self._column.undo_clips(change)
