"""The two slow steps of an environment: making it, and installing a lock file into it with pip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from messages import Stop, say


def make_environment(folder: Path) -> None:
    """An empty environment with pip, on the Python that runs this, or that a surrounding venv stands on.

    Raises:
        Stop: Python's own venv module failed; its words stand above.
    """
    say(f"making {folder}")
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [base, "-I", "-m", "venv", folder],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
        close_fds=False,  # it holds the lock as long as it writes
    )
    if made.returncode:
        raise Stop(f"{folder} could not be made; the lines above say why.")


def install_lock(python: Path, lock: Path) -> None:
    """Install every package of `lock`, each checked against its hash; wheels only, so nothing is compiled.

    Raises:
        Stop: pip failed; its words stand above.
    """
    total = len(re.findall(r"^[\w.-]+==", lock.read_text("utf-8"), re.MULTILINE))
    say(f"installing up to {total} packages ({lock.name}); the first time takes a minute or two")
    command = [str(python), "-I", "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--progress-bar", "off", "--no-warn-script-location", "--requirement", str(lock)]
    # A person's pip may be set to install elsewhere; in an environment of its own that is an error.
    environ = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    for elsewhere in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_QUIET", "PIP_REQUIREMENT"):
        environ.pop(elsewhere, None)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=environ,
        close_fds=False,  # as above
    ) as pip:
        assert pip.stdout is not None
        _show_progress(pip.stdout, total, sys.stderr)
    if pip.returncode:
        raise Stop("the packages could not be installed; the lines above say why. Start again to go on.")


def _show_progress(lines: Iterable[str], total: int, terminal: TextIO) -> None:
    """Boil pip's report down to one changing line on a terminal, and to nothing elsewhere."""
    live = terminal.isatty()
    done = 0
    for line in lines:
        name = re.match(r"Collecting ([\w.-]+)", line)
        if name:
            done += 1
            text = f"{done} of {total}: {name[1]}"
        elif line.startswith("Installing collected packages"):
            text = "unpacking"
        else:
            continue
        if live:
            terminal.write(f"\r\033[Kcuesmith: {text}")
            terminal.flush()
    if live:
        terminal.write("\r\033[K")
        terminal.flush()
