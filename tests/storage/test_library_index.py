"""The list shows what was asked for, in the order asked for; the bin gives everything back."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from app.domain.errors import TaskNotFound
from app.domain.request import GenerationRequest
from app.domain.task import Task, TaskState
from app.storage.library_index import Filter, LibraryIndex, LibraryQuery, SortKey
from app.storage.library_queries import counts_of, numbers_of
from app.storage.opening import open_library
from app.storage.task_store import TaskStore
from app.storage.task_writing import add_task
from tests.fakes.measures import measures_of
from tests.storage.making import NOON, finished, queued, running, submitting


async def listed(index: LibraryIndex, **query) -> list[Task]:
    """The tasks that a query finds, in its order."""
    rows = await index.rows(await index.ids(LibraryQuery(**query)))
    return [row.task for row in rows]


async def prompts(index: LibraryIndex, **query) -> list[str]:
    return [task.request.prompt for task in await listed(index, **query)]


def uncertain(task: Task) -> Task:
    return submitting(task).moved_to(TaskState.UNCERTAIN)


async def test_the_newest_task_comes_first(index, store):
    for prompt in ("first", "second", "third"):
        await store.add([queued(prompt)])

    assert await prompts(index) == ["third", "second", "first"]
    assert await prompts(index, descending=False) == ["first", "second", "third"]


async def test_every_filter_shows_its_own(index, store):
    await store.add([queued("waits")])
    await store.record(submitting(queued("is sent")))
    await store.record(running(queued("runs")))
    await store.record(uncertain(queued("needs you")))
    await store.record(finished(queued("is done")))
    await store.record(queued("failed").moved_to(TaskState.FAILED))
    await store.record(queued("was cancelled").moved_to(TaskState.CANCELLED))
    favourite = finished(queued("is a favourite"), takes=2)
    await store.record(favourite)
    await store.edit_take(favourite.takes[1].id, is_favourite=True)
    binned = finished(queued("is in the bin"))
    await store.record(binned)
    await store.edit_take(binned.takes[0].id, is_favourite=True)
    await index.to_bin([binned.id])

    shown = {which: set(await prompts(index, filter=which)) for which in Filter}

    assert shown == {
        Filter.ALL: {
            "waits",
            "is sent",
            "runs",
            "needs you",
            "is done",
            "failed",
            "was cancelled",
            "is a favourite",
        },
        Filter.PENDING: {"waits", "is sent", "runs"},
        Filter.DONE: {"is done", "is a favourite"},
        Filter.FAILED: {"failed", "was cancelled"},
        Filter.FAVOURITES: {"is a favourite"},
        Filter.NEEDS_YOU: {"needs you"},
        Filter.BIN: {"is in the bin"},
    }
    assert await index.counts() == {which: len(of_it) for which, of_it in shown.items()}


async def a_few_sounds(store: TaskStore) -> None:
    for prompt, model, duration_s, cost in (
        ("heavy rain on tin", "sounds-2", 4.0, "0.20"),
        ("Applause in a hall", "sounds-1", 9.0, "0.03"),
        ("distant thunder", "sounds-2", 2.0, "0.11"),
    ):
        await store.record(finished(queued(prompt, model=model), duration_s=duration_s, billed=cost))
    await store.add([queued("zebra crossing", model="sounds-0")])


@pytest.mark.parametrize(
    ("sort", "rising"),
    [
        (SortKey.WHEN, ["heavy", "Applause", "distant", "zebra"]),
        (SortKey.PROMPT, ["Applause", "distant", "heavy", "zebra"]),
        (SortKey.STATE, ["zebra", "heavy", "Applause", "distant"]),
        (SortKey.MODEL, ["zebra", "Applause", "heavy", "distant"]),
        (SortKey.LENGTH, ["distant", "heavy", "Applause", "zebra"]),
        (SortKey.COST, ["Applause", "distant", "heavy", "zebra"]),
    ],
)
async def test_every_column_sorts_and_what_is_unknown_comes_last(index, store, sort, rising):
    await a_few_sounds(store)

    shown = [prompt.split()[0] for prompt in await prompts(index, sort=sort, descending=False)]

    assert shown == rising


@pytest.mark.parametrize("sort", [SortKey.LENGTH, SortKey.COST, SortKey.LOUDNESS])
async def test_what_is_unknown_comes_last_in_the_other_direction_too(index, store, sort):
    await a_few_sounds(store)
    for task in await listed(index, filter=Filter.DONE):
        await store.set_measures(task.takes[0].id, measures_of(-20.0 - task.takes[0].info.duration_s))

    assert (await prompts(index, sort=sort))[-1] == "zebra crossing"


async def test_equals_keep_the_order_in_which_they_were_added(index, store):
    await store.add([queued("same", model="m", id=f"{number:012x}") for number in range(20)])

    for sort in SortKey:
        rising = [task.id for task in await listed(index, sort=sort, descending=False)]
        assert rising == [f"{number:012x}" for number in range(20)]
        assert [task.id for task in await listed(index, sort=sort)] == rising[::-1]


async def test_loudness_sorts_by_the_loudest_take(index, store):
    quiet, loud = finished(queued("quiet"), takes=2), finished(queued("loud"), takes=2)
    for task in (loud, quiet):
        await store.record(task)
    await store.set_measures(loud.takes[1].id, measures_of(-9.0))
    await store.set_measures(loud.takes[0].id, measures_of(-40.0))
    await store.set_measures(quiet.takes[0].id, measures_of(-30.0))

    assert await prompts(index, sort=SortKey.LOUDNESS) == ["loud", "quiet"]


async def test_search_finds_beginnings_of_words_in_all_that_is_said_about_a_task(index, store):
    task = finished(queued("Heavy rain on a tin roof", provider="runware", model="seed-audio@1.0"))
    await store.record(task)
    await store.add([queued("something else")])
    await store.edit_task(task.id, note="for the opening")
    await store.edit_take(task.takes[0].id, note="hisses a little")
    await store.set_tags(task.id, ["Exterior"])

    found = ["rai", "HEAVY", "tin roof", "roof heav", "runw", "seed-aud", "opening", "hiss", "ext", "rain ext"]
    for text in found:
        assert await prompts(index, text=text) == ["Heavy rain on a tin roof"], text
    for text in ("ain", "rain snow", "hissing", "!!!", '"', "rain OR snow", "NOT rain"):
        assert await prompts(index, text=text) == [], text


async def test_notes_and_tags_that_are_gone_are_not_found_any_more(index, store):
    task = finished(queued("rain"))
    await store.record(task)
    await store.edit_take(task.takes[0].id, note="hisses")
    await store.edit_task(task.id, note="opening")
    await store.set_tags(task.id, ["exterior"])

    await store.edit_take(task.takes[0].id, note="")
    await store.edit_task(task.id, note="ending")
    await store.set_tags(task.id, [])

    assert [await prompts(index, text=text) for text in ("hisses", "opening", "exterior")] == [[], [], []]
    assert await prompts(index, text="ending") == ["rain"]


async def test_accents_do_not_hide_anything(index, store):
    await store.add([queued("Türknall im Café")])

    assert await prompts(index, text="turknall cafe") == ["Türknall im Café"]


@pytest.mark.parametrize("text", ["雨", "雨の音", "音", "เสียง", "ฝน"])
async def test_scripts_without_spaces_are_found_in_the_middle(index, store, text):
    await store.add([queued("激しい雨の音がする"), queued("เสียงฝนตก"), queued("rain")])

    assert len(await prompts(index, text=text)) == 1


async def test_search_sort_and_filter_go_together(index, store):
    await a_few_sounds(store)
    await store.record(finished(queued("rain"), duration_s=30))
    await store.record(queued("rain that failed").moved_to(TaskState.FAILED))

    query = {"text": "rain", "filter": Filter.DONE, "sort": SortKey.LENGTH}
    assert await prompts(index, **query) == ["rain", "heavy rain on tin"]
    assert (await index.counts("rain"))[Filter.ALL] == 3
    assert (await index.counts("rain"))[Filter.DONE] == 2
    assert (await index.counts("rain"))[Filter.FAILED] == 1


async def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(index, store):
    tasks = [queued(f"prompt {number}") for number in range(5)]
    await store.add(tasks)
    numbers = [await index.number_of(task.id) for task in tasks]

    rows = await index.rows([numbers[3], 99_999, numbers[0], -1])

    assert [(row.number, row.task.id) for row in rows] == [(numbers[3], tasks[3].id), (numbers[0], tasks[0].id)]
    assert await index.rows([]) == []
    with pytest.raises(TaskNotFound):
        await index.number_of("0123456789ab")


async def test_a_row_number_is_never_given_twice(index, store, database):
    first = queued()
    await store.add([first])
    number = await index.number_of(first.id)
    await database.write(lambda connection: connection.execute("DELETE FROM tasks"))
    second = queued()
    await store.add([second])

    assert await index.number_of(second.id) > number


async def test_rows_do_not_carry_the_bytes_that_were_sent(index, store):
    task = finished(queued())
    await store.record(task)

    (row,) = await index.rows(await index.ids(LibraryQuery()))

    attempt = replace(task.attempt, wire=replace(task.attempt.wire, body=b""))
    assert row.task == replace(task, attempt=attempt, updated_at=NOON)


async def test_a_binned_task_is_in_the_bin_alone_and_comes_back_whole(index, store):
    task = finished(queued("rain"), takes=2)
    await store.record(task)

    await index.to_bin([task.id])
    assert await prompts(index) == []
    assert await prompts(index, text="rain") == []
    (row,) = await index.rows(await index.ids(LibraryQuery(filter=Filter.BIN)), from_bin=True)
    assert row.task.is_binned
    assert len(row.task.takes) == 2

    await index.restore([task.id])
    assert await listed(index) == [replace(await store.task(task.id), attempt=row.task.attempt)]
    assert await prompts(index, filter=Filter.BIN) == []


async def test_a_binned_take_leaves_its_task_and_shows_in_the_bin(index, store):
    task = finished(queued("rain"), takes=3)
    await store.record(task)
    await store.edit_take(task.takes[1].id, is_favourite=True)

    await index.to_bin(take_ids=[task.takes[1].id])

    (shown,) = await listed(index)
    assert [take.number for take in shown.takes] == [1, 3]
    assert await prompts(index, filter=Filter.FAVOURITES) == []
    (row,) = await index.rows(await index.ids(LibraryQuery(filter=Filter.BIN)), from_bin=True)
    assert [take.number for take in row.task.takes] == [2]
    await index.restore(take_ids=[task.takes[1].id])
    assert await prompts(index, filter=Filter.FAVOURITES) == ["rain"]
    assert await prompts(index, filter=Filter.BIN) == []


async def test_undo_restores_only_what_was_named(index, store):
    kept, binned = queued("kept"), queued("binned")
    await store.add([kept, binned])
    await index.to_bin([kept.id, binned.id, "0123456789ab"], ["no such take"])

    await index.restore([kept.id])

    assert await prompts(index) == ["kept"]
    assert await prompts(index, filter=Filter.BIN) == ["binned"]


@pytest.fixture(scope="module")
def connection():
    """A library of sixty varied tasks, for questions that change nothing."""
    dice = random.Random(7)
    words = ["rain", "Rain", "tin", "roof", "雨", "a", "Türen", "50%", '"quoted"', "x_y", "*", "", "long " * 40]
    with TemporaryDirectory() as folder:
        connection, _ = open_library(Path(folder) / "library.sqlite3", busy_timeout_s=1)
        for number in range(60):
            prompt = " ".join(dice.choices(words, k=3))
            task = queued(request=GenerationRequest("acme", f"m{dice.randint(1, 3)}", prompt))
            match dice.randint(0, 4):
                case 0:
                    task = uncertain(task)
                case 1:
                    task = task.moved_to(TaskState.FAILED)
                case 2 | 3:
                    task = finished(task, duration_s=dice.randint(1, 9), billed=dice.choice((None, "0.5", "10")))
            row = add_task(connection, task, NOON)
            if number % 9 == 0:
                connection.execute("UPDATE tasks SET deleted_at = 'x' WHERE number = ?", (row,))
        yield connection
        connection.close()


SEARCHES = some.text(some.characters(exclude_categories=[]), max_size=40) | some.text(
    some.sampled_from('rain"*()^:+-{}NEAR AND OR NOT 雨\0\ud800\u0301 _%'), max_size=40
)


@given(SEARCHES)
@example('"')
@example("NEAR(a b, 2)")
@example("prompt : rain")
@example("\0")
@example("\ud800")
@example("\u0301")
@example("word " * 5_000)
@example("x" * 100_000)
def test_no_text_that_can_be_typed_fails(connection: sqlite3.Connection, text):
    counts = counts_of(connection, text)

    for which in Filter:
        assert len(numbers_of(connection, LibraryQuery(text, which))) == counts[which]


@given(
    text=some.sampled_from(["", "r", "rain", "tin roof", "雨", "!"]),
    which=some.sampled_from(Filter),
    sort=some.sampled_from(SortKey),
)
def test_sorting_changes_nothing_but_the_order(connection: sqlite3.Connection, text, which, sort):
    expected = set(numbers_of(connection, LibraryQuery(text, which)))

    falling = numbers_of(connection, LibraryQuery(text, which, sort))
    rising = numbers_of(connection, LibraryQuery(text, which, sort, descending=False))

    assert set(rising) == set(falling) == expected
    assert len(rising) == len(falling) == len(expected)


@given(sort=some.sampled_from([SortKey.LENGTH, SortKey.COST]), descending=some.booleans())
def test_known_values_are_in_order(connection: sqlite3.Connection, sort, descending):
    numbers = numbers_of(connection, LibraryQuery(sort=sort, descending=descending))

    column = {SortKey.LENGTH: "length_s", SortKey.COST: "cost_order"}[sort]
    value = dict(tuple(row) for row in connection.execute(f"SELECT number, {column} FROM tasks"))
    values = [value[number] for number in numbers]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=descending)


async def test_money_is_kept_as_it_was_told(store):
    task = finished(queued(), billed="0.0680")
    await store.record(task)

    assert str((await store.task(task.id)).attempt.receipt.billed) == str(Decimal("0.0680"))


async def test_a_project_is_found_by_its_words_and_by_its_name_alone(store, index):
    storm = queued("thunder", project="Night Storm")
    other = queued("a storm at night", project="Day")
    bare = queued("rain")
    await store.add([storm])
    await store.add([other])
    await store.add([bare])

    async def found(text: str) -> list[str]:
        numbers = await index.ids(LibraryQuery(text=text))
        return sorted(row.task.id for row in await index.rows(numbers))

    assert await found("storm") == sorted([storm.id, other.id])
    assert await found("project:storm") == [storm.id]
    assert await found('Project:"night st') == [storm.id]
    assert await found('thun project:"Night Storm"') == [storm.id]
    assert await found('rain project:"Night Storm"') == []
    assert await found("project:") == sorted([storm.id, other.id, bare.id])
    assert await found("project:***") == []
    assert await store.projects() == ["Day", "Night Storm"]

    await store.move_to_project([bare.id, other.id], "Night Storm")

    assert await found("project:storm") == sorted([storm.id, other.id, bare.id])
    assert await found("day") == []
    assert await store.projects() == ["Night Storm"]
    with pytest.raises(TaskNotFound):
        await store.move_to_project([bare.id, "0123456789ab"], "Day")
    assert await store.projects() == ["Night Storm"]
