"""The launchers' modules are scripts beside each other, so their folder goes on the path; last, to shadow nothing."""

from __future__ import annotations

import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LAUNCHERS = ROOT / "packaging"
if str(LAUNCHERS) not in sys.path:
    sys.path.append(str(LAUNCHERS))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def launchers() -> Path:
    """The folder with run.py, test.py and freeze.py."""
    return LAUNCHERS


@pytest.fixture
def make() -> Callable[[Path], None]:
    """Makes a real virtual environment, whose pip is an empty package: quick, and as good to look at."""

    def _make(folder: Path) -> None:
        venv.EnvBuilder(symlinks=True).create(folder)
        site_packages = next(folder.glob("lib/python*/site-packages"))
        (site_packages / "pip").mkdir()
        (site_packages / "pip" / "__init__.py").touch()

    return _make


@pytest.fixture
def locks(tmp_path: Path) -> Path:
    """A folder with lock files."""
    folder = tmp_path / "locks"
    folder.mkdir()
    for name in ("requirements.lock", "requirements-test.lock", "requirements-freeze.lock"):
        (folder / name).write_text(f"{name}==1.0\n")
    return folder
