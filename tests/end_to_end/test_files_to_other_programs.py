"""Takes dragged and copied out of the real window into another program, which keeps them when the window is gone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
import soundfile

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_services_from_the_window import command_line

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
PLACE = (20, 640, 240, 140)  # of the other program, in front of the window’s left column
ROW_PX, HEADING_PX = 32, 28

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(120),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


class OtherProgram:
    """What it was given, as it tells it."""

    def __init__(self, screen: Desktop) -> None:
        command = [sys.executable, "-m", "tests.end_to_end.other_program", *map(str, PLACE)]
        self._process = screen.start(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def hear(self, what: str) -> dict[str, Any]:
        """The next time that it tells of this."""
        assert self._process.stdout is not None
        while True:
            told: dict[str, Any] = json.loads(self._process.stdout.readline())
            if what in told:
                return told

    def clipboard(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return self.hear("clipboard")


def mouse(screen: Desktop, *deeds: object) -> None:
    command = ["xdotool", *map(str, deeds)]
    subprocess.run(command, env=screen.environment, check=True, timeout=20)


def drag(screen: Desktop, other: OtherProgram, x: float, y: float) -> dict[str, Any]:
    """Pull from a place of the window to the other program, and let go there."""
    to_x, to_y = PLACE[0] + PLACE[2] // 2, PLACE[1] + PLACE[3] // 2
    mouse(screen, "mousemove", round(x), round(y), "mousedown", 1)
    mouse(screen, "mousemove_relative", "--sync", 6, 3, "mousemove_relative", "--sync", 12, 6)
    # It is told of the second place only after its answer to the first one, by which it takes the files, has come.
    for place in (to_x - 3, to_x):
        mouse(screen, "mousemove", "--sync", place, to_y)
        other.hear("above")
    mouse(screen, "mouseup", 1)
    return other.hear("dropped")


def paths_of(urls: list[str]) -> list[Path]:
    assert all(urlsplit(url).scheme == "file" for url in urls)
    return [Path(unquote(urlsplit(url).path)) for url in urls]


def test_a_row_is_dragged_and_a_take_copied_into_another_program(screen: Desktop, tmp_path: Path) -> None:
    made = command_line(screen, "generate", "Door creak “old”", "--takes", "2", "--duration", "0.3", "--json")
    takes = [Path(take["path"]) for take in made["takes"]]
    window = screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    other = OtherProgram(screen)
    hand.see("Door creak “old”", exact=False)
    x, y, _width, _height = hand.ask("where", role="table", name="Library")

    # The row of the task is pulled: that is both of its takes.
    told = drag(screen, other, x + 240, y + HEADING_PX + ROW_PX / 2)
    files = paths_of(told["dropped"])
    assert told["action"] == "CopyAction"
    assert [file.name for file in files] == ["Door creak “old”_1.wav", "Door creak “old”_2.wav"]
    assert {file.parent for file in files} == {tmp_path / "home" / "clips"}

    # Of the take on show Ctrl+C copies what is selected, and its handle gives the very same file.
    left, top, width, _height = hand.ask("where", role="slider", name="Waveform")
    mouse(screen, "mousemove", round(left + width / 3), top + 100, "mousedown", 1)
    mouse(screen, "mousemove", "--sync", round(left + width / 2), top + 100)
    mouse(screen, "mousemove", "--sync", round(left + width * 2 / 3), top + 100, "mouseup", 1)
    hand.see("Clear the selection", role="push button")
    screen.keys("ctrl+c")
    hand.see("1 file copied.", role="label")
    copied = other.clipboard()
    (part,) = paths_of(copied["clipboard"])
    assert {"text/uri-list", "x-special/gnome-copied-files"} <= set(copied["formats"])
    handle = hand.ask("where", role="push button", name="Drag to DAW")
    told = drag(screen, other, handle[0] + handle[2] / 2, handle[1] + handle[3] / 2)
    assert paths_of(told["dropped"]) == [part]

    # Nobody needs the window for them any more.
    window.terminate()
    window.wait(30)
    for file, take in zip(files, takes, strict=True):
        assert np.array_equal(soundfile.read(file)[0], soundfile.read(take)[0])
    whole, _rate = soundfile.read(takes[0])
    selected, _rate = soundfile.read(part)
    assert len(whole) * 0.3 < len(selected) < len(whole) * 0.36
    first = len(whole) // 3 - 600
    starts = [at for at in range(first, first + 1_200) if np.array_equal(whole[at : at + 64], selected[:64])]
    assert any(np.array_equal(whole[at : at + len(selected)], selected) for at in starts)
