"""Work that is measured in a process of its own, so that none finds the memory and modules of another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600


def measured(module: str, *arguments: object, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run a module of this package; what it printed last, as JSON."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**surroundings(), **(environ or {})},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def surroundings() -> dict[str, str]:
    """No screen, and a keychain that holds nothing: the user's own is not asked."""
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


@contextmanager
def screens() -> Iterator[dict[str, dict[str, str]]]:
    """The environment of each kind of screen there is, by its name: `offscreen`, and `Xvfb` where that is installed."""
    found = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    if shutil.which("Xvfb") is None:
        yield found
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            found["Xvfb"] = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{answer.readline().strip()}"}
        yield found
    finally:
        screen.terminate()
        screen.wait()
