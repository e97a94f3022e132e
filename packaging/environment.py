"""The checkout's own virtual environment: made, filled from a lock file, and mended after an interruption."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from messages import Stop, say
from stamp import Stamp, read_stamp, write_stamp
from supported_python import refusal

Make = Callable[[Path], None]
Install = Callable[[Path, Path], None]


class Environment:
    """A `.venv` folder. `ready` may be asked at any time; `ensure` only by who holds the lock on it.

    Args:
        folder: Where it is, or will be.
        make: Makes an empty environment in a folder.
        install: Installs a lock file with the environment's Python; both are paths.
    """

    def __init__(self, folder: Path, make: Make, install: Install) -> None:
        self.folder = folder
        self._make = make
        self._install = install
        self._stamp = folder / "cuesmith-stamp.json"
        self._under_way = folder / "cuesmith-under-way"  # there from before the first change to after the stamp

    @property
    def python(self) -> Path:
        """The environment's interpreter, whether it is there or not."""
        inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        return self.folder / inside

    def ready(self, lock: Path) -> bool:
        """Whether everything in `lock` is installed, for the Python that is there now."""
        stamp = read_stamp(self._stamp)
        return stamp is not None and stamp.covers(lock, _ask(self.python, _VERSION))

    def must_be_made(self) -> bool:
        """Whether `ensure` would make the environment from scratch."""
        return self._unfit() is not None

    def ensure(self, lock: Path) -> None:
        """Make the environment complete for `lock`, whatever state it is in.

        Raises:
            Stop: it can't be made or filled.
        """
        if self.ready(lock):
            return
        reason = self._unfit()
        if reason is not None:
            if os.path.lexists(self.folder):
                say(f"{self.folder} is made anew: {reason}.")
                _remove(self.folder)
            self.folder.mkdir()
            self._under_way.touch()
            self._make(self.folder)
        earlier = read_stamp(self._stamp)
        self._under_way.touch()
        self._stamp.unlink(missing_ok=True)  # from here on an interruption is seen
        self._install(self.python, lock)
        version = _ask(self.python, _VERSION)
        kept = earlier.locks if earlier is not None and earlier.python == version else {}
        write_stamp(self._stamp, Stamp(version, kept).after_installing(lock))
        self._under_way.unlink(missing_ok=True)

    def _unfit(self) -> str | None:
        """Why nothing can be built on what is there; None if something can."""
        if not self.folder.is_dir():
            return "it is not a folder"
        if read_stamp(self._stamp) is None and self._under_way.exists():
            return "an installation was interrupted"
        version = _ask(self.python, _VERSION_WITH_PIP)
        if not version:
            return "its Python is gone or incomplete"
        if refusal(tuple(int(part) for part in version.split("."))):
            return f"it was made for Python {version}"
        return None


_VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
_VERSION_WITH_PIP = "import pip; " + _VERSION


def _ask(python: Path, question: str) -> str:
    """What the interpreter prints; empty if it doesn't run. Some 15 ms, and truer than any file beside it."""
    if not python.exists():
        return ""
    try:
        # Without `site` the answer comes sooner, but pip is only found with it.
        flags = ("-I",) if question is _VERSION_WITH_PIP else ("-I", "-S")
        answer = subprocess.run([python, *flags, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _remove(folder: Path) -> None:
    """Remove a folder, or a link or file in its place.

    Raises:
        Stop: something in it can't be removed.
    """
    try:
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink()
    except OSError as exc:
        raise Stop(f"{exc.filename} can't be removed ({exc.strerror}). Close Cuesmith and start again.") from exc
