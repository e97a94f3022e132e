"""The lock files hold what pyproject.toml asks for, hashed, and nothing of the machine that wrote them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from locking import command_for
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NAMES = ("requirements.lock", "requirements-test.lock", "requirements-freeze.lock")
_MARKERS_OF_SUPPORTED = [
    {"python_full_version": f"3.{minor}.0", "python_version": f"3.{minor}", "sys_platform": system}
    for minor in (11, 12, 13)
    for system in ("linux", "darwin", "win32")
]


def _entries(lock: Path) -> list[tuple[Requirement, list[str]]]:
    """Requirement and hashes of each entry; whatever else stands in the file fails."""
    entries: list[tuple[Requirement, list[str]]] = []
    for line in lock.read_text("utf-8").splitlines():
        text = line.removesuffix("\\").strip()
        if line.startswith("    --hash="):
            entries[-1][1].append(text.removeprefix("--hash="))
        else:
            entries.append((Requirement(text), []))
    return entries


def _wanted(root: Path, name: str) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    groups = {"requirements-test.lock": ("test",), "requirements-freeze.lock": ("freeze",)}.get(name, ())
    lines = [
        *project["project"]["dependencies"],
        *(line for group in groups for line in project["dependency-groups"][group]),
    ]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", NAMES)
def test_every_dependency_is_locked_to_a_version_that_fits_everywhere(launchers, root, name):
    entries = _entries(launchers / name)

    for wanted in _wanted(root, name):
        for system in _MARKERS_OF_SUPPORTED:
            versions = [
                next(iter(entry.specifier)).version
                for entry, _ in entries
                if canonicalize_name(entry.name) == canonicalize_name(wanted.name)
                and (entry.marker is None or entry.marker.evaluate(system))
            ]
            assert len(versions) == 1, (wanted, system)
            assert wanted.specifier.contains(versions[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_one_version_with_hashes(launchers, name):
    for entry, hashes in _entries(launchers / name):
        assert [specifier.operator for specifier in entry.specifier] == ["=="]
        assert entry.url is None
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


@pytest.mark.parametrize("name", NAMES)
def test_no_address_stands_in_it(launchers, name):
    text = (launchers / name).read_text("utf-8")

    assert "://" not in text
    assert "index" not in re.sub(r"^\S+==.*$", "", text, flags=re.MULTILINE)
    assert "find-links" not in text


@pytest.mark.parametrize("larger", NAMES[1:])
def test_what_extends_the_apps_lock_agrees_with_it(launchers, larger):
    apps = {str(entry): sorted(hashes) for entry, hashes in _entries(launchers / NAMES[0])}
    others = {str(entry): sorted(hashes) for entry, hashes in _entries(launchers / larger)}

    assert {name: others.get(name) for name in apps} == apps


def test_the_tests_and_freezing_share_versions(launchers):
    test, freeze = ({str(entry) for entry, _ in _entries(launchers / name)} for name in NAMES[1:])
    by_name = [{text.partition("==")[0] for text in texts} for texts in (test, freeze)]

    shared = by_name[0] & by_name[1]
    assert {text for text in test if text.partition("==")[0] in shared} == {
        text for text in freeze if text.partition("==")[0] in shared
    }


def test_a_new_lock_is_written_for_all_systems_with_hashes(tmp_path):
    command = command_for(tmp_path / "new.lock", "test", tmp_path / "requirements.lock")

    assert {"--universal", "--generate-hashes", "--no-header", "--no-emit-index-url"} <= set(command)
    assert command[command.index("--python-version") + 1] == "3.11"
    assert command[command.index("--group") + 1] == "test"
