"""The main job as a person does it, from outside: prompt, Generate, listen, compare, export."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts

PROMPT = "Heavy iron door slams shut in a stone corridor, short hinge creak before"
MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


@pytest.fixture
def hand(screen: Desktop) -> Hand:
    """A person's hand on the running window."""
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    return Hand(screen, "Cuesmith")


class Capture:
    """Everything that the sound card gets, from now on."""

    def __init__(self, screen: Desktop) -> None:
        self._file = screen.folder / "heard.raw"
        with self._file.open("wb") as heard:
            command = ["parec", "-d", "cap.monitor", "--format=float32le", "--rate=48000", "--channels=2"]
            self._recorder = screen.start([*command, "--latency-msec=20"], stdout=heard)

    def samples(self) -> npt.NDArray[np.float32]:
        """What was heard; ends the recording."""
        self._recorder.terminate()
        self._recorder.wait(10)
        return self.so_far()

    def so_far(self) -> npt.NDArray[np.float32]:
        """What was heard until now; shape (frames, 2)."""
        whole = self._file.stat().st_size // 8 * 8
        return np.frombuffer(self._file.read_bytes()[:whole], dtype=np.float32).reshape(-1, 2)


def occurrences(part: npt.NDArray[np.float32], heard: npt.NDArray[np.float32]) -> int:
    """How often a part was heard from its first to its last sample, bit by bit."""
    at = int(np.abs(part).max(axis=1).argmax())  # the loudest sample is the rarest
    starts = np.flatnonzero((heard == part[at]).all(axis=1)) - at
    fitting = [start for start in starts if start >= 0 and start + len(part) <= len(heard)]
    return sum(bool(np.array_equal(heard[start : start + len(part)], part)) for start in fitting)


def take_files(screen: Desktop) -> list[Path]:
    """The stored takes, as the command line tells them."""
    command = [sys.executable, "-m", "app", "tasks", "--json"]
    answer = subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=True, text=True)
    tasks = json.loads(answer.stdout)
    assert [task["state"] for task in tasks] == ["finished"]
    assert tasks[0]["prompt"] == PROMPT
    return [Path(take["path"]) for take in tasks[0]["takes"]]


def test_from_prompt_to_file(screen: Desktop, hand: Hand, tmp_path: Path) -> None:
    # A sentence, a length, and the button.
    hand.type("Prompt", PROMPT, role="text")
    hand.see("Understood: door creak", role="label", exact=False)
    hand.press("Generate 3 takes", exact=False)
    hand.see("3 takes saved.", role="label")
    row = hand.ask("cell", role="table", name="Library", row=0, column=2)
    assert row["name"].startswith(f"3 takes, {PROMPT}")
    takes = take_files(screen)
    assert len(takes) == 3

    # Hear the first take to its end, then the second.
    capture = Capture(screen)
    hand.press("Play")
    hand.see("Pause", role="push button")
    hand.see("Play", role="push button")
    hand.press("Take 2", role="check box")
    hand.press("To the start")
    hand.press("Play")
    hand.see("Pause", role="push button")
    hand.see("Play", role="push button")
    heard = capture.samples()
    for take in takes[:2]:
        samples, rate_hz = soundfile.read(take, dtype="float32")
        assert rate_hz == 48000
        assert occurrences(samples, heard) == 1

    # Hand the second take over as 24-bit FLAC at 44.1 kHz.
    hand.press("Export")
    dialog = {"inside": ("dialog", "Export 1 take")}
    hand.type("Folder", str(tmp_path / "studio"), role="text", **dialog)
    hand.press("FLAC", role="radio button", **dialog)
    hand.press("24", role="radio button", **dialog)
    hand.open_menu("Sample rate", **dialog)
    screen.keys(*["Down"] * 6, "Return")  # popup menus are not in the tree of the accessibility bus
    assert hand.see("Sample rate", role="push button", **dialog)["description"] == "44,100 Hz"
    hand.press("Export 1 file", **dialog)
    hand.see("1 file exported to studio.", role="label", exact=False)

    (exported,) = (tmp_path / "studio").iterdir()
    info = soundfile.info(exported)
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("FLAC", "PCM_24", 44100, 2)
    samples, _ = soundfile.read(exported)
    assert len(samples) == pytest.approx(4.0 * 44100, abs=64)
    assert np.abs(samples).max() > 0.1


def test_a_window_that_is_told_to_end_keeps_what_it_shows(screen: Desktop) -> None:
    window = screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    Hand(screen, "Cuesmith").type("Prompt", "Wind in a keyhole", role="text")

    window.terminate()

    assert window.wait(20) == 0
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    assert Hand(screen, "Cuesmith").see("Prompt", role="text")["text"] == "Wind in a keyhole"
