"""Peaks kept on disk, so that a file is read only once. Anything odd in the cache means: build anew."""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.clipped_runs import ClippedRuns
from app.audio.files import reading
from app.audio.peaks import TOLD_EVERY_S, build
from app.audio.pyramid import BASE_FRAMES, Layer, Peaks, Points
from app.domain.errors import StorageError

_MAGIC = b"CuesmithPeaks\x003\n"
_FIELDS = "40sQIIIIIIIQ"  # as in _Head
_HEADER = struct.Struct(f"<16sI{_FIELDS}")  # magic, CRC-32 of the fields, the outline and the runs
_OUTLINE_POINTS = 1 << 14  # four a column on the widest screens
_MOST_CHANNELS = 32
_MOST_RUNS = 1 << 22
_KEPT_SHARE = 0.9
_ABANDONED_AFTER_S = 3_600


class _Head(NamedTuple):
    """What an entry says of itself. All numbers of an entry are little-endian."""

    key: bytes
    frames: int
    rate_hz: int
    channels: int
    sample_bytes: int
    outline_frames: int  # that a point of the outline stands for; where that is the base, nothing follows it
    runs: int
    runs_are_exact: int
    base_crc: int
    file_bytes: int

    @property
    def sample_type(self) -> str:
        return "<i2" if self.sample_bytes == 2 else "<f4"

    def bytes_of(self, points: int) -> int:
        return self.channels * points * (2 * self.sample_bytes + 4)

    @property
    def outline_points(self) -> int:
        return -(-self.frames // self.outline_frames)

    @property
    def base_points(self) -> int:
        return 0 if self.outline_frames == BASE_FRAMES else -(-self.frames // BASE_FRAMES)

    @property
    def runs_bytes(self) -> int:
        return 8 * (self.channels + 2 * self.runs)

    def is_possible(self, key: bytes, file_bytes: int) -> bool:
        return (
            self.key == key
            and self.sample_bytes in (2, 4)
            and 1 <= self.channels <= _MOST_CHANNELS
            and self.outline_frames >= BASE_FRAMES
            and self.runs <= _MOST_RUNS
            and self.file_bytes == file_bytes
            and file_bytes
            == _HEADER.size + self.bytes_of(self.outline_points) + self.runs_bytes + self.bytes_of(self.base_points)
        )


class PeaksCache:
    """Peaks by file. A file is known by its path, size and time of change: a changed one is read again.

    Several threads may ask one cache, and several processes may use one folder. What somebody waits for, to see it,
    comes before what is wanted for a list.
    """

    def __init__(self, folder: Path, *, max_bytes: int = 1 << 30) -> None:
        """Use a folder, made when needed; what wasn't used for longest goes when all is larger than `max_bytes`."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._written = max_bytes  # nobody knows yet what is there
        self._waiting = 0
        self._nobody_waits = threading.Condition()

    def load_or_build(
        self,
        path: Path,
        *,
        grown: Callable[[Peaks], None] = lambda _peaks: None,
        grown_every_s: float = TOLD_EVERY_S,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Peaks:
        """The peaks of a file; see `peaks.build` for the arguments and errors. Blocks.

        Of a file in the cache `grown` is given an outline first: all of it, but nothing finer than a whole screen
        needs. A cache that can't be written is no error: the peaks are built each time.
        """
        with self._before_others():
            key = _key(path)
            peaks = self._load(key, grown)
            if peaks is None:
                peaks = build(path, grown=grown, grown_every_s=grown_every_s, cancelled=cancelled)
                self._store(path, key, peaks)
        return peaks

    def outline(self, path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Peaks:
        """The peaks of a file for a small picture of all of it; finer layers may be missing. Blocks.

        Lets everybody pass who calls `load_or_build`, and gives up the file where they have built it meanwhile.
        """

        def is_superseded() -> bool:
            self._let_others_pass()
            return cancelled() or (not has_bad_entry and self._entry(key).exists())

        while True:
            self._let_others_pass()
            key = _key(path)
            has_bad_entry = self._entry(key).exists()
            peaks = self._load(key, lambda _outline: None, is_outline_enough=True)
            if peaks is not None:
                return peaks
            try:
                peaks = build(path, cancelled=is_superseded, threads=1)
            except CancelledError:
                if cancelled():
                    raise
            else:
                self._store(path, key, peaks)
                return peaks

    @contextlib.contextmanager
    def _before_others(self) -> Iterator[None]:
        with self._nobody_waits:
            self._waiting += 1
        try:
            yield
        finally:
            with self._nobody_waits:
                self._waiting -= 1
                self._nobody_waits.notify_all()

    def _let_others_pass(self) -> None:
        with self._nobody_waits:
            self._nobody_waits.wait_for(lambda: not self._waiting)

    def _entry(self, key: str) -> Path:
        return self._folder / f"{key}.peaks"

    def _load(self, key: str, grown: Callable[[Peaks], None], *, is_outline_enough: bool = False) -> Peaks | None:
        """The entry, or None if it is missing, damaged or from another version."""
        entry = self._entry(key)
        try:
            with entry.open("rb", buffering=0) as file:
                os.utime(entry)  # it was used just now
                found = _read_outline(file, key)
                if found is None:
                    return None
                head, outline = found
                if is_outline_enough or not head.base_points:
                    return outline
                grown(outline)
                return _read_base(file, head, outline)
        except OSError:
            return None

    def _store(self, path: Path, key: str, peaks: Peaks) -> None:
        with contextlib.suppress(OSError, StorageError):
            if _key(path) != key:  # it changed while it was read
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            entry = self._entry(key)
            beside = entry.with_suffix(f".{uuid.uuid4().hex}.partial")
            try:
                peaks_bytes = beside.write_bytes(_entry_of(key, peaks))
                beside.replace(entry)
            finally:
                beside.unlink(missing_ok=True)
            self._written += peaks_bytes
            if self._written > self._max_bytes * (1 - _KEPT_SHARE):
                self._make_room()
                self._written = 0

    def _make_room(self) -> None:
        """Delete what wasn't used for longest until the rest fits, and what a crash left half written."""
        entries = []
        for each in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process tidies up as well
                stat = each.stat()
                if each.suffix == ".partial" and stat.st_mtime < time.time() - _ABANDONED_AFTER_S:
                    each.unlink()
                elif each.suffix == ".peaks":
                    entries.append((stat.st_mtime_ns, stat.st_size, each))
        total = sum(size for _, size, _ in entries)
        for _, size, entry in sorted(entries):
            if total <= self._max_bytes * _KEPT_SHARE:
                return
            entry.unlink(missing_ok=True)
            total -= size


def _key(path: Path) -> str:
    with reading(path):
        stat = path.stat()
        text = f"{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}"
    return hashlib.sha1(os.fsencode(text), usedforsecurity=False).hexdigest()


def _entry_of(key: str, peaks: Peaks) -> bytes:
    """Header, outline, runs and, unless the outline is all there is, the base."""
    outline, base = peaks.finest_within(_OUTLINE_POINTS), peaks.base
    sample_type = base.whole.low.dtype.newbyteorder("<")
    runs = peaks.clipped_runs
    counts = np.array([each.shape[1] for each in runs.channels], "<i8")
    front = _bytes_of(outline, sample_type) + b"".join(
        each.astype("<i8").tobytes() for each in (counts, *runs.channels)
    )
    body = b"" if outline is base else _bytes_of(base, sample_type)
    head = _Head(
        key.encode(),
        peaks.frames,
        peaks.sample_rate_hz,
        peaks.channels,
        sample_type.itemsize,
        outline.point_frames,
        int(counts.sum()),
        int(runs.is_exact),
        zlib.crc32(body),
        _HEADER.size + len(front) + len(body),
    )
    return _HEADER.pack(_MAGIC, _front_crc(head, front), *head) + front + body


def _bytes_of(layer: Layer, sample_type: np.dtype[Any]) -> bytes:
    low, high, squares = layer.part(0, layer.length)
    parts = low.astype(sample_type, copy=False), high.astype(sample_type, copy=False), squares.astype("<f4", copy=False)
    return b"".join(each.tobytes() for each in parts)


def _front_crc(head: _Head, front: bytes) -> int:
    return zlib.crc32(front, zlib.crc32(struct.pack(f"<{_FIELDS}", *head)))


def _read_outline(file: FileIO, key: str) -> tuple[_Head, Peaks] | None:
    """What an entry begins with; None if it isn't sound."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        return None
    _, crc, *fields = _HEADER.unpack(header)
    head = _Head(*fields)
    if not head.is_possible(key.encode(), os.fstat(file.fileno()).st_size):
        return None
    layer_bytes = head.bytes_of(head.outline_points)
    front = file.read(layer_bytes + head.runs_bytes)
    if len(front) < layer_bytes + head.runs_bytes or _front_crc(head, front) != crc:
        return None
    numbers = np.frombuffer(front, "<i8", offset=layer_bytes)
    counts, runs = numbers[: head.channels], numbers[head.channels :]
    if counts.min() < 0 or counts.sum() != head.runs:
        return None
    ends = 2 * np.cumsum(counts)
    channels = tuple(runs[end - 2 * count : end].reshape(2, count) for end, count in zip(ends, counts, strict=True))
    clipped = ClippedRuns(channels, bool(head.runs_are_exact))
    layer = Layer(head.outline_frames, _points_of(front, head, head.outline_points))
    return head, Peaks(head.frames, head.rate_hz, layer, clipped=clipped)


def _read_base(file: FileIO, head: _Head, outline: Peaks) -> Peaks | None:
    """All the layers of an entry whose beginning was read; None if it isn't sound."""
    body = np.empty(head.bytes_of(head.base_points), np.uint8)
    if file.readinto(body.data) != len(body) or zlib.crc32(body.data) != head.base_crc:
        return None
    layer = Layer(BASE_FRAMES, _points_of(body, head, head.base_points))
    return Peaks(head.frames, head.rate_hz, layer, clipped=outline.clipped_runs)


def _points_of(data: bytes | npt.NDArray[np.uint8], head: _Head, points: int) -> Points:
    count = head.channels * points
    extremes = np.frombuffer(data, head.sample_type, 2 * count)
    squares = np.frombuffer(data, "<f4", count, offset=2 * count * head.sample_bytes)
    shape = (head.channels, points)
    return Points(extremes[:count].reshape(shape), extremes[count:].reshape(shape), squares.reshape(shape))
