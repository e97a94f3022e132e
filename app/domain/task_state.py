"""The states of a task, and the arrows between them.

In a module of its own for the window’s first picture, which names states and has no task yet: what a task is made of
are 13 data classes of providers and attempts, 6 of 320 ms until the first paint.
"""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task is. Each arrow is on disk before the act that it announces."""

    QUEUED = "queued"  # nothing was sent
    SUBMITTING = "submitting"  # being sent; may or may not have been accepted
    RUNNING = "running"  # accepted; results are awaited or fetched
    UNCERTAIN = "uncertain"  # the outcome is unknown and the service can't be asked: the user decides
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether the engine still has something to do by itself."""
        return self in (TaskState.QUEUED, TaskState.SUBMITTING, TaskState.RUNNING)


NEXT_STATES: dict[TaskState, frozenset[TaskState]] = {
    TaskState.QUEUED: frozenset({TaskState.SUBMITTING, TaskState.FAILED, TaskState.CANCELLED}),
    TaskState.SUBMITTING: frozenset(
        {
            TaskState.QUEUED,
            TaskState.RUNNING,
            TaskState.UNCERTAIN,
            TaskState.FINISHED,
            TaskState.FAILED,
            TaskState.CANCELLED,
        }
    ),
    TaskState.RUNNING: frozenset(
        {
            TaskState.FINISHED,
            TaskState.FAILED,
            TaskState.CANCELLED,
            TaskState.UNCERTAIN,
            TaskState.SUBMITTING,
            TaskState.QUEUED,
        }
    ),
    TaskState.UNCERTAIN: frozenset(
        {TaskState.RUNNING, TaskState.FINISHED, TaskState.QUEUED, TaskState.FAILED, TaskState.CANCELLED}
    ),
    TaskState.FINISHED: frozenset({TaskState.RUNNING}),
    TaskState.FAILED: frozenset({TaskState.RUNNING, TaskState.QUEUED}),
    TaskState.CANCELLED: frozenset({TaskState.RUNNING, TaskState.QUEUED}),
}
