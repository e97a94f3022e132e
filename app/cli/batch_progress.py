"""How a whole sheet gets on, on the error stream: one bar for somebody who watches, a few lines for a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from app.cli.console import Console
from app.domain.receipt import FREE, exact_dollars
from app.domain.task import Task, TaskState

_TENTHS = 10


class SheetCount:
    """What became of the tasks of a sheet so far, kept by adding up what changes."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks: dict[str, tuple[TaskState, Decimal | None]] = {}
        self.done = self.failed = self.undecided = self.untold = 0
        self.spent = FREE
        for task in tasks:
            self.note(task, is_new=True)

    @property
    def total(self) -> int:
        return len(self._tasks)

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.failed - self.undecided

    def note(self, task: Task, *, is_new: bool = False) -> bool:
        """Count a task as it is now; False for one of somebody else's."""
        if task.id not in self._tasks and not is_new:
            return False
        if task.id in self._tasks:
            self._count(*self._tasks[task.id], -1)
        billed = task.billed
        self._tasks[task.id] = (task.state, billed)
        self._count(task.state, billed, 1)
        return True

    def _count(self, state: TaskState, billed: Decimal | None, step: int) -> None:
        self.done += step * (state is TaskState.FINISHED)
        self.failed += step * (state in (TaskState.FAILED, TaskState.CANCELLED))
        self.undecided += step * (state is TaskState.UNCERTAIN)
        self.untold += step * (billed is None and not state.is_open)
        self.spent += step * (billed or FREE)

    @property
    def in_words(self) -> str:
        """`12 of 46 done, 1 failed, 2 need your decision, 31 waiting, $0.07 so far, 2 of unknown cost`."""
        needs = "needs" if self.undecided == 1 else "need"
        parts = (
            f"{self.done:,} of {self.total:,} done",
            f"{self.failed:,} failed",
            f"{self.undecided:,} {needs} your decision" if self.undecided else "",
            f"{self.waiting:,} waiting",
            f"{exact_dollars(self.spent)} so far" if self.spent else "",
            f"{self.untold:,} of unknown cost" if self.untold else "",
        )
        return ", ".join(filter(None, parts))


class SheetProgress:
    """Shows a count that changes."""

    def show(self, count: SheetCount) -> None:
        """Nobody watches."""


class _Lines(SheetProgress):
    """A line for every tenth, so that a log stays short."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told = 0

    def show(self, count: SheetCount) -> None:
        tenths = (count.total - count.waiting) * _TENTHS // max(count.total, 1)
        if self._told < tenths < _TENTHS:  # the last one is told by whoever sums up
            self._told = tenths
            self._console.tell(f"{count.in_words}.")


@contextmanager
def sheet_progress(console: Console) -> Iterator[SheetProgress]:
    """A bar while the block runs where somebody watches, else lines."""
    if not console.has_terminal:
        yield _Lines(console)
        return
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        BarColumn(bar_width=30),
        TextColumn("{task.fields[words]}", markup=False),
        TimeElapsedColumn(),
        console=RichConsole(file=console.err),
        transient=True,
    ) as display:
        bar = display.add_task("sheet", total=1, words="")

        class Bar(SheetProgress):
            def show(self, count: SheetCount) -> None:
                ended = count.total - count.waiting
                display.update(bar, total=count.total, completed=ended, words=count.in_words)

        yield Bar()
