"""What the list can be asked, as SQL.

No query touches the rows of `tasks` themselves: a hundred thousand of them are a hundred megabytes. The order
comes from one narrow index, and membership from the others and from the full-text index.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.storage.search_text import match_expression


class Filter(StrEnum):
    """Which tasks are listed. Tasks in the bin are in `BIN` alone, and so are those with takes in the bin."""

    ALL = "all"
    PENDING = "pending"  # queued, being sent or running
    DONE = "done"
    FAILED = "failed"  # failed or cancelled
    FAVOURITES = "favourites"  # with a favourite take
    NEEDS_YOU = "needs_you"  # their outcome is unknown
    BIN = "bin"


class SortKey(StrEnum):
    """What the list is sorted by. Equals stand in the order in which they were added."""

    WHEN = "when"
    PROMPT = "prompt"
    STATE = "state"
    MODEL = "model"
    LENGTH = "length"
    LOUDNESS = "loudness"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """What is listed, and how.

    Attributes:
        text: Words, each of which begins a word of the prompt, the model, the provider, the project, a note or a tag;
            `project:NAME` asks for those of a project.
    """

    text: str = ""
    filter: Filter = Filter.ALL
    sort: SortKey = SortKey.WHEN
    descending: bool = True


# Every SELECT below is put together from the words of this module alone; what people type is bound to `:match`.
# INDEXED BY stands where SQLite, knowing nothing of the sizes, may choose to walk through all tasks.
_BINNED = "SELECT number FROM tasks WHERE deleted_at IS NOT NULL"
_MEMBERS = {
    Filter.ALL: "SELECT number FROM tasks WHERE deleted_at IS NULL",
    Filter.PENDING: (
        "SELECT number FROM tasks INDEXED BY tasks_by_state WHERE state IN ('queued', 'submitting', 'running')"
    ),
    Filter.DONE: "SELECT number FROM tasks INDEXED BY tasks_by_state WHERE state = 'finished'",
    Filter.FAILED: ("SELECT number FROM tasks INDEXED BY tasks_by_state WHERE state IN ('failed', 'cancelled')"),
    Filter.FAVOURITES: "SELECT number FROM tasks INDEXED BY tasks_with_favourites WHERE favourites > 0",
    Filter.NEEDS_YOU: "SELECT number FROM tasks INDEXED BY tasks_by_state WHERE state = 'uncertain'",
    Filter.BIN: (
        f"SELECT number FROM ({_BINNED} UNION SELECT number FROM tasks "  # noqa: S608
        "INDEXED BY tasks_with_binned_takes WHERE binned_takes > 0) WHERE TRUE"
    ),
}
# Most tasks are neither in the bin nor unfinished: for these two it is quicker to look who doesn't belong.
_OTHERS = {
    Filter.ALL: _BINNED,
    Filter.DONE: (
        "SELECT number FROM tasks INDEXED BY tasks_by_state "
        "WHERE state IN ('queued', 'submitting', 'running', 'uncertain', 'failed', 'cancelled')"
    ),
}
_FOUND = "SELECT rowid AS number FROM search WHERE search MATCH :match"

_COLUMNS = {
    SortKey.PROMPT: "prompt_order",
    SortKey.MODEL: "model",
    SortKey.LENGTH: "length_s",
    SortKey.LOUDNESS: "loudness_lufs",
    SortKey.COST: "cost_order",
}
_STATES = ("uncertain", "running", "submitting", "queued", "failed", "cancelled", "finished")


def numbers_of(connection: sqlite3.Connection, query: LibraryQuery) -> array[int]:
    """The row numbers of all tasks that a query finds, in its order. What isn't known comes last."""
    match = match_expression(query.text)
    numbers = array("q")
    for select in _selects(query, is_searching=match is not None):
        numbers.extend(_fetched(connection, select, match))
    return numbers


def everything_in_order(connection: sqlite3.Connection, query: LibraryQuery) -> array[int]:
    """All tasks, also those in the bin, in the order of a query; its text and filter don't matter. Not by time."""
    numbers = array("q")
    for select in _sorted(query, "TRUE"):
        numbers.extend(_fetched(connection, select))
    return numbers


