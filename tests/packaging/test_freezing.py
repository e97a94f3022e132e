"""PyInstaller is told of all that no import leads it to."""

from __future__ import annotations

import os
from pathlib import Path

from freezing import frozen_program, pyinstaller_arguments


def _values(arguments: tuple[str, ...], option: str) -> list[str]:
    return [arguments[at + 1] for at, argument in enumerate(arguments) if argument == option]


def test_the_entry_and_the_added_files_exist(root: Path):
    arguments = pyinstaller_arguments(root)

    assert Path(arguments[-1]).is_file()
    for source, _, target in (value.rpartition(os.pathsep) for value in _values(arguments, "--add-data")):
        assert Path(source).exists(), target


def test_resources_voices_and_keychains_go_along(root: Path):
    arguments = pyinstaller_arguments(root)

    assert f"{root / 'resources'}{os.pathsep}resources" in _values(arguments, "--add-data")
    assert "espeakng_loader" in _values(arguments, "--collect-all")
    assert "keyring.backends" in _values(arguments, "--collect-submodules")
    assert "keyring" in _values(arguments, "--copy-metadata")


def test_the_program_stands_in_a_folder_of_its_own(root: Path):
    assert frozen_program(root).parent == root / "dist" / "cuesmith"
