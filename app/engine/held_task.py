"""A task that this process holds: its lock, its record, its runner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.domain.errors import AppError
from app.engine.task_record import TaskRecord
from app.engine.task_runner import TaskRunner
from app.storage.locks import TaskLock


@dataclass(slots=True)
class HeldTask:
    """From the moment its lock is taken until that is given back.

    Attributes:
        driver: Runs it; ends when the task is at rest and nothing of it is open any more.
        is_troubled: Whether news that was paid for waits for the disk.
    """

    record: TaskRecord
    runner: TaskRunner
    lock: TaskLock
    driver: asyncio.Task[AppError | None] | None = None
    is_troubled: bool = False

    @property
    def provider(self) -> str:
        return self.record.task.request.provider

    @property
    def is_stalled(self) -> bool:
        """Whether it waits for something that may take for ever."""
        return self.runner.is_stalled or self.is_troubled
