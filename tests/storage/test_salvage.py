"""A damaged library is exchanged for a new one with all that could be saved, and nothing is paid for twice by it."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.clip_edit import ClipEdit
from app.domain.errors import StorageError
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.storage import opening
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.deliveries import Deliveries, FileRecord, Wanted, want
from app.storage.opening import mark_as_suspect
from app.storage.sheet_rows import SheetRowKey, SheetRows, remember
from app.storage.task_store import TaskStore
from tests.storage import damaging
from tests.storage.damaging import Library, left_by_a_killed_process
from tests.storage.making import NOON, TODAY, Clock, queued

WAL_DAMAGES = (damaging.no_wal, damaging.half_a_wal, damaging.garbage_in_the_wal, damaging.garbage_for_a_wal)
FILE_DAMAGES = (damaging.no_header, damaging.no_first_page, damaging.cut_in_half, damaging.no_file)


@pytest.fixture
async def library(tmp_path) -> Library:
    return await left_by_a_killed_process(tmp_path / "data", checkpointed=True)


@asynccontextmanager
async def opened(library: Library):
    """The library with a store; damage that is only come across later is dealt with by opening it once more."""
    database = library.database()
    await database.open()
    try:
        await TaskStore(database, Clock()).tasks()
    except StorageError:
        await database.close()
        database = library.database()
        await database.open()
    try:
        yield database, TaskStore(database, Clock())
    finally:
        await database.close()


async def read(library: Library) -> tuple[dict[str, Task], str]:
    async with opened(library) as (database, store):
        return {task.id: task for task in await store.tasks()}, database.notice or ""


def files_known(library: Library, tasks: dict[str, Task]) -> None:
    """Every playable file belongs to exactly one stored take, and every stored take has its file."""
    on_disk = sorted(path.relative_to(library.folder / "takes").as_posix() for path in library.folders.files_of_takes())
    known = sorted(take.file or "" for task in tasks.values() for take in task.takes if take.state is TakeState.STORED)
    assert known == on_disk


async def test_what_is_under_way_comes_back_with_its_jobs_and_its_money(library):
    damaging.no_header(library)

    async with opened(library) as (database, store):
        tasks = {task.id: task for task in await store.tasks()}
        spent = await store.spent(TODAY.day_start, TODAY.day_end)

    wanted = library.tasks
    assert tasks[wanted["running"].id].attempt == wanted["running"].attempt
    assert tasks[wanted["running"].id].takes == wanted["running"].takes
    for name in ("submitting", "running", "undecided"):
        assert tasks[wanted[name].id].state is wanted[name].state
        assert tasks[wanted[name].id].attempt == wanted[name].attempt
    # Held: three that were sent, one that may have been sent, one whose record was turned away before.
    assert (spent.billed, spent.held) == (Decimal("0.25") * 12, Decimal("0.25") * 5)
    assert "came back" in (database.notice or "")


async def test_what_waited_for_a_paid_service_is_not_sent_by_itself(library):
    damaging.no_header(library)

    tasks, notice = await read(library)

    waiting, free = tasks[library.tasks["waiting"].id], tasks[library.tasks["waiting here"].id]
    assert waiting.state is TaskState.UNCERTAIN
    assert waiting.failure is not None
    assert "may have been sent" in waiting.failure.message
    assert waiting.attempt is not None
    assert waiting.attempt.is_record_lost
    assert waiting.attempt.receipt.reserved == Decimal("0.25")
    assert "your decision" in notice
    assert free.state is TaskState.QUEUED  # to make it again costs nothing


async def test_a_record_that_was_turned_away_goes_through_recovery_under_its_own_key(library):
    damaging.no_header(library)

    tasks, _ = await read(library)

    before, after = library.tasks["prepared"], tasks[library.tasks["prepared"].id]
    assert before.attempt is not None
    assert after.attempt is not None
    assert after.state is TaskState.SUBMITTING
    assert (after.attempt.id, after.attempt.wire) == (before.attempt.id, before.attempt.wire)
    assert after.attempt.sent_at is not None


async def test_what_the_user_said_comes_back(library):
    damaging.no_header(library)

    async with opened(library) as (_, store):
        task = await store.task(library.finished[0].id)
        waiting = await store.task(library.tasks["waiting"].id)
        tags = await store.tags(task.id)

    take = task.takes[0]
    assert (take.is_favourite, take.rating, take.note, task.note) == (True, 4, "the best one", "for the trailer")
    assert tags == ("dark", "wet")
    assert waiting.project == "Harbour"


async def made_by_a_sheet(library: Library, task: Task) -> Wanted:
    """Let a task be what a row of a sheet became, with its first take delivered and its second one still owed."""
    wanted = Wanted("/scripts/storm.csv", "a", "/out", task.click_id, "a", 2)
    key = SheetRowKey(wanted.sheet, wanted.row_id, "fingerprint")
    async with opened(library) as (database, _):
        await database.write(lambda connection: remember(connection, [(key, task.click_id, None)], NOON))
        await database.write(lambda connection: want(connection, [wanted], []))
        owed = (await Deliveries(database).owed("/out"))[0]
        record = FileRecord("/out", "a_01.wav", owed.take_id, task.click_id, wanted.sheet, "a", "0" * 64)
        await Deliveries(database).done([(owed, record)])
    return wanted


async def test_rows_of_sheets_still_find_what_they_became_so_that_none_is_paid_twice(library):
    task = library.finished[0]
    wanted = await made_by_a_sheet(library, task)
    damaging.no_header(library)

    async with opened(library) as (database, _):
        known = await SheetRows(database).known(wanted.sheet, [("a", "fingerprint")])
        deliveries = Deliveries(database)
        owed = await deliveries.owed("/out")
        records = await deliveries.records("/out", ["a"])
        folder = await deliveries.folder_of(wanted.sheet)

    assert known.same == {"a": task.click_id}
    assert folder == "/out"
    assert [(each.wanted, each.take_id) for each in owed] == [(wanted, task.takes[1].id)]
    assert [(each.name, each.is_written) for each in records] == [("a_01.wav", True)]


async def test_a_row_of_a_sheet_finds_a_task_whose_own_row_became_garbage(library):
    task = library.tasks["running"]
    wanted = await made_by_a_sheet(library, library.finished[0])
    key = SheetRowKey(wanted.sheet, "b", "fingerprint")
    async with opened(library) as (database, _):
        await database.write(lambda connection: remember(connection, [(key, task.click_id, None)], NOON))
        await database.write(lambda c: c.execute("UPDATE tasks SET request = '{' WHERE id = ?", (task.id,)))
    mark_as_suspect(library.path)

    async with opened(library) as (database, _):
        known = await SheetRows(database).known(wanted.sheet, [("b", "fingerprint")])

    assert known.same == {"b": task.click_id}


async def test_takes_of_a_library_that_is_gone_are_found_by_their_files(library):
    damaging.no_file(library)
    broken = library.folder / "takes" / "2026-03" / "0123456789ab-1.wav"
    broken.write_bytes(b"RIFF, and nothing after it")

    tasks, notice = await read(library)

    broken.unlink()
    files_known(library, tasks)
    assert {task.id for task in library.finished} == set(tasks)
    assert all(task.state is TaskState.FINISHED and len(task.takes) == 2 for task in tasks.values())
    assert all(take.info is not None and take.info.sample_rate_hz == 8_000 for t in tasks.values() for take in t.takes)
    assert "missing" in notice
    assert "can’t be played" in notice


async def test_a_transcript_without_a_row_is_found_as_well(library):
    damaging.no_file(library)
    file = library.folder / "transcripts" / "2026-03" / "0123456789ab.srt"
    file.parent.mkdir(parents=True)
    file.write_text("1\n00:00:00,000 --> 00:00:01,000\nMind the gap.\n")

    tasks, _ = await read(library)

    task = tasks["0123456789ab"]
    assert task.transcript_file == "2026-03/0123456789ab.srt"
    assert task.transcript is not None
    assert "Mind the gap." in task.transcript.text


async def test_paid_jobs_whose_task_is_lost_are_asked_for_by_what_was_sent(library):
    page = damaging.root_page(library, "tasks")
    damaging._overwrite(library.path, (page - 1) * damaging.PAGE, b"\xa5" * damaging.PAGE)

    tasks, notice = await read(library)

    running = tasks[library.tasks["running"].id]
    assert running.state is TaskState.RUNNING
    assert running.attempt == library.tasks["running"].attempt
    assert running.request.title == "heavy rain"  # as it stands in the body that was sent
    assert {task.id for task in library.finished} <= set(tasks)
    assert not any(task.state in (TaskState.QUEUED, TaskState.SUBMITTING) for task in tasks.values())
    assert "are lost" in notice


@pytest.mark.parametrize(
    "column", ["kind", "request", "created_at", "estimate_most", "state", "attempts.wire_headers", "receipts.reserved"]
)
async def test_a_paid_job_outlives_garbage_in_its_rows(library, column):
    running = library.tasks["running"]
    table, name = column.split(".") if "." in column else ("tasks", column)
    key = "id" if table == "tasks" else "(SELECT id FROM tasks WHERE number = task)"
    async with opened(library) as (database, _):
        await database.write(lambda c: c.execute(f"UPDATE {table} SET {name} = '{{' WHERE {key} = ?", (running.id,)))
    mark_as_suspect(library.path)

    tasks, _ = await read(library)

    task = tasks[running.id]
    assert task.state is TaskState.RUNNING
    assert task.attempt is not None
    assert running.attempt is not None
    assert (task.attempt.id, task.attempt.job_id) == (running.attempt.id, running.attempt.job_id)
    assert len(tasks) == len(library.tasks) + len(library.finished)


@pytest.mark.parametrize("damage", WAL_DAMAGES, ids=lambda each: each.__name__)
async def test_a_library_that_lost_its_newest_pages_is_not_taken_for_whole(tmp_path, damage):
    library = await left_by_a_killed_process(tmp_path / "data")
    damage(library)

    tasks, notice = await read(library)

    files_known(library, tasks)
    assert "newest part" in notice
    assert not any(task.state is TaskState.QUEUED and not task.estimate.is_free for task in tasks.values())


async def test_a_library_of_a_killed_process_is_whole(tmp_path):
    library = await left_by_a_killed_process(tmp_path / "data")

    tasks, notice = await read(library)

    assert notice == ""
    assert tasks[library.tasks["waiting"].id].state is TaskState.QUEUED
    assert not list(library.folder.glob("*.damaged-*"))


async def test_a_library_that_another_process_closes_while_one_looks_is_whole(tmp_path, monkeypatch):
    path = tmp_path / "library.sqlite3"
    other = Database(path)
    await other.open()
    task = queued()
    await TaskStore(other, Clock()).add([task])
    # Of the other process: the last one that closes takes the WAL along.
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("SELECT count(*) FROM tasks").fetchall()
    await other.close()
    look = opening.wal_index

    def look_and_let_it_close(path):
        index = look(path)
        connection.close()
        return index

    monkeypatch.setattr(opening, "wal_index", look_and_let_it_close)
    database = Database(path)
    await database.open()

    assert database.notice is None
    assert [each.id for each in await TaskStore(database, Clock()).tasks()] == [task.id]
    await database.close()


async def test_a_library_that_another_process_writes_to_is_whole(tmp_path):
    writer = Database(tmp_path / "library.sqlite3")
    await writer.open()
    store = TaskStore(writer, Clock())
    for number in range(20):
        await store.add([queued(f"rain {number}")])
        reader = Database(tmp_path / "library.sqlite3")
        await reader.open()
        assert reader.notice is None
        assert len(await TaskStore(reader, Clock()).tasks()) == number + 1
        await reader.close()
    await writer.close()


@pytest.mark.parametrize("damage", FILE_DAMAGES, ids=lambda each: each.__name__)
async def test_the_damaged_files_are_kept_as_they_were_and_told_of(library, damage):
    damage(library)
    before = library.path.read_bytes() if library.path.exists() else None

    _, notice = await read(library)

    aside = [path for path in library.folder.glob("library.sqlite3.damaged-*") if path.suffix != ".txt"]
    (report,) = library.folder.glob("library.sqlite3.damaged-*.txt")
    assert report.read_text("utf-8") == notice
    assert [path.read_bytes() for path in aside] == ([] if before is None else [before])
    assert all(path.name in notice for path in aside)
    assert not list(library.folder.glob("*.salvag*"))


@pytest.mark.parametrize("seed", range(24))
async def test_whatever_pages_are_overwritten_no_take_is_lost_and_nothing_waits_to_be_paid_again(tmp_path, seed):
    library = await left_by_a_killed_process(tmp_path / "data", finished_tasks=8, checkpointed=True)
    damaging.pages_overwritten(seed)(library)

    tasks, notice = await read(library)

    if notice:  # else it hit what nobody needs
        files_known(library, tasks)
        assert not any(task.state is TaskState.QUEUED and not task.estimate.is_free for task in tasks.values())
    again, second_notice = await read(library)
    assert (again, second_notice) == (tasks, "")


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT 1 FROM tasks")
print("open", flush=True)
input()
"""


