"""`cuesmith spending`: the table, the JSON and the file."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.provider import AudioProvider
from tests.cli.programs import CuesmithHere
from tests.fakes.polled import UNASKABLE, PolledProvider, PolledService, lost_answer
from tests.fakes.scripted import Script

_MODELS = """
provider = "openai:polled"
[[model]]
id = "choir"
label = "Choir"
kinds = ["music"]
[model.price]
amount = "0.05"
unit = "request"
"""
_GENERATE = ("generate", "a choir", "--provider", "openai:polled")


@pytest.fixture
def service() -> PolledService:
    return PolledService(fails=None, expires=None)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def here(tmp_path: Path, service: PolledService, script: Script) -> CuesmithHere:
    home = tmp_path / "home"
    (home / "config" / "catalogue").mkdir(parents=True)
    (home / "config" / "catalogue" / "polled.toml").write_text(_MODELS)
    (home / "config" / "settings.toml").write_text('[providers."openai:polled"]\npoll_interval_s = 0.05\n')

    def providers() -> dict[str, AudioProvider]:
        return {"openai:polled": PolledProvider(service, UNASKABLE, "openai:polled", script)}

    return CuesmithHere(home, providers)


def test_what_was_billed_what_is_held_and_what_nobody_told_stand_in_a_table(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    here.run("config", "set", "spending.month_usd", "40")
    here.run(*_GENERATE)
    script.after("submit", lost_answer())
    here.run(*_GENERATE)

    told = here.run("spending", "--by", "service")

    assert told.code == 0
    assert [line.split() for line in told.lines] == [
        ["SERVICE", "BILLED", "HELD", "TASKS", "COST", "UNKNOWN"],
        ["openai:polled", "$0.05", "$0.05", "2", "1"],
        ["TOTAL", "$0.05", "$0.05", "2", "1"],
    ]
    assert len({line.rstrip().rindex("$0.05") for line in told.lines[1:]}) == 1  # figures line up
    assert "Limit: $40.00 a month." in told.err


def test_a_cost_that_nobody_told_is_the_word_unknown_and_null_for_scripts(
    here: CuesmithHere, service: PolledService
) -> None:
    service.tells_cost = False
    here.run(*_GENERATE)

    table, told = here.run("spending"), here.run("spending", "--json").json

    assert table.lines[1].split() == [f"{datetime.now().astimezone():%Y-%m-%d}", "unknown", "$0.05", "1", "1"]
    assert told["total"] == {"billed_usd": None, "held_usd": 0.05, "tasks": 1, "tasks_of_unknown_cost": 1}
    assert told["by"] == "day"


def test_a_span_of_dates_leaves_out_what_was_before_and_after(here: CuesmithHere) -> None:
    here.run(*_GENERATE)

    before = here.run("spending", "--to", "2020-01-31")
    everything = here.run("spending", "--all", "--json").json
    backwards = here.run("spending", "--from", "2026-02-01", "--to", "2026-01-01")
    both = here.run("spending", "--all", "--to", "2026-01-01")

    assert (before.code, before.out) == (0, "")
    assert "Nothing was spent" in before.err
    assert everything["total"]["billed_usd"] == 0.05
    assert (backwards.code, "--to: 2026-01-01 is before 2026-02-01" in backwards.err) == (2, True)
    assert both.code == 2


def test_every_attempt_is_written_as_csv_and_no_file_is_overwritten(here: CuesmithHere, tmp_path: Path) -> None:
    here.run(*_GENERATE)
    file = tmp_path / "spending.csv"

    written, again, printed = (here.run("spending", "--csv", target) for target in (file, file, "-"))

    assert (written.code, written.out) == (0, "")
    assert (again.code, "exists already" in again.err) == (2, True)
    (row,) = csv.DictReader(io.StringIO(printed.out))
    assert (row["service"], row["billed_usd"], row["cost"]) == ("openai:polled", "0.05", "billed")
    assert file.read_bytes().decode("utf-8-sig").splitlines() == printed.out.splitlines()


def test_a_task_is_filed_under_its_project(here: CuesmithHere) -> None:
    made = here.run(*_GENERATE, "--project", " Night  Storm", "--json").json
    here.run(*_GENERATE)

    assert made["project"] == "Night Storm"
    head, *tasks = here.run("tasks").lines
    assert head.split()[-2:] == ["PROJECT", "PROMPT"]
    assert "Night Storm" in tasks[0]
    assert "project   Night Storm" in here.run("task", made["id"]).out
    told = here.run("spending", "--by", "project", "--json").json
    assert {line["project"]: line["billed_usd"] for line in told["lines"]} == {"Night Storm": 0.05, "": 0.05}


def test_a_name_that_can_be_no_project_is_refused_before_anything_is_sent(
    here: CuesmithHere, service: PolledService
) -> None:
    refused = here.run(*_GENERATE, "--project", "a" * 81)

    assert (refused.code, "--project: The name of a project has at most 80 letters" in refused.err) == (2, True)
    assert len(service.charges) == 0
