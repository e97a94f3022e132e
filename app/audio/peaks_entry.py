"""How peaks lie in a file of the cache: what says whose they are, an outline, where it is clipped, and the base.

An outline is all that a picture of the whole file needs, so it comes first and can be read alone. Each part has a
checksum. All numbers are little-endian.
"""

from __future__ import annotations

import os
import struct
import zlib
from io import FileIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.audio.clipped_runs import ClippedRuns
from app.audio.pyramid import BASE_FRAMES, Layer, Peaks, Points

_MAGIC = b"CuesmithPeaks\x003\n"
_FIELDS = "40sQIIIIIIIQ"  # as in EntryHead
_HEADER = struct.Struct(f"<16sI{_FIELDS}")  # magic, CRC-32 of the fields, the outline and the runs
_OUTLINE_POINTS = 1 << 14  # four a column on the widest screens
_MOST_CHANNELS = 32
_MOST_RUNS = 1 << 23


class EntryHead(NamedTuple):
    """What an entry says of itself."""

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


def entry_of(key: str, peaks: Peaks) -> bytes:
    """Header, outline, runs and, unless the outline is all there is, the base."""
    outline, base = peaks.finest_within(_OUTLINE_POINTS), peaks.base
    sample_type = base.whole.low.dtype.newbyteorder("<")
    runs = peaks.clipped_runs
    counts = np.array([each.shape[1] for each in runs.channels], "<i8")
    front = _bytes_of(outline, sample_type) + b"".join(
        each.astype("<i8").tobytes() for each in (counts, *runs.channels)
    )
    body = b"" if outline is base else _bytes_of(base, sample_type)
    head = EntryHead(
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


def _front_crc(head: EntryHead, front: bytes) -> int:
    return zlib.crc32(front, zlib.crc32(struct.pack(f"<{_FIELDS}", *head)))


def read_outline(file: FileIO, key: str) -> tuple[EntryHead, Peaks] | None:
    """What an entry begins with; None if it isn't sound."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        return None
    _, crc, *fields = _HEADER.unpack(header)
    head = EntryHead(*fields)
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


def read_base(file: FileIO, head: EntryHead, outline: Peaks) -> Peaks | None:
    """All the layers of an entry whose beginning was read; None if it isn't sound."""
    body = np.empty(head.bytes_of(head.base_points), np.uint8)
    if file.readinto(body.data) != len(body) or zlib.crc32(body.data) != head.base_crc:
        return None
    layer = Layer(BASE_FRAMES, _points_of(body, head, head.base_points))
    return Peaks(head.frames, head.rate_hz, layer, clipped=outline.clipped_runs)


def _points_of(data: bytes | npt.NDArray[np.uint8], head: EntryHead, points: int) -> Points:
    count = head.channels * points
    extremes = np.frombuffer(data, head.sample_type, 2 * count)
    squares = np.frombuffer(data, "<f4", count, offset=2 * count * head.sample_bytes)
    shape = (head.channels, points)
    return Points(extremes[:count].reshape(shape), extremes[count:].reshape(shape), squares.reshape(shape))
