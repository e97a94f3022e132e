"""What a WAV says before its first sample, read while the rest of it still arrives.

Source: Microsoft's "Multimedia Programming Interface" (RIFF, WAVE) and "Multiple Channel Audio Data and WAVE Files"
(the extensible format).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from app.domain.audio import AudioFormat, AudioInfo, BitDepth

UNKNOWN_SIZE = 0x7FFFF000  # writers that can't seek back leave this, or more, or 0, as the size of the data
_LONGEST_HEAD = 65_536
_MOST_CHANNELS = 32
_MOST_CHUNKS = 64
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 1_000, 768_000
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FORMAT = struct.Struct("<HHIIHH")  # tag, channels, rate, bytes a second, bytes a frame, bits
_SUBFORMAT_AT = 24
_SAMPLES = frozenset({(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64)})
_DEPTHS = {(_PCM, 16): BitDepth.INT16, (_PCM, 24): BitDepth.INT24, (_FLOAT, 32): BitDepth.FLOAT32}


@dataclass(frozen=True, slots=True)
class WavHead:
    """How the samples of a WAV are to be read.

    Attributes:
        start: Of the samples, in bytes from the beginning of the file.
        data_bytes: How many bytes of samples the head announces; None where its writer couldn't know.
        bits: Of one sample: 8, 16, 24 or 32 as integer, 32 or 64 as float.
    """

    sample_rate_hz: int
    channels: int
    bits: int
    is_float: bool
    start: int
    data_bytes: int | None

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8

    def frames_in(self, file_bytes: int) -> int:
        """How many whole frames there are in so many bytes of the file, its head included."""
        there = max(0, file_bytes - self.start)
        return (there if self.data_bytes is None else min(there, self.data_bytes)) // self.frame_bytes

    def info(self, file_bytes: int) -> AudioInfo:
        """What so many bytes of the file hold."""
        depth = _DEPTHS.get((_FLOAT if self.is_float else _PCM, self.bits))
        return AudioInfo(AudioFormat.WAV, self.sample_rate_hz, self.channels, self.frames_in(file_bytes), depth)


class NotAWav(Exception):
    """These are not the first bytes of a WAV that can be read while it grows; more of them won't change that."""


def read_wav_head(data: bytes) -> WavHead | None:
    """Read the head of a WAV from its first bytes; None while there are too few of them.

    Raises:
        NotAWav: It is something else, or of a kind that has to be whole before it can be decoded.
    """
    if not b"RIFF".startswith(data[:4]) or not b"WAVE".startswith(data[8:12]):
        raise NotAWav("these bytes aren't the beginning of a WAV")
    format_chunk = None
    at = 12
    for _ in range(_MOST_CHUNKS):
        if len(data) < at + 8:
            return None
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"data":
            if format_chunk is None:
                raise NotAWav("the samples begin before it is said what they are")
            return _head(format_chunk, at + 8, size)
        if name == b"fmt " and len(data) >= at + 8 + size:
            format_chunk = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
        if at > _LONGEST_HEAD:
            break
    raise NotAWav("the head is too long")


class WavHeadReader:
    """Finds the head of a WAV in a stream of bytes; `head` is None while it isn't known, and for anything else."""

    def __init__(self) -> None:
        self.head: WavHead | None = None
        self._seen: bytearray | None = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream; what comes after the head isn't kept."""
        if self._seen is None:
            return
        self._seen += data
        try:
            self.head = read_wav_head(bytes(self._seen))
        except NotAWav:
            self._seen = None
        else:
            if self.head is not None:
                self._seen = None


def _head(chunk: bytes, start: int, size: int) -> WavHead:
    if len(chunk) < _FORMAT.size:
        raise NotAWav("it isn't said what the samples are")
    tag, channels, rate_hz, _, frame_bytes, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _SUBFORMAT_AT + 2:
        (tag,) = struct.unpack_from("<H", chunk, _SUBFORMAT_AT)
    is_usual = (tag, bits) in _SAMPLES and frame_bytes == channels * bits // 8
    if not is_usual or not 1 <= channels <= _MOST_CHANNELS or not _LOWEST_RATE_HZ <= rate_hz <= _HIGHEST_RATE_HZ:
        raise NotAWav(f"samples of kind {tag} with {bits} bits, {channels} channels at {rate_hz} Hz")
    known = size if 0 < size < UNKNOWN_SIZE else None
    return WavHead(rate_hz, channels, bits, tag == _FLOAT, start, known)
