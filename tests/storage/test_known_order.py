"""What is remembered of an order is never older than the library."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.domain.request import GenerationRequest
from app.storage.known_order import KnownOrder
from app.storage.library_queries import Filter, LibraryQuery, SortKey, numbers_of
from app.storage.opening import open_library
from app.storage.task_writing import add_task
from tests.storage.making import NOON, finished, queued

BY_LENGTH = LibraryQuery("rain", sort=SortKey.LENGTH)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


@pytest.fixture
def connection(path: Path):
    connection, _ = open_library(path, busy_timeout_s=1)
    yield connection
    connection.close()


def add(connection: sqlite3.Connection, prompt: str, duration_s: int) -> int:
    task = finished(queued(request=GenerationRequest("acme", "m1", prompt)), duration_s=duration_s)
    return add_task(connection, task, NOON)


@pytest.mark.parametrize("which", list(Filter))
@pytest.mark.parametrize("sort", list(SortKey))
def test_it_finds_what_the_library_finds(connection, which, sort):
    for number in range(20):
        row = add(connection, ("rain", "wind", "rain and wind")[number % 3], number % 7)
        if number % 5 == 0:
            connection.execute("UPDATE tasks SET deleted_at = 'x' WHERE number = ?", (row,))
    order = KnownOrder()

    for text in ("", "r", "rain wind", "hail"):
        for descending in (True, False):
            query = LibraryQuery(text, which, sort, descending)
            assert order.numbers(connection, query) == numbers_of(connection, query)


def test_what_this_process_writes_is_in_the_next_answer(connection):
    order = KnownOrder()
    short, long = add(connection, "rain", 1), add(connection, "rain", 3)
    assert list(order.numbers(connection, BY_LENGTH)) == [long, short]

    middle = add(connection, "rain", 2)

    assert list(order.numbers(connection, BY_LENGTH)) == [long, middle, short]


def test_what_another_process_writes_is_in_the_next_answer(connection, path):
    order = KnownOrder()
    short, long = add(connection, "rain", 1), add(connection, "rain", 3)
    connection.commit()
    assert list(order.numbers(connection, BY_LENGTH)) == [long, short]

    other, _ = open_library(path, busy_timeout_s=1)
    other.execute("UPDATE tasks SET length_s = 9 WHERE number = ?", (short,))
    other.commit()
    other.close()

    assert list(order.numbers(connection, BY_LENGTH)) == [short, long]
