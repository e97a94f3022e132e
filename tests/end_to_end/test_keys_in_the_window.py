"""A key in a real keychain, from the window: set, tested, used, there after a restart, not sent elsewhere, deleted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_services_from_the_window import RUNWARE, choose, command_line, wait_for_tasks
from tests.servers.runware import KEY, RunwareServer

MISSING = missing_parts("gnome-keyring-daemon") if sys.platform == "linux" else ["a Linux desktop"]
DIALOG = {"inside": ("dialog", "Services and keys")}

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        made.environment.pop("RUNWARE_API_KEY", None)
        daemon = made.start(
            ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"], stdin=subprocess.PIPE
        )
        assert daemon.stdin is not None
        daemon.stdin.write("of the keyring")
        daemon.stdin.close()
        yield made


def open_window(screen: Desktop) -> tuple[subprocess.Popen[str], Hand]:
    window = screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")
    return window, hand


def close(window: subprocess.Popen[str]) -> None:
    window.terminate()
    assert window.wait(20) == 0


def files_with(text: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_a_key_lives_in_the_keychain_alone(screen: Desktop, tmp_path: Path) -> None:
    with RunwareServer(result_seconds=1.0) as server, RunwareServer(result_seconds=1.0) as other:
        command_line(screen, "config", "set", "providers.runware.base_url", server.url)
        command_line(screen, "config", "set", "providers.runware.poll_interval_s", "0.05")

        # Set and tested.
        window, hand = open_window(screen)
        hand.press("Services and keys")
        hand.press("Add a key for Runware", **DIALOG)
        hand.type("Key for Runware", KEY, role="password text", **DIALOG)
        hand.press("Save and test the key for Runware", **DIALOG)
        hand.see("Works, $10.00 left.", role="label", exact=False, **DIALOG)
        close(window)

        # There again, and used.
        window, hand = open_window(screen)
        choose(screen, hand, RUNWARE[0])
        hand.type("Prompt", "A bell", role="text")
        hand.press("Generate ", exact=False)
        wait_for_tasks(screen, 1)
        assert command_line(screen, "tasks", "--json")[0]["state"] == "finished"
        close(window)

        # Not sent to another address before somebody says so.
        command_line(screen, "config", "set", "providers.runware.base_url", other.url)
        window, hand = open_window(screen)
        hand.press("Services and keys")
        hand.see(server.origin, exact=False, **DIALOG)
        assert other.requests == []
        hand.press("Send ", exact=False, **DIALOG)
        hand.press("Test the key for Runware", **DIALOG)
        hand.see("Works, $10.00 left.", role="label", exact=False, **DIALOG)
        assert {request.key for request in other.requests} == {"right"}

        # Deleted.
        hand.press("Delete the key for Runware", **DIALOG)
        hand.press("Delete the key for Runware, it can’t be brought back", **DIALOG)
        hand.press("Add a key for Runware", **DIALOG)
        close(window)

    assert files_with(KEY, tmp_path / "home") == []
    keys = {row["provider"]: row for row in command_line(screen, "keys", "list", "--json")}
    assert (keys["runware"]["source"], keys["runware"]["error"]) == (None, None)
