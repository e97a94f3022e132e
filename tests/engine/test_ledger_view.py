"""What was spent, in the user's own days, and what is known about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import RequestInvalid
from app.domain.receipt import Estimate
from app.domain.task import Task, TaskState
from app.engine import receipts
from app.engine.ledger_view import Days, LedgerView, Span, why_held
from app.storage.database import Database
from app.storage.ledger_entries import Grouping, LedgerEntries, Sum, Which
from app.storage.library_index import LibraryIndex
from app.storage.task_store import TaskStore
from tests.storage.making import Clock, finished, queued, submitting

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


class Books:
    """A library, and its ledger as people somewhere see it."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, Clock()
        self.store = TaskStore(database, self.clock)

    def view(self, zone: ZoneInfo = BERLIN) -> LedgerView:
        return LedgerView(LedgerEntries(self.database), self.clock, zone=zone)

    async def add(self, task: Task, at: datetime | None = None) -> Task:
        """Record a task whose attempt left at a moment."""
        assert task.attempt is not None
        task = replace(task, attempt=replace(task.attempt, sent_at=at or self.clock()))
        await self.store.record(task)
        return task


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[Books]:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    yield Books(database)
    await database.close()


def untold(task: Task) -> Task:
    """The task over without a word about its cost."""
    done = finished(task, billed=None)
    assert done.attempt is not None
    receipt = replace(done.attempt.receipt, is_settled=False)
    return replace(done, attempt=replace(done.attempt, receipt=receipt))


def given_up(task: Task) -> Task:
    lost = submitting(task).moved_to(TaskState.UNCERTAIN)
    assert lost.attempt is not None
    receipt = receipts.let_go(lost.attempt.receipt)
    return replace(lost, attempt=replace(lost.attempt, receipt=receipt)).moved_to(TaskState.FAILED)


async def test_sums_are_exact_and_grouped_as_asked(books: Books) -> None:
    for _ in range(3):
        await books.add(finished(queued(provider="runware", project="Night Storm"), billed="0.1"))
    await books.add(finished(queued(provider="camb"), billed="0.0001"))
    await books.add(submitting(queued(provider="camb"), cost="0.25"))
    view = books.view()

    by_service = await view.table(Grouping.SERVICE, Days())
    by_project = await view.table(Grouping.PROJECT, Days())

    assert [(line.key, line.sum) for line in by_service.lines] == [
        ("runware", Sum(Decimal("0.3"), Decimal(0), 3)),
        ("camb", Sum(Decimal("0.0001"), Decimal("0.25"), 2)),
    ]
    assert [(line.key, line.sum.billed) for line in by_project.lines] == [
        ("Night Storm", Decimal("0.3")),
        ("", Decimal("0.0001")),
    ]
    assert by_service.total == by_project.total == Sum(Decimal("0.3001"), Decimal("0.25"), 5)


async def test_days_are_the_users_own_also_where_the_clocks_change(books: Books) -> None:
    """29 March 2026 in Berlin lasts from 23:00 UTC to 22:00 UTC."""
    books.clock.now = datetime(2026, 3, 30, 12, tzinfo=UTC)
    for hour, minute in ((22, 59), (23, 0)):
        await books.add(finished(queued(), billed="1"), datetime(2026, 3, 28, hour, minute, tzinfo=UTC))
    for hour, minute in ((21, 59), (22, 0)):
        await books.add(finished(queued(), billed="1"), datetime(2026, 3, 29, hour, minute, tzinfo=UTC))

    berlin = await books.view().table(Grouping.DAY, Days())
    new_york = await books.view(NEW_YORK).table(Grouping.DAY, Days())
    that_day = await books.view().table(Grouping.DAY, Days(date(2026, 3, 29), date(2026, 3, 29)))

    assert [(line.key, line.sum.tasks) for line in berlin.lines] == [
        ("2026-03-30", 1),
        ("2026-03-29", 2),
        ("2026-03-28", 1),
    ]
    assert [(line.key, line.sum.tasks) for line in new_york.lines] == [("2026-03-29", 2), ("2026-03-28", 2)]
    assert that_day.total.tasks == 2


