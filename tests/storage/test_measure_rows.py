"""Measures come back as they were; what an earlier version measured by less is measured again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.storage.database import Database
from app.storage.library_index import LibraryIndex, LibraryQuery, SortKey
from app.storage.measure_rows import UNMEASURED
from app.storage.migrations import STEPS
from app.storage.task_store import TaskStore
from tests.fakes.measures import SHORT, measures_of
from tests.storage.making import Clock, finished, queued

_STEPS_BEFORE = 4
_OLD_TASK = """
    INSERT INTO tasks (id, click_id, kind, provider, model, state, created_at, updated_at, prompt, request)
    VALUES ('0123456789ab', 'c', 'effect', 'acme', 'm', 'finished', 'then', 'then', 'rain', '{}')
"""
_OLD_ATTEMPT = """
    INSERT INTO attempts (
        id, task, number, provider, model, base_url, created_at, wire_method, wire_path, wire_headers, wire_body
    ) VALUES ('a', 1, 1, 'acme', 'm', 'https://acme.example', 'then', 'POST', '/', '{}', '')
"""
_OLD_TAKE = """
    INSERT INTO takes (
        id, task, attempt, number, result_id, state, file, loudness_lufs, true_peak_dbtp, measured_at, updated_at
    ) VALUES ('0123456789ab-1', 1, 'a', 1, 'r', 'stored', 'a.wav', -18.0, -1.0, 'then', 'then')
"""


async def test_each_measure_comes_back_as_it_was(store: TaskStore) -> None:
    task = finished(queued(), takes=3)
    await store.record(task)
    all_measures = (measures_of(), SHORT, measures_of(None, None))

    for take, measures in zip(task.takes, all_measures, strict=True):
        await store.set_measures(take.id, measures)

    assert tuple(take.measures for take in (await store.task(task.id)).takes) == all_measures


async def test_what_cant_be_measured_has_no_measures_and_is_not_tried_again(store: TaskStore) -> None:
    task = finished(queued())
    await store.record(task)

    await store.set_measures(task.takes[0].id, None)

    assert (await store.task(task.id)).takes[0].measures is None
    assert await store.unmeasured(10) == []


async def test_a_library_from_before_there_were_more_measures_has_its_takes_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    before = Database(path, steps=STEPS[:_STEPS_BEFORE])
    await before.open()
    for statement in (_OLD_TASK, _OLD_ATTEMPT, _OLD_TAKE):
        await before.write(lambda connection, text=statement: connection.execute(text))
    await before.close()

    database = Database(path)
    await database.open()
    try:
        [take] = await TaskStore(database, Clock()).unmeasured(10)
        assert (take.id, take.measures) == ("0123456789ab-1", None)
    finally:
        await database.close()


async def test_looking_for_what_is_to_be_measured_reads_no_measured_take(database: Database) -> None:
    """Of 100,000 takes all but a few are measured, and each new one is a reason to look."""
    plan = await database.read(
        lambda connection: connection.execute(
            f"EXPLAIN QUERY PLAN {UNMEASURED}", {"version": 1, "limit": 32}
        ).fetchall()
    )

    steps = [row["detail"] for row in plan]
    assert "takes_by_measured_version (measured_version<?)" in steps[0]
    assert not any("TEMP B-TREE" in step for step in steps)


@pytest.mark.parametrize("descending", [True, False])
async def test_a_short_take_is_sorted_by_its_momentary_loudness(
    store: TaskStore, index: LibraryIndex, descending: bool
) -> None:
    levels = {"loud": measures_of(-10.0), "short": SHORT, "quiet": measures_of(-30.0), "faint": measures_of(None)}
    for prompt, measures in levels.items():
        task = finished(queued(prompt))
        await store.record(task)
        await store.set_measures(task.takes[0].id, measures)

    rows = await index.rows(await index.ids(LibraryQuery(sort=SortKey.LOUDNESS, descending=descending)))

    by_level = ["loud", "short", "quiet"] if descending else ["quiet", "short", "loud"]
    assert [row.task.request.prompt for row in rows if row.task.request.prompt != "faint"] == by_level


async def test_going_on_with_a_task_takes_no_measure_away(store: TaskStore) -> None:
    task = finished(queued())
    await store.record(task)
    await store.set_measures(task.takes[0].id, measures_of())

    await store.record(replace(task, note="again"))

    assert (await store.task(task.id)).takes[0].measures == measures_of()
