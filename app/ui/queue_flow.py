"""Pause, resume and stop the whole queue, and say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.engine.stopping import OpenTasks, Stopped
from app.engine.task_queue import TaskQueue
from app.ui.background import Background
from app.ui.message_bar import MessageBar
from app.ui.pause_notice import PauseNotice
from app.ui.queue_panel import QueuePanel
from app.ui.readouts import counted
from app.ui.theme import Theme

_PAUSED = "The queue is paused. Nothing new is sent; what has left goes on."
_MAY_BE_BILLED = "What was sent goes on at its service and may still be billed."


class QueueFlow(QObject):
    """Acts on all tasks of the library, in every window and command that works on it.

    Args:
        show_title: Gets the words for the window's title.
        remember: Lets undo take something back, and returns what the button beside the message does.
    """

    def __init__(
        self,
        theme: Theme,
        queue: TaskQueue,
        panel: QueuePanel,
        messages: MessageBar,
        background: Background,
        window: QWidget,
        show_title: Callable[[str], None],
        remember: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._queue = queue
        self._panel = panel
        self._messages = messages
        self._background = background
        self._window = window
        self._show_title = show_title
        self._remember = remember
        self._notice = PauseNotice(theme)
        messages.add_before_summary(self._notice)
        self._notice.resume_wanted.connect(self.resume)
        self._stop_listening = queue.pause_changed.listen(self._on_pause)

    def close(self) -> None:
        self._stop_listening()

    @property
    def is_paused(self) -> bool:
        return self._queue.is_paused

    def pause(self) -> None:
        self._background.start(self._queue.pause())

    def resume(self) -> None:
        self._background.start(self._queue.resume())

    def look(self, changed: frozenset[str]) -> None:
        """Anything may have changed: another process may have paused the queue."""
        if not changed:
            self._background.start(self._queue.look())

    def ask_to_stop(self) -> None:
        """Stop all: at once where nothing has left, so that it can be undone; else the user says what."""
        self._background.start(self._queue.open_tasks(), on_done=self._ask)

    def _ask(self, tasks: OpenTasks) -> None:
        if not tasks:
            self._messages.say("There is nothing to stop.")
        elif not tasks.under_way:
            self._stop(under_way=False)
        else:
            from app.ui.stop_question import StopQuestion  # late: see late_parts

            question = StopQuestion(self._theme, tasks, self._window)
            question.chosen.connect(lambda under_way: self._stop(under_way=under_way))
            question.finished.connect(question.deleteLater)
            question.open()

    def _stop(self, *, under_way: bool) -> None:
        self._background.start(self._queue.stop_all(under_way=under_way), on_done=self._tell_stop)

    def _tell_stop(self, stopped: Stopped) -> None:
        text = f"Stopped {counted(len(stopped), 'task')}."
        if stopped.billable:
            text += f" {_MAY_BE_BILLED}"
        waiting = (*stopped.waiting, *stopped.elsewhere)
        if waiting:
            self._messages.say(text, action="Undo", act=self._remember(lambda: self._undo(waiting)))
        else:
            self._messages.say(text)

    def _undo(self, task_ids: Sequence[str]) -> None:
        self._background.start(self._queue.queue_again(task_ids), on_done=self._tell_return)

    def _tell_return(self, task_ids: Sequence[str]) -> None:
        self._messages.say(f"{counted(len(task_ids), 'task')} queued again.")

    def _on_pause(self, is_paused: bool) -> None:
        self._notice.setVisible(is_paused)
        self._panel.items.doubt_all()
        self._show_title("Paused – Cuesmith" if is_paused else "Cuesmith")
        self._messages.say(_PAUSED if is_paused else "The queue goes on.", icon="pause" if is_paused else "play")
