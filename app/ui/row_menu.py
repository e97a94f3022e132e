"""What can be done with the selected rows of the library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.domain.task import TaskState
from app.ui.task_words import RowAction

if TYPE_CHECKING:
    from app.ui.queue_panel import QueuePanel

_AGAIN = {TaskState.FAILED, TaskState.CANCELLED}


class RowMenu(QMenu):
    """Everything that keys and the buttons inside rows do; what can't be done now is greyed."""

    def __init__(self, panel: QueuePanel) -> None:
        super().__init__(panel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        has_takes = bool(panel.selected_takes())
        states = {row.task.state for row in panel.table.selected_rows()}
        # The button inside the row can't be reached by keyboard; this can. Retrying has its own place below.
        for action in (each for each in panel.current_actions() if each is not RowAction.RETRY):
            self._offer(action.value, "", partial(panel.act_on_current, action))
        if self.actions():
            self.addSeparator()
        self._offer("Play", "Space", panel.play_wanted.emit, has_takes)
        self._offer("Favourite", "F", panel.toggle_favourite, has_takes)
        self._offer("Note…", "N", panel.note_selected, has_takes)
        self._offer("Export…", "Ctrl+E", panel.export_selected, has_takes)
        self._offer("Copy as files", "Ctrl+C", panel.copy_selected, has_takes)
        self._offer("Transcribe…", "", panel.transcribe_current, has_takes)
        self.addSeparator()
        self._offer("Use prompt and settings again", "Ctrl+Shift+R", panel.reuse_selected)
        self._offer("Retry", "Ctrl+R", panel.retry_selected, bool(states & _AGAIN))
        self._offer("Cancel", "Ctrl+.", panel.cancel_selected, any(state.is_open for state in states))
        if panel.can_settle:
            self._offer("It cost nothing", "", panel.settle_selected)
        self.addSeparator()
        self._offer("Move to project…", "", panel.file_selected)
        self._offer("Back from the bin" if panel.shows_bin else "Move to the bin", "Del", panel.delete_selected)

    def _offer(self, text: str, keys: str, act: Callable[[], object], is_possible: bool = True) -> None:
        action = self.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_possible)
        action.triggered.connect(lambda: act())
