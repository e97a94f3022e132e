"""The library as a window sees it, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import TaskNotFound
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.request import GenerationRequest
from app.domain.take import Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine.changes import Changes
from app.engine.library import Library
from app.storage.database import Database
from app.storage.library_index import Filter, LibraryIndex, LibraryQuery
from app.storage.task_store import TaskStore

MADE = datetime(2026, 3, 4, tzinfo=UTC)


def task(number: int, prompt: str) -> Task:
    """A finished task with one take."""
    task_id, key = f"{number:012x}", UUID(int=number)
    attempt = Attempt(key, task_id, 1, "local", "sketch", "local:", WireRequest("LOCAL", "/"), MADE)
    info = AudioInfo(AudioFormat.WAV, 48_000, 2, 48_000)
    take = Take(f"{task_id}-1", task_id, str(key), 1, "r", TakeState.STORED, file="a.wav", info=info)
    request = GenerationRequest("local", "sketch", prompt)
    return Task(task_id, task_id, request, Kind.EFFECT, TaskState.FINISHED, MADE, MADE, attempt=attempt, takes=(take,))


RAIN, WIND = task(1, "rain"), task(2, "wind")


class Opened:
    """One process's library."""

    def __init__(self, path: Path, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.database = Database(path)
        self.store = TaskStore(self.database, lambda: MADE)
        self.task_changes: Changes[Task] = Changes()
        index = LibraryIndex(self.database)
        self.library = Library(index, self.store, self.task_changes, look_every_s=0.01, sleep=sleep)
        self.told: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        self.library.changed.listen(self.told.put_nowait)

    async def open(self) -> None:
        await self.database.open()
        self.library.start()

    async def close(self) -> None:
        await self.library.close()
        await self.database.close()


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    opened = Opened(tmp_path / "library.sqlite3")
    await opened.open()
    for each in (RAIN, WIND):
        await opened.store.add([each])
        await opened.store.record(each)
    yield opened
    await opened.close()


async def prompts(opened: Opened, query: LibraryQuery) -> list[str]:
    rows = await opened.library.rows(await opened.library.ids(query))
    return [row.task.request.prompt for row in rows]


async def test_rows_come_in_the_order_of_the_query(opened: Opened) -> None:
    assert await prompts(opened, LibraryQuery()) == ["wind", "rain"]
    assert await prompts(opened, LibraryQuery(text="rai")) == ["rain"]
    assert (await opened.library.counts())[Filter.DONE] == 2


async def test_what_the_user_says_is_kept_and_told(opened: Opened) -> None:
    await opened.library.favourite("000000000001-1", True)
    await opened.library.rate("000000000001-1", 4)
    await opened.library.annotate("000000000001-1", "use in scene 3")

    take = await opened.library.take("000000000001-1")
    assert (take.is_favourite, take.rating, take.note) == (True, 4, "use in scene 3")
    assert [opened.told.get_nowait() for _ in range(3)] == [frozenset({RAIN.id})] * 3
    assert await prompts(opened, LibraryQuery(filter=Filter.FAVOURITES)) == ["rain"]


async def test_a_rating_has_five_stars_at_the_most(opened: Opened) -> None:
    with pytest.raises(ValueError):
        await opened.library.rate("000000000001-1", 6)


async def test_an_unknown_take_is_said_to_be_unknown(opened: Opened) -> None:
    with pytest.raises(TaskNotFound):
        await opened.library.favourite("000000000009-1", True)


async def test_a_deletion_can_be_undone(opened: Opened) -> None:
    binned = await opened.library.to_bin([RAIN.id], ["000000000002-1"])

    assert await prompts(opened, LibraryQuery()) == ["wind"]
    assert (await opened.library.counts())[Filter.BIN] == 2

    await opened.library.restore(binned)

    assert await prompts(opened, LibraryQuery()) == ["wind", "rain"]
    assert (await opened.library.counts())[Filter.BIN] == 0
    assert [opened.told.get_nowait() for _ in range(2)] == [frozenset()] * 2


async def test_what_the_engine_changes_is_told(opened: Opened) -> None:
    opened.task_changes.announce(WIND)

    assert opened.told.get_nowait() == frozenset({WIND.id})


async def test_what_another_process_writes_is_noticed(opened: Opened) -> None:
    other = Opened(opened.database.path)
    await other.open()
    try:
        while opened.told.empty():  # its first look may come after the first edit
            await other.library.annotate("000000000001-1", "from elsewhere")
            await asyncio.sleep(0)
    finally:
        await other.close()

    assert await opened.told.get() == frozenset()


async def test_own_edits_are_not_taken_for_foreign_ones(tmp_path: Path) -> None:
    looks: asyncio.Queue[float] = asyncio.Queue()
    go_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        looks.put_nowait(seconds)
        await go_on.wait()
        go_on.clear()

    opened = Opened(tmp_path / "library.sqlite3", sleep=sleep)
    await opened.open()
    try:
        await looks.get()
        await opened.store.add([RAIN])
        await opened.store.record(RAIN)
        go_on.set()
        await looks.get()
        assert opened.told.empty()
    finally:
        await opened.close()
