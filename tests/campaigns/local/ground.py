"""Where a case takes place: a small disk, the command line as real processes, services on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.audio.files import verify
from tests.cli.programs import Cuesmith, Finished
from tests.servers import aimlapi, runware
from tests.servers.aimlapi import AimlapiServer
from tests.servers.runware import RunwareServer

_PATIENCE_S = 90.0
_DISK_BYTES = 8 << 20
_SPARE_BLOCK = 1 << 20
SOUND = "bytedance:seed-audio@1.0"


class NoSmallDisk(Exception):
    """This account may not mount one; the text says why."""


@dataclass(frozen=True)
class Ground:
    """One case's own home, and what it needs around it.

    Attributes:
        disk: A file system of a few megabytes that holds the home and nothing else.
    """

    disk: Path
    runware: RunwareServer
    speech: AimlapiServer

    @property
    def home(self) -> Path:
        return self.disk / "home"

    @property
    def library(self) -> Path:
        return self.home / "data" / "library.sqlite3"

    @property
    def settings(self) -> Path:
        return self.home / "config" / "settings.toml"

    @property
    def app(self) -> Cuesmith:
        keys = {"RUNWARE_API_KEY": runware.KEY, "AIMLAPI_API_KEY": aimlapi.KEY}
        return Cuesmith(self.home, {**keys, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})

    def run(self, *arguments: str | Path) -> Finished:
        return self.app.run(*arguments)

    def set_up(self) -> None:
        """Point the services at the stand-ins, and let commands give up waiting soon."""
        self.settings.parent.mkdir(parents=True)
        self.settings.write_text(
            "[network]\npatience_s = 1\n"
            f"[providers.runware]\nbase_url = '{self.runware.url}'\npoll_interval_s = 0.05\n"
            f"[providers.aimlapi]\nbase_url = '{self.speech.url}'\n"
        )

    def generate(self, *options: str) -> subprocess.Popen[str]:
        """Start a paid sound and leave it running."""
        return self.app.start(
            "generate", "rain", "--provider", "runware", "--model", SOUND, "--format", "wav", *options
        )

    def speak(self) -> subprocess.Popen[str]:
        """Start a paid speech, whose audio is the answer itself and comes only once."""
        model = ("--provider", "aimlapi", "--model", "openai/tts-1", "--voice", "nova", "--format", "wav")
        return self.app.start("generate", "Mind the gap", *model)

    def tasks(self) -> list[dict[str, Any]]:
        listed = self.run("tasks", "--json")
        assert listed.code == 0, listed.err
        found: list[dict[str, Any]] = listed.json
        return found

    def fill(self) -> None:
        """Leave no free byte on the disk."""
        with contextlib.suppress(OSError), (self.disk / "filler").open("ab", buffering=0) as file:
            for size in (_SPARE_BLOCK, 4_096, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def make_room(self) -> None:
        (self.disk / "filler").unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.disk)], check=True, capture_output=True)


def ended(process: subprocess.Popen[str]) -> Finished:
    """The process at its end."""
    try:
        out, err = process.communicate(timeout=_PATIENCE_S)
    finally:
        process.kill()
    return Finished(process.returncode, out, err)


def playable(task: dict[str, Any]) -> int:
    """How many takes of a task decode; all that it names must."""
    return sum(bool(verify(Path(take["path"])).frames) for take in task["takes"])


@contextlib.contextmanager
def small_disk(bytes_: int = _DISK_BYTES) -> Iterator[Path]:
    """A file system in memory, mounted for a while.

    Raises:
        NoSmallDisk: Nobody but root may mount one, and not everywhere.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        raise NoSmallDisk("only root on Linux can mount a small file system")
    folder = Path(tempfile.mkdtemp(prefix="cuesmith-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={bytes_}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        if mounted.returncode:
            raise NoSmallDisk(f"a small file system can't be mounted here: {mounted.stderr.strip()}")
        yield folder
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
        folder.rmdir()


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Everything that a case needs, and nothing that an earlier one left."""
    with small_disk() as disk, RunwareServer(result_seconds=0.5) as sounds, AimlapiServer(result_seconds=4.0) as speech:
        yield Ground(disk, sounds, speech)
