"""Whether a library has lost what was written last: its WAL file is gone, cut or overwritten.

SQLite takes a missing WAL for an empty one and a damaged WAL for a shorter one, and opens an older state of the
library without a word. The index beside the WAL (`-shm`), which a killed process leaves behind, says how many
frames there were.
Source: "WAL-mode File Format", sections 2.1 and 4 (sqlite.org/walformat.html).
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import NamedTuple

_INDEX_HEADER = struct.Struct("=IIIBBHIIII8sII")  # in the byte order of the machine that wrote it; two copies of it
_INDEX_VERSION = 3_007_000
_WAL_HEADER = struct.Struct(">III4x8s")  # magic, version, page size, salts
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_NO_SALTS = bytes(8)
_LOOKS, _BETWEEN_LOOKS_S = 3, 0.05


class WalIndex(NamedTuple):
    """What the index says of the WAL that it belongs to.

    Attributes:
        frames: How many of it are committed.
        salts: Of the WAL's header; they change when it begins anew.
    """

    frames: int
    page_bytes: int
    salts: bytes


def wal_index(path: Path) -> WalIndex | None:
    """The index of a database's WAL; None where there is none, or it isn't whole."""
    try:
        with path.with_name(path.name + "-shm").open("rb") as file:
            first = file.read(_INDEX_HEADER.size)
            second = file.read(_INDEX_HEADER.size)
    except OSError:
        return None
    if len(first) < _INDEX_HEADER.size or first != second:
        return None  # a process died, or is, in the middle of writing it
    version, _, _, is_initialised, _, page_bytes, frames, _, _, _, salts, sum_1, sum_2 = _INDEX_HEADER.unpack(first)
    if version != _INDEX_VERSION or not is_initialised or (sum_1, sum_2) != _checksum(first[:-8]):
        return None
    return WalIndex(frames, 65_536 if page_bytes == 1 else page_bytes, salts)


def is_wal_too_short(path: Path) -> bool:
    """Whether the WAL of a database is gone or can't hold all frames that were committed. Blocks; touches nothing.

    Another process that closes the database removes both files one after the other, so a first suspicion is
    looked at again.
    """
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_LOOKS_S)
        index = wal_index(path)
        if index is None or not index.frames or _can_hold(path.with_name(path.name + "-wal"), index):
            return False
    return True


def is_shortened(path: Path, before: WalIndex | None) -> bool:
    """Whether frames were found to be damaged: SQLite, which reads them when nobody else has the file open, took less.

    To be asked while this process has no connection to the database: closing the index would free its locks.

    Args:
        before: The index from before a connection looked.
    """
    after = wal_index(path)
    if before is None or after is None or after.frames >= before.frames:
        return False
    if after.salts == _NO_SALTS:
        # All of it is damaged, or it is no more: another process that closes the database puts everything into it.
        return _size_of_wal(path) > 0
    return after.salts == before.salts  # else it began anew meanwhile: everything of it is in the database


def _size_of_wal(path: Path) -> int:
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return 0


def _can_hold(wal: Path, index: WalIndex) -> bool:
    try:
        with wal.open("rb") as file:
            header = file.read(_WAL_HEADER_BYTES)
        size = wal.stat().st_size
    except OSError:
        return False
    if len(header) < _WAL_HEADER_BYTES:
        return False
    magic, _, page_bytes, salts = _WAL_HEADER.unpack(header[: _WAL_HEADER.size])
    needed = _WAL_HEADER_BYTES + index.frames * (_FRAME_HEADER_BYTES + index.page_bytes)
    return magic in _WAL_MAGIC and page_bytes == index.page_bytes and salts == index.salts and size >= needed


def _checksum(data: bytes) -> tuple[int, int]:
    one = two = 0
    for first, second in struct.iter_unpack("=II", data):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
