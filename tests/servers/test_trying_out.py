"""`python -m tests.servers`, as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from tests.servers import aimlapi, camb, runinfra, runware
from tests.servers.file_host import FileHost

_CHECKOUT = Path(__file__).parents[2]
_SERVICES = ("runware", "aimlapi", "camb", "openai", "runinfra", "kokoro", "speaches")
_FREE_PORTS = [f"--{name}-port=0" for name in (*_SERVICES, "runware-files", "aimlapi-files", "camb-files")]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="asks processes to end by signal")


def _start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.servers", *options],
        cwd=_CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_it_says_how_to_use_it_tells_what_happens_and_ends_when_told_to():
    with _start(*_FREE_PORTS, "--ready-after=0", "--result-seconds=0.1") as process:
        assert process.stdout is not None
        said = ""
        while "--provider aimlapi" not in said:
            said += process.stdout.readline()
        addresses = dict(re.findall(r"""config set '?providers\."?([\w:]+)"?\.base_url'? (\S+)""", said))
        headers = {"Authorization": f"Bearer {runware.KEY}"}
        task = {
            "taskType": "audioInference",
            "taskUUID": str(uuid.uuid4()),
            "model": "bytedance:seed-audio@1.0",
            "positivePrompt": "a secret scene",
        }
        made = httpx.post(addresses["runware"], json=[task], headers=headers, trust_env=False, timeout=20)
        models = httpx.get(f"{addresses['aimlapi']}/v1/models", trust_env=False)
        line = {"input": "a secret line", "model": "kokoro", "voice": "af_heart"}
        spoken = [
            httpx.post(f"{addresses[name]}/audio/speech", json=line, headers=headers, trust_env=False)
            for name, headers in (
                ("runinfra", {"Authorization": f"Bearer {runinfra.KEY}"}),
                ("openai:kokoro", {}),
            )
        ]
        voices = httpx.get(f"{addresses['camb']}/list-voices", headers={"x-api-key": camb.KEY}, trust_env=False)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=20)

    assert f"export RUNWARE_API_KEY={runware.KEY}" in said
    assert f"export AIMLAPI_API_KEY={aimlapi.KEY}" in said
    assert made.json()["data"][0]["audioURL"]
    assert models.status_code == voices.status_code == 200
    assert [reply.status_code for reply in spoken] == [200, 200]
    assert "runinfra: POST /v1/audio/speech speech kokoro mp3 -> 200" in told
    assert "kokoro: POST /v1/audio/speech speech kokoro mp3 -> 200" in told
    assert f"export CAMB_API_KEY={camb.KEY}" in said
    assert "openai:speaches" in addresses
    assert "runware: POST /v1 submit audioInference bytedance:seed-audio@1.0 -> 200" in told
    assert f"runware: charged 0.000263 USD for {task['taskUUID']}" in told
    assert "a secret" not in told
    assert runware.KEY not in told
    assert process.returncode == 0


def test_it_ends_by_itself():
    with _start(*_FREE_PORTS, "--minutes=0.001") as process:
        told, _ = process.communicate(timeout=20)

    assert "Ended" in told
    assert process.returncode == 0


@pytest.mark.parametrize("name", ["runware", "speaches"])
def test_a_taken_port_is_told_in_a_sentence(name):
    with FileHost() as somebody:
        port = somebody.url.rpartition(":")[2]
        with _start(*_FREE_PORTS, f"--{name}-port={port}") as process:
            told, _ = process.communicate(timeout=20)

    assert f"Port {port} " in told
    assert "is taken" in told
    assert f"--{name}-port" in told
    assert "Traceback" not in told
    assert process.returncode == 2
