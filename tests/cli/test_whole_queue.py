"""`cuesmith pause`, `resume` and `cancel --all`: exit codes, words, and what was sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import NotConnected, RateLimited
from app.domain.provider import AudioProvider
from tests.cli.programs import CuesmithHere, Finished
from tests.fakes.polled import UNASKABLE, PolledProvider, PolledService
from tests.fakes.scripted import Script

_MODELS = """
provider = "openai:polled"
[[model]]
id = "choir"
label = "Choir"
kinds = ["music"]
max_takes = 1
[model.price]
amount = "0.05"
unit = "request"
"""


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
    (home / "config" / "settings.toml").write_text(
        '[providers."openai:polled"]\npoll_interval_s = 0.1\n[network]\npatience_s = 0\n'
    )

    def providers() -> dict[str, AudioProvider]:
        return {"openai:polled": PolledProvider(service, UNASKABLE, "openai:polled", script)}

    return CuesmithHere(home, providers)


def generate(here: CuesmithHere) -> Finished:
    return here.run("generate", "a choir", "--provider", "openai:polled")


def states(here: CuesmithHere) -> list[str]:
    return [task["state"] for task in here.run("tasks", "--json").json]


def test_a_paused_queue_keeps_tasks_and_says_how_they_go_on(here: CuesmithHere, service: PolledService) -> None:
    paused = here.run("pause")
    generate(here)
    made = generate(here)

    assert (paused.code, paused.out) == (0, "Paused. Nothing new is sent; 0 tasks wait.\n")
    assert "cuesmith resume" in paused.err
    assert made.code == 130
    assert "the queue is paused. End the pause and carry on with: cuesmith resume" in made.err
    assert (states(here), len(service.charges)) == (["queued"] * 2, 0)

    resumed = here.run("resume")

    assert resumed.code == 0
    assert "The pause is over." in resumed.err
    assert (states(here), len(service.charges)) == (["finished"] * 2, 2)
    assert "The pause is over." not in here.run("resume").err


def test_all_that_waits_is_cancelled_at_once_and_can_be_taken_up(here: CuesmithHere, service: PolledService) -> None:
    here.run("pause")
    for _ in range(3):
        generate(here)

    stopped = here.run("cancel", "--all", "--waiting")

    assert (stopped.code, stopped.out, stopped.err) == (0, "3 tasks are cancelled.\n", "")
    assert states(here) == ["cancelled"] * 3
    assert len(service.charges) == 0
    assert here.run("cancel", "--all").out == "There is nothing to cancel.\n"


def test_what_was_sent_may_be_billed_and_the_command_says_so(
    here: CuesmithHere, service: PolledService, script: Script
) -> None:
    script.before("poll", *[NotConnected("No connection.")] * 3)
    generate(here)
    assert states(here) == ["running"]

    kept = here.run("cancel", "--all", "--waiting")
    stopped = here.run("cancel", "--all")

    assert (kept.out, stopped.out) == ("There is nothing to cancel.\n", "1 task is cancelled.\n")
    assert "1 task is at a service that can’t be stopped and may still bill it." in stopped.err
    assert (states(here), len(service.charges)) == (["cancelled"], 1)


def test_a_busy_service_doesnt_keep_the_terminal_waiting_for_an_hour(here: CuesmithHere, script: Script) -> None:
    script.before("submit", RateLimited("Polled is busy.", 3_000))

    made = generate(here)

    assert made.code == 130
    assert states(here) == ["queued"]


@pytest.mark.parametrize("wrong", [("cancel",), ("cancel", "abcd", "--all")])
def test_cancel_wants_one_task_or_all(here: CuesmithHere, wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="2"):
        here.run(*wrong)


def test_what_waits_can_only_be_told_apart_among_all(here: CuesmithHere) -> None:
    refused = here.run("cancel", "abcd", "--waiting")

    assert (refused.code, refused.err) == (2, "cuesmith cancel: --waiting goes with --all.\n")
