"""A desktop for one test: its own screen, window manager, session bus, accessibility bus and sound server."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENCE_S = 20
NEEDED = ("Xvfb", "openbox", "dbus-run-session", "pulseaudio", "parec", "xdotool")


def missing_parts(*besides: str) -> list[str]:
    """What this machine lacks for a desktop, and for some further programs on it."""
    missing = [program for program in (*NEEDED, *besides) if shutil.which(program) is None]
    if _launcher() is None:
        missing.append("at-spi-bus-launcher")
    probe = "import gi; gi.require_version('Atspi', '2.0')"
    if subprocess.run([SYSTEM_PYTHON, "-c", probe], capture_output=True, check=False).returncode:
        missing.append("gir1.2-atspi-2.0, python3-gi")
    return missing


def _launcher() -> Path | None:
    places = (Path("/usr/libexec/at-spi-bus-launcher"), Path("/usr/lib/at-spi2-core/at-spi-bus-launcher"))
    return next((place for place in places if place.exists()), None)


class Desktop:
    """Programs started on it see its screen, buses and sound server, and end with it.

    Attributes:
        environment: For every program on this desktop.
    """

    def __init__(self, folder: Path, screen: str) -> None:
        self._stack = contextlib.ExitStack()
        self.folder = folder
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "PULSE_SERVER": f"unix:{folder}/run/pulse.sock",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "LANG": "C.UTF-8",
        }
        self.environment.pop("QT_QPA_PLATFORM", None)
        (folder / "run").mkdir(mode=0o700)
        try:
            self._start_screen(screen)
            self._start_bus()
            self._start_sound()
        except BaseException:
            self.close()
            raise

    def _start_screen(self, screen: str) -> None:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp"]
        self.start(command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.environment["DISPLAY"] = f":{answer.readline().strip()}"
        self.start(["openbox"])

    def _start_bus(self) -> None:
        address = self.start(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE
        ).stdout
        assert address is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address.readline().strip()
        launcher = _launcher()
        assert launcher is not None
        self.start([str(launcher), "--launch-immediately"])

    def _start_sound(self) -> None:
        socket = f"{self.folder}/run/pulse.sock"
        self.start(
            [
                *(
                    "pulseaudio",
                    "-n",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--disable-shm=yes",
                ),
                f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}",
                "--load=module-null-sink sink_name=cap rate=48000 channels=2 format=float32le norewinds=1",
            ]
        )
        subprocess.run(
            ["sh", "-c", "until pactl info >/dev/null 2>&1; do sleep 0.05; done"],
            env=self.environment,
            check=True,
            timeout=20,
        )

    def start(self, command: list[str], **options: Any) -> subprocess.Popen[str]:
        """Start a program that is ended with the desktop."""
        options.setdefault("stdout", subprocess.DEVNULL)
        options.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(command, env=self.environment, text=True, **options)
        self._stack.callback(_end, process)
        return process

    def screenshot(self, path: Path) -> None:
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=20)

    def keys(self, *keys: str) -> None:
        """Press keys, as on the keyboard."""
        subprocess.run(["xdotool", "key", *keys], env=self.environment, check=True, timeout=20)

    def write(self, text: str) -> None:
        """Type a text, as on the keyboard."""
        command = ["xdotool", "type", "--delay", "5", text]
        subprocess.run(command, env=self.environment, check=True, timeout=20)

    def wait_for_windows(self, *, more_than: int) -> None:
        """Until another window is on the screen."""
        deadline = time.monotonic() + PATIENCE_S
        while self.windows() <= more_than:
            assert time.monotonic() < deadline, "no window opened"

    def wait_for_file(self, path: Path) -> None:
        """Until a program on this desktop has written a file."""
        deadline = time.monotonic() + PATIENCE_S
        while not path.exists():
            assert time.monotonic() < deadline, f"nobody wrote {path.name}"
            time.sleep(0.05)

    def windows(self) -> int:
        """How many windows are on the screen; a popup menu is one, though not in the accessibility tree."""
        command = ["xdotool", "search", "--onlyvisible", "--name", ".*"]
        found = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=20)
        return len(found.stdout.split())

    def close(self) -> None:
        self._stack.close()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


class Hand:
    """Finds and uses elements of one application by their role and accessible name, as a screen reader does."""

    def __init__(self, desktop: Desktop, app_name: str) -> None:
        self._app = app_name
        self._desktop = desktop
        driver = Path(__file__).with_name("at_spi_driver.py")
        self._driver = desktop.start(
            [SYSTEM_PYTHON, str(driver)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr
        )

    def ask(self, do: str, **details: Any) -> Any:
        command = {"do": do, "app": self._app, **details}
        stdin, stdout = self._driver.stdin, self._driver.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(command) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{command}: {answer['error']}")
        return answer["ok"]

    def press(self, name: str, *, role: str = "push button", **details: Any) -> None:
        self.ask("press", role=role, name=name, **details)

    def open_menu(self, name: str, **details: Any) -> None:
        """Press a button that opens a popup menu, and wait for that."""
        before = self._desktop.windows()
        self.press(name, **details)
        self._desktop.wait_for_windows(more_than=before)

    def type(self, name: str, text: str, **details: Any) -> None:
        self.ask("type", name=name, text=text, **details)

    def see(self, name: str, **details: Any) -> dict[str, Any]:
        """Wait until such an element shows."""
        found: dict[str, Any] = self.ask("see", name=name, **details)
        return found


@contextlib.contextmanager
def desktop(folder: Path, screen: str = "1440x900x24") -> Iterator[Desktop]:
    made = Desktop(folder, screen)
    try:
        yield made
    finally:
        made.close()
