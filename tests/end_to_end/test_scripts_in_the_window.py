"""A script from a sheet to its files, from the real window, over the accessibility bus."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.audio.files import verify
from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_services_from_the_window import command_line, wait_for_tasks

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
PICKER = {"inside": ("dialog", "Import a script")}

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


def open_sheet(screen: Desktop, hand: Hand, sheet: Path) -> None:
    screen.keys("ctrl+b")
    hand.type("File name:", str(sheet), role="text", **PICKER)
    hand.press("Choose", exact=False, **PICKER)


def test_a_sheet_is_mended_made_and_found_unchanged_the_next_time(screen: Desktop, tmp_path: Path) -> None:
    sheet = tmp_path / "Night storm.csv"
    sheet.write_text("id,prompt,duration\nrain_01,rain,0.2\nrain_02,heavy rain,soon\n")
    window = screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")
    alone = screen.windows()

    open_sheet(screen, hand, sheet)
    hand.see("Night storm.csv: 2 lines. 1 is new, 1 needs a fix.", role="label")
    hand.type("rain_02: duration", "0.3", role="text")
    screen.keys("Return")
    hand.see("Night storm.csv: 2 lines. 2 are new.", role="label")
    hand.press("Generate 2 lines", exact=False)
    wait_for_tasks(screen, 2)
    while screen.windows() > alone:
        continue  # the dialog is about to close
    folder = tmp_path / "Night storm"

    open_sheet(screen, hand, sheet)
    hand.see("Night storm.csv: 2 lines. 1 is unchanged, 1 needs a fix.", role="label")
    screen.keys("Escape")
    window.terminate()  # as a session that ends; what is to be written is written
    window.wait(30)

    assert [task["state"] for task in command_line(screen, "tasks", "--json")] == ["finished", "finished"]
    assert verify(folder / "rain_01.wav").duration_s == pytest.approx(0.2)
    assert verify(folder / "rain_02.wav").duration_s == pytest.approx(0.3)
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        assert [row["file"] for row in csv.DictReader(file)] == ["rain_01.wav", "rain_02.wav"]
