"""The last step of a launcher: becoming the program that it prepared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn


def hand_over(python: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Run the interpreter in our place: same process, terminal, folder and signals; its exit code is ours.

    Windows has no `exec`, so there we wait; Ctrl+C reaches both, and the program decides what it means.
    """
    command = [str(python), *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform != "win32":
        os.execve(python, command, dict(environ))
    else:
        process = subprocess.Popen(command, env=dict(environ))
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:
                continue


def environment_for(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables for a program of the checkout: it imports from `root`, and from nowhere of the user's."""
    kept = {name: value for name, value in environ.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    return {**kept, "PYTHONPATH": str(root)}
