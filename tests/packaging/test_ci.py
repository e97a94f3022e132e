"""The checks of a change: all of them, in an order that fails early, and the suite last."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

_STEPS = (
    "python3 packaging/test.py --prepare",
    "ruff format --check",
    "ruff check",
    "mypy --strict app packaging",
    "lint-imports",
    "python3 packaging/test.py",
)


@pytest.fixture(scope="module")
def script(root: Path) -> Path:
    return root / ".ci" / "run"


def test_it_stops_at_the_first_failure(script):
    assert "set -euo pipefail" in script.read_text("utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_it_runs_every_check_and_the_suite_last(script):
    commands = [
        line for line in script.read_text("utf-8").splitlines() if line and not line.startswith(("#", "set", "cd"))
    ]

    assert len(commands) == len(_STEPS)
    assert all(step in command for step, command in zip(_STEPS, commands, strict=True))
    assert commands[-1] == _STEPS[-1], "its last line is pytest's own"
