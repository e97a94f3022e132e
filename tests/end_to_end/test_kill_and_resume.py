"""A task survives whatever happens to the process that runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.audio.files import verify
from tests.cli.programs import Cuesmith, CuesmithHere

_PATIENCE_S = 60.0
_SECONDS, _TAKES = 15, 6
_LONG = ("generate", "heavy rain on a tin roof, distant thunder", "--duration", str(_SECONDS), "--takes", str(_TAKES))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by POSIX signals here")


@pytest.fixture
def cuesmith(tmp_path: Path) -> Cuesmith:
    return Cuesmith(tmp_path / "home")


@pytest.fixture
def long_task(cuesmith: Cuesmith) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of a task."""
    process = cuesmith.start(*_LONG, "--json")
    try:
        until(lambda: state(cuesmith) == ["running"])
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():  # each look is a read of the library
        assert time.monotonic() < deadline, "it never came"


def tasks(cuesmith: Cuesmith) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = CuesmithHere(cuesmith.home).run("tasks", "--json").json
    return listed


def state(cuesmith: Cuesmith) -> list[str]:
    return [task["state"] for task in tasks(cuesmith)]


def assert_whole(task: dict[str, Any]) -> None:
    assert task["state"] == "finished"
    assert [take["id"] for take in task["takes"]] == [f"{task['id']}-{n}" for n in range(1, _TAKES + 1)]
    assert all(verify(Path(take["path"])).duration_s == pytest.approx(_SECONDS) for take in task["takes"])


def test_a_task_whose_process_was_killed_is_there_and_is_finished_by_resume(
    cuesmith: Cuesmith, long_task: subprocess.Popen[str]
) -> None:
    long_task.kill()
    long_task.wait()

    (before,) = tasks(cuesmith)
    resumed = cuesmith.run("resume", "--json")

    assert before["state"] in ("running", "submitting", "queued")
    assert (resumed.code, resumed.err) == (0, "")
    (task,) = resumed.json
    assert task["id"] == before["id"]
    assert_whole(task)
    assert cuesmith.run("resume", "--json").json == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_task_says_how_it_goes_on_and_does(
    cuesmith: Cuesmith, long_task: subprocess.Popen[str], number: signal.Signals
) -> None:
    long_task.send_signal(number)
    long_task.send_signal(number)  # impatience changes nothing
    _, err = long_task.communicate(timeout=_PATIENCE_S)

    assert long_task.returncode == 130
    assert "cuesmith resume" in err
    assert "Traceback" not in err
    resumed = cuesmith.run("resume", "--json")
    assert resumed.code == 0
    assert_whole(resumed.json[0])


def test_two_processes_share_a_library(cuesmith: Cuesmith, long_task: subprocess.Popen[str]) -> None:
    (task,) = tasks(cuesmith)

    resumed = cuesmith.run("resume", "--json")
    cancelled = cuesmith.run("cancel", task["id"])
    out, err = long_task.communicate(timeout=_PATIENCE_S)

    assert (resumed.code, resumed.json) == (0, [])
    assert "held by another Cuesmith" in resumed.err
    assert (cancelled.code, cancelled.out) == (0, f"{task['id']}  cancelled\n")
    assert long_task.returncode == 1
    assert '"cancelled"' in out
    assert f"cuesmith retry {task['id']}" in err
    assert state(cuesmith) == ["cancelled"]


def test_a_cancelled_task_can_be_taken_up_again(cuesmith: Cuesmith, long_task: subprocess.Popen[str]) -> None:
    (task,) = tasks(cuesmith)
    cuesmith.run("cancel", task["id"])
    long_task.wait(timeout=_PATIENCE_S)

    retried = cuesmith.run("retry", task["id"])

    assert retried.code == 0
    assert [line.split()[0] for line in retried.lines] == [f"{task['id']}-{n}" for n in range(1, _TAKES + 1)]
    assert_whole(tasks(cuesmith)[0])
