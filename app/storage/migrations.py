"""Numbered steps from the oldest schema to the newest. A step, once released, never changes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.errors import LibraryTooNew
from app.storage.schema import FIRST_SCHEMA
from app.storage.sheet_schema import SHEET_SCHEMA

Step = Callable[[sqlite3.Connection], None]


def _first_schema(connection: sqlite3.Connection) -> None:
    for statement in FIRST_SCHEMA:
        connection.execute(statement)


def _favourite_voices(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE favourite_voices (
            provider TEXT NOT NULL,
            voice TEXT NOT NULL,
            PRIMARY KEY (provider, voice)
        ) WITHOUT ROWID
        """
    )


def _queue_state(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE queue_pause (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), since TEXT NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE busy_services (base_url TEXT NOT NULL PRIMARY KEY, until TEXT NOT NULL) WITHOUT ROWID"
    )


def _sheets(connection: sqlite3.Connection) -> None:
    for statement in SHEET_SCHEMA:
        connection.execute(statement)


def _more_measures(connection: sqlite3.Connection) -> None:
    """What was measured before is measured again: `measured_version` says by which measures, 0 is none of these."""
    for column, kind in (
        ("loudness_basis", "TEXT"),
        ("momentary_max_lufs", "REAL"),
        ("short_term_max_lufs", "REAL"),
        ("range_lu", "REAL"),
        ("sample_peak_dbfs", "REAL"),
        ("head_silence_s", "REAL"),
        ("tail_silence_s", "REAL"),
        ("dc_offset", "REAL"),
        ("measured_version", "INTEGER NOT NULL DEFAULT 0"),
    ):
        connection.execute(f"ALTER TABLE takes ADD COLUMN {column} {kind}")
    connection.execute("DROP INDEX takes_unmeasured")
    connection.execute(
        "CREATE INDEX takes_by_measured_version ON takes (measured_version, number_in_library DESC) "
        "WHERE state = 'stored'"
    )


def _clips(connection: sqlite3.Connection) -> None:
    """What was cut and faded of takes, and the files that were handed over."""
    connection.execute(
        """
        CREATE TABLE clip_edits (
            take TEXT NOT NULL PRIMARY KEY REFERENCES takes (id) ON DELETE CASCADE,
            start INTEGER NOT NULL CHECK (start >= 0),
            end INTEGER CHECK (end > start),
            fade_in INTEGER NOT NULL CHECK (fade_in >= 0),
            fade_out INTEGER NOT NULL CHECK (fade_out >= 0),
            shape TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE handed_files (
            path TEXT NOT NULL PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX handed_files_by_fingerprint ON handed_files (fingerprint)")


STEPS: tuple[Step, ...] = (_first_schema, _favourite_voices, _queue_state, _sheets, _more_measures, _clips)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a database has behind it; 0 is an empty one."""
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def refuse_newer(version: int, steps: Sequence[Step] = STEPS) -> None:
    """
    Raises:
        LibraryTooNew: The database has steps behind it that this app doesn't know.
    """
    if version > len(steps):
        raise LibraryTooNew(
            f"This library was last used by a newer Cuesmith (its version is {version}, this app knows "
            f"{len(steps)}). Nothing was changed. Update Cuesmith to open it."
        )


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[Step] = STEPS) -> None:
    """Take every step that is missing, each with its record in one transaction.

    An existing database is copied to `NAME.before-N` first, where N is the version it is taken to. The caller
    makes sure that no other process does the same meanwhile.

    Raises:
        LibraryTooNew: See `refuse_newer`.
    """
    version = version_of(connection)
    refuse_newer(version, steps)
    if 0 < version < len(steps):
        _back_up(connection, path.with_name(f"{path.name}.before-{len(steps)}"))
    for number, step in enumerate(steps[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the whole database; the copy gets its name only when it is complete and on the disk."""
    unfinished = target.with_name(f"{target.name}.partial")
    unfinished.unlink(missing_ok=True)
    copy = sqlite3.connect(unfinished)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)