async def test_named_spans_end_today_or_with_the_last_month(books: Books) -> None:
    books.clock.now = datetime(2026, 1, 1, 3, tzinfo=UTC)  # in New York it is still last year
    view, there = books.view(), books.view(NEW_YORK)

    assert view.days_of(Span.TODAY) == Days(date(2026, 1, 1), date(2026, 1, 1))
    assert view.days_of(Span.LAST_MONTH) == Days(date(2025, 12, 1), date(2025, 12, 31))
    assert there.days_of(Span.THIS_MONTH) == Days(date(2025, 12, 1), date(2025, 12, 31))
    assert there.days_of(Span.LAST_MONTH) == Days(date(2025, 11, 1), date(2025, 11, 30))
    assert view.days_of(Span.ALL) == Days()
    with pytest.raises(RequestInvalid):
        await view.table(Grouping.DAY, Days(date(2026, 1, 2), date(2026, 1, 1)))


async def test_unknown_cost_is_never_nothing(books: Books) -> None:
    await books.add(untold(queued(provider="camb")))
    await books.add(given_up(queued(provider="camb")))
    await books.add(submitting(queued(provider="aimlapi"), cost=None))  # under way: it may still be told
    view = books.view()

    table = await view.table(Grouping.SERVICE, Days())

    assert {line.key: line.sum for line in table.lines} == {
        "camb": Sum(None, Decimal("0.25"), 2, unknown=2),
        "aimlapi": Sum(Decimal(0), Decimal(0), 1),
    }
    assert table.total.unknown == 2
    assert (await view.unknown_today(), await view.unknown_this_month()) == (2, 2)
    unknown = [entry async for portion in view.portions(Days(), Which.UNKNOWN) for entry in portion]
    assert [(entry.provider, entry.is_unknown) for entry in unknown] == [("camb", True)] * 2


async def test_every_attempt_counts_and_a_task_counts_once(books: Books) -> None:
    first = await books.add(given_up(queued()))
    again = submitting(first.moved_to(TaskState.QUEUED), cost="0.30")
    await books.add(again, books.clock() + timedelta(days=1))

    table = await books.view().table(Grouping.DAY, Days())

    assert [(line.sum.tasks, line.sum.unknown, line.sum.held) for line in table.lines] == [
        (1, 0, Decimal("0.30")),
        (1, 1, Decimal(0)),
    ]
    assert (table.total.tasks, table.total.unknown) == (1, 1)


async def test_what_never_left_is_no_entry_and_the_bin_changes_nothing(books: Books) -> None:
    waiting = submitting(queued())
    assert waiting.attempt is not None
    receipt = receipts.let_go(waiting.attempt.receipt)
    waiting = replace(waiting, attempt=replace(waiting.attempt, sent_at=None, receipt=receipt))
    await books.store.record(waiting.moved_to(TaskState.QUEUED))
    binned = await books.add(finished(queued(), billed="0.5"))
    await LibraryIndex(books.database, books.clock).to_bin([binned.id])

    table = await books.view().table(Grouping.SERVICE, Days())

    assert table.total == Sum(Decimal("0.5"), Decimal(0), 1)


async def test_what_is_held_says_why(books: Books) -> None:
    await books.add(submitting(queued("under way")))
    await books.add(submitting(queued("lost")).moved_to(TaskState.UNCERTAIN))
    await books.add(submitting(queued("called off")).moved_to(TaskState.CANCELLED))
    await books.add(untold(queued("silent")))
    await books.add(finished(queued("told")))
    free = submitting(queued("free"), cost="0")
    assert free.attempt is not None
    await books.add(replace(free, estimate=Estimate(Decimal(0), Decimal(0))))

    held = [entry async for portion in books.view().portions(Days(), Which.HELD) for entry in portion]

    assert {entry.prompt: why_held(entry) for entry in held} == {
        "under way": "Under way",
        "lost": "Needs your decision",
        "called off": "Cancelled after it was sent",
        "silent": "Its service told no cost",
    }
    assert all(entry.held == Decimal("0.25") for entry in held)


async def test_an_empty_library_has_an_empty_table(books: Books) -> None:
    table = await books.view().table(Grouping.DAY, books.view().days_of(Span.THIS_MONTH))

    assert (table.lines, table.total) == ((), Sum())
    assert [portion async for portion in books.view().portions(Days())] == []


async def test_portions_leave_nothing_out_and_tell_nothing_twice(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.ledger_view._PORTION", 2)
    for _ in range(5):  # all in the same moment
        await books.add(finished(queued()))

    portions = [portion async for portion in books.view().portions(Days())]

    assert [len(portion) for portion in portions] == [2, 2, 1]
    assert len({entry.attempt for portion in portions for entry in portion}) == 5
