"""Make a file of another one: a part of it, faded, in other channels, rate, level, depth and format.

Everything is streamed; a file that changes in nothing is copied byte by byte. Call it off the GUI thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.dithering import dithered
from app.audio.encoding import NotWritten, encode, problem_with, sane
from app.audio.fading import faded
from app.audio.files import inspect, read_blocks, reading
from app.audio.formats import nearest_rate
from app.audio.mixing import mix
from app.audio.publishing import written_beside
from app.audio.tags import Tags, write_tags
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio, ExportError, StorageError
from app.domain.export_settings import FadeShape

_BLOCK_FRAMES = 12_288  # of stereo under 128 KB, from where each array gets fresh pages of memory from the system
_COPIED_BYTES = 1 << 20
_CLIPS_FROM = 1.0005  # full scale, and what a resampler’s ripple or the last bit may add to it
_PRECISION = {BitDepth.INT16: 16, BitDepth.INT24: 24, BitDepth.FLOAT32: 32}

Floats = npt.NDArray[np.float32]
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]
Clipped = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ConversionSettings:
    """What to make of a file. None keeps what it has.

    Attributes:
        format: Container and codec.
        sample_rate_hz: None takes the nearest that the format can hold.
        channels: 1 or 2; None keeps them, folding down to stereo what the format can't hold.
        bit_depth: Only for lossless formats; None keeps it where the format can, else 24 bit.
        bitrate_kbps: Only for lossy formats; None leaves it to the encoder.
        quality: In `QUALITIES` of the format, instead of a bit rate.
        gain_db: Added to the level.
        fade_in_frames: Of the source; the fades together are no longer than what is taken.
        start_frame: First frame of the source that is taken.
        end_frame: The frame after the last; None is the end.
    """

    format: AudioFormat | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    bit_depth: BitDepth | None = None
    bitrate_kbps: int | None = None
    quality: float | None = None
    gain_db: float = 0.0
    start_frame: int = 0
    end_frame: int | None = None
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    fade_shape: FadeShape = FadeShape.EQUAL_POWER


@dataclass(frozen=True, slots=True)
class Conversion:
    """Settings applied to a source: exactly what will be written.

    Attributes:
        settings: Where they came from.
        is_copy: Nothing changes, so the bytes are copied.
        is_exact: The samples stay what they are, though the container may change.
        frames: Of the source, that are taken.
    """

    settings: ConversionSettings
    format: AudioFormat
    sample_rate_hz: int
    channels: int
    bit_depth: BitDepth | None
    start_frame: int
    frames: int
    is_copy: bool
    is_exact: bool


def plan(source: AudioInfo, settings: ConversionSettings) -> Conversion:
    """Work out what the settings mean for a source.

    Raises:
        ExportError: The format can't hold it, the selection is empty or shorter than its fades.
    """
    target_format = settings.format or source.format
    rate_hz = settings.sample_rate_hz or nearest_rate(target_format, source.sample_rate_hz)
    channels = settings.channels or (
        min(source.channels, 2) if _has_too_many(source, target_format) else source.channels
    )
    depth = settings.bit_depth
    if depth is None and target_format.is_lossless:
        depth = _kept_depth(source, target_format)
    problem = problem_with(target_format, rate_hz, channels, depth, settings.bitrate_kbps, settings.quality)
    if problem is None and channels not in (1, 2, source.channels):
        problem = f"{source.channels} channels can’t become {channels}. Choose mono or stereo."
    start = max(0, settings.start_frame)
    end = source.frames if settings.end_frame is None else min(settings.end_frame, source.frames)
    if problem is None and start >= end:
        problem = "The selection is empty. Select a part of the take, or clear the selection."
    fades = settings.fade_in_frames + settings.fade_out_frames
    if problem is None and fades > end - start:
        problem = "The fades are longer than the sound. Shorten them."
    if problem is not None:
        raise ExportError(problem)
    is_exact = (
        settings.gain_db == 0.0
        and fades == 0
        and rate_hz == source.sample_rate_hz
        and (channels == source.channels or source.channels == 1)
    )
    is_copy = (
        is_exact
        and target_format is source.format
        and channels == source.channels
        and (settings.bit_depth is None or depth is source.bit_depth)
        and settings.bitrate_kbps is None
        and settings.quality is None
        and (start, end) == (0, source.frames)
    )
    return Conversion(settings, target_format, rate_hz, channels, depth, start, end - start, is_copy, is_exact)


def sound_of(
    source: Path,
    conversion: Conversion,
    *,
    progress: Progress = lambda _fraction: None,
    cancelled: Cancelled = lambda: False,
) -> Iterator[Floats]:
    """What a conversion will write, before gain, dither and codec; blocks of (n, channels) at its sample rate.

    Raises:
        BrokenAudio, StorageError: The source can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info, settings = inspect(source), conversion.settings
    blocks = _counted(
        read_blocks(source, conversion.start_frame, conversion.frames, block_frames=_BLOCK_FRAMES),
        conversion.frames,
        progress,
        cancelled,
    )
    if info.bit_depth not in (BitDepth.INT16, BitDepth.INT24):
        blocks = (sane(block) for block in blocks)  # one that is no number would spread in the filters
    blocks = faded(
        blocks,
        conversion.frames,
        fade_in=settings.fade_in_frames,
        fade_out=settings.fade_out_frames,
        shape=settings.fade_shape,
    )
    blocks = (mix(block, conversion.channels) for block in blocks)
    return _resampled(blocks, info.sample_rate_hz, conversion)


