"""Takes that folders of the user want: each crash and each full disk leaves them owed, and nobody’s file is lost."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import StorageError, TaskBusy
from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import Task
from app.engine import delivering
from app.engine.batch_names import take_numbers
from app.engine.changes import Changes
from app.engine.delivering import Deliverer
from app.engine.manifest import HEADINGS, Manifests, safe_cell
from app.storage.database import Database
from app.storage.deliveries import Deliveries, FileRecord, Wanted, want
from app.storage.locks import TaskLocks
from app.storage.sheet_rows import SheetRowKey, SheetRows, remember
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from tests.fakes.sounds import whole_wav
from tests.storage.making import NOON, announcement, finished, queued, running, stored

SHEET = "/scripts/storm.csv"


class Power(BaseException):
    """The process ends here."""


class Room:
    """A library, a folder, and processes that deliver."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.out = folder / "out"
        self.out.mkdir()
        self.changes: Changes[Task] = Changes()
        self._folder = folder
        self._database = database
        self.store = TaskStore(database, lambda: NOON)
        self.deliveries = Deliveries(database)
        self.files = TakeFiles(folder / "takes", whole_wav)

    def deliverer(self, deliveries: Any = None) -> Deliverer:
        """Of another process."""
        used = deliveries or self.deliveries
        return Deliverer(used, self.files, TaskLocks(self._folder / "locks"), Manifests(used), self.changes)

    async def add(self, task: Task, row_id: str = "a", *, sheet: str = SHEET, present: Iterable[str] = ()) -> None:
        """A task that a row became, wanted in the folder; its stored takes are in the library."""
        for take in task.takes:
            if take.file is not None:
                path = self.files.path(take.file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(take.id.encode())

        def also(connection: sqlite3.Connection) -> None:
            want(connection, [Wanted(sheet, row_id, str(self.out), task.click_id, row_id, 2)], tuple(present))

        await self.store.add([task], also=also)

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir())


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    made = Room(tmp_path, database)
    yield made
    await made.files.close()
    await database.close()


class Dying:
    """Deliveries of a process that ends before one of its steps, or right after it."""

    def __init__(self, real: Deliveries, step: str, *, after: bool) -> None:
        self._real, self._step, self._after = real, step, after

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._real, name)
        if name != self._step:
            return work

        async def die(*args: Any) -> None:
            if self._after:
                await work(*args)
            raise Power

        return die


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["owed", "records", "intend", "done"])
async def test_a_process_that_dies_at_any_step_leaves_the_rest_to_the_next_one(
    room: Room, step: str, after: bool
) -> None:
    task = finished(queued(), takes=2)
    await room.add(replace(task, request=replace(task.request, takes=2)))

    with pytest.raises(Power):
        await room.deliverer(Dying(room.deliveries, step, after=after)).catch_up()
    await room.deliverer().catch_up()

    assert room.names == ["a_01.wav", "a_02.wav"]
    assert (room.out / "a_02.wav").read_bytes() == task.takes[1].id.encode()
    assert await room.deliveries.owed(str(room.out)) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["intend", "done"])
async def test_our_file_is_still_ours_after_a_death_while_it_was_replaced(room: Room, step: str, after: bool) -> None:
    first, second = finished(queued("rain")), finished(queued("heavy rain"))
    await room.add(first)
    await room.deliverer().catch_up()
    await room.add(second)

    with pytest.raises(Power):
        await room.deliverer(Dying(room.deliveries, step, after=after)).catch_up()
    await room.deliverer().catch_up()

    assert room.names == ["a.wav"]
    assert (room.out / "a.wav").read_bytes() == second.takes[0].id.encode()


class Meanwhile:
    """Deliveries during which something happens right before the files get their names."""

    def __init__(self, real: Deliveries, happens: Callable[[], object]) -> None:
        self._real, self._happens = real, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def intend(self, records: Iterable[FileRecord]) -> None:
        await self._real.intend(records)
        self._happens()


async def test_a_file_that_is_edited_while_its_successor_is_copied_stays(room: Room) -> None:
    first, second = finished(queued("rain")), finished(queued("heavy rain"))
    await room.add(first)
    await room.deliverer().catch_up()
    await room.add(second)
    edited = Meanwhile(room.deliveries, lambda: (room.out / "a.wav").write_bytes(b"edited by hand"))

    delivered = await room.deliverer(edited).catch_up()
    await room.deliverer().catch_up()

    assert set(delivered.failures) == {second.takes[0].id}
    assert (room.out / "a.wav").read_bytes() == b"edited by hand"
    assert (room.out / "a 2.wav").read_bytes() == second.takes[0].id.encode()


