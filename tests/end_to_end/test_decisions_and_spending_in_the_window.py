"""Lost answers decided, and the ledger read and exported, over the accessibility bus and the keyboard alone."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.servers.aimlapi import KEY, AimlapiServer
from tests.servers.faults import Drop

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
MUSIC = ("generate", "rain", "--provider", "aimlapi", "--model", "stable-audio", "--duration", "3")
UNCERTAIN = 3

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment |= {"CUESMITH_HOME": str(tmp_path / "home"), "AIMLAPI_API_KEY": KEY}
        yield made


@pytest.fixture
def service(tmp_path: Path) -> Iterator[AimlapiServer]:
    with AimlapiServer(result_seconds=1.5) as server:
        settings = tmp_path / "home" / "config" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[providers.aimlapi]\nbase_url = "{server.url}"\npoll_interval_s = 0.05\n')
        yield server


def exit_code(screen: Desktop, *arguments: str) -> int:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, env=screen.environment, capture_output=True, check=False).returncode


def test_two_lost_answers_are_decided_and_the_ledger_is_exported(
    screen: Desktop, service: AimlapiServer, tmp_path: Path
) -> None:
    service.faults.at("submit", Drop(processed=True), times=2)
    for project in ("Night Storm", "Day"):
        assert exit_code(screen, *MUSIC, "--project", project) == UNCERTAIN
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")

    hand.press("Needs you 2", role="")
    hand.ask("focus", role="table", name="Library")
    screen.keys("Down", "ctrl+d")
    hand.see("Did AI/ML API take this request?", role="label")
    anew = hand.see("Submit anew", role="push button")
    assert anew["description"] == "Sends it once more. May cost a second time; the price is unknown."
    assert hand.see("Decide later", role="push button")["focused"]
    hand.press("Mark as failed")
    hand.see("Marked as failed. 1 more task needs your decision.", role="label")
    assert len(service.requests_of("submit")) == 2  # nothing by itself
    hand.press("Decide")
    hand.press("Submit anew")
    hand.see("1 take saved.", role="label", exact=False)
    assert len(service.requests_of("submit")) == 3

    screen.keys("ctrl+shift+s")
    ledger = {"inside": ("dialog", "Spending")}
    hand.press("By project", role="", **ledger)
    hand.see("Night Storm", role="table cell", **ledger)
    names = {hand.ask("cell", role="table", name="Ledger", row=row, column=0)["name"] for row in range(3)}
    assert names == {"Night Storm", "Day", "Total"}
    hand.press("Export CSV", **ledger)
    picker = {"inside": ("dialog", "Export CSV")}
    hand.type("File name:", str(tmp_path / "spending.csv"), role="text", **picker)
    hand.press("Export", **picker)
    hand.see("Written: spending.csv, a row a request.", role="label")

    rows = list(csv.DictReader((tmp_path / "spending.csv").read_text("utf-8-sig").splitlines()))
    assert sorted((row["project"], row["state"]) for row in rows) == [
        ("Day", "finished"),
        ("Day", "finished"),
        ("Night Storm", "failed"),
    ]
    assert [row["cost"] for row in rows[:2]] == ["unknown", "unknown"]
    assert [row["billed_usd"] for row in rows[:2]] == ["", ""]
