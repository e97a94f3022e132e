"""What became of many tasks together, in one sentence instead of hundreds."""

from __future__ import annotations

from decimal import Decimal

from app.domain.receipt import FREE
from app.domain.request import TranscriptionRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.ui.readouts import billed, counted


class Crowd:
    """Counts tasks that have come to rest.

    Attributes:
        failed, uncertain: How many ended so.
    """

    def __init__(self) -> None:
        self.failed = self.uncertain = 0
        self._tasks = self._takes = self._transcripts = 0
        self._paid: list[Decimal | None] = []

    def __len__(self) -> int:
        return self._tasks

    def add(self, task: Task) -> None:
        """Count a task with its results and its cost."""
        self._tasks += 1
        self._takes += sum(take.state is TakeState.STORED for take in task.takes)
        is_finished = task.state is TaskState.FINISHED
        self._transcripts += is_finished and isinstance(task.request, TranscriptionRequest)
        self.failed += task.state is TaskState.FAILED
        self.uncertain += task.state is TaskState.UNCERTAIN
        if task.state is not TaskState.UNCERTAIN and not task.estimate.is_free:
            self._paid.append(task.billed)

    @property
    def sentence(self) -> str:
        """`38 takes saved. 3 tasks failed. Billed $0.26.`"""
        made = ((self._takes, "take"), (self._transcripts, "transcript"))
        saved = " and ".join(counted(number, what) for number, what in made if number)
        failed = f"{counted(self.failed, 'task')} failed." if self.failed else ""
        return " ".join(filter(None, (f"{saved} saved." if saved else "", failed, self._cost())))

    def _cost(self) -> str:
        unknown = self._paid.count(None)
        if not self._paid:
            return ""
        if unknown == len(self._paid):
            return "What they cost isn’t known yet."
        sum_of_known = sum((cost for cost in self._paid if cost is not None), FREE)
        rest = f"; what {counted(unknown, 'task')} cost isn’t known yet" if unknown else ""
        return f"Billed {billed(sum_of_known)}{rest}."
