"""Peaks kept on disk, so that a file is read only once. Anything odd in the cache means: build anew."""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import uuid
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from app.audio.files import reading
from app.audio.peaks import BASE_FRAMES, Peaks, build

_MAGIC = b"CuesmithPeaks\x002\n"
_FIELDS = "QIIIQ40s"  # frames, rate, channels, sample bytes, points, key
_HEADER = struct.Struct(f"<16sI{_FIELDS}")  # magic, CRC-32 of all that follows, fields
_MOST_CHANNELS = 32


class PeaksCache:
    """Peaks by file. A file is known by its path, size and time of change: a changed one is read again."""

    def __init__(self, folder: Path, *, max_bytes: int = 1 << 30) -> None:
        """Use a folder, made when needed; the oldest entries go when all are larger than `max_bytes`."""
        self._folder = folder
        self._max_bytes = max_bytes

    def load_or_build(
        self,
        path: Path,
        *,
        progress: Callable[[float], None] = lambda _fraction: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Peaks:
        """The peaks of a file; see `peaks.build` for the arguments and errors. Blocks.

        A cache that can't be written is no error: the peaks are built each time.
        """
        with reading(path):
            key = _key(path)
        entry = self._folder / f"{key}.peaks"
        peaks = _load(entry, key)
        if peaks is None:
            peaks = build(path, progress=progress, cancelled=cancelled)
            with contextlib.suppress(OSError):
                self._store(entry, key, peaks)
        progress(1.0)
        return peaks

    def _store(self, entry: Path, key: str, peaks: Peaks) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        low, high, squares = peaks.base
        body = b"".join(np.ascontiguousarray(each).tobytes() for each in (low, high, squares))
        fields = (peaks.frames, peaks.sample_rate_hz, peaks.channels, low.itemsize, low.shape[1], key.encode())
        header = _HEADER.pack(_MAGIC, _checksum(fields, body), *fields)
        beside = entry.with_suffix(f".{uuid.uuid4().hex}.partial")
        try:
            beside.write_bytes(header + body)
            beside.replace(entry)
        finally:
            beside.unlink(missing_ok=True)
        self._make_room()

    def _make_room(self) -> None:
        """Delete the entries written longest ago until the rest fits."""
        entries = [(each.stat(), each) for each in self._folder.glob("*.peaks")]
        total = sum(stat.st_size for stat, _ in entries)
        for stat, entry in sorted(entries, key=lambda each: each[0].st_mtime_ns):
            if total <= self._max_bytes:
                return
            entry.unlink(missing_ok=True)
            total -= stat.st_size


def _key(path: Path) -> str:
    stat = path.stat()
    text = f"{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}"
    return hashlib.sha1(os.fsencode(text), usedforsecurity=False).hexdigest()


def _checksum(fields: Sequence[object], body: bytes | memoryview) -> int:
    return zlib.crc32(body, zlib.crc32(struct.pack(f"<{_FIELDS}", *fields)))


def _load(entry: Path, key: str) -> Peaks | None:
    """The entry, or None if it is missing, damaged or from another version."""
    try:
        data = entry.read_bytes()
        magic, crc, *fields = _HEADER.unpack_from(data)
    except (OSError, struct.error):
        return None
    frames, rate_hz, channels, item_bytes, points, stored_key = fields
    body = memoryview(data)[_HEADER.size :]
    is_sound = (
        magic == _MAGIC
        and stored_key.decode("ascii", "replace") == key
        and item_bytes in (2, 4)
        and 1 <= channels <= _MOST_CHANNELS
        and points == -(-frames // BASE_FRAMES)
        and len(body) == channels * points * (2 * item_bytes + 4)
        and _checksum(fields, body) == crc
    )
    if not is_sound:
        return None
    count = channels * points
    extremes = np.frombuffer(body, np.int16 if item_bytes == 2 else np.float32, 2 * count)
    squares = np.frombuffer(body, np.float32, count, offset=2 * count * item_bytes)
    shape = (channels, points)
    return Peaks(
        frames,
        rate_hz,
        extremes[:count].reshape(shape),
        extremes[count:].reshape(shape),
        squares.reshape(shape),
    )
