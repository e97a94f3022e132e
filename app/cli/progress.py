"""How tasks get on, on the error stream of a terminal; silent when nobody watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from app.cli.console import Console, harmless
from app.domain.take import TakeState
from app.domain.task import Task, TaskState

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_WORDS = {
    TaskState.QUEUED: "waiting",
    TaskState.SUBMITTING: "sending",
    TaskState.RUNNING: "running",
    TaskState.UNCERTAIN: "needs your decision",
    TaskState.FINISHED: "done",
    TaskState.FAILED: "failed",
    TaskState.CANCELLED: "cancelled",
}


class Progress(Protocol):
    """Shows tasks while they run."""

    def show(self, task: Task, fraction: float | None, words: str) -> None:
        """The task as it is now.

        Args:
            fraction: 0.0 to 1.0; None is unknown.
            words: What goes beyond its state, such as when it is tried again; often empty.
        """


class _Silence:
    def show(self, task: Task, fraction: float | None, words: str) -> None:
        """Nobody watches."""


class _Bars:
    """One bar a task, drawn by rich."""

    def __init__(self, display: RichProgress) -> None:
        self._display = display
        self._bars: dict[str, TaskID] = {}

    def show(self, task: Task, fraction: float | None, words: str) -> None:
        if task.id not in self._bars:
            self._bars[task.id] = self._display.add_task(task.id, total=None, words="", title="")
        ended = not task.state.is_open
        done = 1.0 if ended else fraction
        self._display.update(
            self._bars[task.id],
            total=None if done is None else 1.0,
            completed=done or 0.0,
            title=_title(task),
            words=harmless(words) or _words(task),
        )


@contextmanager
def progress(console: Console) -> Iterator[Progress]:
    """Bars while the block runs, or nothing when the error stream is no terminal."""
    if not console.has_terminal:
        yield _Silence()
        return
    # rich costs a tenth of a second: only where somebody looks at it
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Display

    with Display(
        TextColumn("{task.fields[title]}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[words]}", markup=False),
        TimeElapsedColumn(),
        console=RichConsole(file=console.err),
        transient=True,
    ) as display:
        yield _Bars(display)


def _title(task: Task) -> str:
    prompt = " ".join(task.request.title.split())
    return harmless(prompt if len(prompt) <= 32 else f"{prompt[:31]}…")


def _words(task: Task) -> str:
    if task.state is not TaskState.RUNNING or task.request.takes <= 1:
        return _WORDS[task.state]
    stored = sum(take.state is TakeState.STORED for take in task.takes)
    return f"{stored} of {task.request.takes} takes"