def members_of(connection: sqlite3.Connection, query: LibraryQuery) -> set[int] | None:
    """The row numbers that a query finds, in no order; None where nothing is searched for."""
    match = match_expression(query.text)
    if match is None:
        return None
    found = set(_fetched(connection, _FOUND, match))
    if query.filter in _OTHERS:
        found.difference_update(_fetched(connection, _OTHERS[query.filter]))
    else:
        found.intersection_update(_fetched(connection, _MEMBERS[query.filter]))
    if query.filter not in (Filter.ALL, Filter.BIN):
        found.difference_update(_fetched(connection, _BINNED))
    return found


def counts_of(connection: sqlite3.Connection, text: str) -> dict[Filter, int]:
    """How many tasks each filter shows together with a search text."""
    match = match_expression(text)
    found = None if match is None else set(_fetched(connection, _FOUND, match))
    binned = set(_fetched(connection, _BINNED))

    def members(select: str) -> set[int]:
        numbers = _fetched(connection, select)
        return set(numbers) if found is None else found.intersection(numbers)

    small = (Filter.PENDING, Filter.FAILED, Filter.FAVOURITES, Filter.NEEDS_YOU)
    counts = {which: len(members(_MEMBERS[which]) - binned) for which in small}
    counts[Filter.BIN] = len(members(_MEMBERS[Filter.BIN]))
    everything = _count(connection) if found is None else len(found)
    counts[Filter.ALL] = everything - len(members(_BINNED))
    counts[Filter.DONE] = counts[Filter.ALL] - len(members(_OTHERS[Filter.DONE]) - binned)
    return counts


def _count(connection: sqlite3.Connection) -> int:
    row: tuple[int] = connection.execute("SELECT count(*) FROM tasks").fetchone()
    return row[0]


def _fetched(connection: sqlite3.Connection, select: str, match: str | None = None) -> list[int]:
    """The numbers that a SELECT gives, in its order: one long JSON text costs a quarter of as many rows."""
    rows = connection.execute(f"SELECT json_group_array(number) FROM ({select})", {"match": match})  # noqa: S608
    numbers: list[int] = json.loads(rows.fetchone()[0])
    return numbers


def _selects(query: LibraryQuery, *, is_searching: bool) -> Iterator[str]:
    """SELECTs of one column `number`; their results follow one another."""
    direction = "DESC" if query.descending else "ASC"
    if query.sort is SortKey.WHEN:
        yield _by_time(query.filter, direction, is_searching=is_searching)
        return
    yield from _sorted(
        query, _belongs(query.filter, "number") + (f" AND +number IN ({_FOUND})" if is_searching else "")
    )


def _sorted(query: LibraryQuery, belongs: str) -> Iterator[str]:
    """SELECTs in any order but that of time."""
    direction = "DESC" if query.descending else "ASC"
    if query.sort is SortKey.STATE:
        for state in reversed(_STATES) if query.descending else _STATES:
            yield (
                "SELECT number FROM tasks INDEXED BY tasks_by_state "  # noqa: S608
                f"WHERE state = '{state}' AND {belongs} ORDER BY number {direction}"
            )
        return
    column = _COLUMNS[query.sort]
    from_index = f"FROM tasks INDEXED BY tasks_by_{query.sort.value}"
    yield (
        f"SELECT number {from_index} WHERE {column} IS NOT NULL AND {belongs} "
        f"ORDER BY {column} {direction}, number {direction}"
    )
    yield f"SELECT number {from_index} WHERE {column} IS NULL AND {belongs} ORDER BY number {direction}"


def _by_time(which: Filter, direction: str, *, is_searching: bool) -> str:
    """Row numbers are given in the order of adding, and the full-text index is in the order of row numbers."""
    if is_searching:
        return f"{_FOUND} AND {_belongs(which, 'rowid')} ORDER BY rowid {direction}"
    kept = "" if which in (Filter.ALL, Filter.BIN) else f" AND +number NOT IN ({_BINNED})"
    return f"{_MEMBERS[which]}{kept} ORDER BY number {direction}"


def _belongs(which: Filter, number: str) -> str:
    """The condition that a row number belongs to a filter. The plus keeps SQLite from looking rows up by it."""
    kept = "" if which in (Filter.ALL, Filter.BIN) else f" AND +{number} NOT IN ({_BINNED})"
    if which in _OTHERS:
        return f"+{number} NOT IN ({_OTHERS[which]}){kept}"
    return f"+{number} IN ({_MEMBERS[which]}){kept}"
