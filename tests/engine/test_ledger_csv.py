"""The ledger as a file that spreadsheets read, and can't be hurt by."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import ExportError, StorageError
from app.domain.task import TaskState
from app.engine.ledger_csv import COLUMNS, export_csv
from app.engine.ledger_view import Days, LedgerView
from app.storage.database import Database
from app.storage.ledger_entries import LedgerEntries
from app.storage.task_store import TaskStore
from tests.storage.making import Clock, finished, queued, submitting


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> TaskStore:
    return TaskStore(database, Clock())


@pytest.fixture
def view(database: Database) -> LedgerView:
    return LedgerView(LedgerEntries(database), Clock(), zone=ZoneInfo("Asia/Kathmandu"))


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


async def test_a_row_an_attempt_with_exact_amounts_and_the_users_time(
    store: TaskStore, view: LedgerView, tmp_path: Path
) -> None:
    task = finished(queued("Regen, “leise”,\nauf Blech", provider="camb", project="Sturm"), billed="0.0000001")
    await store.record(task)

    await export_csv(view, Days(), tmp_path / "spending.csv")

    assert (tmp_path / "spending.csv").read_bytes().startswith(b"\xef\xbb\xbftime,task,")
    (row,) = rows_of(tmp_path / "spending.csv")
    assert tuple(row) == COLUMNS
    assert row["time"] == "2026-03-14T17:45:00+05:45"
    assert (row["service"], row["project"], row["state"]) == ("camb", "Sturm", "finished")
    assert row["prompt"] == "Regen, “leise”,\nauf Blech"
    assert (row["most_usd"], row["billed_usd"], row["cost"]) == ("0.25", "0.0000001", "billed")
    assert task.attempt is not None
    assert (row["task"], row["attempt"]) == (task.id, str(task.attempt.id))


async def test_unknown_is_an_empty_cell_and_a_word(store: TaskStore, view: LedgerView, tmp_path: Path) -> None:
    await store.record(submitting(queued("lost"), cost=None).moved_to(TaskState.UNCERTAIN))
    await store.record(submitting(queued("under way")))

    await export_csv(view, Days(), tmp_path / "spending.csv")

    told = {
        row["prompt"]: (row["billed_usd"], row["held_usd"], row["cost"]) for row in rows_of(tmp_path / "spending.csv")
    }
    assert told == {"lost": ("", "0", "unknown"), "under way": ("", "0.25", "under way")}


@pytest.mark.parametrize(
    "prompt",
    ["=1+1", "+1", "-whisper", "@SUM(A1)", "\t=1+1", "\n=cmd", " =1", "\x01=1", "＝1"],
    ids=["equals", "plus", "minus", "at", "tab", "line", "space", "control", "wide"],
)
async def test_a_prompt_never_becomes_a_formula(
    store: TaskStore, view: LedgerView, tmp_path: Path, prompt: str
) -> None:
    await store.record(finished(queued(prompt, project=prompt)))

    await export_csv(view, Days(), tmp_path / "spending.csv")

    (row,) = rows_of(tmp_path / "spending.csv")
    assert row["prompt"].startswith("'")
    assert row["project"].startswith("'")


async def test_a_file_is_replaced_only_when_that_was_said(store: TaskStore, view: LedgerView, tmp_path: Path) -> None:
    file = tmp_path / "spending.csv"
    file.write_text("mine")
    task = finished(queued())
    await store.record(task)

    with pytest.raises(ExportError, match="exists already"):
        await export_csv(view, Days(), file)
    assert file.read_text() == "mine"
    await export_csv(view, Days(), file, replace=True)

    assert [row["task"] for row in rows_of(file)] == [task.id]
    assert [each.name for each in tmp_path.iterdir() if "partial" in each.name] == []


async def test_a_folder_that_is_gone_is_told_as_such(view: LedgerView, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="doesn't exist"):
        await export_csv(view, Days(), tmp_path / "gone" / "spending.csv")


async def test_only_the_days_that_are_asked_for_are_written(store: TaskStore, view: LedgerView, tmp_path: Path) -> None:
    old = finished(queued("old"))
    assert old.attempt is not None
    assert old.attempt.sent_at is not None
    await store.record(replace(old, attempt=replace(old.attempt, sent_at=old.attempt.sent_at - timedelta(days=40))))
    await store.record(finished(queued("new")))
    today = view.calendar.day_of(Clock()())

    await export_csv(view, Days(today, today), tmp_path / "spending.csv")

    assert [row["prompt"] for row in rows_of(tmp_path / "spending.csv")] == ["new"]
