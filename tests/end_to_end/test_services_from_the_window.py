"""Every model of the job services in the real window, over the accessibility bus, against the services on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.audio.files import verify
from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.servers.aimlapi import KEY as AIMLAPI_KEY
from tests.servers.aimlapi import AimlapiServer
from tests.servers.runware import KEY as RUNWARE_KEY
from tests.servers.runware import RunwareServer

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
WORDS = "An old harbour at night, bells far away"

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(300),
]


@dataclass(frozen=True)
class Case:
    """A model as a person finds it, and what its takes must be.

    Attributes:
        search: Typed into the list of models.
        text: Name of the field for the words.
        fields: Further fields by name.
        format: Of the takes.
    """

    provider: str
    model: str
    search: str
    format: str
    text: str = "Prompt"
    fields: tuple[tuple[str, str], ...] = ()
    takes: int = 1
    has_clip: bool = False


LYRICS = (("Lyrics", "Come down to the harbour where the lights are low"),)
RUNWARE = (
    Case("runware", "bytedance:seed-audio@1.0", "seed audio", "mp3", takes=3),
    Case("runware", "elevenlabs:1@1", "eleven music v1", "mp3"),
)
AIMLAPI = (
    Case("aimlapi", "stable-audio", "stable audio", "wav"),
    Case("aimlapi", "elevenlabs/eleven_music", "elevenlabs/eleven_music", "mp3"),
    Case("aimlapi", "google/lyria2", "lyria", "wav"),
    Case("aimlapi", "minimax/music-1.5", "minimax/music-1.5", "mp3", text="Style", fields=LYRICS),
    Case("aimlapi", "minimax/music-2.0", "minimax/music-2.0", "mp3", text="Style", fields=LYRICS),
    Case("aimlapi", "minimax/music-2.6", "minimax/music-2.6", "mp3", text="Style", fields=LYRICS),
    Case("aimlapi", "minimax/music-cover", "minimax/music-cover", "mp3", text="Style", has_clip=True),
    Case("aimlapi", "minimax-music", "minimax-music", "mp3", text="Lyrics"),  # the clip of the one before is kept
    Case("aimlapi", "openai/tts-1", "openai/tts-1", "mp3", text="Text"),
    Case("aimlapi", "elevenlabs/eleven_multilingual_v2", "multilingual", "mp3", text="Text"),
)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment |= {
            "CUESMITH_HOME": str(tmp_path / "home"),
            "RUNWARE_API_KEY": RUNWARE_KEY,
            "AIMLAPI_API_KEY": AIMLAPI_KEY,
        }
        yield made


def command_line(screen: Desktop, *arguments: str) -> Any:
    command = [sys.executable, "-m", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=True, text=True)
    return json.loads(done.stdout) if done.stdout else None


def open_window(screen: Desktop, provider: str, url: str) -> Hand:
    command_line(screen, "config", "set", f"providers.{provider}.base_url", url)
    command_line(screen, "config", "set", f"providers.{provider}.poll_interval_s", "0.05")
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")
    return hand


def choose(screen: Desktop, hand: Hand, case: Case) -> None:
    """The model by typing some of its name, as a person does."""
    before = screen.windows()
    hand.press("Model: ", exact=False)
    screen.wait_for_windows(more_than=before)
    screen.write(case.search)
    screen.keys("Return")
    hand.see("Model: ", role="push button", exact=False)


def add_clip(hand: Hand, clip: Path) -> None:
    hand.press("Add ", exact=False)
    dialog = {"inside": ("dialog", "Add clips")}
    hand.type("File name:", str(clip), role="text", **dialog)
    hand.press("Open", **dialog)
    hand.see(clip.stem, role="label", exact=False)


def generate(hand: Hand, case: Case) -> None:
    """One click; a price that nobody publishes is asked about once."""
    hand.press("Generate ", exact=False)
    if case.provider == "aimlapi":
        hand.press("Generate, price unknown")


def use(screen: Desktop, hand: Hand, case: Case, clip: Path, task_number: int) -> None:
    choose(screen, hand, case)
    hand.type(case.text, WORDS, role="text")
    for name, text in case.fields:
        hand.type(name, text, role="text")
    if case.has_clip:
        add_clip(hand, clip)
    generate(hand, case)
    wait_for_tasks(screen, task_number)


def wait_for_tasks(screen: Desktop, count: int) -> None:
    """Until so many tasks have come to rest."""
    while True:
        tasks = command_line(screen, "tasks", "--json")
        if len(tasks) >= count and all(task["state"] not in ("queued", "submitting", "running") for task in tasks):
            return


def check(screen: Desktop, cases: tuple[Case, ...]) -> None:
    tasks = command_line(screen, "tasks", "--json")
    assert [(task["model"], task["state"], task["error"]) for task in tasks] == [
        (case.model, "finished", None) for case in cases
    ]
    for task, case in zip(tasks, cases, strict=True):
        assert len(task["takes"]) == case.takes
        assert task["cost_usd"] is not None
        for take in task["takes"]:
            assert verify(Path(take["path"])).format == case.format


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    time = np.arange(8_000 * 20) / 8_000
    soundfile.write(tmp_path / "melody.wav", 0.3 * np.sin(880 * np.pi * time), 8_000, subtype="PCM_16")
    return tmp_path / "melody.wav"


def test_the_models_of_runware_bring_takes(screen: Desktop, clip: Path) -> None:
    with RunwareServer(result_seconds=1.0, honours_duration=False) as server:
        hand = open_window(screen, "runware", server.url)

        for number, case in enumerate(RUNWARE, start=1):
            use(screen, hand, case, clip, number)

        check(screen, RUNWARE)
        assert len(server.jobs) == len(RUNWARE)
        assert server.files.violations == []


def test_the_models_of_aimlapi_bring_takes(screen: Desktop, clip: Path) -> None:
    with AimlapiServer(result_seconds=1.0, honours_duration=False) as server:
        hand = open_window(screen, "aimlapi", server.url)

        for number, case in enumerate(AIMLAPI, start=1):
            use(screen, hand, case, clip, number)

        check(screen, AIMLAPI)
        assert server.files.violations == []
