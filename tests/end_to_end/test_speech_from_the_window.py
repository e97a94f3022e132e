"""Every model of Camb.ai, RunInfra and OpenAI in the real window, over the accessibility bus."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.files import verify
from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_services_from_the_window import Case, add_clip, choose, command_line, wait_for_tasks
from tests.servers.camb import KEY as CAMB_KEY
from tests.servers.camb import CambServer
from tests.servers.openai_server import KEY as OPENAI_KEY
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import KEY as RUNINFRA_KEY
from tests.servers.runinfra import RunInfraServer

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
WORDS = "The lighthouse is dark tonight."

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(300),
]

CASES = (
    Case("camb", "text-to-sound", "text-to-sound", "wav"),
    Case("camb", "text-to-music", "text-to-music", "wav"),
    Case("camb", "mars-flash", "mars-flash", "wav", text="Text"),
    Case("camb", "mars-pro", "mars-pro", "wav", text="Text"),
    Case("runinfra", "kokoro", "runinfra kokoro", "mp3", text="Text"),
    Case("runinfra", "xtts-v2", "xtts-v2", "mp3", text="Text", has_clip=True),
    Case("openai", "tts-1-hd", "tts-1-hd", "mp3", text="Text"),
    Case("openai", "gpt-4o-mini-tts", "gpt-4o-mini-tts", "mp3", text="Text"),
)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    with CambServer(music_seconds=1.0) as camb, RunInfraServer() as runinfra, OpenAIServer() as openai:
        servers = {"camb": camb, "runinfra": runinfra, "openai": openai}
        lines = [
            f'[providers.{name}]\nbase_url = "{server.url}"\npoll_interval_s = 0.05\n'
            for name, server in servers.items()
        ]
        (home / "config" / "settings.toml").write_text("\n".join(lines))
        with desktop(tmp_path) as made:
            made.environment |= {
                "CUESMITH_HOME": str(home),
                "CAMB_API_KEY": CAMB_KEY,
                "RUNINFRA_API_KEY": RUNINFRA_KEY,
                "OPENAI_API_KEY": OPENAI_KEY,
            }
            yield made


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    time = np.arange(8_000 * 5) / 8_000
    soundfile.write(tmp_path / "speaker.wav", 0.3 * np.sin(880 * np.pi * time), 8_000, subtype="PCM_16")
    return tmp_path / "speaker.wav"


def test_every_model_brings_a_take(screen: Desktop, clip: Path) -> None:
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")

    for number, case in enumerate(CASES, start=1):
        choose(screen, hand, case)
        hand.type(case.text, WORDS, role="text")
        if case.has_clip:
            add_clip(hand, clip)
        hand.press("Generate ", exact=False)
        if case.provider != "openai":  # on this computer it bills nothing
            hand.press("Generate, price unknown")
        wait_for_tasks(screen, number)

    tasks = command_line(screen, "tasks", "--json")
    assert [(task["model"], task["state"], task["error"]) for task in tasks] == [
        (case.model, "finished", None) for case in CASES
    ]
    for task, case in zip(tasks, CASES, strict=True):
        (take,) = task["takes"]
        assert verify(Path(take["path"])).format == case.format
