"""Read, check and write audio files.

Everything here blocks on the disk and on a decoder: call it off the GUI thread and off the event loop.
NumPy and soundfile are imported on first use, so that a command that touches no audio starts without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio import containers
from app.audio.encoding import encode
from app.audio.formats import (
    BIT_DEPTHS,
    MAX_CHANNELS,
    RATES,
    accepts_rate,
    bitrates_of,
    nearest_rate,
)
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio, StorageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from app.audio.decoding import Sound

__all__ = [
    "BIT_DEPTHS",
    "MAX_CHANNELS",
    "RATES",
    "accepts_rate",
    "announced",
    "bitrates_of",
    "decoding_errors",
    "encode",
    "inspect",
    "nearest_rate",
    "open_sound",
    "read_blocks",
    "reading",
    "verify",
]

BLOCK_FRAMES = 65_536
_BLOCK_SAMPLES = 4 * BLOCK_FRAMES  # a block of many channels has fewer frames, so that memory stays bounded
_MOST_CHANNELS = 32
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 1_000, 768_000  # below, a second of a file would become minutes at a sound card's
_MOST_SAMPLES = 1 << 32  # six hours of stereo at 96 kHz; a few megabytes of FLAC may hold weeks
_LEAST_BITS_A_SECOND = 1_000
_LOUDEST = 1e6  # 120 dB above full scale
_NO_LENGTH = 1 << 60  # a FLAC without a length is announced as longer than this
_DEPTHS = {"PCM_16": BitDepth.INT16, "PCM_24": BitDepth.INT24, "FLOAT": BitDepth.FLOAT32}


def inspect(path: Path) -> AudioInfo:
    """Read what a file is from its bytes, without decoding it (unless its header names no length).

    Raises:
        BrokenAudio: Not audio, or of a kind that Cuesmith doesn't read.
        StorageError: The file is missing or can't be read.
    """
    info = announced(path)
    if info.format is AudioFormat.MP3:
        with reading(path):
            frames = _mp3_frames(path, info.frames)
    else:
        frames = info.frames or None
    if frames is None:
        frames = sum(len(block) for block in read_blocks(path))
    return replace(info, frames=frames)


def announced(path: Path) -> AudioInfo:
    """Read what the head of a file says, at once. Of an MP3 the length may be a guess; it is 0 where there is none, or
    one that so few bytes can't hold.

    Raises:
        BrokenAudio: Not audio, or of a kind that Cuesmith doesn't read.
        StorageError: The file is missing or can't be read.
    """
    with reading(path):
        audio_format = containers.format_of(path)
        with open_sound(path) as sound:
            info = _info_of(sound, audio_format)
        return info if _is_plausible(info, path.stat().st_size) else replace(info, frames=0)


def verify(path: Path, *, max_duration_s: float = 6 * 3600.0, max_bytes: int = 4 << 30) -> AudioInfo:
    """Decode every frame of a file and say what it really holds.

    Args:
        path: The file; its suffix is not trusted.
        max_duration_s: A longer file is refused as soon as this much was decoded.
        max_bytes: A larger file is refused unread.
    Raises:
        BrokenAudio: Not audio, cut, damaged, empty, too long or too large, or some samples aren't numbers.
        StorageError: The file is missing or can't be read.
    """
    with reading(path):
        size = path.stat().st_size
        if size > max_bytes:
            raise BrokenAudio(f"The file has {size:,} bytes; at most {max_bytes:,} are accepted.")
        audio_format = containers.format_of(path)
        missing = containers.missing_end(path, audio_format)
        if missing is not None:
            raise BrokenAudio(f"The file was cut off: {missing}.")
        with open_sound(path) as sound:
            announced = _info_of(sound, audio_format)
            frames = _decode_all(sound, int(max_duration_s * announced.sample_rate_hz))
    if frames == 0:
        raise BrokenAudio("The file holds no sound.")
    if audio_format is AudioFormat.FLAC and frames < announced.frames < _NO_LENGTH:
        raise BrokenAudio(f"The file was cut off: {frames:,} of {announced.frames:,} frames are there.")
    return AudioInfo(audio_format, announced.sample_rate_hz, announced.channels, frames, announced.bit_depth)


def read_blocks(
    path: Path, start: int = 0, frames: int | None = None, *, block_frames: int = BLOCK_FRAMES
) -> Iterator[npt.NDArray[np.float32]]:
    """Decode part of a file, block by block.

    Args:
        path: The file.
        start: First frame; past the end gives nothing.
        frames: How many; None reads to the end.
        block_frames: The most frames of one block.
    Yields:
        Shape (n, channels), n at least 1, nominally -1.0 to 1.0; each block is a new array. 16 and 24 bit
        integers and 32 bit floats arrive exactly.
    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
    """
    with reading(path), open_sound(path) as sound:
        if start and start >= sound.frames:
            return
        if start:
            sound.seek(start)
        left = frames
        while left is None or left > 0:
            wanted = block_frames if left is None else min(block_frames, left)
            block = sound.read(wanted)
            if not len(block):
                return
            yield block
            if left is not None:
                left -= len(block)


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """Open a file for decoding, whatever its name says.

    Raises:
        BrokenAudio: It can't be decoded, now or while the block runs.
        OSError: The file is missing or can't be read.
    """
    from app.audio.decoding import Sound

    with decoding_errors(), closing(Sound(path)) as sound:
        yield sound


@contextmanager
def decoding_errors() -> Iterator[None]:
    """Translate what soundfile raises into `BrokenAudio`."""
    import soundfile

    try:
        yield
    except soundfile.SoundFileError as exc:
        raise BrokenAudio(f"The file can’t be decoded: {exc}") from exc


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate an `OSError` into a `StorageError` that names the file."""
    try:
        yield
    except FileNotFoundError as exc:
        raise StorageError(f"The file {path.name} is missing.") from exc
    except OSError as exc:
        raise StorageError(f"The file {path.name} can’t be read: {exc.strerror or exc}.") from exc


