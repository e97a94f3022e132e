"""The stamp tells what is completely installed, and nothing else counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stamp import Stamp, fingerprint, read_stamp, write_stamp


def test_a_written_stamp_is_read_back(tmp_path: Path):
    stamp = Stamp("3.12.1", {"requirements.lock": "ab"})

    write_stamp(tmp_path / "stamp", stamp)

    assert read_stamp(tmp_path / "stamp") == stamp
    assert [path.name for path in tmp_path.iterdir()] == ["stamp"]


def test_no_stamp_is_none(tmp_path: Path):
    assert read_stamp(tmp_path / "stamp") is None


@given(text=st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_a_damaged_stamp_counts_as_none(tmp_path_factory: pytest.TempPathFactory, text: str):
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_text(text, "utf-8", errors="replace")

    assert read_stamp(path) is None


def test_a_changed_lock_or_python_is_not_covered(locks: Path):
    lock = locks / "requirements.lock"
    stamp = Stamp("3.11.7").after_installing(lock)

    assert stamp.covers(lock, "3.11.7")
    assert not stamp.covers(lock, "3.11.9")
    assert not stamp.covers(lock, "")
    lock.write_text("another==2.0\n")
    assert not stamp.covers(lock, "3.11.7")


@pytest.mark.parametrize("larger", ["requirements-test.lock", "requirements-freeze.lock"])
def test_what_the_tests_or_freezing_need_is_enough_for_the_app(locks: Path, larger: str):
    stamp = Stamp("3.11.7").after_installing(locks / larger)

    assert stamp.covers(locks / "requirements.lock", "3.11.7")
    assert stamp.covers(locks / larger, "3.11.7")


def test_what_the_app_needs_is_not_enough_for_the_tests(locks: Path):
    stamp = Stamp("3.11.7").after_installing(locks / "requirements.lock")

    assert not stamp.covers(locks / "requirements-test.lock", "3.11.7")


def test_one_installation_does_not_undo_another(locks: Path):
    stamp = Stamp("3.11.7").after_installing(locks / "requirements-test.lock")
    stamp = stamp.after_installing(locks / "requirements-freeze.lock")

    assert stamp.covers(locks / "requirements-test.lock", "3.11.7")


def test_line_ends_do_not_change_a_fingerprint(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"one\ntwo\n")
    (tmp_path / "b").write_bytes(b"one\r\ntwo\r\n")

    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
