"""Power off while a service has the task: nothing paid is lost, nothing is paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.audio.files import verify
from tests.cli.programs import Cuesmith, Finished
from tests.servers.aimlapi import KEY as AIMLAPI_KEY
from tests.servers.aimlapi import AimlapiServer
from tests.servers.faults import Hold
from tests.servers.runware import KEY as RUNWARE_KEY
from tests.servers.runware import RunwareServer

SCENE = ("generate", "rain", "--provider", "runware", "--model", "bytedance:seed-audio@1.0", "--takes", "3")
MUSIC = ("generate", "rain", "--provider", "aimlapi", "--model", "stable-audio", "--duration", "3")
SPEECH = ("generate", "rain", "--provider", "aimlapi", "--model", "openai/tts-1")


@pytest.fixture
def runware() -> Iterator[RunwareServer]:
    with RunwareServer(result_seconds=1.5) as server:
        yield server


@pytest.fixture
def aimlapi() -> Iterator[AimlapiServer]:
    with AimlapiServer(result_seconds=1.5) as server:
        yield server


@pytest.fixture
def cuesmith(tmp_path: Path, runware: RunwareServer, aimlapi: AimlapiServer) -> Cuesmith:
    app = Cuesmith(tmp_path / "home", {"RUNWARE_API_KEY": RUNWARE_KEY, "AIMLAPI_API_KEY": AIMLAPI_KEY})
    for provider, server in (("runware", runware), ("aimlapi", aimlapi)):
        assert app.run("config", "set", f"providers.{provider}.base_url", server.url).code == 0
        assert app.run("config", "set", f"providers.{provider}.poll_interval_s", "0.05").code == 0
    return app


def killed_at(cuesmith: Cuesmith, server: Any, phase: str, fault: Hold, command: tuple[str, ...]) -> None:
    """Start a task and kill -9 the app while the service holds this phase."""
    held = (server.files if phase == "download" else server).faults.at(phase, fault)
    process = cuesmith.start(*command)
    try:
        held.reached.wait_in_thread()
    finally:
        process.kill()
        process.communicate()
    held.release()


def takes_of(finished: Finished) -> list[dict[str, Any]]:
    """The takes of the one task, each decoded once more."""
    (task,) = finished.json
    for take in task["takes"]:
        verify(Path(take["path"]))
    return list(task["takes"])


@pytest.mark.parametrize(
    ("phase", "fault"),
    [
        ("submit", lambda: Hold()),
        ("submit", lambda: Hold(processed=True)),
        ("poll", lambda: Hold()),
        ("download", lambda: Hold()),
        ("download", lambda: Hold(processed=True)),
    ],
    ids=["before it is accepted", "after it is accepted", "while it is made", "before a fetch", "during a fetch"],
)
def test_a_job_that_can_be_found_is_carried_on_to_all_its_takes_for_one_charge_each(
    cuesmith: Cuesmith, runware: RunwareServer, phase: str, fault: Callable[[], Hold]
) -> None:
    killed_at(cuesmith, runware, phase, fault(), SCENE)

    resumed = cuesmith.run("resume", "--json")

    assert resumed.code == 0, resumed.err
    assert len(takes_of(resumed)) == 3
    assert len(runware.jobs) == 1
    assert len(runware.ledger.charges) == 3  # one a result, none twice
    assert runware.files.violations == []
    assert cuesmith.run("resume", "--json").json == []


@pytest.mark.parametrize("is_accepted", [False, True], ids=["before it is accepted", "after it is accepted"])
@pytest.mark.parametrize("command", [MUSIC, SPEECH], ids=["music", "speech"])
def test_a_service_that_cannot_be_asked_leaves_the_decision_to_the_user_and_is_sent_nothing_twice(
    cuesmith: Cuesmith, aimlapi: AimlapiServer, command: tuple[str, ...], is_accepted: bool
) -> None:
    phase = "submit" if command is MUSIC else "tts"
    killed_at(cuesmith, aimlapi, phase, Hold(processed=is_accepted), command)

    resumed = cuesmith.run("resume", "--json")
    again = cuesmith.run("resume", "--json")

    assert (resumed.code, again.code) == (3, 3)
    assert [task["state"] for task in resumed.json] == ["uncertain"]
    assert len(aimlapi.requests_of(phase)) == 1
    task_id = resumed.json[0]["id"]
    assert cuesmith.run("resolve", task_id, "--failed").code == 0
    assert cuesmith.run("resume", "--json").json == []


@pytest.mark.parametrize(
    ("phase", "fault"),
    [("poll", lambda: Hold()), ("download", lambda: Hold()), ("download", lambda: Hold(processed=True))],
    ids=["while it is made", "before the fetch", "during the fetch"],
)
def test_a_job_with_a_name_is_carried_on_for_one_charge(
    cuesmith: Cuesmith, aimlapi: AimlapiServer, phase: str, fault: Callable[[], Hold]
) -> None:
    killed_at(cuesmith, aimlapi, phase, fault(), MUSIC)

    resumed = cuesmith.run("resume", "--json")

    assert resumed.code == 0, resumed.err
    assert len(takes_of(resumed)) == 1
    assert len(aimlapi.requests_of("submit")) == 1
    assert len(aimlapi.ledger.charges) == 1


def test_a_queued_task_is_sent_once_at_the_next_start(
    cuesmith: Cuesmith, runware: RunwareServer, tmp_path: Path
) -> None:
    """One place at the service: the second task of another process waits, and its process dies waiting."""
    cuesmith.run("config", "set", "providers.runware.concurrency", "1")
    held = runware.faults.at("poll", Hold())
    first = cuesmith.start(*SCENE)
    held.reached.wait_in_thread()
    second = cuesmith.start(*SCENE)
    wait_for_tasks(cuesmith, 2)
    for process in (second, first):
        process.kill()
        process.communicate()
    held.release()

    resumed = cuesmith.run("resume", "--json")

    assert resumed.code == 0, resumed.err
    assert [len(task["takes"]) for task in resumed.json] == [3, 3]
    assert len(runware.jobs) == 2
    assert len(runware.ledger.charges) == 6


def wait_for_tasks(cuesmith: Cuesmith, count: int) -> None:
    """Until so many tasks are on the disk."""
    while len(cuesmith.run("tasks", "--json").json) < count:
        pass
