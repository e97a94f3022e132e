"""Keys in a real Secret Service: GNOME Keyring on a session bus of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.programs import Finished
from tests.servers.runware import RunwareServer

KEY, NEXT_KEY = "rw-invented-key-4711", "rw-invented-key-0815"
PASSWORD = "of the keyring"
PATIENCE_S = 30.0
_CHECKOUT = Path(__file__).parents[2]
_MISSING = [each for each in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(each) is None]

pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"this machine lacks {', '.join(_MISSING)}")

# As `secret-tool store service cuesmith username runware` does it.
_AS_ANOTHER_PROGRAM = """
import sys, secretstorage
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    names = {"service": "cuesmith", "username": sys.argv[1]}
    secretstorage.get_default_collection(bus).create_item("by hand", names, sys.stdin.read().encode(), replace=True)
"""


class Session:
    """A login with a session bus; `home` is the user's own folder, which outlives it.

    Attributes:
        environment: For every program in this session.
    """

    def __init__(self, home: Path) -> None:
        self._stack = contextlib.ExitStack()
        self.home = home
        runtime = home / "run"
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = ("PATH", "LANG", "VIRTUAL_ENV")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "CUESMITH_HOME": str(home / "cuesmith"),
            "PYTHONWARNINGS": "error",
            "PYTHONUTF8": "1",
        }

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_bus(self) -> None:
        bus = self._start(["dbus-daemon", "--session", "--nofork", "--print-address=1"])
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def unlock(self, password: str = PASSWORD) -> None:
        """Log in: the first time this makes the keyring."""
        daemon = self._start(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"])
        assert daemon.stdin is not None
        daemon.stdin.write(password)
        daemon.stdin.close()
        self._wait_for_secrets()

    def run(self, *arguments: str, given: str = "") -> Finished:
        """Run a command of Cuesmith to its end."""
        return self._run([sys.executable, "-m", "app", *arguments], given)

    def keep_as_another_program(self, user: str, key: str) -> None:
        done = self._run([sys.executable, "-W", "ignore", "-c", _AS_ANOTHER_PROGRAM, user], key)
        assert done.code == 0, done.err

    def type(self, *arguments: str, typed: str) -> tuple[int, str]:
        """Run a command at a terminal and type at its prompt; returns exit code and what the terminal shows."""
        import pty  # not on Windows

        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            cwd=_CHECKOUT,
            env=self.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        with os.fdopen(ours, "rb+", buffering=0) as terminal:
            shown = b""
            while b"): " not in shown:
                shown += terminal.read(4096)
            terminal.write(typed.encode())
            with contextlib.suppress(OSError):  # Linux says so when the last program has left the terminal
                while more := terminal.read(4096):
                    shown += more
            return process.wait(PATIENCE_S), shown.decode()

    def _run(self, command: list[str], given: str) -> Finished:
        done = subprocess.run(
            command,
            cwd=_CHECKOUT,
            env=self.environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            env=self.environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(_end, process)
        return process

    def _wait_for_secrets(self) -> None:
        ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
        has_owner = [*ask, "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
        deadline = time.monotonic() + PATIENCE_S
        while "true" not in self._run(has_owner, "").out:
            assert time.monotonic() < deadline, "the keyring doesn't start"


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Somebody is logged in and the keyring is open."""
    with Session(tmp_path / "user") as session:
        session.start_bus()
        session.unlock()
        yield session


@dataclass(frozen=True)
class Services:
    """Two addresses of Runware: where the key was given, and where the address is changed to."""

    first: RunwareServer
    second: RunwareServer


@pytest.fixture
def services() -> Iterator[Services]:
    with RunwareServer(keys=[KEY]) as first, RunwareServer(keys=[KEY]) as second:
        yield Services(first, second)


def places_with(key: str, folder: Path) -> list[Path]:
    """Files and names under a folder that hold the key."""
    assert folder.is_dir()
    everything = sorted(folder.rglob("*"))
    return [each for each in everything if key in each.name or (each.is_file() and key.encode() in each.read_bytes())]


def test_a_key_lives_in_the_keyring_alone_from_setting_it_to_deleting_it(session: Session, services: Services) -> None:
    session.run("config", "set", "providers.runware.base_url", services.first.url)

    kept = session.run("keys", "set", "runware", given=f"{KEY}\n")
    assert (kept.code, kept.err) == (0, "")
    assert kept.out == f"Kept in GNOME Keyring. It will be sent to {services.first.origin}.\n"

    (listed,) = [each for each in session.run("keys", "list", "--json").json if each["provider"] == "runware"]
    assert (listed["source"], listed["ending"], listed["is_confirmed"]) == ("keychain", "4711", True)
    assert listed["sent_to"] == services.first.origin

    tested = session.run("keys", "test", "runware")
    assert (tested.code, tested.err) == (0, "")
    assert tested.out.startswith("Works.\n")
    assert {request.key for request in services.first.requests} == {"right"}

    said = [session.run("keys", "list"), kept, tested]
    assert not any(KEY in each.out + each.err for each in said)
    assert places_with(KEY, session.home) == []

    deleted = session.run("keys", "delete", "runware")
    assert (deleted.code, deleted.err) == (0, "")
    (listed,) = [each for each in session.run("keys", "list", "--json").json if each["provider"] == "runware"]
    assert listed["source"] is None
    assert session.run("keys", "test", "runware").code == 1


