"""The wheel carries the resources, and finds them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_it_holds_the_app_every_resource_and_the_licence(wheel: Path, root: Path):
    names = set(zipfile.ZipFile(wheel).namelist())

    resources = {
        f"app/resources/{path.relative_to(root / 'resources').as_posix()}"
        for path in (root / "resources").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert resources
    assert resources <= names
    assert "app/__init__.py" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "packaging/")) for name in names)


def test_the_console_script_is_declared(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        entry_points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "cuesmith = app.main:main" in archive.read(entry_points).decode()


def test_unpacked_it_finds_its_own_resources(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = "from app.storage.locations import resources_dir; print(resources_dir())"

    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, env=environ, check=True
    )

    assert Path(done.stdout.strip()) == tmp_path / "app" / "resources"


def test_unpacked_it_passes_its_own_check(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "wheel")

    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "wheel"), "CUESMITH_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-P", "-m", "app", "--self-check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environ, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert str(tmp_path / "wheel" / "app" / "resources") in done.stdout
