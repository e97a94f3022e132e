"""Write the lock files with uv: what lock.py does, once the Python is known to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from messages import Stop, say, stopping_with_a_message
from preparing import APP_LOCK, FREEZE_LOCK, ROOT, TEST_LOCK


def main() -> None:
    """Resolve the app, then its tests and its freezing within the versions found."""
    with stopping_with_a_message():
        uv = shutil.which("uv")
        if uv is None:
            raise Stop("This needs uv. Install it (pipx install uv), then start again.")
        upgrade = tuple(argument for argument in sys.argv[1:] if argument == "--upgrade")
        for lock, group, within in (
            (APP_LOCK, None, None),
            (TEST_LOCK, "test", APP_LOCK),
            (FREEZE_LOCK, "freeze", TEST_LOCK),
        ):
            _resolve((uv, *command_for(lock, group, within), *upgrade))
            say(f"wrote {lock.relative_to(ROOT)}")


def command_for(lock: Path, group: str | None, within: Path | None) -> tuple[str, ...]:
    """uv's arguments for one lock file: hashes, no index address, nothing that varies with the machine."""
    command = ["pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    if group is not None:
        command += ["--group", group]
    if within is not None:
        command += ["--constraint", str(within)]
    return (*command, "pyproject.toml", "--output-file", str(lock))


def _resolve(command: tuple[str, ...]) -> None:
    """Raises Stop: uv found no versions that fit; its words stand above."""
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Stop("uv could not resolve the dependencies; the lines above say why.")
