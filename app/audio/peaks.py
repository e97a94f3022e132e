"""The peaks of a file, read once; what is there so far can be drawn meanwhile.

Everything that reads a file blocks: call it off the GUI thread. `Peaks.columns` is quick.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.audio.clipped_runs import ClippedRunsFinder, FullScale, Runs, full_scale_of
from app.audio.decoding import Sound
from app.audio.files import inspect, open_sound, reading
from app.audio.pyramid import BASE_FRAMES, Columns, Floats, Layer, Peaks, Points, columns_of_samples
from app.audio.reduction import Reduction, block_points
from app.domain.audio import AudioFormat, AudioInfo, BitDepth

__all__ = ["BASE_FRAMES", "Columns", "Floats", "Peaks", "PeaksBuilder", "build", "columns_of_samples"]

TOLD_EVERY_S = 0.12
_FIRST_POINTS = 1_024
_PIECE_FRAMES = 1 << 19
_SHARED = {AudioFormat.WAV: _PIECE_FRAMES, AudioFormat.FLAC: 1 << 20}  # a seek in a FLAC takes a while
_SEEKABLE = ("PCM_", "FLOAT", "DOUBLE")  # to any frame, exactly
_TWO_THREADS_FROM_PIECES = 4
_MOST_EXPECTED_FRAMES = 1 << 30  # six hours; room for more is made when it comes


class PeaksBuilder:
    """Collects the points of a file. What it gave away is never changed, so others may draw it meanwhile.

    Args:
        frames: How long the file is as far as is known; it may become longer.
        sample_type: What its samples are read as: int16 or float32.
        full_scale: At which samples are clipped.
    """

    def __init__(
        self,
        channels: int,
        sample_rate_hz: int,
        *,
        frames: int = 0,
        sample_type: npt.DTypeLike = np.float32,
        full_scale: FullScale | None = None,
        with_rms: bool = True,
    ) -> None:
        self.channels = channels
        self._sample_rate_hz = sample_rate_hz
        self._sample_type = sample_type
        self._with_rms = with_rms
        self._reduction = Reduction(channels, with_rms=with_rms)
        self._finder = ClippedRunsFinder(channels, full_scale or full_scale_of("FLOAT", sample_type))
        self._frames = 0
        self._points = 0
        self._base = Points.room(channels, -(-frames // BASE_FRAMES), sample_type)
        self._above: list[Points] = []
        self._is_raised_to = 0

    def add(self, block: npt.NDArray[Any]) -> None:
        """Add the next block, shape (n, channels).

        All but the last must be a multiple of `BASE_FRAMES` long.
        """
        points = self._reduction.points_of(block)
        self.append(points, len(block), self.search(block, points, self._frames))

    def reduction(self) -> Reduction:
        """One for another thread."""
        return Reduction(self.channels, with_rms=self._with_rms)

    def search(self, block: npt.NDArray[Any], points: Points, start: int) -> list[Runs]:
        """Where a block is clipped; for `append`. Changes nothing: any thread may ask."""
        return self._finder.search(block, points.low, points.high, BASE_FRAMES, start)

    def append(self, points: Points, frames: int, clipped: list[Runs]) -> None:
        """Add what was made of the next block."""
        if self._points + points.length > self._base.length:
            room = max(_FIRST_POINTS, 2 * self._base.length, self._points + points.length)
            larger = Points.room(self.channels, room, self._sample_type)
            larger.put(0, self._base.part(0, self._points))
            self._base, self._above, self._is_raised_to = larger, [], 0
        self._base.put(self._points, points)
        self._finder.add(clipped)
        self._points += points.length
        self._frames += frames

    def so_far(self) -> Peaks:
        """The peaks of the blocks that were added."""
        self._raise()
        base = Layer(BASE_FRAMES, self._base.part(0, self._points))
        above = [layer.part(0, self._points >> level) for level, layer in enumerate(self._above, 1)]
        return Peaks(self._frames, self._sample_rate_hz, base, above=above, clipped=self._finder.so_far())

    def _raise(self) -> None:
        """Bring the layers above up to date: only whole points, which stay as they are."""
        if not self._above:
            levels = max(0, self._base.length.bit_length() - _FIRST_POINTS.bit_length() + 1)
            rooms = (self._base.length >> level for level in range(1, levels + 1))
            self._above = [Points.room(self.channels, room, self._sample_type) for room in rooms]
        below = self._base
        for level, layer in enumerate(self._above, 1):
            first, after = self._is_raised_to >> level, self._points >> level
            layer.put(first, below.part(2 * first, 2 * after).pairs())
            below = layer
        self._is_raised_to = self._points


def build(
    path: Path,
    *,
    grown: Callable[[Peaks], None] = lambda _peaks: None,
    grown_every_s: float = TOLD_EVERY_S,
    cancelled: Callable[[], bool] = lambda: False,
    threads: int = 2,
    with_rms: bool = True,
) -> Peaks:
    """Read a file once and reduce it.

    Args:
        path: The file.
        grown: Given what is there so far, several times a second, on the thread that called.
        cancelled: Asked before each piece.
        threads: How many may work: 1 or 2. Only what can be read from anywhere is shared out.
        with_rms: False leaves the RMS at zero.
    Raises:
        BrokenAudio: The file can't be decoded.
        StorageError: The file is missing or can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    info = inspect(path)
    with reading(path), ExitStack() as stack:
        sound = stack.enter_context(open_sound(path))
        work = _Work(path, info, sound.subtype, with_rms=with_rms)
        helper: Future[None] | None = None
        if threads > 1 and work.can_be_shared:
            pool = stack.enter_context(ThreadPoolExecutor(1, "second half of peaks"))
            stack.callback(work.stop)  # before the pool waits for its thread
            helper = pool.submit(work.help)
        told = time.monotonic()
        reader = work.reader(sound)
        while work.do_piece(reader):
            if cancelled():
                raise CancelledError
            work.collect()
            if time.monotonic() - told >= grown_every_s:
                grown(work.builder.so_far())
                told = time.monotonic()
        if helper is not None:
            helper.result()
        work.collect()
    return work.builder.so_far()


