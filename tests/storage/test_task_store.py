"""What was asked for and what became of it comes back as it was; what is paid for is never taken back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import StorageError, TaskNotFound
from app.domain.provider import WireRequest
from app.domain.request import GenerationRequest, InputFile
from app.domain.take import Failure, TakeState
from app.domain.task import TaskState
from app.storage.database import Database
from app.storage.request_codec import request_of, request_text
from app.storage.task_store import TaskStore, Wish
from tests.fakes.measures import SHORT, measures_of
from tests.storage.making import (
    NOON,
    Clock,
    announcement,
    finished,
    queued,
    running,
    stored,
    submitting,
    with_takes,
)

TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
WHOLE = some.integers(-(2**70), 2**70)
NUMBERS = some.floats(allow_nan=False, allow_infinity=False)
REQUESTS = some.builds(
    GenerationRequest,
    provider=TEXT,
    model=TEXT,
    prompt=TEXT,
    takes=some.integers(1, 9),
    duration_s=some.none() | NUMBERS,
    seed=some.none() | WHOLE,
    negative_prompt=some.none() | TEXT,
    voice=some.none() | TEXT,
    language=some.none() | TEXT,
    audio=some.builds(
        AudioSettings,
        some.none() | some.sampled_from(AudioFormat),
        some.none() | some.integers(1, 10**6),
        some.none() | some.integers(1, 8),
        some.none() | some.integers(1, 999),
    ),
    parameters=some.dictionaries(TEXT, some.booleans() | WHOLE | NUMBERS | TEXT, max_size=4),
    references=some.lists(some.builds(InputFile, some.just(Path("/clips/a.wav")), some.none() | TEXT), max_size=2).map(
        tuple
    ),
)


@given(REQUESTS)
def test_any_request_survives_the_library(request):
    assert request_of(request_text(request)) == request


async def test_a_task_comes_back_as_it_was_asked_for(store):
    task = queued("Regen auf Blech, 雨, 🌧", project="Film", note="Szene 3")

    await store.add([task])

    assert await store.task(task.id) == task


async def test_a_whole_task_comes_back_with_its_attempt_and_takes(store, clock):
    task = running(queued(), announced=3)
    first, second, third = task.takes
    failure = Failure("generation_failed", "Not this one.", "prompt")
    takes = (
        replace(stored(first), seed=2**64 - 1, cost=Decimal("0.0680"), remark="rain, heavy"),
        replace(second, expires_at=NOON + timedelta(hours=1)),
        replace(third.moved_to(TakeState.FAILED), failure=failure),
    )
    task = replace(task, takes=takes, failure=failure)

    await store.record(task)

    assert await store.task(task.id) == task


async def test_the_bytes_of_an_attempt_come_back_exactly(store):
    task = submitting(queued(), body=bytes(range(256)) * 40)

    await store.record(task)

    assert (await store.task(task.id)).attempt == task.attempt


async def test_several_tasks_of_one_click_are_added_all_or_none(store):
    known = queued()
    await store.add([known])

    with pytest.raises(sqlite3.IntegrityError):
        await store.add([queued(), known])

    assert [task.id for task in await store.tasks()] == [known.id]


async def test_a_task_is_found_by_the_first_digits_of_its_id(store):
    await store.add([queued(id="abcdef012345"), queued(id="abcdff012345"), queued(id="123456789abc")])

    assert (await store.task("1234")).id == "123456789abc"
    assert (await store.task(" ABCDE ")).id == "abcdef012345"
    for unknown in ("123", "abcd", "ffff", "", "%%%%", "____", "'; --", "abcdef0123456", "🌧🌧🌧🌧"):
        with pytest.raises(TaskNotFound):
            await store.task(unknown)


def everything(connection: sqlite3.Connection) -> list[list[dict]]:
    tables = ("tasks", "attempts", "takes", "receipts", "search")
    return [[dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables]


async def test_recording_twice_is_recording_once(store, database):
    task = finished(queued(), takes=2)

    await store.record(task)
    once = await database.read(everything)
    await store.record(task)

    assert await database.read(everything) == once


async def test_what_was_written_last_spares_work_and_changes_nothing_in_the_rows(store, database, clock, tmp_path):
    task = queued()
    sent = submitting(task)
    again = submitting(replace(sent, state=TaskState.QUEUED))
    first, second = announcement(again, 1), announcement(again, 2)
    accepted = replace(again.moved_to(TaskState.RUNNING), takes=(first, second))
    accepted = replace(accepted, attempt=replace(again.attempt, is_accepted=True, job_id="job"))
    half = replace(accepted, takes=(stored(first), second))
    receipt = replace(again.attempt.receipt, billed=Decimal("0.25"), is_settled=True)
    settled = replace(half, attempt=replace(half.attempt, is_final=True, receipt=receipt))
    gone = Failure("result_gone", "It can’t be had any more.")
    failed = replace(second.moved_to(TakeState.FAILED), failure=gone)
    over = replace(settled, takes=(settled.takes[0], failed)).moved_to(TaskState.FINISHED, gone)
    other = Database(tmp_path / "other" / "library.sqlite3")
    await other.open()

    before = None
    for step in (task, sent, again, accepted, half, settled, over):
        clock.now += timedelta(seconds=1)
        await store.record(step, since=before)
        await TaskStore(other, clock).record(step)
        before = step
    spared, whole = await database.read(everything), await other.read(everything)
    await other.close()

    assert without_times_of_writing(spared) == without_times_of_writing(whole)
    assert (await store.task(task.id)).takes == over.takes


def without_times_of_writing(tables: list[list[dict]]) -> list[list[dict]]:
    """A take that wasn't written again keeps the time of its last change."""
    tasks, attempts, takes, receipts, search = tables
    return [tasks, attempts, [row | {"updated_at": ""} for row in takes], receipts, search]


