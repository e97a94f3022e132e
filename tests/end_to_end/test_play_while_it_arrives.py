"""Play is pressed while the service still holds back half of the bytes: the first half is heard, then the rest."""

from __future__ import annotations

import json
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
from tests.servers.faults import HoldAfter
from tests.servers.openai_server import KEY, OpenAIServer

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]

_CARD_HZ, _WINDOW_FRAMES = 48_000, 480

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(speech_seconds=4.0) as made:
        yield made


@pytest.fixture
def screen(tmp_path: Path, server: OpenAIServer) -> Iterator[Desktop]:
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(f'[providers.openai]\nbase_url = "{server.url}"\n')
    with desktop(tmp_path) as made:
        made.environment |= {"CUESMITH_HOME": str(home), "OPENAI_API_KEY": KEY}
        yield made


def take_of(screen: Desktop) -> Path:
    command = [sys.executable, "-m", "app", "tasks", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=True, text=True)
    (task,) = json.loads(done.stdout)
    assert task["state"] == "finished"
    return Path(task["takes"][0]["path"])


def loud_seconds(heard: npt.NDArray[np.float32]) -> float:
    """How long it was anything but silent: windows of 10 ms in which something sounds."""
    windows = len(heard) // _WINDOW_FRAMES
    levels = np.abs(heard[: windows * _WINDOW_FRAMES]).reshape(windows, -1).max(axis=1)
    return float(np.count_nonzero(levels > 0.001)) * _WINDOW_FRAMES / _CARD_HZ


def wait_until_it_can_be_pressed(hand: Hand, name: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not hand.see(name, role="push button")["enabled"]:
        assert time.monotonic() < deadline, f"{name} can't be pressed"


def test_the_first_half_is_heard_before_the_second_half_is_sent(screen: Desktop, server: OpenAIServer) -> None:
    held = server.faults.at("speech", HoldAfter(part=0.5))
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")
    before = screen.windows()
    hand.press("Model: ", exact=False)
    screen.wait_for_windows(more_than=before)
    screen.write("tts-1-hd")
    screen.keys("Return")
    hand.type("Text", "The lighthouse is dark tonight.", role="text")
    hand.press("WAV", role="radio button")
    capture = Capture(screen)

    hand.press("Generate ", exact=False)
    held.reached.wait_in_thread()
    wait_until_it_can_be_pressed(hand, "Play")
    hand.press("Play")
    hand.see("Buffering", exact=False)
    half = capture.so_far()
    held.release()
    hand.see("1 take saved.", role="label", exact=False)
    hand.see("Play", role="push button")
    heard = capture.samples()

    samples, rate_hz = soundfile.read(take_of(screen), dtype="float32", always_2d=True)
    assert rate_hz in (24_000, 48_000)
    loud_half, loud = loud_seconds(half), loud_seconds(heard)
    assert 1.5 < loud_half < 2.2, "half of four seconds were heard while the rest was held back"
    assert loud == pytest.approx(len(samples) / rate_hz, abs=0.2)
