"""Opening the library's file: one process at a time, migrated, and damaged ones kept aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.storage import search_text
from app.storage.disk_failures import is_damage
from app.storage.file_lock import held_alone
from app.storage.migrations import STEPS, Step, migrate, refuse_newer, version_of

_BESIDE = ("-wal", "-shm")  # SQLite keeps these with the file
_MAGIC = b"SQLite format 3\0"  # "The SQLite Database File Format", section 1.3, which also places `user_version`
_VERSION = slice(60, 64)


def open_library(
    path: Path, *, busy_timeout_s: float, steps: Sequence[Step] = STEPS
) -> tuple[sqlite3.Connection, str | None]:
    """A connection that is ready for use, and what people should know about it.

    The text is None, or says that the library was damaged, where the damaged file is now, and that an empty
    one was begun.

    Raises:
        LibraryTooNew: It belongs to a newer app; nothing was touched.
        sqlite3.Error, OSError: It can't be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with held_alone(path.with_name(f"{path.name}.opening")):
        try:
            return _connect(path, busy_timeout_s, steps), None
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        aside = _set_aside(path)
        notice = (
            f"The library was damaged and couldn't be opened. It is kept as {aside.name} in {aside.parent}, "
            "and an empty library was begun. The audio files are untouched."
        )
        return _connect(path, busy_timeout_s, steps), notice


def mark_as_suspect(path: Path) -> None:
    """Have the whole file checked when it is next opened: SQLite came across damage while using it."""
    _suspicion(path).touch()


def _connect(path: Path, busy_timeout_s: float, steps: Sequence[Step]) -> sqlite3.Connection:
    if path.exists():
        refuse_newer(_version_before_touching(path), steps)
    with _closed_on_failure(
        sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, cached_statements=256)
    ) as connection:
        connection.row_factory = sqlite3.Row
        search_text.register(connection)
        _check_if_suspect(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32768")  # KiB
        migrate(connection, path, steps)
        return connection


def _version_before_touching(path: Path) -> int:
    """The version of a library, read without a right to write: even closing a connection may change the file."""
    if path.with_name(path.name + "-wal").exists():  # the newest pages are in there
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return version_of(connection)
    with path.open("rb") as file:
        header = file.read(_VERSION.stop)
    return int.from_bytes(header[_VERSION], "big") if header.startswith(_MAGIC) else 0


def _check_if_suspect(connection: sqlite3.Connection, path: Path) -> None:
    if not _suspicion(path).exists():
        return
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise _Damaged(str(verdict))
    _suspicion(path).unlink()


class _Damaged(sqlite3.DatabaseError):
    """What `quick_check` found, in the form in which SQLite reports damage itself."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _set_aside(path: Path) -> Path:
    """Rename the damaged file and its companions; a salvage tool needs them under one name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    for suffix in _BESIDE:
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)
    _suspicion(path).unlink(missing_ok=True)
    return aside


def _suspicion(path: Path) -> Path:
    return path.with_name(f"{path.name}.suspect")


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
