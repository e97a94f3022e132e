"""Opening the library's file: one process at a time, migrated, and a new one made of what a damaged one holds."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage import search_text
from app.storage.disk_failures import is_damage
from app.storage.file_lock import held_alone
from app.storage.migrations import STEPS, Step, migrate, refuse_newer, version_of
from app.storage.newest_pages import is_shortened, is_wal_too_short, wal_index

if TYPE_CHECKING:
    from app.storage.library_folders import LibraryFolders

_MAGIC = b"SQLite format 3\0"  # "The SQLite Database File Format", section 1.3, which also places `user_version`
_VERSION = slice(60, 64)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_CAN_ONLY_BE_READ = (
    "The library can only be read: {folder} can’t be written to. Check its permissions; until then nothing can be "
    "generated or changed."
)
_PATIENCE_S = 30.0  # with another process that opens, migrates or salvages the library


def open_library(
    path: Path,
    *,
    busy_timeout_s: float,
    steps: Sequence[Step] = STEPS,
    folders: LibraryFolders | None = None,
    on_damage: Callable[[], None] = lambda: None,
) -> tuple[sqlite3.Connection, str | None]:
    """A connection that is ready for use, and what people should know about it.

    The text is None, or says that the library was damaged, what came out of it, and where the damaged file is now.

    Args:
        folders: Where the library's files are, which are looked through once it was damaged.
        on_damage: Called before the work of salvaging, which takes its time.
    Raises:
        LibraryTooNew: It belongs to a newer app; nothing was touched.
        StorageError: Another process opens it, or works with a damaged one.
        sqlite3.Error, OSError: It can't be opened.
    """
    connect = partial(_connect, busy_timeout_s=busy_timeout_s, steps=steps)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _open_alone(path, connect, folders, on_damage)
    except OSError as error:
        if error.errno not in _READ_ONLY or not path.exists():
            raise
        connection = _only_readable(path, steps)
        if connection is None:
            raise
        return connection, _CAN_ONLY_BE_READ.format(folder=path.parent)


def _open_alone(
    path: Path,
    connect: Callable[[Path], sqlite3.Connection],
    folders: LibraryFolders | None,
    on_damage: Callable[[], None],
) -> tuple[sqlite3.Connection, str | None]:
    with held_alone(path.with_name(f"{path.name}.opening"), patience_s=_PATIENCE_S):
        notice = None
        if _is_exchange_unfinished(path):
            from app.storage.salvaging import finish_exchange

            notice = finish_exchange(path)
        try:
            return _sound(path, connect, folders), notice
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            what = error.sentence if isinstance(error, _Damaged) else _DAMAGED
        from app.storage.salvaging import salvage  # late: no sound library needs it

        on_damage()
        notice = salvage(path, what, connect, folders)
        return connect(path), notice


def can_only_be_read(connection: sqlite3.Connection) -> bool:
    """Whether a library was opened in a folder that couldn't be written to."""
    row: tuple[int] = connection.execute("PRAGMA query_only").fetchone()
    return bool(row[0])


def _only_readable(path: Path, steps: Sequence[Step]) -> sqlite3.Connection | None:
    """A connection to a library in a folder that can't be written to; None where it can't be read as it is."""
    # The first sees what a process that may write is writing; the second needs no file beside the library.
    for how in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            search_text.register(connection)
            if version_of(connection) == len(steps):
                connection.execute("PRAGMA query_only = ON")
                return connection
        except sqlite3.OperationalError:
            pass  # a WAL can't be used without writing its index
        connection.close()
        if _has_wal(path):
            break  # what is in there would be missing
    return None


def mark_as_suspect(path: Path) -> None:
    """Have the whole file checked when it is next opened: SQLite came across damage while using it."""
    with contextlib.suppress(OSError):  # a disk that takes no mark takes no new library either
        suspicion_of(path).touch()


def suspicion_of(path: Path) -> Path:
    """The file that marks a library as suspect."""
    return path.with_name(f"{path.name}.suspect")


def _sound(
    path: Path, connect: Callable[[Path], sqlite3.Connection], folders: LibraryFolders | None
) -> sqlite3.Connection:
    """A connection to a library that has lost nothing, as far as can be seen at once."""
    if is_wal_too_short(path):
        raise _Damaged(_NEWEST_LOST)
    if not path.exists() and (_has_wal(path) or (folders is not None and folders.is_any_take_there())):
        raise _Damaged(_MISSING)
    return connect(path)


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
        index = wal_index(path)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = version_of(connection)
        if is_shortened(path, index):
            raise _Damaged(_NEWEST_LOST)
        return version
    with path.open("rb") as file:
        header = file.read(_VERSION.stop)
    return int.from_bytes(header[_VERSION], "big") if header.startswith(_MAGIC) else 0


def _check_if_suspect(connection: sqlite3.Connection, path: Path) -> None:
    if not suspicion_of(path).exists():
        return
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise _Damaged(_DAMAGED)
    tables = [row["name"] for row in connection.execute("SELECT name FROM sqlite_schema WHERE name = 'tasks'")]
    if tables:
        from app.storage.task_reading import tasks_by_number

        tasks_by_number(connection, [row["number"] for row in connection.execute("SELECT number FROM tasks")])
    suspicion_of(path).unlink()


def _has_wal(path: Path) -> bool:
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _is_exchange_unfinished(path: Path) -> bool:
    return next(path.parent.glob(f"{path.name}.salvag*"), None) is not None


_DAMAGED = "The library was damaged."
_NEWEST_LOST = "The newest part of the library is missing or damaged."
_MISSING = "The library’s file was missing."


class _Damaged(sqlite3.DatabaseError):
    """Damage that we found ourselves, in the form in which SQLite reports it."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
