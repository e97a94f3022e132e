"""What a command returns to the shell; scripts depend on these numbers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from app.domain.errors import (
    AppError,
    OutcomeUnknown,
    RequestInvalid,
    SettingsError,
    SheetInvalid,
    SpendingCeilingReached,
    TaskNotFound,
)
from app.domain.task import Task, TaskState

_REFUSED_HERE = (RequestInvalid, SheetInvalid, SettingsError, SpendingCeilingReached, TaskNotFound)


class ExitCode(IntEnum):
    """One meaning each."""

    DONE = 0
    FAILED = 1
    REFUSED = 2  # bad usage, or refused here before anything was sent
    UNCERTAIN = 3  # the outcome is unknown: the user must decide
    UNFINISHED = 130  # interrupted, or not at its end yet: `cuesmith resume` carries on


_FIRST_THAT_APPLIES = (
    ExitCode.UNFINISHED,
    ExitCode.UNCERTAIN,
    ExitCode.FAILED,
    ExitCode.REFUSED,
    ExitCode.DONE,
)


def of_tasks(tasks: Iterable[Task]) -> ExitCode:
    """The most urgent of what became of several tasks; done when there is none."""
    codes = {of_task(task) for task in tasks}
    return next((code for code in _FIRST_THAT_APPLIES if code in codes), ExitCode.DONE)


def of_task(task: Task) -> ExitCode:
    """What became of one task."""
    if task.state.is_open:
        return ExitCode.UNFINISHED
    if task.state is TaskState.UNCERTAIN:
        return ExitCode.UNCERTAIN
    if task.failure is not None and task.failure.kind == SpendingCeilingReached.kind:
        return ExitCode.REFUSED
    is_whole = task.state is TaskState.FINISHED and task.failure is None
    return ExitCode.DONE if is_whole else ExitCode.FAILED


def of_error(error: AppError) -> ExitCode:
    """What a command returns that an error ended."""
    if isinstance(error, _REFUSED_HERE):
        return ExitCode.REFUSED
    return ExitCode.UNCERTAIN if isinstance(error, OutcomeUnknown) else ExitCode.FAILED
