"""Two starts at once, as real processes: one installs, the other waits, says so, and finds everything done."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_START = """
import sys, time
from pathlib import Path
sys.path.append(sys.argv[1])
folder, lock = Path(sys.argv[2]), Path(sys.argv[3])
from environment import Environment
from one_at_a_time import one_at_a_time

def make(folder):
    raise SystemExit("it is there already")

def install(python, lock):
    with folder.with_name("log").open("a") as log:
        log.write("installing\\n")
    while not folder.with_name("go").exists():
        time.sleep(0.01)

def waiting():
    print("waiting", flush=True)

environment = Environment(folder, make, install)
with one_at_a_time(folder.with_name("lock"), waiting):
    environment.ensure(lock)
print("ready" if environment.ready(lock) else "not ready", flush=True)
"""


class Starts:
    """Starts the script above, and ends what a failing test leaves."""

    def __init__(self, launchers: Path, folder: Path, lock: Path) -> None:
        self._command = [sys.executable, "-c", _START, str(launchers), str(folder), str(lock)]
        self._processes: list[subprocess.Popen[str]] = []
        self.folder = folder

    def one(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._processes.append(process)
        return process

    def installations(self) -> int:
        log = self.folder.with_name("log")
        return log.read_text().count("installing") if log.exists() else 0

    def let_go(self) -> None:
        self.folder.with_name("go").touch()

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.fixture
def starts(launchers: Path, tmp_path: Path, locks: Path, make: Callable[[Path], None]) -> Iterator[Starts]:
    make(tmp_path / ".venv")
    both = Starts(launchers, tmp_path / ".venv", locks / "requirements.lock")
    yield both
    both.end()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_second_waits_says_so_and_installs_nothing(starts: Starts):
    first = starts.one()
    _until(lambda: starts.installations() == 1)

    second = starts.one()
    assert second.stdout is not None
    assert second.stdout.readline() == "waiting\n"
    starts.let_go()

    assert first.communicate(timeout=20)[0] == "ready\n"
    assert second.communicate(timeout=20)[0] == "ready\n"
    assert starts.installations() == 1


_HOLD_WITH_A_CHILD = """
import subprocess, sys
from pathlib import Path
sys.path.append(sys.argv[1])
from one_at_a_time import one_at_a_time
with one_at_a_time(Path(sys.argv[2]), lambda: None):
    subprocess.run([sys.executable, "-c", "print('up', flush=True); input()"], close_fds=False)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows hands no lock to a child")
def test_an_installation_whose_start_was_killed_is_waited_for(starts: Starts, launchers: Path):
    lock = starts.folder.with_name("lock")
    command = [sys.executable, "-c", _HOLD_WITH_A_CHILD, str(launchers), str(lock)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    holder.kill()
    holder.wait()

    second = starts.one()
    assert second.stdout is not None
    assert second.stdout.readline() == "waiting\n"
    starts.let_go()
    holder.stdin.write("\n")
    holder.stdin.close()

    assert second.communicate(timeout=20)[0] == "ready\n"
    holder.stdout.close()


def test_a_killed_start_leaves_no_lock_and_no_stamp(starts: Starts):
    first = starts.one()
    _until(lambda: starts.installations() == 1)
    first.kill()
    first.wait()

    second = starts.one()

    # What the killed one left is not trusted: the environment is to be made, which this script refuses.
    assert "it is there already" in second.communicate(timeout=20)[0]
    assert starts.installations() == 1
