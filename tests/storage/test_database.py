"""One thread, one commit for all who wait, and nothing told before it is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from app.domain.errors import StorageError
from app.storage.database import Database


@pytest.fixture
async def database(tmp_path):
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    await database.write(lambda connection: connection.execute("CREATE TABLE marks (number INTEGER PRIMARY KEY)"))
    yield database
    await database.close()


def add(number: int):
    return lambda connection: connection.execute("INSERT INTO marks VALUES (?)", (number,)).rowcount


def marks(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT number FROM marks ORDER BY number")]


async def test_another_connection_sees_a_write_as_soon_as_it_was_awaited(database):
    await database.write(add(1))

    other = sqlite3.connect(database.path)
    try:
        assert marks(other) == [1]
    finally:
        other.close()


async def test_the_database_outlives_power_cuts_by_its_settings(database):
    def settings(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await database.read(settings) == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_work_that_fails_is_undone_whole_and_takes_nobody_with_it(database):
    def half_done(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO marks VALUES (2)")
        raise LookupError("in the middle")

    results = await asyncio.gather(
        database.write(add(1)), database.write(half_done), database.write(add(3)), return_exceptions=True
    )

    assert isinstance(results[1], LookupError)
    assert await database.read(marks) == [1, 3]


async def test_writes_that_wait_together_share_a_commit(tmp_path):
    database = Database(tmp_path / "slow.sqlite3", commit_delay_s=0.05)
    await database.open()
    await database.write(lambda connection: connection.execute("CREATE TABLE marks (number INTEGER PRIMARY KEY)"))
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(database.write(add(number)) for number in range(40)))
    took_s = asyncio.get_running_loop().time() - began

    assert await database.read(marks) == list(range(40))
    assert took_s < 40 * 0.05 / 4  # each alone would have waited for its own delay
    await database.close()


async def test_a_cancelled_waiter_does_not_cancel_the_work(database):
    waiting = asyncio.create_task(database.write(add(7)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await database.read(marks) == [7]


async def test_work_is_done_in_the_order_in_which_it_was_asked_for(database):
    seen = []
    await asyncio.gather(
        database.write(add(1)),
        database.read(lambda connection: seen.append(marks(connection))),
        database.write(add(2)),
        database.read(lambda connection: seen.append(marks(connection))),
    )

    assert seen == [[1], [1, 2]]


async def test_what_a_read_writes_is_rolled_back(database):
    await database.read(add(5))

    assert await database.read(marks) == []


async def test_a_read_that_waits_behind_writes_is_still_only_a_read(database):
    free = threading.Event()
    held = asyncio.create_task(database.read(lambda _: free.wait(10)))
    await asyncio.sleep(0)
    waiting = asyncio.gather(database.write(add(1)), database.read(add(5)), database.write(add(2)))
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(held, waiting)

    assert await database.read(marks) == [1, 2]


async def test_closing_does_everything_asked_for_before(database):
    writes = [asyncio.create_task(database.write(add(number))) for number in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = Database(database.path)
    await again.open()

    assert await again.read(marks) == list(range(20))
    await again.close()


async def test_no_thread_is_left_behind_and_a_closed_library_says_so(database):
    await database.close()
    await database.close()

    with pytest.raises(StorageError, match="closed"):
        await database.write(add(1))
    assert "database" not in {thread.name for thread in threading.enumerate()}


async def test_the_loop_goes_on_while_the_disk_is_slow(tmp_path):
    database = Database(tmp_path / "slow.sqlite3", commit_delay_s=0.2)
    await database.open()
    loop, gaps = asyncio.get_running_loop(), []
    writing = asyncio.create_task(database.write(lambda connection: connection.execute("CREATE TABLE t (n)")))
    last = loop.time()
    while not writing.done():
        await asyncio.sleep(0.001)
        gaps.append(loop.time() - last)
        last = loop.time()

    assert sum(gaps) > 0.15
    assert max(gaps) < 0.15  # a loop that waits for the commit has one gap of 0.2 s
    await database.close()


async def test_a_faulty_statement_is_a_bug_and_travels_untouched(database):
    await database.write(add(1))

    with pytest.raises(sqlite3.IntegrityError):
        await database.write(add(1))


async def test_a_library_that_another_program_keeps_locked_is_told_in_a_sentence(tmp_path):
    database = Database(tmp_path / "library.sqlite3", busy_timeout_s=0.05)
    await database.open()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked") as caught:
        await database.write(lambda connection: connection.execute("CREATE TABLE t (n)"))

    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    other.close()
    await database.close()


async def test_a_write_that_is_kept_out_by_another_process_is_told_while_it_waits(database):
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = asyncio.Event()
    database.on_wait = told.set

    writing = [asyncio.create_task(database.write(add(number))) for number in (1, 2)]
    await asyncio.wait_for(told.wait(), 30)
    assert not any(each.done() for each in writing)
    other.execute("ROLLBACK")
    other.close()

    await asyncio.gather(*writing)


async def test_a_writer_waits_for_another_process_to_finish(database):
    other = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO marks VALUES (1)")
    writing = asyncio.create_task(database.write(add(2)))
    threading.Timer(0.1, lambda: other.execute("COMMIT")).start()

    await writing

    assert await database.read(marks) == [1, 2]
    other.close()


async def test_a_full_disk_is_told_in_a_sentence_and_the_library_goes_on(database):
    def limit(pages: int):
        return lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()[0]

    used = await database.read(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    await database.read(limit(used + 2))

    with pytest.raises(StorageError, match="disk is full"):
        await database.write(
            lambda connection: connection.execute("CREATE TABLE big AS SELECT zeroblob(1000000) AS data")
        )
    await database.read(limit(1_000_000))
    await database.write(add(3))

    assert await database.read(marks) == [3]


async def test_a_failure_that_ends_the_whole_transaction_is_told_to_everybody_in_it(database):
    def give_up_all(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("gone")

    results = await asyncio.gather(
        database.write(add(1)), database.write(give_up_all), database.write(add(2)), return_exceptions=True
    )

    told = [isinstance(result, StorageError) for result in results]
    there = await database.read(marks)
    assert told[1]
    assert [number for number, failed in ((1, told[0]), (2, told[2])) if not failed] == there
