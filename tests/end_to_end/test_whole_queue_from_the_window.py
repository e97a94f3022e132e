"""The queue is paused by a command and goes on from the window, as a person and a screen reader see it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


def command_line(screen: Desktop, *arguments: str) -> str:
    command = [sys.executable, "-m", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=True, text=True)
    return done.stdout


def states(screen: Desktop) -> list[str]:
    return [task["state"] for task in json.loads(command_line(screen, "tasks", "--json"))]


def test_a_pause_of_another_process_is_seen_and_ended_in_the_window(screen: Desktop) -> None:
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.type("Prompt", "rain on a tin roof", role="text")

    command_line(screen, "pause")
    hand.see("Paused", role="label")
    hand.press("Generate 3 takes", exact=False)
    hand.see("1 queued", role="label")

    row = hand.ask("cell", role="table", name="Library", row=0, column=2)
    assert row["name"].startswith("Queued, paused")
    assert states(screen) == ["queued"]
    hand.press("Resume the queue")
    hand.see("3 takes saved.", role="label")
    assert states(screen) == ["finished"]