def convert(
    source: Path,
    target: Path,
    settings: ConversionSettings,
    *,
    tags: Tags | None = None,
    replace: bool = False,
    progress: Progress = lambda _fraction: None,
    cancelled: Cancelled = lambda: False,
    clipped: Clipped = lambda _over_db: None,
    untagged: Callable[[], None] = lambda: None,
    checked: Callable[[Path], None] = lambda _path: None,
) -> AudioInfo:
    """Write the target beside its place, flush it, and only then give it its name.

    Args:
        source: Any file that can be decoded; it is left as it is.
        target: Where to; its folder must exist.
        settings: What to change.
        tags: Written into the new file; None writes none (a copy keeps its own).
        replace: Whether an existing target may be replaced.
        progress: Told the fraction that is done.
        cancelled: Asked before each block.
        clipped: Told how far the sound goes over full scale, in dB, if the target can't hold that.
        untagged: Told of a copy that can't hold tags; it has none then.
        checked: Given the finished file before it gets its name; what it raises passes through, and nothing is left.
    Returns:
        What the new file is, read back from it.
    Raises:
        ExportError: The target exists, can't be written, or the settings can't be met.
        BrokenAudio, StorageError: The source can't be read.
        concurrent.futures.CancelledError: `cancelled` said so; nothing was left behind.
    """
    with reading(source):
        conversion = plan(inspect(source), settings)
    try:
        with written_beside(target, replace=replace) as beside:
            is_copy = conversion.is_copy and not _has_odd_samples(source, cancelled)
            if is_copy:
                _copy(source, beside, progress, cancelled)
            else:
                with _told_of(target):
                    _render(source, beside, conversion, progress, cancelled, clipped)
            checked(beside)
            if tags is not None and not _is_tagged(beside, tags, is_copy=is_copy):
                beside.unlink()
                _copy(source, beside, progress, cancelled)
                untagged()
            info = inspect(beside)
    except FileExistsError as exc:
        raise ExportError(f"{target.name} exists already. Choose another name or allow replacing it.") from exc
    except OSError as exc:
        raise ExportError(f"{target.name} can’t be written: {exc.strerror or exc}.") from exc
    progress(1.0)
    return info


def _has_odd_samples(source: Path, cancelled: Cancelled) -> bool:
    """Whether some aren't numbers, or have no end: nobody is given these, not even in a copy."""
    info = inspect(source)
    if info.format is not AudioFormat.WAV or info.bit_depth in (BitDepth.INT16, BitDepth.INT24):
        return False
    for block in read_blocks(source):
        if cancelled():
            raise CancelledError
        if not (np.isfinite(block.max()) and np.isfinite(block.min())):
            return True
    return False


def _is_tagged(path: Path, tags: Tags, *, is_copy: bool) -> bool:
    """Write the tags. A copy may be built as no tag can be put into; its sound is worth more."""
    try:
        write_tags(path, tags)
    except StorageError:
        if not is_copy:
            raise
        return False
    return True