async def test_recording_sets_when_it_was(store, clock):
    task = queued()
    await store.add([task])
    clock.now = NOON + timedelta(minutes=5)

    await store.record(task.moved_to(TaskState.CANCELLED))

    assert (await store.task(task.id)).updated_at == NOON + timedelta(minutes=5)


async def test_the_engine_never_overwrites_what_the_user_decided(store, index):
    task = running(queued(), announced=1)
    await store.record(task)
    take = task.takes[0]
    await store.edit_take(take.id, rating=4, is_favourite=True, note="the best one")
    await store.move_to_project([task.id], "Film")
    await store.edit_task(task.id, note="for scene 3")
    await store.set_tags(task.id, ["rain", " roof ", ""])
    await index.to_bin([task.id], [take.id])

    done = replace(task, takes=(stored(take),)).moved_to(TaskState.FINISHED)  # knows nothing of all that
    await store.record(done)

    kept = await store.task(task.id)
    assert (kept.state, kept.project, kept.note, kept.is_binned) == (
        TaskState.FINISHED,
        "Film",
        "for scene 3",
        True,
    )
    (kept_take,) = kept.takes
    assert kept_take.state is TakeState.STORED
    assert (kept_take.rating, kept_take.is_favourite, kept_take.note) == (4, True, "the best one")
    assert kept_take.is_binned
    assert await store.tags(task.id) == ("rain", "roof")


async def test_a_take_that_the_engine_does_not_mention_stays(store):
    task = running(queued(), announced=2)
    await store.record(replace(task, takes=(stored(task.takes[0]), task.takes[1])))

    await store.record(replace(task, takes=(task.takes[1],)))

    assert [take.state for take in (await store.task(task.id)).takes] == [
        TakeState.STORED,
        TakeState.ANNOUNCED,
    ]


async def test_a_stored_take_stays_stored(store):
    task = running(queued(), announced=1)
    done = replace(task, takes=(stored(task.takes[0]),))
    await store.record(done)

    await store.record(task)  # where it is only announced

    assert (await store.task(task.id)).takes == done.takes


async def test_a_job_keeps_its_name_its_acceptance_and_its_bill(store):
    task = running(queued(), announced=0)
    attempt = task.attempt
    billed = replace(attempt.receipt, billed=Decimal("0.3"))
    await store.record(replace(task, attempt=replace(attempt, receipt=billed)))

    await store.record(replace(task, attempt=replace(attempt, job_id=None, is_accepted=False)))

    kept = (await store.task(task.id)).attempt
    assert (kept.job_id, kept.is_accepted, kept.receipt.billed) == (attempt.job_id, True, Decimal("0.3"))


async def test_what_was_sent_stays_as_it_was_sent(store):
    task = submitting(queued())
    await store.record(task)

    other = replace(task.attempt, wire=WireRequest("POST", "/elsewhere", {}, b"changed"), base_url="https://other")
    await store.record(replace(task, attempt=other))

    kept = (await store.task(task.id)).attempt
    assert (kept.wire, kept.base_url) == (task.attempt.wire, task.attempt.base_url)


async def test_every_attempt_is_kept_and_the_task_carries_the_latest(store):
    first = submitting(queued())
    await store.record(first)
    second = submitting(first.moved_to(TaskState.QUEUED))
    await store.record(second)

    assert await store.attempts(first.id) == [first.attempt, second.attempt]
    assert (await store.task(first.id)).attempt == second.attempt


async def test_tasks_are_listed_from_the_oldest_by_state(store, index):
    tasks = [queued(f"prompt {number}") for number in range(4)]
    await store.add(tasks)
    await store.record(tasks[1].moved_to(TaskState.CANCELLED))
    await store.record(submitting(tasks[2]))
    await index.to_bin([tasks[3].id])

    def ids(found):
        return [task.id for task in found]

    assert ids(await store.tasks()) == [task.id for task in tasks[:3]]
    assert ids(await store.tasks([TaskState.QUEUED, TaskState.SUBMITTING])) == [tasks[0].id, tasks[2].id]
    assert ids(await store.tasks([TaskState.QUEUED], with_binned=True)) == [tasks[0].id, tasks[3].id]
    assert await store.tasks([]) == []


