"""A task that this process holds: its lock, and once it is let in, its record and its runner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.domain.errors import AppError
from app.domain.task import Task, TaskState
from app.engine.task_record import TaskRecord
from app.engine.task_runner import TaskRunner
from app.storage.locks import TaskLock


@dataclass(frozen=True, slots=True)
class Run:
    """What moves a task that isn't only waiting.

    Attributes:
        driver: Ends when the task is at rest and nothing of it is open any more.
    """

    record: TaskRecord
    runner: TaskRunner
    driver: asyncio.Task[AppError | None]


@dataclass(slots=True, eq=False)
class HeldTask:
    """From the moment its lock is taken until that is given back.

    Attributes:
        taken: As it was when its lock was taken.
        run: None while it waits for a place: then it costs next to nothing.
        is_troubled: Whether news that was paid for waits for the disk.
    """

    taken: Task
    lock: TaskLock
    run: Run | None = None
    is_troubled: bool = False

    @property
    def task(self) -> Task:
        return self.taken if self.run is None else self.run.record.task

    @property
    def id(self) -> str:
        return self.taken.id

    @property
    def provider(self) -> str:
        return self.taken.request.provider

    @property
    def has_left(self) -> bool:
        """Whether it is on its way, or over."""
        return self.task.state is not TaskState.QUEUED

    @property
    def is_stalled(self) -> bool:
        """Whether it waits for something that may take for ever."""
        return self.is_troubled or (self.run is not None and self.run.runner.is_stalled)
