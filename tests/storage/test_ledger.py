"""Nothing leaves that would pass a limit, whoever asks at the same time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import SpendingCeilingReached, TaskNotFound
from app.domain.receipt import Spent
from app.domain.task import TaskState
from tests.storage.making import NOON, TODAY, finished, queued, submitting


def settled(task, billed: str | None):
    receipt = replace(task.attempt.receipt, billed=None if billed is None else Decimal(billed), is_settled=True)
    return replace(task, attempt=replace(task.attempt, receipt=receipt))


def part_told(task, billed: str):
    """The receipt of an attempt of which a part is billed, while the rest goes on."""
    return replace(task.attempt.receipt, billed=Decimal(billed))


async def spent_today(store) -> Decimal:
    return (await store.spent(TODAY.day_start, TODAY.day_end)).total


async def begin(store, task, *, day=None, month=None):
    ceilings = [None if amount is None else Decimal(amount) for amount in (day, month)]
    await store.begin(task, *ceilings, TODAY)


async def limited(store, *tasks, to):
    """Put tasks of one click into the library, with a limit of its own."""
    await store.add(tasks, click_ceiling=Decimal(to))


async def test_a_reservation_counts_until_it_is_settled_by_the_bill(store):
    task = submitting(queued(), cost="0.30")
    await begin(store, task)
    assert await spent_today(store) == Decimal("0.30")

    await store.record(settled(task, "0.20"))

    assert await spent_today(store) == Decimal("0.20")


async def test_what_was_billed_is_told_apart_from_what_is_held(store):
    await store.record(settled(submitting(queued(), cost="0.60"), "0.49"))
    await begin(store, submitting(queued(), cost="0.95"))
    partly = submitting(queued(), cost="0.30")
    await begin(store, replace(partly, attempt=replace(partly.attempt, receipt=part_told(partly, "0.10"))))

    assert await store.spent(TODAY.day_start, TODAY.day_end) == Spent(Decimal("0.59"), Decimal("1.15"))
    with pytest.raises(SpendingCeilingReached, match=r"\$2 today: \$0.59 spent, \$1.15 held, about \$0.27 needed"):
        await begin(store, submitting(queued(), cost="0.27"), day="2")


async def test_an_unbilled_failure_gives_its_reservation_back(store):
    task = submitting(queued(), cost="0.30")
    await begin(store, task)

    await store.record(settled(task, None))

    assert await spent_today(store) == 0


async def test_what_is_settled_as_free_leaves_what_other_attempts_were_billed(store):
    first = settled(submitting(queued(), cost="0.30"), "0.20")
    await store.record(first)
    second = submitting(replace(first, state=TaskState.QUEUED), cost="0.30")
    await store.record(second)
    third = submitting(replace(second, state=TaskState.QUEUED), cost="0.30")
    await begin(store, third)
    assert await store.spent(TODAY.day_start, TODAY.day_end) == Spent(Decimal("0.20"), Decimal("0.60"))

    await store.settle_as_free(third)

    assert await store.spent(TODAY.day_start, TODAY.day_end) == Spent(Decimal("0.20"))
    assert (await store.task(third.id)).billed == Decimal("0.20")


async def test_cents_add_up_exactly(store):
    for _ in range(10):
        await begin(store, submitting(queued(), cost="0.1"))

    assert await spent_today(store) == Decimal("1.0")


async def test_a_limit_may_be_reached_but_not_passed(store):
    await begin(store, submitting(queued(), cost="0.60"), day="1")
    await begin(store, submitting(queued(), cost="0.40"), day="1")

    with pytest.raises(SpendingCeilingReached, match=r"limit of \$1 today: \$1 held, about \$0.01 needed"):
        await begin(store, submitting(queued(), cost="0.01"), day="1")


async def test_a_refused_attempt_leaves_no_trace(store):
    task = queued()
    await store.add([task])

    with pytest.raises(SpendingCeilingReached):
        await begin(store, submitting(task, cost="2"), month="1")

    assert await store.task(task.id) == task
    assert await store.attempts(task.id) == []
    assert await spent_today(store) == 0


async def test_a_task_that_was_never_added_stays_unknown_when_refused(store):
    task = submitting(queued(), cost="2")

    with pytest.raises(SpendingCeilingReached):
        await begin(store, task, day="1")

    with pytest.raises(TaskNotFound):
        await store.task(task.id)


async def test_an_unknown_cost_is_refused_where_there_is_a_limit_and_recorded_where_there_is_none(store):
    task = submitting(queued(), cost=None)
    with pytest.raises(SpendingCeilingReached, match="isn’t known"):
        await begin(store, task, day="100")

    await begin(store, task)

    assert (await store.task(task.id)).attempt.receipt.reserved is None
    assert await spent_today(store) == 0


async def test_what_is_free_runs_under_any_limit(store):
    await begin(store, submitting(queued(), cost="5"))

    free = queued()
    await limited(store, free, to="0")
    await begin(store, submitting(free, cost="0"), day="1", month="1")


async def test_days_and_months_are_counted_by_when_it_was_sent(store):
    def sent(when, cost):
        task = submitting(queued(), cost=cost)
        return replace(task, attempt=replace(task.attempt, sent_at=when))

    await store.record(sent(TODAY.day_start - timedelta(microseconds=1), "1"))
    await store.record(sent(TODAY.day_start, "2"))
    await store.record(sent(TODAY.day_end - timedelta(microseconds=1), "4"))
    await store.record(sent(TODAY.day_end, "8"))

    assert await spent_today(store) == 6
    assert (await store.spent(TODAY.month_start, TODAY.month_end)).total == 15
    with pytest.raises(SpendingCeilingReached, match="this month"):
        await begin(store, submitting(queued(), cost="1"), day="7", month="15")


async def test_a_limit_of_one_task_counts_all_its_attempts(store):
    new = queued()
    await limited(store, new, to="0.12")
    task = submitting(new, cost="0.06")
    await begin(store, task)
    await store.record(settled(task, "0.06"))
    again = submitting(replace(settled(task, "0.06"), state=TaskState.QUEUED), cost="0.06")
    await begin(store, again)
    await store.record(settled(again, None))
    thrice = submitting(replace(settled(again, None), state=TaskState.QUEUED), cost="0.07")

    with pytest.raises(SpendingCeilingReached, match="for this request"):
        await begin(store, thrice)


async def test_a_limit_of_a_click_counts_all_its_tasks_and_no_other(store):
    first = queued()
    second, other = queued(click_id=first.click_id), queued()
    await limited(store, first, second, to="0.10")
    await store.add([other])
    await begin(store, submitting(first, cost="0.06"))

    with pytest.raises(SpendingCeilingReached, match=r"\$0.10 for this request: \$0.06 held, about \$0.05 needed"):
        await begin(store, submitting(second, cost="0.05"))
    await begin(store, submitting(other, cost="5"))
    await begin(store, submitting(second, cost="0.04"))


async def test_the_same_attempt_is_not_counted_twice(store):
    task = submitting(queued(), cost="0.60")
    await begin(store, task, day="1")

    await begin(store, task, day="1")  # provably not accepted, so it leaves once more

    assert await spent_today(store) == Decimal("0.60")


async def test_of_two_that_race_for_the_last_dollar_one_leaves(store):
    racers = [submitting(queued(), cost="0.60") for _ in range(8)]

    results = await asyncio.gather(*(begin(store, task, day="1") for task in racers), return_exceptions=True)

    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, SpendingCeilingReached) for result in results) == 7
    assert await spent_today(store) == Decimal("0.60")


async def test_money_that_was_spent_long_ago_does_not_count(store):
    task = finished(queued(), billed="9")
    await store.record(replace(task, attempt=replace(task.attempt, sent_at=NOON - timedelta(days=60))))

    await begin(store, submitting(queued(), cost="1"), day="1", month="1")


_RACE = """
import asyncio, sys
from decimal import Decimal
from pathlib import Path
from app.domain.errors import SpendingCeilingReached
from app.storage.database import Database
from app.storage.task_store import TaskStore
from tests.storage.making import TODAY, Clock, queued, submitting

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    store, left = TaskStore(database, Clock()), 0
    print("ready", flush=True)
    sys.stdin.read(1)
    for _ in range(10):
        try:
            await store.begin(submitting(queued(), cost="0.10"), Decimal(1), None, TODAY)
            left += 1
        except SpendingCeilingReached:
            pass
    print(left)
    await database.close()

asyncio.run(main())
"""


def test_processes_that_race_stay_under_the_limit_together(tmp_path):
    command = [sys.executable, "-c", _RACE, str(tmp_path / "library.sqlite3")]
    pipe = subprocess.PIPE
    racers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"

    told = [racer.communicate("!", timeout=30)[0] for racer in racers]

    assert sum(map(int, told)) == 10  # ten dimes in a dollar
