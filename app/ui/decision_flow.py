"""From "Decide" to a decision: the dialog, what it does, and the next task that needs one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.domain.errors import TaskNotFound
from app.domain.service import Service
from app.domain.task import Task, TaskState
from app.engine.library import Library
from app.engine.task_queue import TaskQueue
from app.engine.undecided import Undecided
from app.storage.library_queries import Filter, LibraryQuery
from app.ui.background import Background
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.queue_panel import QueuePanel
from app.ui.readouts import counted
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.decision_dialog import DecisionDialog


class DecisionFlow(QObject):
    """One dialog at a time; it says so itself when its task is decided elsewhere meanwhile.

    Args:
        service_of: What is known of a provider.
        model_label: What people call a model of a provider.
    """

    def __init__(
        self,
        theme: Theme,
        library: Library,
        queue: TaskQueue,
        panel: QueuePanel,
        messages: MessageBar,
        background: Background,
        service_of: Callable[[str], Service | None],
        model_label: Callable[[str, str], str],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._library = library
        self._queue = queue
        self._messages = messages
        self._background = background
        self._service_of = service_of
        self._model_label = model_label
        self._window = window
        self._dialog: DecisionDialog | None = None
        self._undecided: Undecided | None = None
        self._stop = library.changed.listen(self._on_changed)
        panel.decide_wanted.connect(self.ask)

    def close(self) -> None:
        self._stop()

    def ask(self, task_id: str) -> None:
        """Open the dialog about a task; the one that is open already stays."""
        if self._dialog is None:
            self._background.start(self._ask(task_id))
        else:
            self._dialog.activateWindow()

    def ask_next(self) -> None:
        """Open the dialog about the task that has needed a decision for the longest time, if one does."""
        self._background.start(self._ask_next())

    async def _ask_next(self) -> None:
        waiting = await self._waiting()
        if waiting:
            self.ask(waiting[0].id)

    async def _ask(self, task_id: str) -> None:
        from app.ui.decision_dialog import DecisionDialog  # late: see late_parts

        undecided = await self._queue.undecided(task_id)
        if undecided.task.state is not TaskState.UNCERTAIN or self._dialog is not None:
            return
        request = undecided.task.request
        service = self._service_of(request.provider)
        dialog = DecisionDialog(
            self._theme,
            undecided,
            service=service.name if service is not None else "the service",
            has_usage_page=service is not None and bool(service.usage_page),
            model=self._model_label(request.provider, request.model),
            now=datetime.now(UTC),
            parent=self._window,
        )
        self._dialog, self._undecided = dialog, undecided
        dialog.finished.connect(self._forget)
        dialog.page_wanted.connect(lambda: self._open_page(service))
        dialog.check_wanted.connect(lambda: self._decide(self._queue.check_again(task_id), ""))
        dialog.submit_wanted.connect(lambda: self._decide(self._queue.submit_anew(undecided), "Submitted anew."))
        dialog.fail_wanted.connect(lambda: self._decide(self._queue.resolve_failed(task_id), "Marked as failed."))
        dialog.open()

    def _forget(self) -> None:
        self._dialog = self._undecided = None

    def _open_page(self, service: Service | None) -> None:
        if service is not None:
            QDesktopServices.openUrl(QUrl(service.usage_page))

    def _decide(self, decision: Coroutine[Any, Any, Task], words: str) -> None:
        """Once a dialog, however often its buttons are pressed before it is gone."""
        if self._dialog is None:
            decision.close()
            return
        dialog = self._dialog
        self._forget()
        dialog.accept()
        self._background.start(self._carry_out(decision, words))

    async def _carry_out(self, decision: Coroutine[Any, Any, Task], words: str) -> None:
        await decision
        more = len(await self._waiting())
        if more:
            text = f"{words} {counted(more, 'more task needs', 'more tasks need')} your decision.".lstrip()
            self._messages.say(text, Tone.DECISION, action="Decide", act=self.ask_next)
        elif words:
            self._messages.say(words)

    async def _waiting(self) -> list[Task]:
        """All tasks that need a decision, the oldest first."""
        numbers = await self._library.ids(LibraryQuery(filter=Filter.NEEDS_YOU, descending=False))
        return [row.task for row in await self._library.rows(numbers)]

    def _on_changed(self, ids: Collection[str]) -> None:
        undecided = self._undecided
        if undecided is not None and (not ids or undecided.task.id in ids):
            self._background.start(self._look(undecided))

    async def _look(self, undecided: Undecided) -> None:
        """Another process, or a late answer, may have decided what is asked about."""
        try:
            task = await self._library.task(undecided.task.id)
        except TaskNotFound:
            task = None
        is_open = undecided is self._undecided and self._dialog is not None
        if not is_open or (task is not None and _is_same(task, undecided.task)):
            return
        assert self._dialog is not None
        if task is None:
            self._dialog.reject()
        else:
            self._undecided = None  # it is told once
            self._dialog.show_decided(task)


def _is_same(task: Task, asked: Task) -> bool:
    if task.state is not TaskState.UNCERTAIN or task.attempt is None or asked.attempt is None:
        return False
    return task.attempt.id == asked.attempt.id