def _info_of(sound: Sound, audio_format: AudioFormat) -> AudioInfo:
    if not _LOWEST_RATE_HZ <= sound.sample_rate_hz <= _HIGHEST_RATE_HZ:
        raise BrokenAudio(f"The file claims a sample rate of {sound.sample_rate_hz:,} Hz.")
    if not 1 <= sound.channels <= _MOST_CHANNELS:
        raise BrokenAudio(f"The file has {sound.channels} channels; at most {_MOST_CHANNELS} are accepted.")
    return AudioInfo(audio_format, sound.sample_rate_hz, sound.channels, sound.frames, _DEPTHS.get(sound.subtype))


def _is_plausible(info: AudioInfo, size_bytes: int) -> bool:
    """Whether so few bytes can hold what they announce; if not, only decoding tells how long the sound is.

    A cut Ogg Vorbis announces nothing at all.
    """
    return 0 < info.frames < _NO_LENGTH and info.duration_s * _LEAST_BITS_A_SECOND <= 8 * size_bytes


def _decode_all(sound: Sound, max_frames: int) -> int:
    """Count the frames that really decode."""
    import numpy as np

    may_hold_anything = not sound.subtype.startswith("PCM")
    max_frames = min(max_frames, _MOST_SAMPLES // sound.channels)
    block = np.empty((min(BLOCK_FRAMES, _BLOCK_SAMPLES // sound.channels), sound.channels), np.float32)
    frames = 0
    while len(got := sound.read_into(block)):
        frames += len(got)
        if frames > max_frames:
            raise BrokenAudio(
                f"The sound is longer than {max_frames / sound.sample_rate_hz:g} s, the most that is accepted."
            )
        if may_hold_anything and not (got.max() <= _LOUDEST and got.min() >= -_LOUDEST):  # so is what is no number
            raise BrokenAudio("The file has samples that aren’t numbers, or far too large ones.")
    return frames


def _mp3_frames(path: Path, announced: int) -> int | None:
    """The true length of an MP3, or None if only decoding tells.

    Without a Xing header the decoder estimates, so the frames are counted instead.
    """
    found = containers.walk_mp3(path)
    if found is None or (found.promised is not None and found.promised != found.whole):
        return None
    return announced if found.promised is not None else found.whole * found.samples_per_frame
