"""A sheet that was paid for is run once more after its library was damaged: no row is paid for twice unasked."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.programs import Cuesmith, Finished
from tests.cli.test_batch import at_services, steps
from tests.servers.runware import RunwareServer

SHEET = "id,provider,prompt,takes\na,runware,rain,1\nb,runware,thunder,2\n"
NO_TASKS = ("DELETE FROM tasks",)
NO_ROWS = ("DELETE FROM sheet_rows",)
NO_FILES_WANTED = ("DELETE FROM deliveries", "DELETE FROM delivered")


@pytest.fixture
def runware() -> Iterator[RunwareServer]:
    with RunwareServer(result_seconds=1.0) as server:
        yield server


@pytest.fixture
def app(tmp_path: Path, runware: RunwareServer) -> Cuesmith:
    """With a sheet that was run, and paid for."""
    app = at_services(tmp_path, runware=runware)
    (tmp_path / "storm.csv").write_text(SHEET)
    assert run_again(app).code == 0
    assert len(runware.ledger.charges) == 3
    return app


def run_again(app: Cuesmith) -> Finished:
    return app.run("batch", app.home.parent / "storm.csv", "--out", app.home.parent / "out", "--json")


def lose(app: Cuesmith, *statements: str) -> None:
    library = app.home / "data" / "library.sqlite3"
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.create_function("spaced", 1, str)
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in statements:
            connection.execute(statement)
    with library.open("rb+") as file:
        file.write(bytes(100))  # the header


@pytest.mark.parametrize(
    "lost",
    [(), NO_TASKS, NO_ROWS, NO_TASKS + NO_ROWS, NO_TASKS + NO_FILES_WANTED[:1]],
    ids=["nothing", "tasks", "rows", "tasks and rows", "tasks and what is wanted"],
)
def test_a_row_is_found_by_whatever_is_left_of_it(app: Cuesmith, runware: RunwareServer, lost: tuple[str, ...]) -> None:
    lose(app, *lost)

    again = run_again(app)

    assert again.code == 0, again.err
    assert steps(again) == ["unchanged", "unchanged"]
    assert len(runware.ledger.charges) == 3
    assert sorted(path.name for path in (app.home.parent / "out").glob("*.mp3")) == ["a.mp3", "b_01.mp3", "b_02.mp3"]


@pytest.mark.parametrize(
    "lost",
    [NO_TASKS, NO_TASKS + NO_ROWS, NO_TASKS + NO_FILES_WANTED],
    ids=["tasks", "tasks and rows", "tasks and what is wanted"],
)
def test_a_row_whose_task_and_files_are_lost_is_made_anew_only_on_request(
    app: Cuesmith, runware: RunwareServer, lost: tuple[str, ...]
) -> None:
    shutil.rmtree(app.home / "data" / "takes")
    lose(app, *lost)

    again = run_again(app)

    assert again.code == 3, again.err
    assert steps(again) == ["uncertain", "uncertain"]
    assert "what became of this row is lost" in again.err
    assert len(runware.ledger.charges) == 3
    task_id = again.json["rows"][0]["tasks"][0]["id"]
    assert app.run("retry", task_id).code == 2
    assert app.run("resolve", task_id, "--failed").code == 0

    decided = run_again(app)

    assert steps(decided)[0] in ("new", "changed")
    assert steps(decided)[1] == "uncertain"
    assert len(runware.ledger.charges) == 4
    assert steps(run_again(app)) == ["unchanged", "uncertain"]
    assert len(runware.ledger.charges) == 4
