"""Tells what the queue does: a summary of what is under way, and a sentence when a task or many come to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.domain.request import TranscriptionRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.task_queue import TaskQueue
from app.ui.crowd import Crowd
from app.ui.error_messages import failure_text
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import billed, counted, estimated

_GATHER_MS = 60  # tasks that move together are counted together
_FEW = 4  # tasks that are told one by one; a script of hundreds would never be silent

_WORDS = {
    TaskState.RUNNING: "running",
    TaskState.SUBMITTING: "sending",
    TaskState.QUEUED: "queued",
    TaskState.UNCERTAIN: "needs you",
}


class QueueNews(QObject):
    """Listens to the queue for as long as the window lives.

    The ends of many tasks are told together, once none of them is under way any more; what failed, and that a decision
    is needed, is told at once, but each only once.

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
        self._own_clicks: set[str] = set()
        self._crowd = Crowd()
        self._told: set[str] = set()  # of the crowd
        self._summing_up = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._summing_up.timeout.connect(self._show_summary)
        self._stop = queue.changed.listen(self._on_task)
        self._show_summary()

    def close(self) -> None:
        self._stop()
        self._summing_up.stop()

    def follow(self, task: Task) -> None:
        """Tell the end of a click by itself, whatever else is under way: somebody waits for it."""
        self._own_clicks.add(task.click_id)

    def _on_task(self, task: Task) -> None:
        before = self._states.pop(task.id, None)
        if before is not None:
            self._counts[before] -= 1
        if task.state in _WORDS:
            self._states[task.id] = task.state
            self._counts[task.state] += 1
        if before is not None and before.is_open and not task.state.is_open:
            if self._is_one_of_many(task):
                self._note_end(task)
            else:
                self._tell_end(task)
        if self._crowd and not self._open_count():
            self._tell_crowd()
        if not self._summing_up.isActive():
            self._summing_up.start()

    def _show_summary(self) -> None:
        counts = ((state, self._counts[state]) for state in _WORDS)
        parts = [f"{count:,} {_word(state, count)}" for state, count in counts if count]
        self._messages.set_summary(" · ".join(parts) or "Idle")

    def _open_count(self) -> int:
        return sum(self._counts[state] for state in _WORDS if state.is_open)

    def _is_one_of_many(self, task: Task) -> bool:
        return task.click_id not in self._own_clicks and (bool(self._crowd) or self._open_count() >= _FEW)

    def _note_end(self, task: Task) -> None:
        if (end := self._end_of(task)) is None:
            return
        self._crowd.add(task)
        sentence, tone = end
        once = "" if tone is Tone.DECISION else sentence  # that one counts, and would be another each time
        if tone.stays and once not in self._told:
            self._told.add(once)
            self._say(sentence, tone)

    def _tell_crowd(self) -> None:
        crowd, self._crowd = self._crowd, Crowd()
        self._told.clear()
        if crowd.sentence:
            self._messages.say(crowd.sentence, Tone.ERROR if crowd.failed else Tone.DONE)
        if crowd.uncertain > 1:
            self._say(self._decision_sentence(), Tone.DECISION)

    def _tell_end(self, task: Task) -> None:
        if (end := self._end_of(task)) is not None:
            self._say(*end)

    def _say(self, sentence: str, tone: Tone) -> None:
        if tone is Tone.DECISION:
            self._messages.say(sentence, tone, action="Decide", act=self._decide)
        else:
            self._messages.say(sentence, tone)

    def _end_of(self, task: Task) -> tuple[str, Tone] | None:
        match task.state:
            case TaskState.FINISHED:
                return finished_sentence(task), Tone.DONE if task.failure is None else Tone.ERROR
            case TaskState.FAILED if task.failure is not None and task.heard:
                return f"{parts_through(task)} were written down and are kept. {task.failure.message}", Tone.ERROR
            case TaskState.FAILED if task.failure is not None:
                service = self._service_name(task.request.provider)
                return failure_text(task.failure, service=service).text, Tone.ERROR
            case TaskState.UNCERTAIN:
                return self._decision_sentence(), Tone.DECISION
        return None

    def _decision_sentence(self) -> str:
        waiting = self._counts[TaskState.UNCERTAIN]
        return "A task needs your decision." if waiting == 1 else f"{waiting:,} tasks need your decision."


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
