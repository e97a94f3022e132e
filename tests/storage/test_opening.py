"""A library opens whatever state its file is in, and nothing that was in it is ever thrown away."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.domain.errors import LibraryTooNew, StorageError
from app.storage import search_text
from app.storage.database import Database
from app.storage.file_lock import held_alone
from app.storage.migrations import STEPS, migrate
from app.storage.task_store import TaskStore
from tests.campaigns.local.ground import NoSmallDisk, small_disk
from tests.storage.making import Clock, queued


async def library_with_a_task(path: Path) -> str:
    database = Database(path)
    await database.open()
    task = queued()
    await TaskStore(database, Clock()).add([task])
    await database.close()
    return task.id


def add_a_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE tasks ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")


def fail_half_way(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE tasks ADD COLUMN weather TEXT")
    raise LookupError("a faulty step")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_the_first_start_makes_the_folders_and_an_empty_library(tmp_path):
    database = Database(tmp_path / "not" / "there" / "library.sqlite3")
    await database.open()

    assert database.notice is None
    assert await TaskStore(database, Clock()).tasks() == []
    await database.close()


async def test_an_existing_library_is_copied_before_it_is_changed(tmp_path):
    path = tmp_path / "library.sqlite3"
    task_id = await library_with_a_task(path)

    database = Database(path, steps=(*STEPS, add_a_column))
    await database.open()
    mood = await database.read(lambda connection: connection.execute("SELECT id, mood FROM tasks").fetchone())
    await database.close()

    assert tuple(mood) == (task_id, "calm")
    with closing(sqlite3.connect(tmp_path / f"library.sqlite3.before-{len(STEPS) + 1}")) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert backup.execute("SELECT id FROM tasks").fetchall() == [(task_id,)]
        assert "mood" not in [row[1] for row in backup.execute("PRAGMA table_info(tasks)")]


async def test_opening_again_takes_no_step_and_makes_no_copy(tmp_path):
    await library_with_a_task(tmp_path / "library.sqlite3")
    before = names(tmp_path)
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    await database.close()

    assert names(tmp_path) == before
    assert not any(".before-" in name for name in before)


async def test_a_step_that_fails_leaves_the_library_as_it_was(tmp_path):
    path = tmp_path / "library.sqlite3"
    task_id = await library_with_a_task(path)

    with pytest.raises(LookupError):
        await Database(path, steps=(*STEPS, add_a_column, fail_half_way)).open()

    database = Database(path, steps=(*STEPS, add_a_column))  # the step before it is done and recorded
    await database.open()
    assert (await TaskStore(database, Clock()).task(task_id)).id == task_id
    assert await database.read(lambda c: c.execute("PRAGMA user_version").fetchone()[0]) == len(STEPS) + 1
    await database.close()


class Mortal(sqlite3.Connection):
    """Dies at a statement: nothing after it reaches the file."""

    statements_left = 1_000

    def execute(self, *arguments):
        if self.statements_left == 0:
            raise _Died
        self.statements_left -= 1
        return super().execute(*arguments)


class _Died(Exception):
    pass


def lived_through(path: Path, statements: int) -> bool:
    """Migrate, and die after so many statements; False if there were more to come."""
    with closing(sqlite3.connect(path, isolation_level=None, factory=Mortal)) as connection:
        search_text.register(connection)
        connection.statements_left = statements
        try:
            migrate(connection, path, (*STEPS, add_a_column))
        except _Died:
            return False
        return True


def test_a_process_that_dies_at_any_statement_of_a_migration_leaves_one_that_can_go_on(tmp_path):
    statements, is_through = 0, False
    while not is_through:
        path = tmp_path / f"{statements}.sqlite3"
        is_through = lived_through(path, statements)
        statements += 1

        assert lived_through(path, 1_000)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)
            assert "mood" in [row[1] for row in connection.execute("PRAGMA table_info(tasks)")]
    assert statements > 30


async def test_a_newer_library_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "library.sqlite3"
    await library_with_a_task(path)
    newer = Database(path, steps=(*STEPS, add_a_column))
    await newer.open()
    await newer.close()
    before, files = path.read_bytes(), names(tmp_path)

    with pytest.raises(LibraryTooNew, match="newer"):
        await Database(path).open()

    assert path.read_bytes() == before
    assert names(tmp_path) == files


async def test_a_refused_library_can_be_opened_once_the_app_is_updated(tmp_path):
    path = tmp_path / "library.sqlite3"
    task_id = await library_with_a_task(path)
    newer = Database(path, steps=(*STEPS, add_a_column))
    await newer.open()
    await newer.close()
    database = Database(path)
    with pytest.raises(LibraryTooNew):
        await database.open()
    with pytest.raises(StorageError, match="closed"):
        await TaskStore(database, Clock()).tasks()

    again = Database(path, steps=(*STEPS, add_a_column))
    await again.open()
    assert (await TaskStore(again, Clock()).task(task_id)).id == task_id
    await again.close()


@pytest.mark.parametrize("damage", ["text", "cut", "overwritten", "empty header"])
async def test_a_damaged_library_is_kept_aside_and_a_new_one_begun(tmp_path, damage):
    path = tmp_path / "library.sqlite3"
    await library_with_a_task(path)
    whole = path.read_bytes()
    broken = {
        "text": b"this is no database at all, but it is long enough to be taken for one" * 40,
        "cut": whole[: len(whole) // 3],
        "overwritten": whole[:100] + b"\xff" * 4_000 + whole[4_100:],
        "empty header": b"\0" * 100 + whole[100:],
    }[damage]
    path.write_bytes(broken)

    database = Database(path)
    await database.open()

    assert database.notice is not None
    (aside,) = tmp_path.glob("library.sqlite3.damaged-*Z")
    assert aside.name in database.notice
    assert aside.read_bytes() == broken
    await TaskStore(database, Clock()).tasks()  # what came back of them: see test_salvage.py
    await TaskStore(database, Clock()).add([queued()])
    await database.close()


async def test_damage_that_is_found_while_working_is_dealt_with_at_the_next_start(tmp_path):
    path = tmp_path / "library.sqlite3"
    database = Database(path)
    await database.open()
    await TaskStore(database, Clock()).add([queued(f"rain {number}") for number in range(200)])
    root = await database.read(
        lambda c: c.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'tasks'").fetchone()[0]
    )
    await database.close()
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    path.write_bytes(data)

    database = Database(path)
    await database.open()  # nothing of it was read yet
    assert database.notice is None
    with pytest.raises(StorageError, match="damaged"):
        await TaskStore(database, Clock()).tasks()
    await database.close()

    again = Database(path)
    await again.open()
    assert again.notice is not None
    assert await TaskStore(again, Clock()).tasks() == []
    await again.close()


async def test_a_library_in_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="data"):
        await Database(tmp_path / "data" / "library.sqlite3").open()


async def test_a_library_that_is_a_folder_is_told_in_a_sentence(tmp_path):
    (tmp_path / "library.sqlite3").mkdir()

    with pytest.raises(StorageError, match="folder"):
        await Database(tmp_path / "library.sqlite3").open()


@pytest.fixture
def disk() -> Iterator[Path]:
    with ExitStack() as stack:
        try:
            yield stack.enter_context(small_disk())
        except NoSmallDisk as reason:
            pytest.skip(str(reason))


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


async def test_a_library_that_can_only_be_read_says_so_and_takes_writes_once_it_can_be_written_to(disk):
    path = disk / "library.sqlite3"
    first = await library_with_a_task(path)
    remount(disk, "ro")
    database = Database(path)
    store = TaskStore(database, Clock())
    try:
        await database.open()
        assert "can only be read" in (database.notice or "")
        with pytest.raises(StorageError, match="can't be written to"):
            await store.add([queued()])
        assert [task.id for task in await store.tasks()] == [first]
    finally:
        remount(disk, "rw")

    second = queued()
    await store.add([second])

    assert [task.id for task in await store.tasks()] == [first, second.id]
    await database.close()


async def test_a_row_that_means_nothing_is_damage_and_not_a_fault_of_the_app(tmp_path):
    path = tmp_path / "library.sqlite3"
    database = Database(path)
    await database.open()
    store = TaskStore(database, Clock())
    senseless, whole = queued("rain"), queued("wind")
    await store.add([senseless, whole])
    await database.write(lambda c: c.execute("UPDATE tasks SET kind = 'qua\x01ck' WHERE id = ?", (senseless.id,)))
    with pytest.raises(StorageError, match="damaged"):
        await store.tasks()
    await database.close()

    again = Database(path)
    await again.open()
    assert [task.id for task in await TaskStore(again, Clock()).tasks()] == [whole.id]
    await again.close()


async def test_a_library_that_another_process_is_opening_is_waited_for_and_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr("app.storage.opening._PATIENCE_S", 0.05)

    with held_alone(tmp_path / "library.sqlite3.opening", patience_s=1), pytest.raises(StorageError, match="Another"):
        await Database(tmp_path / "library.sqlite3").open()


_OPEN_AND_ADD = """
import asyncio, sys
from pathlib import Path
from app.storage.database import Database
from app.storage.task_store import TaskStore
from tests.campaigns.local.ground import NoSmallDisk, small_disk
from tests.storage.making import Clock, queued

async def main():
    for name in sys.argv[1:]:
        sys.stdin.readline()
        database = Database(Path(name))
        await database.open()
        await TaskStore(database, Clock()).add([queued()])
        await database.close()
        print("done", flush=True)

asyncio.run(main())
"""


def test_three_processes_may_make_the_same_library_at_once(tmp_path):
    paths = [tmp_path / f"{number}.sqlite3" for number in range(15)]
    command, pipe = [sys.executable, "-c", _OPEN_AND_ADD, *map(str, paths)], subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]

    for _ in paths:
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.stdout.readline() for process in processes] == ["done\n"] * 3

    for process in processes:
        process.communicate(timeout=30)
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (3,)