def _copy(source: Path, target: Path, progress: Progress, cancelled: Cancelled) -> None:
    size = max(1, source.stat().st_size)
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_COPIED_BYTES):
            if cancelled():
                raise CancelledError
            writer.write(chunk)
            progress(min(1.0, reader.tell() / size))


def _render(
    source: Path,
    target: Path,
    conversion: Conversion,
    progress: Progress,
    cancelled: Cancelled,
    clipped: Clipped,
) -> None:
    info, settings = inspect(source), conversion.settings
    blocks = sound_of(source, conversion, progress=progress, cancelled=cancelled)
    if settings.gain_db:
        gain = np.float32(10.0 ** (settings.gain_db / 20.0))
        blocks = (block * gain for block in blocks)
    is_new = not conversion.is_exact or info.bit_depth is BitDepth.FLOAT32
    if is_new and conversion.bit_depth is not BitDepth.FLOAT32:
        blocks = _watched(blocks, clipped)
    if _needs_dither(info, conversion):
        assert conversion.bit_depth is not None
        blocks = dithered(blocks, _PRECISION[conversion.bit_depth])
    written = encode(
        blocks,
        target,
        format=conversion.format,
        sample_rate_hz=conversion.sample_rate_hz,
        channels=conversion.channels,
        bit_depth=conversion.bit_depth,
        bitrate_kbps=settings.bitrate_kbps,
        quality=settings.quality,
    )
    if not written.frames:
        rate = f"{conversion.sample_rate_hz:,} Hz"
        raise ExportError(f"The sound is so short that no sample of it is left at {rate}. Choose a higher sample rate.")


@contextmanager
def _told_of(target: Path) -> Iterator[None]:
    """What can't be written is told of the file that people know, not of the one beside it."""
    try:
        yield
    except NotWritten as exc:
        raise ExportError(f"{target.name} can’t be written: {exc.reason}. Look whether its disk is full.") from exc
    except BrokenAudio:  # the source's fault
        raise
    except StorageError as exc:
        raise ExportError(str(exc)) from exc


def _counted(blocks: Iterator[Floats], frames: int, progress: Progress, cancelled: Cancelled) -> Iterator[Floats]:
    done = 0
    for block in blocks:
        if cancelled():
            raise CancelledError
        yield block
        done += len(block)
        progress(min(1.0, done / frames))


def _watched(blocks: Iterator[Floats], clipped: Clipped) -> Iterator[Floats]:
    highest = 0.0
    for block in blocks:
        if block.size:
            highest = max(highest, float(block.max()), -float(block.min()))
        yield block
    if highest > _CLIPS_FROM:
        clipped(20.0 * math.log10(highest))


def _resampled(blocks: Iterator[Floats], rate_hz: int, conversion: Conversion) -> Iterator[Floats]:
    if rate_hz == conversion.sample_rate_hz:
        yield from blocks
        return
    import soxr

    resampler = soxr.ResampleStream(
        rate_hz, conversion.sample_rate_hz, conversion.channels, dtype="float32", quality="VHQ"
    )
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.zeros((0, conversion.channels), np.float32), last=True)


def _needs_dither(source: AudioInfo, conversion: Conversion) -> bool:
    """Rounding to integers needs dither, unless the samples are such integers already."""
    if conversion.bit_depth not in (BitDepth.INT16, BitDepth.INT24):
        return False
    if source.bit_depth not in (BitDepth.INT16, BitDepth.INT24) or not conversion.is_exact:
        return True
    return _PRECISION[source.bit_depth] > _PRECISION[conversion.bit_depth]


def _has_too_many(source: AudioInfo, audio_format: AudioFormat) -> bool:
    return problem_with(audio_format, nearest_rate(audio_format, 48_000), source.channels, None, None) is not None


def _kept_depth(source: AudioInfo, audio_format: AudioFormat) -> BitDepth:
    if source.bit_depth is None or (source.bit_depth is BitDepth.FLOAT32 and audio_format is AudioFormat.FLAC):
        return BitDepth.INT24
    return source.bit_depth