def test_a_key_is_not_sent_to_a_changed_address_before_it_is_confirmed(session: Session, services: Services) -> None:
    session.run("config", "set", "providers.runware.base_url", services.first.url)
    session.run("keys", "set", "runware", given=KEY)
    session.run("config", "set", "providers.runware.base_url", services.second.url)

    refused = session.run("keys", "test", "runware")

    assert refused.code == 1
    assert services.first.origin in refused.err
    assert services.second.origin in refused.err
    assert "cuesmith keys confirm runware" in refused.err
    assert services.second.requests == []

    assert session.run("keys", "confirm", "runware").code == 0
    assert session.run("keys", "test", "runware").code == 0
    assert {request.key for request in services.second.requests} == {"right"}
    assert services.first.requests == []


def test_a_refused_key_is_said_to_be_refused(session: Session, services: Services) -> None:
    session.run("config", "set", "providers.runware.base_url", services.first.url)
    session.run("keys", "set", "runware", given=NEXT_KEY)

    tested = session.run("keys", "test", "runware")

    assert tested.code == 1
    assert {request.key for request in services.first.requests} == {"wrong"}
    assert NEXT_KEY not in tested.out + tested.err
    assert places_with(NEXT_KEY, session.home) == []


def test_a_key_survives_a_log_out(tmp_path: Path) -> None:
    with Session(tmp_path / "user") as session:
        session.start_bus()
        session.unlock()
        assert session.run("keys", "set", "runware", given=KEY).code == 0

    with Session(tmp_path / "user") as session:
        session.start_bus()
        session.unlock()

        assert "ends in 4711" in session.run("keys", "list").out


def test_another_program_may_keep_the_key_and_ours_then_replaces_it(session: Session) -> None:
    session.keep_as_another_program("runware", NEXT_KEY)
    listed = session.run("keys", "list").lines[1]
    assert "ends in 0815" in listed
    assert "https://api.runware.ai" in listed

    assert session.run("keys", "set", "runware", given=KEY).code == 0
    assert "ends in 4711" in session.run("keys", "list").lines[1]

    assert session.run("keys", "delete", "runware").code == 0
    assert session.run("keys", "list").lines[1].split()[:2] == ["runware", "none"]


def test_whichever_of_two_keys_is_found_has_no_origin_of_the_other_and_both_can_be_removed(session: Session) -> None:
    assert session.run("keys", "set", "runware", given=KEY).code == 0
    session.keep_as_another_program("runware", NEXT_KEY)

    (listed,) = [each for each in session.run("keys", "list", "--json").json if each["provider"] == "runware"]
    assert (listed["ending"], listed["is_confirmed"]) in (("4711", True), ("0815", False))

    assert session.run("keys", "delete", "runware").code == 0
    assert session.run("keys", "list").lines[1].split()[:2] == ["runware", "none"]


def test_a_locked_keyring_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    with Session(tmp_path / "user") as session:
        session.start_bus()
        session.unlock()
        session.run("keys", "set", "runware", given=KEY)

    with Session(tmp_path / "user") as session:
        session.start_bus()
        session.unlock("a wrong password")
        # keyring leaves its connection to a locked keyring to the garbage collector.
        session.environment["PYTHONWARNINGS"] = "error,ignore::ResourceWarning"

        for arguments in (("list",), ("set", "runware"), ("confirm", "runware"), ("delete", "runware")):
            done = session.run("keys", *arguments, given=NEXT_KEY)

            assert done.code == 1
            assert done.err.startswith("cuesmith: The keychain is locked. Unlock it and try again.")
            assert len(done.err.splitlines()) == 1


def test_without_a_session_bus_the_words_name_what_works_instead(tmp_path: Path) -> None:
    with Session(tmp_path / "user") as session:
        kept = session.run("keys", "set", "runware", given=KEY)
        assert kept.code == 1
        assert kept.err == (
            "cuesmith: No keychain is running, so the key can’t be stored safely."
            " Until then, the environment variable RUNWARE_API_KEY works instead.\n"
        )
        assert places_with(KEY, session.home) == []

        listed = session.run("keys", "list")
        assert (listed.code, listed.err) == (0, "")

        session.environment["RUNWARE_API_KEY"] = KEY
        assert "environment variable RUNWARE_API_KEY" in session.run("keys", "list").lines[1]


def test_a_typed_key_is_not_shown(session: Session) -> None:
    code, shown = session.type("keys", "set", "runware", typed=f"{KEY}\n")

    assert code == 0
    assert "Kept in GNOME Keyring" in shown
    assert KEY not in shown
    assert "ends in 4711" in session.run("keys", "list").out


def test_ctrl_c_at_the_prompt_ends_the_command_and_keeps_nothing(session: Session) -> None:
    code, shown = session.type("keys", "set", "runware", typed="\x03")

    assert code == 130
    assert "Traceback" not in shown
    assert session.run("keys", "list").lines[1].split()[:2] == ["runware", "none"]


def test_looking_for_a_key_where_no_keyring_was_ever_made_asks_nobody_to_make_one(tmp_path: Path) -> None:
    with Session(tmp_path / "user") as session:
        session.start_bus()

        listed = session.run("keys", "list")

    assert listed.code == 0, listed.err
    assert listed.lines[1].split()[:2] == ["runware", "none"]
    assert not list((tmp_path / "user").rglob("*.keyring"))
