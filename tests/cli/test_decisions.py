"""Commands and services that cost money, break off, or make only a part: exit codes, words, charges."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.audio.files import verify
from app.domain.errors import GenerationFailed, ServiceUnavailable
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
max_takes = 4
[model.price]
amount = "0.05"
unit = "request"
[[model]]
id = "secret"
label = "Secret"
kinds = ["music"]
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
    (home / "config" / "settings.toml").write_text('[providers."openai:polled"]\npoll_interval_s = 0.1\n')

    def providers() -> dict[str, AudioProvider]:
        return {"openai:polled": PolledProvider(service, UNASKABLE, "openai:polled", script)}

    return CuesmithHere(home, providers)


def test_what_it_cost_is_told(here: CuesmithHere) -> None:
    task = here.run(*_GENERATE, "--json").json

    assert (task["state"], task["estimated_cost_usd"], task["cost_usd"]) == ("finished", 0.05, 0.05)
    assert (task["provider"], task["model"], task["job_id"]) == ("openai:polled", "choir", "job-1")


def test_a_lost_answer_is_never_sent_again_by_itself(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    script.after("submit", lost_answer())

    made = here.run(*_GENERATE, "--json")
    resumed = here.run("resume", "--json")

    task_id = made.json["id"]
    assert (made.code, made.json["state"]) == (3, "uncertain")
    assert "The connection broke after the request was sent." in made.err
    assert "Nothing is sent again unless you say so." in made.err
    assert f"(may cost again: at most $0.05): cuesmith retry {task_id}" in made.err
    assert f"cuesmith resolve {task_id} --failed" in made.err
    assert (resumed.code, [task["state"] for task in resumed.json]) == (3, ["uncertain"])
    assert len(service.charges) == 1


def test_submitting_anew_says_that_it_may_cost_again(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    script.after("submit", lost_answer())
    task_id = here.run(*_GENERATE, "--json").json["id"]

    retried = here.run("retry", task_id)

    assert retried.code == 0
    assert f"Task {task_id} is submitted anew; it may cost again: at most $0.05." in retried.err
    assert len(service.charges) == 2
    assert here.run("task", task_id, "--json").json["state"] == "finished"


def test_what_it_may_cost_again_is_told_as_unknown_where_nobody_knows(here: CuesmithHere, script: Script) -> None:
    script.after("submit", lost_answer())
    task_id = here.run(*_GENERATE, "--model", "secret", "--json").json["id"]

    assert "it may cost again: the price is unknown." in here.run("retry", task_id).err


def test_submitting_anew_past_a_limit_is_refused_and_leaves_the_decision_open(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    script.after("submit", lost_answer())
    task_id = here.run(*_GENERATE, "--json").json["id"]
    here.run("config", "set", "spending.day_usd", "0.08")

    retried = here.run("retry", task_id)

    assert (retried.code, "$0.05 held, about $0.05 needed" in retried.err) == (2, True)
    assert here.run("task", task_id, "--json").json["state"] == "uncertain"
    assert len(service.charges) == 1


def test_an_uncertain_task_can_be_given_up(here: CuesmithHere, service: PolledService, script: Script) -> None:
    script.after("submit", lost_answer())
    task_id = here.run(*_GENERATE, "--json").json["id"]

    resolved = here.run("resolve", task_id, "--failed")

    assert (resolved.code, resolved.out) == (0, f"{task_id}  failed\n")
    assert here.run("resume").code == 0
    assert len(service.charges) == 1


def test_what_is_held_for_a_failure_can_be_let_go_as_free(here: CuesmithHere, service: PolledService) -> None:
    service.fails, service.tells_cost = 1, False
    failed = here.run(*_GENERATE, "--json")
    task_id = failed.json["id"]
    here.run("config", "set", "spending.month_usd", "0.06")
    refused = here.run(*_GENERATE)

    resolved = here.run("resolve", task_id, "--free")

    assert f"$0.05 stays held for it; if it cost nothing: cuesmith resolve {task_id} --free" in failed.err
    assert (refused.code, "$0.05 held, about $0.05 needed" in refused.err) == (2, True)
    assert (resolved.code, resolved.out) == (0, f"{task_id}  failed  free\n")
    assert here.run("task", task_id, "--json").json["cost_usd"] == 0
    again = here.run("resolve", task_id, "--free")
    assert (again.code, "is known already" in again.err) == (2, True)
    assert "held" not in here.run(*_GENERATE, "--max-cost", "0").err  # that one never left


def test_takes_of_a_task_that_failed_in_part_are_written(
    here: CuesmithHere, service: PolledService, tmp_path: Path
) -> None:
    service.fails = 2

    made = here.run(*_GENERATE, "--takes", "3", "--out", tmp_path / "out", "--json")

    task = made.json
    assert (made.code, task["state"], task["error"]["kind"]) == (1, "finished", "generation_failed")
    assert [Path(take["path"]).parent for take in task["takes"]] == [tmp_path / "out"] * 2
    assert all(verify(Path(take["path"])).frames for take in task["takes"])
    assert "finished in part" in made.err


def test_a_refusal_of_the_service_is_a_failed_task(here: CuesmithHere, script: Script) -> None:
    script.before("submit", GenerationFailed("The choir is on holiday."))

    made = here.run(*_GENERATE, "--json")

    assert (made.code, made.json["state"]) == (1, "failed")
    assert made.json["error"] == {"kind": "generation_failed", "message": "The choir is on holiday."}
    assert "The choir is on holiday." in made.err


def test_what_a_service_says_without_a_full_stop_is_a_sentence_all_the_same(here: CuesmithHere, script: Script) -> None:
    script.before("submit", GenerationFailed("The choir is on holiday", code="closed"))

    assert "The choir is on holiday. (closed) " in here.run(*_GENERATE).err


def test_when_patience_is_over_resume_carries_on_without_another_charge(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    script.before("poll", ServiceUnavailable("No connection."))
    here.run("config", "set", "network.patience_s", "0.5")

    made = here.run(*_GENERATE, "--json")
    resumed = here.run("resume", "--json")

    assert (made.code, made.json["state"]) == (130, "running")
    assert "isn’t finished. No connection. Carry on with: cuesmith resume" in made.err
    assert (resumed.code, [task["state"] for task in resumed.json]) == (0, ["finished"])
    assert len(service.charges) == 1


@pytest.mark.parametrize(
    ("model", "max_cost"),
    [("choir", "0.04"), ("secret", "100")],
    ids=["costs more", "nobody knows the price"],
)
def test_what_may_cost_too_much_is_refused_before_anything_is_sent(
    here: CuesmithHere, service: PolledService, model: str, max_cost: str
) -> None:
    refused = here.run(*_GENERATE, "--model", model, "--max-cost", max_cost, "--json")

    assert (refused.code, refused.json["error"]["kind"]) == (2, "spending_ceiling_reached")
    assert "Nothing was sent" in refused.err
    assert here.run("tasks", "--json").json == []
    assert len(service.charges) == 0


def test_a_limit_of_the_month_is_kept(here: CuesmithHere, service: PolledService) -> None:
    here.run("config", "set", "spending.month_usd", "0.08")

    assert here.run(*_GENERATE).code == 0
    refused = here.run(*_GENERATE)

    assert refused.code == 2
    assert "limit of $0.08" in refused.err
    assert len(service.charges) == 1


@pytest.mark.parametrize(
    "limit",
    [("config", "set", "spending.month_usd", "0.04"), ("config", "set", "spending.day_usd", "0.04")],
    ids=["month", "day"],
)
def test_a_dry_run_tells_of_a_limit_as_the_real_thing_does(
    here: CuesmithHere, service: PolledService, limit: tuple[str, ...]
) -> None:
    within = here.run(*_GENERATE, "--dry-run")
    here.run(*limit)

    real, dry, unknown = (
        here.run(*_GENERATE),
        here.run(*_GENERATE, "--dry-run"),
        here.run(*_GENERATE, "--model", "secret", "--dry-run"),
    )

    assert (within.code, dry.code, unknown.code) == (0, 2, 2)
    assert (dry.code, dry.err, dry.out) == (real.code, real.err, "")
    assert "limit of $0.04" in dry.err
    assert "isn’t known what this can cost" in unknown.err
    assert len(service.charges) == 0


def test_a_limit_in_the_way_is_named_with_the_command_that_removes_it(here: CuesmithHere) -> None:
    here.run("config", "set", "spending.month_usd", "0.04")
    too_much, unknown = here.run(*_GENERATE), here.run(*_GENERATE, "--model", "secret")
    own = here.run(*_GENERATE, "--max-cost", "0.01")

    removing = "cuesmith config set spending.month_usd none"
    assert too_much.err.rstrip().endswith(f"Nothing was sent. Without the limit: {removing}")
    assert unknown.err.rstrip().endswith(f"Remove the limit to generate anyway. Without the limit: {removing}")
    assert "config set" not in own.err
    assert here.run(*removing.split()[1:]).code == 0
    assert here.run(*_GENERATE).code == 0


def test_within_its_limit_a_task_runs(here: CuesmithHere, service: PolledService) -> None:
    assert here.run(*_GENERATE, "--max-cost", "0.05").code == 0
    assert len(service.charges) == 1


def test_cancelling_what_was_sent_says_that_it_may_be_billed(here: CuesmithHere, script: Script) -> None:
    script.before("poll", ServiceUnavailable("No connection."))
    here.run("config", "set", "network.patience_s", "0.5")
    task_id = here.run(*_GENERATE, "--json").json["id"]

    cancelled = here.run("cancel", task_id)

    assert (cancelled.code, cancelled.out) == (0, f"{task_id}  cancelled\n")
    assert "may still bill it" in cancelled.err


def test_a_task_whose_service_is_gone_is_named_and_can_be_cancelled(here: CuesmithHere, script: Script) -> None:
    script.before("poll", ServiceUnavailable("No connection."))
    here.run("config", "set", "network.patience_s", "0.5")
    task_id = here.run(*_GENERATE, "--json").json["id"]
    without = CuesmithHere(here.home, dict)

    resumed = without.run("resume", "--json")
    cancelled = without.run("cancel", task_id)

    assert (resumed.code, [task["id"] for task in resumed.json]) == (130, [task_id])
    assert f"no service “openai:polled” for task {task_id}" in resumed.err
    assert "held by another" not in resumed.err
    assert (cancelled.code, cancelled.out) == (0, f"{task_id}  cancelled\n")
    assert "may still bill it" in cancelled.err
