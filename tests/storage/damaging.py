"""A library as a killed process leaves it, and what may happen to its files."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from app.audio.files import verify
from app.domain.receipt import FREE, Estimate
from app.domain.task import Task, TaskState
from app.storage.database import Database
from app.storage.library_folders import LibraryFolders
from app.storage.task_store import TaskStore
from tests.fakes.sounds import tone
from tests.storage.making import Clock, finished, queued, running, submitting

PAGE = 4_096
PAID = Estimate(Decimal("0.10"), Decimal("0.25"), "a request")
NOT_BILLED = Estimate(FREE, FREE, "made here")


@dataclass(frozen=True)
class Library:
    """Files on the disk, and what was last written down of each task.

    Attributes:
        tasks: By what they are.
    """

    folder: Path
    tasks: Mapping[str, Task]
    finished: tuple[Task, ...]

    @property
    def path(self) -> Path:
        return self.folder / "library.sqlite3"

    @property
    def wal(self) -> Path:
        return self.folder / "library.sqlite3-wal"

    @property
    def folders(self) -> LibraryFolders:
        return LibraryFolders(self.folder / "takes", self.folder / "transcripts", verify)

    def database(self) -> Database:
        return Database(self.path, folders=self.folders)

    def copied_to(self, folder: Path) -> Library:
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)


async def left_by_a_killed_process(folder: Path, *, finished_tasks: int = 12, checkpointed: bool = False) -> Library:
    """Make a library and leave it as if the process had died: with its WAL, or with all of it in the file.

    Args:
        checkpointed: Whether the pages are in the file itself.
    """
    alive = folder.with_name(f"{folder.name} alive")
    alive.mkdir(parents=True)
    database = Database(alive / "library.sqlite3")
    await database.open()
    store = TaskStore(database, Clock())
    waiting = queued("waits to be sent", estimate=PAID, project="Harbour")
    prepared = submitting(queued("was turned away", estimate=PAID))
    assert prepared.attempt is not None
    prepared = replace(prepared, state=TaskState.QUEUED, attempt=replace(prepared.attempt, sent_at=None))
    left = {
        "waiting": waiting,
        "waiting here": queued("made here", estimate=NOT_BILLED),
        "prepared": prepared,
        "submitting": submitting(queued("on its way", estimate=PAID)),
        "running": running(queued("being made", estimate=PAID), announced=1),
        "undecided": replace(submitting(queued("nobody knows", estimate=PAID)), state=TaskState.UNCERTAIN),
    }
    for task in left.values():
        await store.add([task])
    done = []
    for number in range(finished_tasks):
        task = finished(queued(f"rain {number} " + "on a roof " * 60, estimate=PAID), takes=2)
        for take in task.takes:
            assert take.file is not None
            place = alive / "takes" / take.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(tone(number, frames=400 + number))
        await store.add([task])
        done.append(task)
    await store.edit_take(done[0].takes[0].id, is_favourite=True, rating=4, note="the best one")
    await store.edit_task(done[0].id, note="for the trailer")
    await store.set_tags(done[0].id, ["wet", "dark"])
    if checkpointed:
        await database.close()
    shutil.copytree(alive, folder)
    if not checkpointed:
        await database.close()
    return Library(folder, left, tuple(done))


Damage = Callable[[Library], None]


def no_header(library: Library) -> None:
    _overwrite(library.path, 0, bytes(100))


def no_first_page(library: Library) -> None:
    _overwrite(library.path, 0, b"\xa5" * PAGE)


def cut_in_half(library: Library) -> None:
    data = library.path.read_bytes()
    library.path.write_bytes(data[: len(data) // 2])


def no_file(library: Library) -> None:
    library.path.unlink()


def no_wal(library: Library) -> None:
    library.wal.unlink()


def half_a_wal(library: Library) -> None:
    data = library.wal.read_bytes()
    library.wal.write_bytes(data[: len(data) // 2])


def garbage_in_the_wal(library: Library) -> None:
    _overwrite(library.wal, library.wal.stat().st_size // 2, b"\xa5" * 600)


def garbage_for_a_wal(library: Library) -> None:
    library.wal.write_bytes(b"\xa5" * library.wal.stat().st_size)


def pages_overwritten(seed: int) -> Damage:
    """A few pages of the file, some of them only in part."""

    def damage(library: Library) -> None:
        dice = random.Random(seed)
        pages = library.path.stat().st_size // PAGE
        for _ in range(dice.randint(1, 6)):
            length = dice.choice((40, 700, PAGE))
            at = dice.randrange(pages) * PAGE + dice.randrange(PAGE - length + 1)
            _overwrite(library.path, at, dice.randbytes(length))

    return damage


def root_page(library: Library, table: str) -> int:
    with closing(sqlite3.connect(f"{library.path.as_uri()}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        return int(row[0])


def _overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(at)
        file.write(data)