class _Work:
    """The pieces of a file, shared out among threads and put together in order by the one that collects."""

    def __init__(self, path: Path, info: AudioInfo, subtype: str, *, with_rms: bool) -> None:
        self._path = path
        # Reading integers from other encodings would cost their accuracy, or what lies above full scale.
        self._sample_type = np.dtype(np.int16 if info.bit_depth is BitDepth.INT16 else np.float32)
        self._piece_frames = _SHARED.get(info.format, _PIECE_FRAMES)
        self._next_pieces = itertools.count()
        self._end = -(-info.frames // self._piece_frames)
        can_seek = info.format in _SHARED and subtype.startswith(_SEEKABLE)
        self.can_be_shared = can_seek and self._end >= _TWO_THREADS_FROM_PIECES
        if not self.can_be_shared:
            self._end = 1 << 62  # read on until there is no more: the length may be a guess
        self._done: dict[int, list[tuple[Points, int, list[Runs]]]] = {}
        self._collected = 0
        self.builder = PeaksBuilder(
            info.channels,
            info.sample_rate_hz,
            frames=min(info.frames, _MOST_EXPECTED_FRAMES),
            sample_type=self._sample_type,
            full_scale=full_scale_of(subtype, self._sample_type),
            with_rms=with_rms,
        )

    def reader(self, sound: Sound) -> _Reader:
        return _Reader(sound, self.builder, self._sample_type)

    def do_piece(self, reader: _Reader) -> bool:
        """Reduce the next piece that nobody else does; False if there is none."""
        piece = next(self._next_pieces)  # one step of the interpreter: no two threads get the same
        if piece >= self._end:
            return False
        parts, is_whole = reader.read(piece * self._piece_frames, self._piece_frames)
        if not is_whole:
            self._end = min(self._end, piece + 1)
        self._done[piece] = parts
        return True

    def help(self) -> None:
        """Do pieces until there are no more; for a second thread."""
        with reading(self._path), open_sound(self._path) as sound:
            reader = self.reader(sound)
            while self.do_piece(reader):
                pass

    def stop(self) -> None:
        """Hand out no more pieces."""
        self._end = 0

    def collect(self) -> None:
        """Give the builder what is done up to the first gap."""
        while (parts := self._done.pop(self._collected, None)) is not None:
            for part in parts:
                self.builder.append(*part)
            self._collected += 1


class _Reader:
    """One thread's way through a file."""

    def __init__(self, sound: Sound, builder: PeaksBuilder, sample_type: np.dtype[Any]) -> None:
        self._sound = sound
        self._builder = builder
        self._reduction = builder.reduction()
        self._block = np.empty((block_points(builder.channels) * BASE_FRAMES, builder.channels), sample_type)
        self._frame = 0

    def read(self, start: int, frames: int) -> tuple[list[tuple[Points, int, list[Runs]]], bool]:
        """Reduce a piece of the file; whether all of it was there."""
        if start != self._frame:
            self._sound.seek(start)
            self._frame = start
        parts = []
        while self._frame < start + frames:
            wanted = min(len(self._block), start + frames - self._frame)
            block = self._filled(self._block[:wanted])
            if len(block):
                points = self._reduction.points_of(block)
                parts.append((points, len(block), self._builder.search(block, points, self._frame)))
                self._frame += len(block)
            if len(block) < wanted:
                return parts, False
        return parts, True

    def _filled(self, block: npt.NDArray[Any]) -> npt.NDArray[Any]:
        there = 0
        while there < len(block) and (got := len(self._sound.read_into(block[there:]))):
            there += got
        return block[:there]
