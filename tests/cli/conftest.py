"""A command line with a library of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.programs import Cuesmith, CuesmithHere


@pytest.fixture
def cuesmith(tmp_path: Path) -> Cuesmith:
    return Cuesmith(tmp_path / "home")


@pytest.fixture
def here(tmp_path: Path) -> CuesmithHere:
    return CuesmithHere(tmp_path / "home")
