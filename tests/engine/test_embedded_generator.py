"""The real embedded generator in the real queue, on real files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.audio.files import encode, verify
from app.audio.input_facts import facts_of
from app.audio.splitting import split
from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import TaskState
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.providers.local.provider import LocalProvider
from app.storage.catalogue import Catalogue
from app.storage.database import Database
from app.storage.ledger import Ceilings
from app.storage.locations import resources_dir
from app.storage.locks import TaskLocks
from app.storage.queue_state import QueueState
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles
from app.storage.uploads import UploadStore


def now() -> datetime:
    return datetime.now(UTC)


class Run:
    """One run of the app without its window."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "library.sqlite3")
        self.store = TaskStore(self.database, now)
        self.files = TakeFiles(folder / "takes", verify)
        self.provider = LocalProvider(encode)
        self.queue = TaskQueue(
            store=self.store,
            files=self.files,
            locks=TaskLocks(folder / "locks"),
            providers={"local": self.provider},
            catalogue=Catalogue.load([resources_dir() / "catalogue"]),
            spending=Spending(self.store, Ceilings(), now),
            now=now,
            state=QueueState(self.database, now),
            uploads=UploadStore(self.database, now),
            transcripts=TranscriptFiles(folder / "transcripts"),
            probe=facts_of,
            split=split,
        )

    async def end(self) -> None:
        """Quit; fine if it was done before."""
        await self.queue.close()
        await self.provider.aclose()
        await self.files.close()
        await self.database.close()


@pytest.fixture
async def runs(tmp_path: Path) -> AsyncIterator[Callable[[], Awaitable[Run]]]:
    """Starts runs of the app, one after the other, on the same folder."""
    started: list[Run] = []

    async def start() -> Run:
        run = Run(tmp_path)
        await run.database.open()
        started.append(run)
        return run

    yield start
    for run in started:
        await run.end()


@pytest.fixture
async def run(runs: Callable[[], Awaitable[Run]]) -> Run:
    return await runs()


def rain(takes: int, duration_s: float) -> GenerationRequest:
    return GenerationRequest("local", "sketch", "heavy rain, thunder", takes=takes, duration_s=duration_s)


async def test_a_click_brings_takes_that_decode_and_cost_nothing(run: Run) -> None:
    [task] = await run.queue.add(rain(2, 0.5))
    [done] = await run.queue.wait([task.id])

    assert done.state is TaskState.FINISHED
    assert [take.state for take in done.takes] == [TakeState.STORED] * 2
    assert all(verify(run.files.path(take.file or "")).duration_s == pytest.approx(0.5) for take in done.takes)
    assert done.attempt is not None
    assert done.attempt.receipt.billed == 0


async def test_quitting_in_the_middle_and_starting_again_brings_the_same_takes(
    run: Run, runs: Callable[[], Awaitable[Run]]
) -> None:
    [task] = await run.queue.add(rain(4, 5.0))
    begun = asyncio.Event()
    run.queue.changed.listen(lambda each: begun.set() if each.state is TaskState.RUNNING else None)
    await begun.wait()
    await run.end()
    later = await runs()

    assert await later.queue.carry_on() == [task.id]
    [done] = await later.queue.wait([task.id])

    assert done.state is TaskState.FINISHED
    assert [take.number for take in done.takes] == [1, 2, 3, 4]
    assert done.attempt is not None
    assert done.attempt.number == 1


async def test_cancelling_stops_the_work_and_a_retry_finishes_it(run: Run) -> None:
    [task] = await run.queue.add(rain(4, 5.0))
    begun = asyncio.Event()
    run.queue.changed.listen(lambda each: begun.set() if each.state is TaskState.RUNNING else None)
    await begun.wait()

    await run.queue.cancel(task.id)
    await run.queue.wait_until_idle()
    cancelled = await run.store.task(task.id)
    await run.queue.retry(task.id)
    [done] = await run.queue.wait([task.id])

    assert cancelled.state is TaskState.CANCELLED
    assert done.state is TaskState.FINISHED
    assert len(done.takes) == 4