def _held_open(library: Library) -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-c", _HOLD, str(library.path)], subprocess.PIPE
    holding = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert holding.stdout is not None
    assert holding.stdout.readline() == "open\n"
    return holding


async def test_a_damaged_library_that_another_process_works_with_is_left_to_it(library):
    holding = _held_open(library)
    damaging.no_header(library)
    before = library.path.read_bytes()

    with pytest.raises(StorageError, match="another Cuesmith still works with it"):
        await library.database().open()

    assert library.path.read_bytes() == before
    holding.communicate("\n", timeout=30)
    tasks, _ = await read(library)
    assert library.tasks["running"].id in tasks


_SALVAGE_AND_DIE = """
import asyncio, os, shutil, sys
from pathlib import Path
import app.storage.salvaging  # late elsewhere; what is imported opens files, too
from app.storage import opening
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.library_folders import LibraryFolders
from tests.fakes.sounds import whole_wav

EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "shutil.copyfile"}

async def salvage(folder):
    folders = LibraryFolders(folder / "takes", folder / "transcripts", whole_wav)
    database = Database(folder / "library.sqlite3", folders=folders)
    await database.open()
    await database.close()

def die_at(step):
    def count(event, _arguments):
        nonlocal step
        step -= event in EVENTS
        if step == 0:
            os._exit(9)
    sys.addaudithook(count)

whole, stride, step, code = Path(sys.argv[1]), int(sys.argv[2]), 0, 9
while code == 9:
    step += stride
    shutil.copytree(whole, whole.with_name(f"dies at {step}"))
    child = os.fork()
    if child == 0:
        die_at(step)
        asyncio.run(salvage(whole.with_name(f"dies at {step}")))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(step, code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process is forked for each of many deaths")
@pytest.mark.parametrize(("damage", "stride"), [(damaging.no_header, 1), (damaging.no_wal, 7)], ids=["file", "wal"])
async def test_a_process_that_dies_at_any_step_of_salvaging_loses_nothing(tmp_path, damage, stride):
    whole = await left_by_a_killed_process(
        tmp_path / "data", finished_tasks=1, checkpointed=damage is damaging.no_header
    )
    damage(whole)
    reference, _ = await read(whole.copied_to(tmp_path / "reference"))
    command = [sys.executable, "-c", _SALVAGE_AND_DIE, str(whole.folder), str(stride)]
    process = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    steps, code = map(int, process.stdout.split())

    assert (code, process.stderr) == (0, "")
    assert steps > 20
    for step in range(stride, steps + 1, stride):
        library = replace(whole, folder=tmp_path / f"dies at {step}")
        tasks, _ = await read(library)
        assert {key: _without_time(task) for key, task in tasks.items()} == {
            key: _without_time(task) for key, task in reference.items()
        }
        files_known(library, tasks)
        (_aside,) = library.folder.glob("*.damaged-*Z")
        assert not list(library.folder.glob("*.salvag*"))


def _without_time(task: Task) -> Task:
    return replace(task, updated_at=task.created_at, attempt=None)


async def test_what_was_cut_and_faded_comes_back(library):
    take_id = library.finished[0].takes[0].id
    before = library.database()
    await before.open()
    await ClipEditRows(before).save(take_id, ClipEdit(5, 500, 10))
    await before.close()
    damaging.no_header(library)

    async with opened(library) as (database, _store):
        found = await ClipEditRows(database).of([take_id])

    assert found == {take_id: ClipEdit(5, 500, 10)}
