"""A damaged library, read as far as it goes: row by row, around the pages that are broken.

It is read from a copy: closing a connection may change a file, and the damaged one is kept as it was. Where the
beginning of the file is gone, that of a new library takes its place, which describes the same tables.
Source: "Database File Format" (sqlite.org/fileformat2.html), sections 1.3 (header) and 1.6 (pages of a table).
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_PAGE_BYTES, _HEADER_BYTES = 4_096, 100
_MOST_LOST_IN_A_ROW = 50_000  # row numbers without an answer after which a table is taken to be at its end
_NEEDED = frozenset({"tasks", "attempts", "receipts", "takes"})
_INTERIOR_PAGE = 5


class DamagedFile:
    """Rows of a damaged library. Blocks; everything that it makes lies in `workplace`.

    Attributes:
        gaps: How often rows in the middle couldn't be read.
    """

    def __init__(self, connection: sqlite3.Connection, columns: dict[str, list[str]]) -> None:
        self.gaps = 0
        self._connection = connection
        self._columns = columns

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path, workplace: Path, new: Path) -> Iterator[DamagedFile | None]:
        """The damaged file at `path`, with what is in its WAL; None where no table can be found in it.

        Args:
            workplace: An empty folder for copies.
            new: An empty library of today's version, closed.
        """
        for number, mend in enumerate((_as_it_is, _with_new_header, _with_new_schema)):
            for with_wal in (True, False):
                copy = workplace / f"{number}{'w' if with_wal else ''}.sqlite3"
                _copy(path, copy, with_wal=with_wal)
                mend(copy, new)
                with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                    columns = _columns(connection)
                    if set(columns) >= _NEEDED:
                        connection.row_factory = sqlite3.Row
                        yield cls(connection, columns)
                        return
                _remove(copy)
        yield None

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none where there is no such table."""
        return self._columns.get(table, [])

    def rows(self, table: str) -> Iterator[sqlite3.Row]:
        """Every row of a table that can be read, in the order of their numbers."""
        if not self.columns(table):
            return
        try:
            self._connection.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608 - our own names
        except sqlite3.Error:
            yield from self._first_rows(table)
            return
        yield from self._numbered_rows(table)

    def _first_rows(self, table: str) -> Iterator[sqlite3.Row]:
        """Of a table without row numbers: everything before the first broken page."""
        try:
            yield from self._connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        except sqlite3.Error:
            self.gaps += 1

    def _numbered_rows(self, table: str) -> Iterator[sqlite3.Row]:
        query = f"SELECT rowid AS row_number_, * FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"  # noqa: S608
        at = 0
        try:
            for row in self._connection.execute(query, (at,)):
                yield row
                at = row["row_number_"]
        except sqlite3.Error:
            self.gaps += 1
            yield from self._one_by_one(f"{query} LIMIT 1", at, self._last_number(table))

    def _one_by_one(self, query: str, at: int, last: int | None) -> Iterator[sqlite3.Row]:
        lost = 0
        while last is None or at <= last:
            try:
                row = self._connection.execute(query, (at,)).fetchone()
            except sqlite3.Error:
                lost += 1
                at += 1
                if last is None and lost > _MOST_LOST_IN_A_ROW:
                    return
                continue
            if row is None:
                return
            lost = 0
            yield row
            at = row["row_number_"]

    def _last_number(self, table: str) -> int | None:
        queries = (
            f"SELECT max(rowid) FROM {table} NOT INDEXED",  # noqa: S608 - our own names
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608
        )
        for query in queries:
            with contextlib.suppress(sqlite3.Error):
                row = self._connection.execute(query).fetchone()
                if row is not None and isinstance(row[0], int):
                    return int(row[0])
        return None


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Stored columns by table; nothing where not even that can be read."""
    found: dict[str, list[str]] = {}
    try:
        connection.execute("PRAGMA cell_size_check = ON")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in names:
            found[name] = [row[1] for row in connection.execute(f"PRAGMA table_info('{name}')")]
    except sqlite3.Error:
        return {}
    return found


def _copy(path: Path, copy: Path, *, with_wal: bool) -> None:
    """The file and its WAL under another name; a file that is gone is an empty one."""
    if path.exists():
        shutil.copyfile(path, copy)
    else:
        copy.touch()
    wal = path.with_name(path.name + "-wal")
    if with_wal and wal.exists():
        shutil.copyfile(wal, copy.with_name(copy.name + "-wal"))


def _remove(copy: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _as_it_is(copy: Path, _new: Path) -> None:
    """Only its length is made to fit: SQLite refuses a file that is shorter than it says."""
    data = copy.read_bytes()[:_HEADER_BYTES]
    if data.startswith(_MAGIC) and struct.unpack(">I", data[28:32])[0] > _pages(copy):
        _with_new_header(copy, copy)


def _with_new_header(copy: Path, new: Path) -> None:
    """The first hundred bytes of a new library, with the right number of pages."""
    header = bytearray(new.read_bytes()[:_HEADER_BYTES])
    count = max(_pages(copy), 1)
    header[28:32] = struct.pack(">I", count)
    header[92:96] = header[24:28]  # says that the number of pages is true
    header[32:40] = bytes(8)  # no free pages
    with copy.open("rb+") as file:
        file.write(header)
        file.truncate(count * _PAGE_BYTES)


def _with_new_schema(copy: Path, new: Path) -> None:
    """All pages that describe the tables, too: in a library that began with this version they are the same."""
    data = new.read_bytes()
    with copy.open("rb+") as file:
        for page in _schema_pages(data):
            file.seek((page - 1) * _PAGE_BYTES)
            file.write(data[(page - 1) * _PAGE_BYTES : page * _PAGE_BYTES])
    _with_new_header(copy, new)


def _schema_pages(data: bytes) -> Iterator[int]:
    """Page 1, and the pages below it; the description of our tables needs two levels."""
    yield 1
    if data[_HEADER_BYTES] != _INTERIOR_PAGE:
        return
    count, last = struct.unpack_from(">H3xI", data, _HEADER_BYTES + 3)
    pointers = struct.unpack_from(f">{count}H", data, _HEADER_BYTES + 12)
    for pointer in pointers:
        yield struct.unpack_from(">I", data, pointer)[0]
    yield last


def _pages(path: Path) -> int:
    return -(-path.stat().st_size // _PAGE_BYTES)
