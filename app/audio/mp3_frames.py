"""Walking the frames of an MP3: how many there are, how many were promised, whether the last one is whole.

The decoder accepts a file that ends in the middle of a frame and guesses the length of one without a Xing
header, so both are counted here. Source: ISO/IEC 11172-3 section 2.4.2.3; the Xing header as LAME writes it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_BITRATES_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LOOKED_THROUGH_FOR_THE_FIRST_FRAME = 65_536
_MOST_FRAMES = 4_000_000  # a day and more, which nobody waits for
_MOST_STRAY = 200_000  # places that might be a frame and aren’t; a tag with a large picture has some 50,000


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The four bytes at the start of a Layer III frame, read."""

    version: int
    sample_rate_hz: int
    bitrate_kbps: int
    length_bytes: int
    is_mono: bool

    @property
    def samples(self) -> int:
        return 1152 if self.version == 3 else 576

    @property
    def side_information_bytes(self) -> int:
        return {True: (17, 9), False: (32, 17)}[self.is_mono][self.version != 3]

    def continues(self, first: FrameHeader) -> bool:
        """Whether this frame belongs to the stream that began with `first`."""
        return self.version == first.version and self.sample_rate_hz == first.sample_rate_hz


@dataclass(frozen=True, slots=True)
class Mp3Frames:
    """What a walk over all frames found.

    Attributes:
        whole: Frames of sound that are there to their last byte; of a file with a day of them not all.
        promised: Frames that the Xing header announces; None without one, or if it announces nothing.
        samples_per_frame: Samples of each channel in a frame.
        is_cut: The file ends in the middle of a frame.
    """

    whole: int
    promised: int | None
    samples_per_frame: int
    is_cut: bool


def read_header(data: bytes, at: int) -> FrameHeader | None:
    """The Layer III frame header at this place, or None if there is none."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    bitrate_index, rate_index = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer != 1 or rate_index == 3 or bitrate_index in (0, 15):
        return None
    bitrates = _BITRATES_MPEG_1 if version == 3 else _BITRATES_MPEG_2
    rate, bitrate = _RATES[version][rate_index], bitrates[bitrate_index]
    padding = data[at + 2] >> 1 & 1
    length = (144_000 if version == 3 else 72_000) * bitrate // rate + padding
    return FrameHeader(version, rate, bitrate, length, is_mono=data[at + 3] >> 6 == 3)


def id3_length(data: bytes) -> int:
    """Bytes taken by an ID3v2 tag at the start, 0 without one."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    has_footer = data[5] & 0x10
    return size + (20 if has_footer else 10)


def first_frame(data: bytes) -> int | None:
    """Where the first frame begins, past tags and stray bytes; None if this is no MP3.

    Four bytes can look like a header by chance, so the next frame must follow (or the data end).
    """
    start = id3_length(data)
    position = data.find(b"\xff", start)
    while 0 <= position < start + _LOOKED_THROUGH_FOR_THE_FIRST_FRAME:
        header = read_header(data, position)
        if header is not None and _is_followed(data, position, header):
            return position
        position = data.find(b"\xff", position + 1)
    return None


def has_info(data: bytes, position: int, header: FrameHeader) -> bool:
    """Whether a frame holds a Xing or Info header instead of sound."""
    at = position + 4 + header.side_information_bytes
    return data[at : at + 4] in (b"Xing", b"Info")


def walk(data: bytes) -> Mp3Frames | None:
    """Count the frames of a whole file (bytes or a memory map); None if this is no MP3."""
    position = first_frame(data)
    if position is None:
        return None
    first = read_header(data, position)
    assert first is not None
    promised = _xing_frames(data, position, first)
    if promised is not None:
        position += first.length_bytes
    whole, is_cut = 0, False
    stray = _Stray(data, first)
    while position >= 0 and whole < _MOST_FRAMES:
        header = read_header(data, position)
        if header is None or not header.continues(first):
            position = stray.resume(position + 1)
            continue
        is_cut = position + header.length_bytes > len(data)
        if is_cut:
            break
        whole += 1
        position += header.length_bytes
    return Mp3Frames(whole, promised or None, first.samples, is_cut)


def _is_followed(data: bytes, position: int, header: FrameHeader) -> bool:
    following = position + header.length_bytes
    if following >= len(data):
        return True
    after = read_header(data, following)
    return after is not None and after.continues(header)


class _Stray:
    """Bytes that are no frames. Of a file that is full of them not all are looked through."""

    def __init__(self, data: bytes, first: FrameHeader) -> None:
        self._data = data
        self._first = first
        self._left = _MOST_STRAY

    def resume(self, start: int) -> int:
        """The next two frames in a row after stray bytes, or -1; a tag at the end is full of bytes like any."""
        position = self._data.find(b"\xff", start)
        while position >= 0 and self._left > 0:
            self._left -= 1
            header = read_header(self._data, position)
            if header is not None and header.continues(self._first):
                after = read_header(self._data, position + header.length_bytes)
                if after is not None and after.continues(self._first):
                    return position
            position = self._data.find(b"\xff", position + 1)
        return -1


def _xing_frames(data: bytes, position: int, header: FrameHeader) -> int | None:
    """The number of frames in the Xing or Info header of the first frame; 0 if it names none."""
    at = position + 4 + header.side_information_bytes
    if not has_info(data, position, header) or at + 12 > len(data):
        return None
    flags, frames = struct.unpack_from(">II", data, at + 4)
    return frames if flags & 1 else 0
