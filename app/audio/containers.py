"""What a file is, told by its bytes, and whether its end is missing.

The decoder is content with less than a file announces (it shortens a cut WAV and plays an Ogg stream up to
the last whole page). A download that broke off must not pass for a finished one, so it is noticed here.
Sources: RIFF as in Microsoft's "Multimedia Programming Interface" and EBU Tech 3306 (RF64); RFC 3533 (Ogg);
RFC 7845 (Ogg Opus).
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.audio import mp3_frames
from app.audio.wav_head import UNKNOWN_SIZE
from app.domain.audio import AudioFormat
from app.domain.errors import BrokenAudio

_HEAD_BYTES = 65_536
_LARGEST_OGG_PAGE = 65_307
_OGG_HEADER = 27
_MOST_CHUNKS = 10_000


class WavData(NamedTuple):
    """Where the samples of a WAV are: bytes from the start of the file, and how many the header announces."""

    size_at: int
    start: int
    announced: int
    byte_order: str


def format_of(path: Path) -> AudioFormat:
    """Tell the format of a file by its bytes; its name plays no part.

    Raises:
        BrokenAudio: Not one of the formats that Cuesmith reads.
        OSError: The file can't be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        tag_bytes = mp3_frames.id3_length(head)
        if tag_bytes > len(head) // 2:  # a tag with a picture is longer than the head
            file.seek(tag_bytes)
            head = file.read(_HEAD_BYTES)
            tag_bytes = 0
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return AudioFormat.WAV
    if head[tag_bytes : tag_bytes + 4] == b"fLaC":
        return AudioFormat.FLAC
    if head[:4] == b"OggS":
        return _ogg_codec(head)
    if mp3_frames.first_frame(head) is not None:
        return AudioFormat.MP3
    raise BrokenAudio("The file isn’t WAV, FLAC, MP3, Ogg Vorbis or Opus audio.")


def missing_end(path: Path, audio_format: AudioFormat) -> str | None:
    """Say what is missing at the end of a file that was cut; None if nothing is known to be missing.

    FLAC isn't looked at: its decoder notices by itself. An Ogg stream without its end mark is accepted,
    because live encoders leave it out.
    """
    if audio_format is AudioFormat.WAV:
        return _wav_missing(path)
    if audio_format in (AudioFormat.OGG, AudioFormat.OPUS):
        return _ogg_missing(path)
    if audio_format is AudioFormat.MP3:
        return _mp3_missing(path)
    return None


def walk_mp3(path: Path) -> mp3_frames.Mp3Frames | None:
    """Count the frames of an MP3 file; None if it is none."""
    if path.stat().st_size == 0:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return mp3_frames.walk(data)  # type: ignore[arg-type]  # a map reads like bytes


def repair_wav_sizes(path: Path) -> bool:
    """Write the true sizes into a WAV whose writer left placeholders (0 or nearly 4 GiB); True if it did.

    Whatever isn't a WAV stays as it is.

    Raises:
        OSError: The file can't be read or written.
    """
    with path.open("r+b") as file:
        magic = file.read(12)
        if magic[:4] not in (b"RIFF", b"RIFX") or magic[8:] != b"WAVE":
            return False
        data = _find_wav_data(file)
        length = file.seek(0, os.SEEK_END)
        if data is None or (0 < data.announced < UNKNOWN_SIZE) or length - data.start > 0xFFFFFFFF:
            return False
        file.seek(4)
        file.write(struct.pack(data.byte_order + "I", min(length - 8, 0xFFFFFFFF)))
        file.seek(data.size_at)
        file.write(struct.pack(data.byte_order + "I", length - data.start))
    return True


def _ogg_codec(head: bytes) -> AudioFormat:
    """The codec of the first audio stream; several streams may begin before the first data."""
    position = 0
    while head[position : position + 4] == b"OggS" and position + _OGG_HEADER < len(head):
        segments = head[position + 26]
        body = position + _OGG_HEADER + segments
        if head[body : body + 8] == b"OpusHead":
            return AudioFormat.OPUS
        if head[body : body + 7] == b"\x01vorbis":
            return AudioFormat.OGG
        position = body + sum(head[position + _OGG_HEADER : body])
    raise BrokenAudio("The Ogg file holds neither Vorbis nor Opus.")


def _wav_missing(path: Path) -> str | None:
    with path.open("rb") as file:
        data = _find_wav_data(file)
        length = file.seek(0, os.SEEK_END)
    if data is None:
        return "the file ends before its samples begin"
    if data.announced >= UNKNOWN_SIZE and length - data.start < UNKNOWN_SIZE:
        return None
    missing = data.announced - (length - data.start)
    return f"the last {missing:,} bytes are missing" if missing > 0 else None


def _find_wav_data(file: BinaryIO) -> WavData | None:
    file.seek(0)
    magic = file.read(12)
    byte_order = ">" if magic[:4] == b"RIFX" else "<"
    long_size = None
    for _ in range(_MOST_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            return None
        name, size = header[:4], struct.unpack(byte_order + "I", header[4:])[0]
        start = file.tell()
        if name == b"ds64":
            long_size = struct.unpack("<Q", file.read(16)[8:].ljust(8, b"\0"))[0]
        if name == b"data":
            announced = long_size if long_size is not None and size == 0xFFFFFFFF else size
            return WavData(start - 4, start, announced, byte_order)
        file.seek(start + size + size % 2)
    return None


def _ogg_missing(path: Path) -> str | None:
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - _LARGEST_OGG_PAGE - _OGG_HEADER))
        tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0 or page + _OGG_HEADER > len(tail):
        return "the last page is incomplete"
    segments = tail[page + 26]
    table = tail[page + _OGG_HEADER : page + _OGG_HEADER + segments]
    end = page + _OGG_HEADER + segments + sum(table)
    is_whole = len(table) == segments and end <= len(tail)
    # What follows may be the first bytes of one more page. Sound itself may end with such a byte, too.
    return None if is_whole and tail[end:] not in (b"O", b"Og", b"Ogg") else "the last page is incomplete"


def _mp3_missing(path: Path) -> str | None:
    found = walk_mp3(path)
    if found is None or found.whole == 0:
        return "there is no whole frame in it"
    if found.promised is not None and found.promised > found.whole:
        return f"{found.promised - found.whole:,} of {found.promised:,} frames are missing"
    return "the last frame is incomplete" if found.is_cut else None
