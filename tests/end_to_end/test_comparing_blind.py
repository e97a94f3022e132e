"""Takes compared blind over the accessibility bus: nothing there tells them apart; the pick names what was heard."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.end_to_end.desktop import PATIENCE_S, ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_window import Capture

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
PROMPT = "Heavy rain on a tin roof"
_CARD_HZ = 48_000

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


def takes_of(screen: Desktop) -> list[npt.NDArray[np.float32]]:
    """Three takes made by the command line, in the order of their numbers; shape (frames, 2)."""
    command = [sys.executable, "-m", "app", "generate", PROMPT, "--takes", "3", "--duration", "3", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=True, text=True)
    return [soundfile.read(take["path"], dtype="float32")[0] for take in json.loads(done.stdout)["takes"]]


def likeness(take: npt.NDArray[np.float32], heard: npt.NDArray[np.float32]) -> float:
    """How well a take explains what was heard, wherever in it that was: 1 is the same sound, however loud."""
    left, right = take[:, 0].astype(float), heard[:, 0].astype(float)
    size = 1 << (len(left) + len(right)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(right, size) * np.conj(np.fft.rfft(left, size)), size)
    return float(np.abs(cross).max() / np.sqrt((left**2).sum() * (right**2).sum()))


def one_round(capture: Capture) -> npt.NDArray[np.float32]:
    """What is heard from now on, for a bit less than the length of a take."""
    begin, deadline = len(capture.so_far()), time.monotonic() + PATIENCE_S
    wanted = int(2.5 * _CARD_HZ)
    while len(capture.so_far()) < begin + wanted:
        assert time.monotonic() < deadline, "nothing more was heard"
        time.sleep(0.05)
    return capture.so_far()[begin : begin + wanted]


def test_hidden_takes_cannot_be_told_apart_until_one_is_picked(screen: Desktop) -> None:
    takes = takes_of(screen)
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.ask("focus", role="table", name="Library")
    screen.keys("Home", "Down", "Up", "Right", "Down")  # the first take, in the unfolded task
    assert hand.see("Take 1", role="check box")["checked"]

    hand.press("Compare blind", role="check box")
    hand.see("Pick A", role="push button")
    seen = {}
    for letter in "ABC":
        hand.press(letter, role="check box")
        hand.see(f"Pick {letter}", role="push button")
        seen[letter] = [each.replace(f"Pick {letter}", "Pick") for each in hand.ask("tree", name="")]
    assert seen["A"] == seen["B"] == seen["C"]
    assert not [each for each in seen["A"] if re.fullmatch(r"(check box|push button): .*Take \d.*", each)]
    assert "slider: Position" in seen["A"]
    assert "slider: Waveform" not in seen["A"]

    # Which one B really is can be heard, and nowhere be seen.
    hand.press("Loop", role="check box")
    hand.press("B", role="check box")
    hand.press("Play")
    hand.see("Pause", role="push button")
    capture = Capture(screen)
    heard = one_round(capture)
    alike = [likeness(take, heard) for take in takes]
    number = int(np.argmax(alike)) + 1
    assert max(alike) > 2 * sorted(alike)[-2]
    hand.press("Pick B")

    assert hand.see("B was take", role="label", exact=False)["name"] == f"B was take {number}."
    assert hand.see(f"Take {number}", role="check box")["checked"]
    hand.see("Waveform", role="slider")
