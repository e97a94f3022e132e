"""No key is in anything that the window wrote or started: keys of the environment, of the session, of the keychain."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end import echoes
from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.echoes import KEYS, VARIABLES, Services, echo
from tests.end_to_end.test_services_from_the_window import RUNWARE, choose, command_line, wait_for_tasks
from tests.fakes.traces import Traces

MISSING = missing_parts("gnome-keyring-daemon") if sys.platform == "linux" else ["a Linux desktop"]
DIALOG = {"inside": ("dialog", "Services and keys")}
# In place of a browser: it writes down what it inherits.
_BROWSER = """#!/bin/sh
{ tr '\\0' '\\n' < /proc/$$/environ; echo "$@"; } > "$HOME/browser.txt.new"
mv "$HOME/browser.txt.new" "$HOME/browser.txt"
"""

pytestmark = [pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"), pytest.mark.timeout(180)]


@pytest.fixture
def services() -> Iterator[Services]:
    with echoes.services() as made:
        yield made


@pytest.fixture
def screen(tmp_path: Path, services: Services) -> Iterator[Desktop]:
    (tmp_path / "home" / "config").mkdir(parents=True)
    (tmp_path / "home" / "config" / "settings.toml").write_text(services.settings())
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "xdg-open").write_text(_BROWSER)
    (programs / "xdg-open").chmod(0o755)
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        made.environment["PATH"] = f"{programs}:{made.environment['PATH']}"
        daemon = made.start(
            ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"], stdin=subprocess.PIPE
        )
        assert daemon.stdin is not None
        daemon.stdin.write("of the keyring")
        daemon.stdin.close()
        yield made


def test_a_window_that_uses_three_kinds_of_keys_and_is_aborted_leaves_no_trace_of_any(
    screen: Desktop, services: Services, tmp_path: Path
) -> None:
    screen.environment[VARIABLES["runware"]] = KEYS["runware"]
    command = [sys.executable, "-m", "tests.end_to_end.talkative"]
    with (tmp_path / "window.txt").open("wb") as said:
        window = screen.start(command, cwd=ROOT, stdout=said, stderr=said)
    del screen.environment[VARIABLES["runware"]]
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")

    # A key of the environment, repeated by the service in words that the window shows.
    services.by_provider["runware"].faults.at("submit", echo(KEYS["runware"], 401))
    choose(screen, hand, RUNWARE[0])
    hand.type("Prompt", "A bell", role="text")
    hand.press("Generate ", exact=False)
    wait_for_tasks(screen, 1)
    # One for the keychain, and one for this session.
    hand.press("Services and keys")
    hand.press("Add a key for Camb.ai", **DIALOG)
    hand.type("Key for Camb.ai", KEYS["camb"], role="password text", **DIALOG)
    hand.press("Save and test the key for Camb.ai", **DIALOG)
    hand.see("Works", role="label", exact=False, **DIALOG)
    hand.press("Add a key for RunInfra", **DIALOG)
    hand.press("Get a key at RunInfra", **DIALOG)  # starts a browser
    hand.type("Key for RunInfra", KEYS["runinfra"], role="password text", **DIALOG)
    hand.press("Use the key for RunInfra until I quit", **DIALOG)
    hand.see("until", role="label", exact=False, **DIALOG)
    seen = [Path(f"/proc/{window.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
    screen.wait_for_file(tmp_path / "browser.txt")
    window.send_signal(signal.SIGABRT)
    window.wait(20)

    tasks = command_line(screen, "tasks", "--json")
    assert [task["error"]["kind"] for task in tasks] == ["credentials_rejected"]
    assert "CUESMITH_HOME" in (tmp_path / "browser.txt").read_text()
    assert "Fatal Python error: Aborted" in (tmp_path / "window.txt").read_text()
    traces = Traces(*KEYS.values())
    assert traces.under(tmp_path) == []
    assert [trace for each in seen for trace in traces.in_bytes(each)] == []
    assert traces.in_texts(services.everything_received()) == []
