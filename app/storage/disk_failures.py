"""What the disk or SQLite complains about, as sentences for people."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import StorageError

DISK_FULL = "The disk is full. Free some space, then try again."

_DAMAGED = (
    "The library is damaged. Restart Cuesmith: what can be saved goes into a new library, and the damaged file is kept."
)
_LEAST_ROOM_BYTES = 65_536  # the index of a WAL needs half of it
_NO_TEXT = "Could not decode to UTF-8"  # Python's own words, without a code: a text column holds garbage

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_READONLY: "The library can't be written to. Check the permissions of {folder}.",
    sqlite3.SQLITE_PERM: "The library can't be written to. Check the permissions of {folder}.",
    sqlite3.SQLITE_CANTOPEN: "The library can't be opened. Check that {folder} exists and can be written to.",
    sqlite3.SQLITE_BUSY: "Another program keeps the library locked. Close it, then try again.",
    sqlite3.SQLITE_LOCKED: "Another program keeps the library locked. Close it, then try again.",
    sqlite3.SQLITE_IOERR: "The disk reported an error at the library. Check the disk of {folder}.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory for the library. Close other programs, then try again.",
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_OF_SYSTEM = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: "Your share of the disk is full. Free some space, then try again.",
    errno.EROFS: "{path} is on a disk that can't be written to. Make it writable, or choose another folder.",
    errno.EACCES: "{path} can't be used. Check its permissions.",
    errno.EPERM: "{path} can't be used. Check its permissions.",
    errno.ENOENT: "{path} doesn't exist any more.",
    errno.EISDIR: "{path} is a folder, not a file.",
    errno.EMFILE: "Too many files are open. Close other programs, then try again.",
    errno.ENFILE: "Too many files are open. Close other programs, then try again.",
}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, as opposed to being busy, full or out of reach."""
    return _primary_code(error) in _DAMAGE or str(error).startswith(_NO_TEXT)


class DamagedRows(sqlite3.DatabaseError):
    """Rows that can be read and mean nothing, in the form in which SQLite reports damage."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


SENSELESS = (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError)
"""What comes of making values from columns that hold garbage."""


def of_sqlite(error: sqlite3.Error, database: Path) -> StorageError:
    """A sentence for what SQLite reports; chain it with `from error`."""
    if is_damage(error):
        return StorageError(_DAMAGED)
    if _primary_code(error) == sqlite3.SQLITE_IOERR and _is_full(database.parent):
        return StorageError(DISK_FULL)  # SQLite says so only of the database itself, not of the files beside it
    sentence = _OF_SQLITE.get(
        _primary_code(error), "The library in {folder} can't be read or written. Restart Cuesmith."
    )
    return StorageError(sentence.format(folder=database.parent))


def of_system(error: OSError, path: Path) -> StorageError:
    """A sentence for what the file system reports; chain it with `from error`."""
    sentence = _OF_SYSTEM.get(error.errno or 0, "{path} can't be used: {reason}.")
    return StorageError(sentence.format(path=path, reason=error.strerror or error))


@contextmanager
def as_storage_errors(path: Path) -> Iterator[None]:
    """Translate every OSError of the block; `path` is what people are told about."""
    try:
        yield
    except OSError as error:
        raise of_system(error, path) from error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LEAST_ROOM_BYTES
    except OSError:
        return False


def _primary_code(error: sqlite3.Error) -> int:
    """The low byte: SQLite's extended codes say more than a sentence needs."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
