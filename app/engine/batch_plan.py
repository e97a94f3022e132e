"""What a sheet asks for and what of it is there already, before anything is queued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.audio import AudioFormat
from app.domain.errors import RowProblem
from app.domain.model_spec import ModelSpec
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest
from app.domain.task import Task, TaskState
from app.engine.batch_names import stem_of
from app.engine.sheet_table import SheetRow
from app.storage.found_files import UNKNOWN


@dataclass(frozen=True, slots=True)
class Defaults:
    """What rows get that say nothing themselves.

    Attributes:
        model: Of `provider`; its first one unless given.
    """

    provider: str = "local"
    model: str | None = None
    takes: int | None = None
    format: AudioFormat | None = None


class Step(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"  # it was asked for otherwise the last time: made anew
    RETRY = "retry"  # the same, and it failed or was cancelled
    OPEN = "open"  # the same, and under way: carried on
    UNCERTAIN = "uncertain"  # the same, and its outcome is unknown: nothing is sent before somebody decides
    UNCHANGED = "unchanged"  # the same, and done


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row that can be sent.

    Attributes:
        requests: One a task: several where the model makes fewer takes in one request.
        estimates: One a request.
        fingerprint: Of everything that is asked for, with the content of its files.
    """

    row: SheetRow
    spec: ModelSpec
    request: GenerationRequest
    requests: tuple[GenerationRequest, ...]
    estimates: tuple[Estimate, ...]
    fingerprint: str

    @property
    def stem(self) -> str:
        return stem_of(self.row.id)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with what is known of it.

    Attributes:
        click_id: Of the tasks that were made of just this request; None where there are none.
        tasks: These.
        before: What was asked for the last time, where that was something else.
    """

    checked: CheckedRow
    click_id: str | None = None
    tasks: tuple[Task, ...] = ()
    before: GenerationRequest | None = None

    @property
    def row(self) -> SheetRow:
        return self.checked.row

    @property
    def step(self) -> Step:
        if self.is_made:
            return Step.NEW if self.before is None else Step.CHANGED
        states = {task.state for task in self.tasks}
        if any(state.is_open for state in states):
            return Step.OPEN
        if TaskState.UNCERTAIN in states:
            return Step.UNCERTAIN
        return Step.RETRY if states - {TaskState.FINISHED} else Step.UNCHANGED

    @property
    def is_made(self) -> bool:
        """Whether new tasks are queued for it."""
        return not self.tasks or self._is_given_up

    @property
    def _is_given_up(self) -> bool:
        """Whether all that is left of it is that it was made once, and the user said that it brought nothing."""
        return bool(self.tasks) and all(is_lost(task) and task.state is TaskState.FAILED for task in self.tasks)

    @property
    def due(self) -> tuple[Estimate, ...]:
        """What it may cost from here on, an estimate a task. What is under way was reserved when it left."""
        if self.is_made:
            return self.checked.estimates
        return tuple(task.estimate for task in self.tasks if _may_cost(task))


@dataclass(frozen=True, slots=True)
class Totals:
    """What a plan comes to.

    Attributes:
        expected, most: In US dollars, of what is known.
        unknown: How many of the rows have no known price.
        rows: That anything is sent for.
    """

    rows: int
    takes: int
    characters: int
    expected: Decimal
    most: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A whole sheet.

    Attributes:
        sheet: Its path, made absolute: under this it is remembered.
        problems: Of rows that can't be sent; while there are any, nothing is.
        removed: Ids of rows that an earlier run of the sheet had.
    """

    sheet: str
    rows: tuple[PlannedRow, ...]
    problems: tuple[RowProblem, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def estimates(self) -> list[Estimate]:
        """Of everything that may be sent."""
        return [estimate for row in self.rows for estimate in row.due]

    @property
    def totals(self) -> Totals:
        """What comes on top of what is there."""
        due = [row for row in self.rows if row.due]
        return Totals(
            rows=len(due),
            takes=sum(row.checked.request.takes for row in due),
            characters=sum(len(row.checked.request.prompt) * row.checked.request.takes for row in due),
            expected=sum((each.expected for each in self.estimates if each.expected is not None), FREE),
            most=sum((each.most for each in self.estimates if each.most is not None), FREE),
            unknown=sum(any(each.expected is None for each in row.due) for row in due),
        )

    def of(self, step: Step) -> Iterator[PlannedRow]:
        """The rows that this becomes of."""
        return (row for row in self.rows if row.step is step)


def count(rows: Sequence[PlannedRow]) -> dict[Step, int]:
    """How many rows there are of each."""
    counts = dict.fromkeys(Step, 0)
    for row in rows:
        counts[row.step] += 1
    return counts


def is_lost(task: Task) -> bool:
    """Whether a damaged library left nothing of a task but that there was one."""
    return task.request.provider == UNKNOWN and task.attempt is not None and task.attempt.is_record_lost


def _may_cost(task: Task) -> bool:
    """Whether trying again may be a new attempt; an uncertain task isn't tried again by itself."""
    is_waiting = task.state is TaskState.QUEUED
    return is_waiting or task.state in (TaskState.FAILED, TaskState.CANCELLED)
