"""Trim and fades, and what was handed over, are on the disk; edits go with their take."""

from __future__ import annotations

import os
from pathlib import Path

from app.domain.clip_edit import ClipEdit
from app.domain.export_settings import FadeShape
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.handed_files import HandedFile, HandedFiles
from app.storage.migrations import STEPS
from app.storage.task_store import TaskStore
from tests.storage.making import Clock, finished, queued

_STEPS_BEFORE = 5
EDIT = ClipEdit(480, 9_600, 240, 120, FadeShape.S_CURVE)


async def test_an_edit_outlives_the_process_and_news_of_its_take(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    task = finished(queued(), takes=2)
    store, (one, two) = TaskStore(database, Clock()), task.takes
    await store.record(task)
    edits = ClipEditRows(database)
    await edits.save(one.id, ClipEdit(1))
    await edits.save(one.id, EDIT)
    await edits.save(two.id, ClipEdit(shape=FadeShape.LINEAR))
    await store.record(task)
    await database.close()

    again = Database(tmp_path / "library.sqlite3")
    await again.open()
    try:
        found = await ClipEditRows(again).of([one.id, two.id, "nobody"])
        assert found == {one.id: EDIT, two.id: ClipEdit(shape=FadeShape.LINEAR)}
    finally:
        await again.close()


async def test_what_is_whole_again_is_forgotten_and_so_is_what_has_no_take(
    database: Database, store: TaskStore
) -> None:
    task = finished(queued())
    await store.record(task)
    edits, take_id = ClipEditRows(database), task.takes[0].id

    await edits.save(take_id, EDIT)
    await edits.save(take_id, ClipEdit())
    await edits.save("nobody", EDIT)

    assert await edits.of([take_id, "nobody"]) == {}


async def test_a_library_from_before_there_were_edits_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    before = Database(path, steps=STEPS[:_STEPS_BEFORE])
    await before.open()
    task = finished(queued())
    await TaskStore(before, Clock()).record(task)
    await before.close()

    database = Database(path)
    await database.open()
    try:
        await ClipEditRows(database).save(task.takes[0].id, EDIT)
        assert await ClipEditRows(database).of([task.takes[0].id]) == {task.takes[0].id: EDIT}
    finally:
        await database.close()


async def test_a_handed_file_is_known_until_somebody_changes_it(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "Räuber “rain”.wav"
    path.write_bytes(b"sound")
    files = HandedFiles(database)

    await files.add({"print": [HandedFile.at(path)]})

    (known,) = await files.of("print")
    assert known.path == path
    assert known.is_untouched
    assert await files.of("another") == ()
    path.write_bytes(b"music")
    os.utime(path, ns=(0, known.modified_ns + 1))
    assert not known.is_untouched
    path.unlink()
    assert not known.is_untouched
