"""One process runs tasks at a service; another one pauses the queue, or stops what waits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import CuesmithHere
from tests.end_to_end.desktop import ROOT
from tests.servers.faults import Hold
from tests.servers.openai_server import KEY, OpenAIServer

_THREE_TASKS = """
import asyncio, os
from app.domain.request import GenerationRequest
from app.building import build
from app.storage.locations import Locations

async def main():
    services = build(Locations.from_environment(os.environ))
    await services.open()
    queue = services.queue
    queue.pause_changed.listen(lambda is_paused: print("paused" if is_paused else "goes on", flush=True))
    tasks = await queue.add(GenerationRequest("openai", "tts-1", "rain", voice="nova", takes=3))
    tasks = await queue.wait([task.id for task in tasks])
    print(*[task.state.value for task in tasks], flush=True)
    await services.close()

asyncio.run(main())
"""


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(speech_seconds=0.1) as made:
        yield made


@pytest.fixture
def here(tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> CuesmithHere:
    """The other process."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    made = CuesmithHere(tmp_path / "home")
    made.run("config", "set", "providers.openai.base_url", server.url)
    made.run("config", "set", "providers.openai.concurrency", "1")
    return made


@pytest.fixture
def held(server: OpenAIServer) -> Hold:
    """The first speech is made, and doesn't arrive yet."""
    return server.faults.at("speech", Hold(processed=True))


@pytest.fixture
def runner(here: CuesmithHere, held: Hold) -> Iterator[subprocess.Popen[str]]:
    """A process with one task at the service, and two that wait."""
    command = [sys.executable, "-c", _THREE_TASKS]
    environment = {**os.environ, "CUESMITH_HOME": str(here.home)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            held.reached.wait_in_thread()
            yield process
        finally:
            held.release()
            process.kill()


def states(here: CuesmithHere) -> list[str]:
    return sorted(task["state"] for task in here.run("tasks", "--json").json)


def test_a_pause_reaches_the_process_that_runs_the_tasks(
    here: CuesmithHere, server: OpenAIServer, held: Hold, runner: subprocess.Popen[str]
) -> None:
    paused = here.run("pause")
    assert runner.stdout is not None
    assert runner.stdout.readline() == "paused\n"
    held.release()
    told, _ = runner.communicate(timeout=60)

    assert paused.out == "Paused. Nothing new is sent; 2 tasks wait.\n"
    assert "1 task has been sent" in paused.err
    assert told == "finished queued queued\n"
    assert len(server.ledger.charges) == 1
    assert here.run("resume").code == 0
    assert (states(here), len(server.ledger.charges)) == (["finished"] * 3, 3)


def test_what_waits_in_another_process_is_stopped_and_what_has_left_is_kept(
    here: CuesmithHere, server: OpenAIServer, held: Hold, runner: subprocess.Popen[str]
) -> None:
    stopped = here.run("cancel", "--all", "--waiting")
    held.release()
    told, _ = runner.communicate(timeout=60)

    assert (stopped.code, stopped.out) == (0, "2 tasks are cancelled.\n")
    assert told == "finished cancelled cancelled\n"
    assert (states(here), len(server.ledger.charges)) == (["cancelled", "cancelled", "finished"], 1)
