"""Parsed files are kept by what was in them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.storage.catalogue import Catalogue
from app.storage.kept_tables import KeptTables
from app.storage.locations import resources_dir

TEXT = 'name = "Rain"\nsteps = [1, 2.5, 18446744073709551616]\n[sub]\nis_on = true\n'


def test_what_is_kept_says_the_same(tmp_path: Path) -> None:
    first = KeptTables(tmp_path / "tables")
    parsed = first.parsed(TEXT)
    assert list(tmp_path.iterdir()) == []
    first.keep()

    again = KeptTables(tmp_path / "tables").parsed(TEXT)

    assert again == parsed == tomllib.loads(TEXT)
    assert [type(step) for step in again["steps"]] == [int, float, int]


def test_what_is_kept_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = KeptTables(tmp_path)
    first.parsed(TEXT)
    first.keep()
    monkeypatch.setattr(tomllib, "loads", None)

    assert KeptTables(tmp_path).parsed(TEXT)["name"] == "Rain"


def test_another_text_is_parsed_and_what_nobody_asked_for_goes(tmp_path: Path) -> None:
    first = KeptTables(tmp_path)
    first.parsed(TEXT)
    first.keep()
    second = KeptTables(tmp_path)

    assert second.parsed(TEXT.replace("Rain", "Wind"))["name"] == "Wind"
    second.keep()

    assert len(list(tmp_path.iterdir())) == 1


def test_a_table_of_another_text_is_not_taken_whatever_its_name(tmp_path: Path) -> None:
    first = KeptTables(tmp_path)
    first.parsed(TEXT)
    first.keep()
    kept = next(tmp_path.iterdir())
    kept.write_bytes(kept.read_bytes().replace(b"Rain", b"Wind"))

    assert KeptTables(tmp_path).parsed(TEXT)["name"] == "Rain"


@pytest.mark.parametrize("broken", [b"", b"{", b"[1]", b"\xff", b"[" * 200_000])
def test_a_damaged_table_is_parsed_anew(tmp_path: Path, broken: bytes) -> None:
    first = KeptTables(tmp_path)
    first.parsed(TEXT)
    first.keep()
    next(tmp_path.iterdir()).write_bytes(broken)

    assert KeptTables(tmp_path).parsed(TEXT)["name"] == "Rain"


def test_a_text_with_a_date_is_parsed_each_time(tmp_path: Path) -> None:
    first = KeptTables(tmp_path)
    first.parsed("day = 2026-01-02\n")
    first.keep()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    tables = KeptTables(tmp_path / "file" / "tables")

    assert tables.parsed(TEXT)["name"] == "Rain"
    tables.keep()


def test_the_models_are_the_same_from_kept_tables(tmp_path: Path) -> None:
    folder = resources_dir() / "catalogue"
    first = KeptTables(tmp_path)
    Catalogue.load([folder], tables=first)
    first.keep()

    kept = Catalogue.load([folder], tables=KeptTables(tmp_path))

    assert len(list(tmp_path.iterdir())) == len(list(folder.glob("*.toml")))
    assert kept.models == Catalogue.load([folder]).models
