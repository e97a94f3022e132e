"""The frame at the start of an MP3 that says how long it is to the sample.

An encoder puts some silence before the sound, and the last frame is filled up; a decoder takes both off again if this
frame tells it to. LAME writes one itself, except where a frame of the chosen bit rate has no room for it: then the
sound would begin 25 ms late. Source: the Info tag of LAME, gabriel.mp3-tech.org/mp3infotag.html.
"""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from app.audio.containers import walk_mp3
from app.audio.mp3_frames import FrameHeader, has_info, read_header
from app.audio.publishing import written_beside

_DELAY = 576  # of LAME, at every rate
_TAG_BYTES = 156
_HAS_ALL_FIELDS = 0xF
_CONSTANT = 1
_CRC_POLYNOMIAL = 0xA001  # that of CRC-16, its bits in reverse


def ensure_info(path: Path, frames: int) -> None:
    """Give an MP3 of a constant bit rate such a frame if it has none; anything else stays as it is.

    Args:
        frames: How many samples of each channel were encoded.
    Raises:
        OSError: The file can't be read or written.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    first = read_header(head, 0)
    if first is None or has_info(head, 0, first) or (walked := walk_mp3(path)) is None:
        return
    padding = walked.whole * walked.samples_per_frame - frames - _DELAY
    if not 0 <= padding < 1 << 12:
        return
    info = _info_frame(head, first, walked.whole, path.stat().st_size, padding)
    with written_beside(path, replace=True) as beside, path.open("rb") as reader, beside.open("xb") as writer:
        writer.write(info)
        shutil.copyfileobj(reader, writer, 1 << 20)


def _info_frame(head: bytes, first: FrameHeader, count: int, sound_bytes: int, padding: int) -> bytes:
    """Such a frame, of the lowest bit rate that has room for it."""
    start = 4 + first.side_information_bytes
    headers = [bytes((head[0], head[1], index << 4 | head[2] & 0x0D, head[3])) for index in range(1, 15)]
    header = next(each for each in headers if _length(each) >= start + _TAG_BYTES)
    length = _length(header)
    seeking = bytes(percent * 256 // 100 for percent in range(100))
    tag = b"Info" + struct.pack(">III", _HAS_ALL_FIELDS, count, sound_bytes + length) + seeking + bytes(4)
    tag += b"LAME3.100" + bytes((_CONSTANT, 0)) + bytes(9) + bytes((min(first.bitrate_kbps, 255),))
    tag += (_DELAY << 12 | padding).to_bytes(3, "big") + bytes(4) + struct.pack(">IH", sound_bytes + length, 0)
    frame = header + bytes(first.side_information_bytes) + tag
    return (frame + struct.pack(">H", _crc(frame))).ljust(length, b"\0")


def _length(header: bytes) -> int:
    found = read_header(header, 0)
    return 0 if found is None else found.length_bytes


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ _CRC_POLYNOMIAL if crc & 1 else crc >> 1
    return crc
