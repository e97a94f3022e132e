"""A library on the disk, and its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.storage.database import Database
from app.storage.library_index import LibraryIndex
from app.storage.task_store import TaskStore
from tests.storage.making import Clock


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "data" / "library.sqlite3")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database, clock) -> TaskStore:
    return TaskStore(database, clock)


@pytest.fixture
def index(database, clock) -> LibraryIndex:
    return LibraryIndex(database, clock)
