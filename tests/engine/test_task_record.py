"""What is known here and what is on the disk never part."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import StorageError
from app.domain.task import Task, TaskState
from app.engine.pace import Clock
from app.engine.task_record import TaskRecord
from tests.engine.test_results import MOMENT, running
from tests.fakes.virtual_clock import VirtualClock


class Slow:
    """A store that writes when it is told to."""

    def __init__(self) -> None:
        self.may_write = asyncio.Event()
        self.written: list[Task] = []
        self.since: list[Task | None] = []
        self.failures: list[StorageError] = []

    async def record(self, task: Task, *, since: Task | None = None) -> None:
        await self.may_write.wait()
        self.since.append(since)
        if self.failures:
            raise self.failures.pop()
        self.written.append(task)


def record_of(store: Slow, told: list[Task], troubles: list[Any], clock: VirtualClock) -> TaskRecord:
    return TaskRecord(
        running(),
        store,  # type: ignore[arg-type]
        Clock(lambda: MOMENT, clock.sleep, clock.monotonic),
        told.append,
        troubles.append,
    )


def noted(note: str, task: Task) -> Task:
    return replace(task, note=task.note + note)


async def test_a_change_whose_caller_is_cancelled_comes_to_its_end() -> None:
    store, told = Slow(), []
    record = record_of(store, told, [], VirtualClock())
    caller = asyncio.ensure_future(record.change(lambda task: task.moved_to(TaskState.CANCELLED)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    caller.cancel()
    store.may_write.set()
    await record.written()

    assert caller.cancelled() or caller.cancelling()
    assert record.state is TaskState.CANCELLED
    assert store.written == told == [record.task]


async def test_changes_come_one_after_the_other_each_on_top_of_the_last() -> None:
    store, told = Slow(), []
    record = record_of(store, told, [], VirtualClock())
    changes = [asyncio.ensure_future(record.change(lambda task, n=n: noted(n, task))) for n in "abc"]
    store.may_write.set()
    await asyncio.gather(*changes)

    assert [task.note for task in store.written] == ["a", "ab", "abc"]
    assert [task.note for task in told] == ["a", "ab", "abc"]


async def test_nobody_is_told_what_couldnt_be_written() -> None:
    store, told = Slow(), []
    store.failures.append(StorageError("The disk is full."))
    store.may_write.set()
    record = record_of(store, told, [], VirtualClock())

    with pytest.raises(StorageError):
        await record.change(lambda task: noted("a", task))

    assert record.task.note == ""
    assert told == []


async def test_what_was_paid_for_is_written_however_often_it_takes() -> None:
    store, told, troubles = Slow(), [], []
    store.failures.extend([StorageError("The disk is full.")] * 3)
    store.may_write.set()
    clock = VirtualClock()
    record = record_of(store, told, troubles, clock)

    await clock.run(record.keep(lambda task: noted("a", task)))

    assert [task.note for task in store.written] == ["a"]
    assert [type(trouble) for trouble in troubles] == [StorageError] * 3 + [type(None)]


async def test_a_step_that_changes_nothing_writes_nothing() -> None:
    store, told = Slow(), []
    record = record_of(store, told, [], VirtualClock())

    await record.change(lambda task: task)

    assert store.written == told == []


async def test_the_store_is_told_what_is_written_already_unless_nobody_knows() -> None:
    store, told = Slow(), []
    store.may_write.set()
    record = record_of(store, told, [], VirtualClock())
    at_first = record.task

    first = await record.change(lambda task: noted("a", task))
    store.failures.append(StorageError("The disk is full."))
    with pytest.raises(StorageError):
        await record.change(lambda task: noted("b", task))
    third = await record.change(lambda task: noted("c", task))
    await record.change(lambda task: noted("d", task))

    assert store.since == [at_first, first, None, third]


async def test_trouble_with_an_announcement_is_over_once_the_disk_takes_it() -> None:
    store, troubles = Slow(), []
    clock = VirtualClock()
    store.may_write.set()
    store.failures = [StorageError("The disk is full.")]
    record = record_of(store, [], troubles, clock)

    _, kept = await record.keep_meanwhile(lambda task: noted("a", task))
    task = await kept

    assert task.note == "a"
    assert [type(trouble) for trouble in troubles] == [StorageError, type(None)]
