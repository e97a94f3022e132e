"""A Python that can't run Cuesmith hears so in one sentence, whatever it can read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from supported_python import refusal

_ENTRIES = ("run.py", "test.py", "freeze.py", "lock.py")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 11, 7), (3, 12, 1), (3, 13, 0), (3, 13, 99)])
def test_a_supported_python_is_not_refused(version):
    assert refusal(version) == ""


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0), (3, 15, 2), (4, 0, 0)])
def test_an_older_or_newer_python_is_refused_in_one_sentence(version):
    sentence = refusal(version)

    assert sentence.endswith(f"this is Python {'.'.join(map(str, version))}.")
    assert ". " not in sentence
    assert "\n" not in sentence


def test_the_bounds_are_those_of_the_project(root: Path):
    assert 'requires-python = ">=3.11,<3.14"' in (root / "pyproject.toml").read_text("utf-8")


def _unsupported_interpreters() -> list[str]:
    """Real ones: on the path, and where pyenv keeps them."""
    found = [
        shutil.which(f"python{version}") for version in ("2.7", *(f"3.{minor}" for minor in (*range(6, 11), 14, 15)))
    ]
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found += [str(path) for path in sorted(kept.glob("*/bin/python"))]
    return [path for path in dict.fromkeys(found) if path and _is_unsupported(path)]


def _is_unsupported(python: str) -> bool:
    question = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    answer = subprocess.run([python, "-S", "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and bool(refusal(tuple(map(int, answer.stdout.strip().split(".")))))


def test_real_interpreters_are_refused_by_every_entry(launchers: Path, tmp_path: Path):
    interpreters = _unsupported_interpreters()
    if not interpreters:
        pytest.skip("no Python under 3.11 or from 3.14 on this machine")
    copy = shutil.copytree(launchers, tmp_path / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    for python in interpreters:
        for entry in _ENTRIES:
            done = subprocess.run([python, copy / entry, "--help"], capture_output=True, text=True, check=False)

            assert done.returncode == 2, (python, entry, done.stderr)
            assert done.stdout == ""
            assert done.stderr.startswith("Cuesmith needs Python 3.11, 3.12 or 3.13, but this is Python ")
            assert done.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()


def test_this_python_passes():
    assert refusal(sys.version_info[:3]) == ""
