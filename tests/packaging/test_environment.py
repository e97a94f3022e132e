"""An environment is made once, added to where needed, and mended from every state that an accident leaves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from environment import Environment
from stamp import Stamp, read_stamp, write_stamp


class Cut(Exception):
    """The power went off."""


class Installer:
    """Counts what it installs, and may be cut off half way."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.cut_off = False

    def __call__(self, python: Path, lock: Path) -> None:
        self.installed.append(lock.name)
        if self.cut_off:
            raise Cut


@pytest.fixture
def made(make: Callable[[Path], None]) -> list[Path]:
    return []


@pytest.fixture
def install() -> Installer:
    return Installer()


@pytest.fixture
def environment(tmp_path: Path, make: Callable[[Path], None], made: list[Path], install: Installer) -> Environment:
    def counting(folder: Path) -> None:
        made.append(folder)
        make(folder)

    return Environment(tmp_path / ".venv", counting, install)


@pytest.fixture
def app_lock(locks: Path) -> Path:
    return locks / "requirements.lock"


@pytest.fixture
def test_lock(locks: Path) -> Path:
    return locks / "requirements-test.lock"


def test_it_is_made_once(environment, made, install, app_lock):
    assert not environment.ready(app_lock)

    environment.ensure(app_lock)
    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 1
    assert install.installed == ["requirements.lock"]


def test_the_environment_of_the_tests_serves_the_app(environment, install, app_lock, test_lock):
    environment.ensure(test_lock)
    environment.ensure(app_lock)

    assert install.installed == ["requirements-test.lock"]


def test_the_tests_add_to_the_environment_of_the_app(environment, made, app_lock, test_lock):
    environment.ensure(app_lock)
    assert not environment.ready(test_lock)

    environment.ensure(test_lock)

    assert environment.ready(app_lock)
    assert environment.ready(test_lock)
    assert len(made) == 1


def test_a_changed_lock_is_installed_over_what_is_there(environment, made, install, app_lock):
    environment.ensure(app_lock)
    app_lock.write_text("newer==2.0\n")
    assert not environment.ready(app_lock)

    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 1
    assert len(install.installed) == 2


def test_an_interrupted_first_installation_is_begun_anew(environment, made, install, app_lock):
    install.cut_off = True
    with pytest.raises(Cut):
        environment.ensure(app_lock)
    (environment.folder / "half-written").touch()
    assert not environment.ready(app_lock)

    install.cut_off = False
    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 2
    assert not (environment.folder / "half-written").exists()


def test_an_interrupted_addition_is_begun_anew(environment, made, install, app_lock, test_lock):
    environment.ensure(app_lock)
    install.cut_off = True
    with pytest.raises(Cut):
        environment.ensure(test_lock)
    assert not environment.ready(app_lock), "what was complete may now be half replaced"

    install.cut_off = False
    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 2


def test_making_that_is_cut_off_is_begun_anew(tmp_path, make, install, app_lock):
    def cut_off(folder: Path) -> None:
        (folder / "bin").mkdir()
        raise Cut

    with pytest.raises(Cut):
        Environment(tmp_path / ".venv", cut_off, install).ensure(app_lock)

    mended = Environment(tmp_path / ".venv", make, install)
    mended.ensure(app_lock)

    assert mended.ready(app_lock)


def _empty_folder(folder: Path) -> None:
    folder.mkdir()


def _file_in_its_place(folder: Path) -> None:
    folder.write_text("not a folder")


def _link_to_nowhere(folder: Path) -> None:
    folder.symlink_to(folder.with_name("nowhere"))


def _half_made_by_other_means(folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /nowhere\n")


@pytest.mark.parametrize("accident", [_empty_folder, _file_in_its_place, _link_to_nowhere, _half_made_by_other_means])
def test_what_stands_in_its_place_is_replaced(environment, app_lock, accident):
    accident(environment.folder)
    assert not environment.ready(app_lock)
    assert environment.must_be_made()

    environment.ensure(app_lock)

    assert environment.ready(app_lock)


def test_a_python_that_is_gone_is_noticed(environment, made, app_lock):
    environment.ensure(app_lock)
    environment.python.unlink()
    environment.python.symlink_to("/nowhere/python")
    assert not environment.ready(app_lock)

    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 2


def test_a_python_that_does_not_run_is_noticed(environment, app_lock):
    environment.ensure(app_lock)
    environment.python.unlink()
    environment.python.write_text("#!/bin/sh\nexit 1\n")
    environment.python.chmod(0o755)

    assert not environment.ready(app_lock)
    assert environment.must_be_made()


def test_a_patched_python_keeps_the_environment_and_checks_the_packages(environment, made, install, app_lock):
    environment.ensure(app_lock)
    stamp = next(environment.folder.glob("*stamp*"))
    write_stamp(stamp, Stamp("3.11.0", read_stamp(stamp).locks))
    assert not environment.ready(app_lock)

    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 1
    assert len(install.installed) == 2


def test_a_python_of_another_series_gets_an_environment_of_its_own(environment, made, app_lock):
    environment.ensure(app_lock)
    packages = next(environment.folder.glob("lib/python3.*"))
    packages.rename(packages.with_name("python3.4"))  # as an upgrade of the system leaves it: the link leads elsewhere
    stamp = next(environment.folder.glob("*stamp*"))
    write_stamp(stamp, Stamp("3.4.0", read_stamp(stamp).locks))

    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert len(made) == 2


def test_an_environment_made_by_hand_is_filled_and_kept(environment, make, made, app_lock):
    make(environment.folder)
    (environment.folder / "mine").touch()

    environment.ensure(app_lock)

    assert environment.ready(app_lock)
    assert made == []
    assert (environment.folder / "mine").exists()


def test_a_deleted_environment_is_made_again(environment, made, app_lock):
    environment.ensure(app_lock)
    shutil.rmtree(environment.folder)

    environment.ensure(app_lock)

    assert len(made) == 2
