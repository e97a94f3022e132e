"""More tasks than the system lets a process open files: they wait, run, and are all there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import CuesmithHere
from tests.end_to_end.desktop import ROOT
from tests.servers.openai_server import KEY, OpenAIServer

MANY = int(os.environ.get("CUESMITH_MANY_TASKS", "200"))
FILES = int(os.environ.get("CUESMITH_FEW_FILES", "80"))

_QUEUE_MANY = """
import asyncio, os, resource, sys
from pathlib import Path

resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))

from app.domain.request import GenerationRequest
from app.building import build
from app.storage.locations import Locations

async def main(many):
    services = build(Locations.from_environment(os.environ))
    await services.open()
    wanted = GenerationRequest("openai", "tts-1", "rain", voice="nova", takes=min(many, 100))
    ids = []
    while len(ids) < many:
        ids += [task.id for task in await services.queue.add(wanted)]
    print("waiting", sum(services.queue.position(each) is not None for each in ids), flush=True)
    tasks = await services.queue.wait(ids)
    print("finished", sum(task.state == "finished" for task in tasks), flush=True)
    await services.close()

asyncio.run(main(int(sys.argv[2])))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(speech_seconds=0.1) as made:
        yield made


def test_more_tasks_wait_than_files_may_be_open(tmp_path: Path, server: OpenAIServer) -> None:
    home = tmp_path / "home"
    assert CuesmithHere(home).run("config", "set", "providers.openai.base_url", server.url).code == 0
    command = [sys.executable, "-c", _QUEUE_MANY, str(FILES), str(MANY)]
    environment = {**os.environ, "CUESMITH_HOME": str(home), "OPENAI_API_KEY": KEY}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)

    assert done.stderr == ""
    waiting, finished = done.stdout.splitlines()
    assert int(waiting.split()[1]) > FILES
    assert finished == f"finished {MANY}"
    assert len(server.ledger.charges) == MANY
    assert [path.name for path in (home / "data" / "locks").iterdir()] == ["guard"]
