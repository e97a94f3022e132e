"""What became of tasks, in a line each for the person at the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.cli.advice import next_step
from app.cli.console import Console
from app.domain.receipt import Estimate, exact_dollars
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.engine.decisions import is_cost_open
from app.engine.recovery import CANT_BE_ASKED
from app.engine.services import Services
from app.engine.writing_down import share_of_next_part


async def tell_outcomes(
    console: Console, services: Services, tasks: Iterable[Task], rows: Mapping[str, str] | None = None
) -> None:
    """Everything that isn't simply done, with what to do about it.

    Args:
        rows: What tasks of a sheet are called there, by their ids.
    """
    paused: list[Task] = []
    for task in tasks:
        if task.state is TaskState.QUEUED and services.queue.is_paused:
            paused.append(task)
            continue
        live = services.queue.live(task.id) if task.state.is_open else None
        step, page = await next_step(task, services.keys), _usage_page(task, services)
        if (line := _outcome(task, step, page, _sentence(live.words if live is not None else ""))) is not None:
            row = f"{rows[task.id]}: " if rows and task.id in rows else ""
            console.tell(f"cuesmith: {row}{line}")
    if paused:
        who = f"Task {paused[0].id} waits" if len(paused) == 1 else f"{len(paused):,} tasks wait"
        console.tell(f"cuesmith: {who}: the queue is paused. End the pause and carry on with: cuesmith resume")


def _usage_page(task: Task, services: Services) -> str:
    """Where people see what the task's service charged; empty where there is no such page."""
    pages = (each.usage_page for each in services.known_services if each.id == task.request.provider)
    return next(pages, "")


def _outcome(task: Task, step: str, usage_page: str, waits_for: str) -> str | None:
    reason = _reason(task)
    advice = f" {step}" if step else ""
    if task.state.is_open:
        return f"Task {task.id} isn’t finished.{waits_for or reason} Carry on with: cuesmith resume"
    match task.state:
        case TaskState.FAILED:
            return f"Task {task.id} failed.{reason}{advice}{_on_its_cost(task)}"
        case TaskState.CANCELLED:
            return f"Task {task.id} was cancelled. Take it up again with: cuesmith retry {task.id}"
        case TaskState.UNCERTAIN:
            look = f" What was charged: {usage_page}" if usage_page else ""
            return (
                f"Task {task.id} needs your decision.{reason or f' {CANT_BE_ASKED}'}"
                f" Nothing is sent again unless you say so.{look}"
                f" Submit it anew (may cost again: {cost_again(share_of_next_part(task))}): cuesmith retry {task.id}."
                f" Give it up: cuesmith resolve {task.id} --failed."
            )
        case _:
            return f"Task {task.id} is finished in part.{reason}{advice}" if task.failure is not None else None


def cost_again(estimate: Estimate) -> str:
    """`about $0.07, at most $0.32`; what isn't known is told as such."""
    if estimate.is_free:
        return "nothing"
    if estimate.most is None:
        expected = estimate.expected
        return "the price is unknown" if expected is None else f"about {exact_dollars(expected)}, the most is unknown"
    most = f"at most {exact_dollars(estimate.most)}"
    return most if estimate.expected in (None, estimate.most) else f"about {exact_dollars(estimate.expected)}, {most}"


def _on_its_cost(task: Task) -> str:
    """How to let go of what is held for a task whose service tells no cost."""
    receipt = task.attempt.receipt if task.attempt is not None else None
    if receipt is None or receipt.is_settled or not receipt.reserved or not is_cost_open(task):
        return ""
    return (
        f" {exact_dollars(receipt.reserved)} stays held for it; if it cost nothing: cuesmith resolve {task.id} --free"
    )


def _reason(task: Task) -> str:
    """What went wrong, with the service's own name for it."""
    failure = task.failure
    if failure is None:
        return ""
    code = f" ({failure.code})" if failure.code else ""
    return f"{_sentence(failure.message)}{code}"


def _sentence(words: str) -> str:
    """With a space before it and a full stop: services end theirs as they like."""
    return f" {words}{'' if words.endswith(('.', '!', '?', '…')) else '.'}" if words else ""


def say_takes(console: Console, services: Services, tasks: Iterable[Task]) -> None:
    """Where the takes of tasks are in the library, one line each: id and path."""
    for task in tasks:
        for take in stored_takes(task):
            assert take.file is not None
            console.say(f"{take.id}  {services.files.path(take.file)}")


def stored_takes(task: Task) -> tuple[Take, ...]:
    """The takes that are on the disk and not in the bin."""
    return tuple(take for take in task.takes if _is_stored(take) and not take.is_binned)


def _is_stored(take: Take) -> bool:
    return take.state is TakeState.STORED and take.file is not None
