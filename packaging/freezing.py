"""Build the app as a folder of its own with PyInstaller: what freeze.py does, once the Python will do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import system_needs
from handing_over import environment_for
from messages import Stop, say, stopping_with_a_message
from preparing import FREEZE_LOCK, ROOT, prepare

_NAME = "cuesmith"


def main() -> None:
    """Freeze, then let the frozen app check itself; its exit code is ours."""
    with stopping_with_a_message():
        needs = (*system_needs.WINDOW, *system_needs.freezing(sys.version_info[:2], sys.base_prefix))
        python = prepare(FREEZE_LOCK, needs)
        _freeze(python)
        program = frozen_program(ROOT)
        say(f"made {program}; it checks itself:")
        code = subprocess.run([program, "--self-check"], check=False).returncode
    sys.exit(code)


def frozen_program(root: Path) -> Path:
    """The one program of the frozen app: window and command line."""
    return root / "dist" / _NAME / (f"{_NAME}.exe" if sys.platform == "win32" else _NAME)


def pyinstaller_arguments(root: Path) -> tuple[str, ...]:
    """All that PyInstaller is told. What it finds by itself (Qt, libsndfile, PortAudio) is left to it."""
    work = str(root / "build" / "freeze")
    arguments = ["--name", _NAME, "--onedir", "--noconfirm", "--clean", "--log-level", "WARN"]
    arguments += ["--distpath", str(root / "dist"), "--workpath", work, "--specpath", work]
    arguments += ["--paths", str(root), "--collect-submodules", "app"]  # some are imported when first needed
    arguments += ["--add-data", f"{root / 'resources'}{os.pathsep}resources"]
    arguments += ["--add-data", f"{root / 'LICENSE'}{os.pathsep}."]
    arguments += ["--collect-all", "espeakng_loader"]  # its voices are data, its library is loaded by path
    arguments += [
        "--collect-submodules",
        "keyring.backends",
        "--copy-metadata",
        "keyring",
    ]  # found by entry point
    arguments += ["--exclude-module", "tkinter"]
    if sys.platform == "win32":
        arguments += ["--hide-console", "hide-early"]  # of a double click; a command line keeps its own
    return (*arguments, str(root / "app" / "__main__.py"))


def _freeze(python: Path) -> None:
    """Raises Stop: PyInstaller failed; its words stand above."""
    say("freezing; this takes a minute")
    command = [str(python), "-m", "PyInstaller", *pyinstaller_arguments(ROOT)]
    made = subprocess.run(command, cwd=ROOT, env=environment_for(ROOT, os.environ), stdout=sys.stderr, check=False)
    if made.returncode:
        raise Stop("PyInstaller could not build the app; the lines above say why.")