async def test_takes_are_measured_once_even_if_they_are_too_short(store):
    task = finished(queued(), takes=2)
    await store.record(task)
    await store.record(running(queued(), announced=1))  # nothing to measure yet
    assert {take.id for take in await store.unmeasured(10)} == {take.id for take in task.takes}
    assert len(await store.unmeasured(1)) == 1

    await store.set_measures(task.takes[0].id, measures_of(-18.2, -1.3))
    await store.set_measures(task.takes[1].id, SHORT)

    assert await store.unmeasured(10) == []
    measured = [await store.take(take.id) for take in task.takes]
    assert [take.measures for take in measured] == [measures_of(-18.2, -1.3), SHORT]


async def test_an_unknown_take_is_told(store):
    for call in (store.take("nothing-1"), store.edit_take("nothing-1", rating=1)):
        with pytest.raises(TaskNotFound):
            await call


async def test_an_edit_leaves_alone_what_it_does_not_name(store):
    task = finished(queued())
    await store.record(task)
    take_id = task.takes[0].id

    await store.edit_take(take_id, rating=5)
    await store.edit_take(take_id, note="loud")
    await store.edit_take(take_id, is_favourite=True)
    await store.edit_take(take_id, rating=0)

    take = await store.take(take_id)
    assert (take.rating, take.note, take.is_favourite) == (0, "loud", True)


async def test_tasks_that_something_is_still_to_come_of_are_known(store):
    done, waiting, sent = finished(queued()), queued(), submitting(queued())
    cancelled = running(queued(), announced=1).moved_to(TaskState.CANCELLED)
    given_up = running(queued()).moved_to(TaskState.CANCELLED)
    for task in (done, waiting, sent, cancelled, given_up):
        await store.record(task)

    assert await store.awaited() == {waiting.id, sent.id, cancelled.id}


async def test_a_wish_is_seen_by_the_holder_until_it_is_obeyed(store):
    ours, theirs = queued(), queued()
    await store.add([ours, theirs])

    for tasks in ([ours], [ours, theirs]):
        await store.wish([task.id for task in tasks], Wish.CANCEL)

    assert await store.wishes([ours.id]) == {ours.id: Wish.CANCEL}
    await store.clear_wishes([ours.id])
    assert await store.wishes([ours.id, theirs.id]) == {theirs.id: Wish.CANCEL}


async def test_what_is_wished_while_an_earlier_wish_is_obeyed_is_not_forgotten_with_it(store):
    ours = queued()
    await store.add([ours])
    await store.wish([ours.id], Wish.CANCEL_IF_WAITING)
    seen = await store.wishes([ours.id])

    await store.wish([ours.id], Wish.CANCEL)
    await store.forget_obeyed(seen)
    assert await store.wishes([ours.id]) == {ours.id: Wish.CANCEL}
    await store.forget_obeyed({ours.id: Wish.CANCEL})
    assert await store.wishes([ours.id]) == {}


async def test_the_version_of_the_data_changes_only_when_another_process_writes(store, database):
    before = await store.data_version()
    await store.add([queued()])
    assert await store.data_version() == before

    other = Database(database.path)
    await other.open()
    await TaskStore(other, Clock()).add([queued()])
    await other.close()

    assert await store.data_version() != before


async def test_an_unfinished_task_says_which_copies_of_input_files_it_needs(store, database):
    request = GenerationRequest("acme", "sounds", "rain", references=(InputFile(Path("/a.wav"), "ab" * 32),))
    task = queued(request=request)

    await store.add([task])

    rows = await database.read(lambda connection: connection.execute("SELECT sha256 FROM inputs").fetchall())
    assert [row["sha256"] for row in rows] == ["ab" * 32]


async def test_a_new_attempt_may_announce_an_old_take_anew(store):
    task = running(queued(), announced=1)
    broken = task.takes[0].moved_to(TakeState.BROKEN)
    await store.record(replace(task, takes=(broken,)))

    again = replace(broken.moved_to(TakeState.ANNOUNCED), link="https://x.example/fresh")
    await store.record(replace(task, takes=(again,)))

    assert (await store.task(task.id)).takes == (again,)


async def test_takes_keep_the_order_of_their_numbers(store):
    task = running(queued(), announced=12)
    await store.record(replace(task, takes=tuple(reversed(task.takes))))

    assert [take.number for take in (await store.task(task.id)).takes] == list(range(1, 13))
    extra = with_takes(replace(task, takes=()), announcement(task, 13))
    await store.record(extra)
    assert len((await store.task(task.id)).takes) == 13


@pytest.mark.parametrize(("column", "value"), [("format", "tape"), ("seed", "seven"), ("expires_at", "soon")])
async def test_takes_whose_columns_mean_nothing_are_damage_wherever_they_are_read(
    store: TaskStore, database: Database, column: str, value: str
) -> None:
    task = finished(queued())
    await store.add([task])
    await store.record(task)
    await database.write(lambda connection: connection.execute(f"UPDATE takes SET {column} = ?", (value,)))

    for read in (store.unmeasured(5), store.take(task.takes[0].id), store.tasks()):
        with pytest.raises(StorageError, match="damaged"):
            await read
