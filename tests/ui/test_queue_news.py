"""What the message bar tells of tasks that come to rest: one by one while they are few, else together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Estimate, Receipt
from app.domain.request import GenerationRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine.changes import Changes
from app.ui.message_bar import MessageBar
from app.ui.queue_news import QueueNews

NOW = datetime(2026, 11, 18, 14, 2, tzinfo=UTC)
WIRE = WireRequest("POST", "/", {}, b"")
NO_CREDIT = Failure("no_credit", "No credit is left.")


def queued(number: int) -> Task:
    request = GenerationRequest("acme", "choir", "All hands!")
    name = f"{number:012d}"
    return Task(
        name, name, request, Kind.SPEECH, TaskState.QUEUED, NOW, NOW, Estimate(Decimal("0.01"), Decimal("0.01"))
    )


def finished(task: Task, cost: str | None = "0.01") -> Task:
    billed = None if cost is None else Decimal(cost)
    attempt = Attempt(uuid4(), task.id, 1, "acme", "choir", "https://acme.example", WIRE, NOW, sent_at=NOW)
    attempt = replace(attempt, receipt=Receipt(task.estimate, billed=billed, is_settled=True))
    info = AudioInfo(AudioFormat.WAV, 48_000, 2, 48_000)
    take = Take(f"{task.id}-1", task.id, str(attempt.id), 1, "result", TakeState.STORED, file="a.wav", info=info)
    return replace(task, state=TaskState.FINISHED, attempt=attempt, takes=(take,))


@dataclass
class Told:
    """A queue that is moved by hand, and what was said of it."""

    changed: Changes[Task]
    bar: MessageBar
    news: QueueNews

    def move(self, *tasks: Task) -> None:
        for task in tasks:
            self.changed.announce(task)

    @property
    def sentences(self) -> list[str]:
        return [message.text for message in reversed(self.bar._log.messages)]


@pytest.fixture
def told(theme, qtbot) -> Told:
    bar = MessageBar(theme, now=lambda: NOW)
    qtbot.addWidget(bar)
    changed: Changes[Task] = Changes()
    news = QueueNews(SimpleNamespace(changed=changed), bar, str.title, lambda: None, bar)  # type: ignore[arg-type]
    return Told(changed, bar, news)


def many(number: int) -> Sequence[Task]:
    return [queued(each) for each in range(number)]


def test_a_few_tasks_are_told_one_by_one(told: Told) -> None:
    tasks = many(3)
    told.move(*tasks, *map(finished, tasks))

    assert told.sentences == ["1 take saved. Billed $0.010, estimated $0.01."] * 3


def test_the_end_of_a_long_script_is_told_once_with_what_it_cost(told: Told) -> None:
    tasks = many(41)
    told.move(*tasks, *map(finished, tasks[:-1]))
    assert told.sentences == []

    told.move(finished(tasks[-1]))

    assert told.sentences == ["41 takes saved. Billed $0.410."]
    told.move(queued(99), finished(queued(99)))
    assert told.sentences[1:] == ["1 take saved. Billed $0.010, estimated $0.01."]


@pytest.mark.parametrize(
    ("costs", "cost"),
    [
        ([None] * 6, "What they cost isn’t known yet."),
        ([None, "0.01", "0.01", "0.01", "0.01", "0.01"], "Billed $0.050; what 1 task cost isn’t known yet."),
    ],
    ids=["of all", "of one"],
)
def test_unknown_cost_of_many_is_never_nothing(told: Told, costs: list[str | None], cost: str) -> None:
    tasks = many(6)
    told.move(*tasks, *(finished(task, each) for task, each in zip(tasks, costs, strict=True)))

    assert told.sentences == [f"6 takes saved. {cost}"]


def test_what_fails_for_one_reason_is_told_at_once_but_once(told: Told) -> None:
    tasks = many(10)
    failed = [replace(task, state=TaskState.FAILED, failure=NO_CREDIT) for task in tasks[:8]]
    told.move(*tasks, *failed)
    [reason] = told.sentences

    told.move(*map(finished, tasks[8:]))

    assert told.sentences == [reason, "2 takes saved. 8 tasks failed. Billed $0.020."]


def test_many_decisions_are_asked_for_at_the_first_and_counted_at_the_end(told: Told) -> None:
    tasks = many(8)
    told.move(*tasks, *(replace(task, state=TaskState.UNCERTAIN) for task in tasks))

    assert told.sentences == ["A task needs your decision.", "8 tasks need your decision."]


def test_a_click_of_ones_own_is_told_by_itself_while_a_script_is_under_way(told: Told) -> None:
    script, own = many(10), queued(50)
    told.news.follow(own)
    told.move(*script, own, finished(script[0]), finished(own))

    assert told.sentences == ["1 take saved. Billed $0.010, estimated $0.01."]


def test_a_stopped_script_tells_what_came_before(told: Told) -> None:
    tasks = many(10)
    told.move(*tasks, finished(tasks[0]), *(replace(task, state=TaskState.CANCELLED) for task in tasks[1:]))

    assert told.sentences == ["1 take saved. Billed $0.010."]
