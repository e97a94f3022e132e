"""Tells what the queue does: a summary of what is under way, and a sentence when a task comes to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.domain.request import TranscriptionRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.task_queue import TaskQueue
from app.ui.error_messages import failure_text
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import billed, counted, estimated

_GATHER_MS = 60  # tasks that move together are counted together

_WORDS = {
    TaskState.RUNNING: "running",
    TaskState.SUBMITTING: "sending",
    TaskState.QUEUED: "queued",
    TaskState.UNCERTAIN: "needs you",
}


class QueueNews(QObject):
    """Listens to the queue for as long as the window lives.

    Args:
        service_name: What people call a provider.
        decide: Asks about the task that has needed a decision for the longest time.
    """

    def __init__(
        self,
        queue: TaskQueue,
        messages: MessageBar,
        service_name: Callable[[str], str],
        decide: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._service_name = service_name
        self._decide = decide
        self._messages = messages
        self._states: dict[str, TaskState] = {}
        self._counts: Counter[TaskState] = Counter()  # kept, not counted: a thousand may change at once
        self._summing_up = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._summing_up.timeout.connect(self._show_summary)
        self._stop = queue.changed.listen(self._on_task)
        self._show_summary()

    def close(self) -> None:
        self._stop()
        self._summing_up.stop()

    def _on_task(self, task: Task) -> None:
        before = self._states.pop(task.id, None)
        if before is not None:
            self._counts[before] -= 1
        if task.state in _WORDS:
            self._states[task.id] = task.state
            self._counts[task.state] += 1
        if before is not None and before.is_open and not task.state.is_open:
            self._tell_end(task)
        if not self._summing_up.isActive():
            self._summing_up.start()

    def _show_summary(self) -> None:
        counts = ((state, self._counts[state]) for state in _WORDS)
        parts = [f"{count:,} {_word(state, count)}" for state, count in counts if count]
        self._messages.set_summary(" · ".join(parts) or "Idle")

    def _tell_end(self, task: Task) -> None:
        match task.state:
            case TaskState.FINISHED:
                sentence = finished_sentence(task)
                if task.failure is None:
                    self._messages.say(sentence, Tone.DONE)
                else:
                    self._messages.say(sentence, Tone.ERROR)
            case TaskState.FAILED if task.failure is not None and task.heard:
                self._messages.say(
                    f"{parts_through(task)} were written down and are kept. {task.failure.message}", Tone.ERROR
                )
            case TaskState.FAILED if task.failure is not None:
                service = self._service_name(task.request.provider)
                self._messages.say(failure_text(task.failure, service=service).text, Tone.ERROR)
            case TaskState.UNCERTAIN:
                waiting = list(self._states.values()).count(TaskState.UNCERTAIN)
                sentence = "A task needs your decision." if waiting == 1 else f"{waiting} tasks need your decision."
                self._messages.say(sentence, Tone.DECISION, action="Decide", act=self._decide)


def _word(state: TaskState, count: int) -> str:
    return "need you" if state is TaskState.UNCERTAIN and count > 1 else _WORDS[state]


def finished_sentence(task: Task) -> str:
    """`3 takes saved. Billed $0.068, estimated $0.07.`"""
    stored = sum(take.state is TakeState.STORED for take in task.takes)
    text = f"{counted(stored, 'take')} saved."
    if isinstance(task.request, TranscriptionRequest):
        text = "Transcript saved."
    if task.failure is not None:
        text += f" {counted(len(task.takes) - stored, 'take')} failed: {task.failure.message}"
    if task.estimate.is_free:
        return text
    cost = task.billed
    if cost is None:
        return f"{text} What it cost isn’t known yet."
    expected = task.estimate.expected
    if expected is None:
        return f"{text} Billed {billed(cost)}; no price was published."
    return f"{text} Billed {billed(cost)}, estimated {estimated(expected).removeprefix('about ')}."


def parts_through(task: Task) -> str:
    """`2 of 3 parts` of a recording; empty where none is through, or there is only one."""
    parts = len(task.request.parts) if isinstance(task.request, TranscriptionRequest) else 0
    return f"{len(task.heard)} of {counted(parts, 'part')}" if task.heard and parts > 1 else ""
