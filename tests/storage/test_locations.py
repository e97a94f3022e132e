"""Everything that outlives the process has one place, wherever the app was started from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.storage.locations import Locations, resources_dir


def test_one_variable_keeps_everything_under_one_folder(tmp_path):
    places = Locations.from_environment({"CUESMITH_HOME": str(tmp_path / "home")})

    assert places == Locations(*(tmp_path / "home" / name for name in ("config", "data", "cache", "logs", "clips")))


def test_a_relative_home_does_not_follow_a_change_of_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    places = Locations.from_environment({"CUESMITH_HOME": "here"})

    assert places.data == tmp_path / "here" / "data"


@pytest.mark.parametrize("environ", [{}, {"CUESMITH_HOME": ""}])
def test_else_the_folders_are_the_systems_own_and_differ(environ):
    places = Locations.from_environment(environ)

    four = [places.config, places.data, places.cache, places.logs]
    assert all(path.is_absolute() for path in four)
    assert all("cuesmith" in str(path).lower() for path in four)
    assert places.cache != places.data


def test_files_that_are_handed_over_lie_where_people_look_for_theirs(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert Locations.from_environment({}).handed_over == tmp_path / "Cuesmith" / "Clips"


def test_nothing_is_made_by_asking(tmp_path):
    places = Locations.from_environment({"CUESMITH_HOME": str(tmp_path)})

    assert places.database == tmp_path / "data" / "library.sqlite3"
    assert places.log_file == tmp_path / "logs" / "cuesmith.log"
    assert list(tmp_path.iterdir()) == []


def test_what_can_be_made_anew_lies_in_the_cache_and_nothing_else_does(tmp_path):
    places = Locations.under(tmp_path)

    for path in (places.peaks, places.voice_samples, places.clips):
        assert path.is_relative_to(places.cache)
    for path in (places.takes, places.inputs, places.task_locks):
        assert path.is_relative_to(places.data)
    for path in (places.settings_file, places.user_catalogue):
        assert path.is_relative_to(places.config)


def test_a_checkout_has_its_resources_at_the_top():
    assert resources_dir() == Path(__file__).resolve().parents[2] / "resources"


def test_a_frozen_app_has_its_resources_in_the_bundle(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(FileNotFoundError, match="resources"):
        resources_dir()

    (tmp_path / "resources").mkdir()

    assert resources_dir() == tmp_path / "resources"