async def test_a_name_that_somebody_takes_in_the_same_moment_stays_theirs(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = finished(queued())
    await room.add(task)
    (room.out / "a.wav").write_bytes(b"somebody's own")

    with monkeypatch.context() as patched:
        patched.setattr("os.path.lexists", lambda _path: False)  # it wasn't there a moment ago
        delivered = await room.deliverer().catch_up()
    await room.deliverer().catch_up()

    assert set(delivered.failures) == {task.takes[0].id}
    assert (room.out / "a.wav").read_bytes() == b"somebody's own"
    assert (room.out / "a 2.wav").read_bytes() == task.takes[0].id.encode()
    assert room.names == ["a 2.wav", "a.wav"]


async def test_rows_of_two_sheets_that_want_one_name_at_the_same_time_both_get_a_file(room: Room) -> None:
    first, second = finished(queued()), finished(queued())
    await room.add(first)
    await room.add(second, sheet="/scripts/sun.csv")

    delivered = await room.deliverer().catch_up()

    assert delivered.failures == {}
    assert room.names == ["a 2.wav", "a.wav"]
    assert {path.read_bytes() for path in room.out.iterdir()} == {task.takes[0].id.encode() for task in (first, second)}


@pytest.mark.parametrize("rows", [1, 40], ids=["in one round", "in several rounds"])
async def test_a_take_that_a_sheet_and_its_copy_want_in_one_folder_is_one_file_there(room: Room, rows: int) -> None:
    tasks = [finished(queued()) for _ in range(rows)]
    for number, task in enumerate(tasks):
        await room.add(task, f"row {number}")
        again = Wanted("/scripts/copy.csv", f"row {number}", str(room.out), task.click_id, f"row {number}", number + 50)
        await room._database.write(lambda connection, again=again: want(connection, [again], ()))

    delivered = await room.deliverer().catch_up()

    assert (delivered.failures, delivered.remarks) == ({}, ())
    assert room.names == sorted(f"row {number}.wav" for number in range(rows))
    assert await room.deliveries.owed(str(room.out)) == []


async def test_many_takes_that_cannot_be_read_keep_none_behind_them_back(room: Room) -> None:
    for number in range(40):
        gone = finished(queued())
        await room.add(gone, f"gone {number}")
        assert gone.takes[0].file is not None
        room.files.path(gone.takes[0].file).unlink()
    await room.add(finished(queued()), "good")

    delivered = await room.deliverer().catch_up()

    assert (len(delivered.failures), room.names) == (40, ["good.wav"])


async def test_what_a_death_left_beside_a_file_is_never_written_through(room: Room) -> None:
    task = finished(queued())
    await room.add(task)
    take_id = task.takes[0].id
    (room.out / "a.wav").write_bytes(b"edited by hand")
    (room.out / f".cuesmith-{take_id}.part").hardlink_to(room.out / "a.wav")

    await room.deliverer().catch_up()

    assert (room.out / "a.wav").read_bytes() == b"edited by hand"
    assert room.names == ["a 2.wav", "a.wav"]


async def wanted_in(room: Room, folder: Path, task: Task) -> None:
    """Let a task of another row be wanted in a folder, which needn't be there."""
    await room.add(task)
    await room._database.write(
        lambda connection: connection.execute(
            "UPDATE deliveries SET folder = ? WHERE click_id = ?", (str(folder), task.click_id)
        )
    )


async def test_a_folder_that_the_system_cannot_even_look_at_keeps_no_other_one_back(room: Room) -> None:
    lost, good = finished(queued()), finished(queued())
    await wanted_in(room, room.out.parent / ("a" * 300), lost)  # like a network drive that is gone: it raises
    await room.add(good, "b")

    delivered = await room.deliverer().catch_up()

    assert set(delivered.failures) == {lost.takes[0].id}
    assert room.names == ["b.wav"]


async def test_a_manifest_that_cannot_be_written_keeps_no_other_one_back(room: Room) -> None:
    bad = room.out.parent / "bad"
    (bad / "manifest.csv").mkdir(parents=True)
    blocked, good = finished(queued()), finished(queued())
    await wanted_in(room, bad, blocked)
    await room.add(good, "b")
    deliverer = room.deliverer()

    deliverer.start()
    await deliverer.close()

    assert room.names == ["b.wav", "manifest.csv"]


async def test_closing_waits_not_for_ever_for_a_process_that_keeps_a_folder(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "_LONGEST_WAIT_AT_THE_END_S", 0.3)
    task = finished(queued())
    await room.add(task)
    name = f"folder-{sha256(str(room.out).encode()).hexdigest()[:16]}"
    stopped = TaskLocks(tmp_path / "locks").acquire(name)  # by a process that is alive and does nothing
    assert stopped is not None
    deliverer = room.deliverer()
    deliverer.start()

    await asyncio.wait_for(deliverer.close(), 30)

    assert room.names == []
    stopped.release()
    await room.deliverer().catch_up()
    assert room.names == ["a.wav"]


async def test_whoever_stores_a_take_owes_it_to_the_folder(room: Room) -> None:
    task = running(queued(), announced=1)
    await room.add(task)
    owed_before = await room.deliveries.owed(str(room.out))
    arrived = replace(task, takes=(stored(announcement(task, 1)),))

    await room.store.record(arrived)

    assert owed_before == []
    assert [each.take_id for each in await room.deliveries.owed(str(room.out))] == [arrived.takes[0].id]


async def test_what_lies_in_the_bin_is_not_delivered(room: Room, tmp_path: Path) -> None:
    task = finished(queued())
    await room.add(task)
    await room._database.write(lambda connection: connection.execute("UPDATE tasks SET deleted_at = 'now'"))

    delivered = await room.deliverer().catch_up()

    assert (delivered.files, delivered.failures, room.names) == ({}, {}, [])


async def test_a_take_that_cannot_be_read_keeps_no_other_one_back(room: Room) -> None:
    gone, good = finished(queued()), finished(queued())
    await room.add(gone, "a")
    await room.add(good, "b")
    assert gone.takes[0].file is not None
    room.files.path(gone.takes[0].file).unlink()

    delivered = await room.deliverer().catch_up()

    assert set(delivered.failures) == {gone.takes[0].id}
    assert room.names == ["b.wav"]
    assert [each.take_id for each in await room.deliveries.owed(str(room.out))] == [gone.takes[0].id]


async def test_a_row_is_queued_once_by_whoever_comes_first(room: Room) -> None:
    key = SheetRowKey(SHEET, "a", "fingerprint")
    first, second = queued(), queued()
    await room.store.add([first], also=lambda each: remember(each, [(key, first.click_id, None)], NOON))

    with pytest.raises(TaskBusy):
        await room.store.add([second], also=lambda each: remember(each, [(key, second.click_id, None)], NOON))

    known = await SheetRows(room._database).known(SHEET, [("a", "fingerprint")])
    assert known.same == {"a": first.click_id}
    assert [task.id for task in await room.store.tasks()] == [first.id]


async def test_a_copy_of_a_sheet_that_another_process_begins_meanwhile_is_planned_anew(room: Room) -> None:
    first, second = queued(), queued()
    ours, copy = SheetRowKey(SHEET, "a", "fingerprint"), SheetRowKey("/scripts/copy.csv", "a", "fingerprint")
    await room.store.add([first], also=lambda each: remember(each, [(ours, first.click_id, None)], NOON))

    with pytest.raises(TaskBusy):
        await room.store.add([second], also=lambda each: remember(each, [(copy, second.click_id, None)], NOON))
    await room._database.write(lambda each: remember(each, [(copy, first.click_id, first.click_id)], NOON))

    assert [task.id for task in await room.store.tasks()] == [first.id]


def test_takes_are_numbered_over_all_tasks_of_a_row_and_a_later_try_takes_what_is_free() -> None:
    request = GenerationRequest("acme", "sounds", "rain", takes=2)
    first, second = finished(queued(request=request), takes=2), finished(queued(request=request), takes=3)
    broken = replace(second.takes[0], state=TakeState.BROKEN, file=None)
    second = replace(second, takes=(broken, *second.takes[1:]))

    numbers = take_numbers([first, second])

    assert [numbers[take.id] for take in first.takes] == [1, 2]
    assert [numbers[take.id] for take in second.takes[1:]] == [4, 3]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_manifest_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert (safe_cell("rain"), safe_cell(-5)) == ("rain", -5)


async def test_a_manifest_of_an_empty_folder_has_its_headings(room: Room) -> None:
    target = await room.deliverer().renew_manifest(room.out)

    assert target.read_text().splitlines() == [",".join(HEADINGS)]


async def test_a_manifest_that_cannot_be_written_says_so(room: Room) -> None:
    room.out.rmdir()
    room.out.write_text("a file, not a folder")

    with pytest.raises(StorageError):
        await room.deliverer().renew_manifest(room.out)


async def test_an_old_copy_of_a_take_that_nobody_wants_any_more_goes_with_the_next_delivery(room: Room) -> None:
    left, young, users = ".cuesmith-0123456789ab-1.part", ".cuesmith-0123456789ab-2.part", ".cuesmith-notes.part"
    for name in (left, young, users):
        (room.out / name).write_bytes(b"half")
    for name in (left, users):
        os.utime(room.out / name, (0, 0))
    await room.add(finished(queued(), takes=1))

    await room.deliverer().catch_up()

    assert [name for name in room.names if name.startswith(".")] == [young, users]
