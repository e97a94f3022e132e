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

from app.audio.clipped_runs import Runs, full_scale_of
from app.audio.decoding import Sound
from app.audio.files import announced, open_sound, reading
from app.audio.peaks_builder import PeaksBuilder
from app.audio.pyramid import BASE_FRAMES, Columns, Floats, Peaks, Points, columns_of_samples
from app.audio.reduction import block_points
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio

__all__ = ["BASE_FRAMES", "Columns", "Floats", "Peaks", "PeaksBuilder", "build", "columns_of_samples"]

TOLD_EVERY_S = 0.12
_PIECE_FRAMES = 1 << 19
_SHARED = {AudioFormat.WAV: _PIECE_FRAMES, AudioFormat.FLAC: 1 << 20}  # a seek in a FLAC takes a while
_TWO_THREADS_FROM_PIECES = 4
_MOST_EXPECTED_FRAMES = 1 << 30  # six hours; room for more is made when it comes


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
    info = announced(path)
    is_shared = threads > 1 and _can_be_shared(info)
    try:
        with reading(path), open_sound(path) as sound:
            work = _Work(path, info, sound.subtype, is_shared=is_shared, with_rms=with_rms)
            work.run(sound, grown, grown_every_s, cancelled)
            return work.builder.so_far()
    except BrokenAudio:
        if not is_shared:
            raise
    # Its head may say more than is there: then it can't be read from anywhere, but perhaps from its start to its end.
    return build(path, grown=grown, grown_every_s=grown_every_s, cancelled=cancelled, threads=1, with_rms=with_rms)


def _can_be_shared(info: AudioInfo) -> bool:
    """Whether a file can be read from any frame, exactly, and is long enough for that to pay."""
    return info.bit_depth is not None and info.frames >= _TWO_THREADS_FROM_PIECES * _SHARED.get(info.format, 1 << 62)


class _Work:
    """The pieces of a file, shared out among threads and put together in order by the one that collects."""

    def __init__(self, path: Path, info: AudioInfo, subtype: str, *, is_shared: bool, with_rms: bool) -> None:
        self._path = path
        # Reading integers from other encodings would cost their accuracy, or what lies above full scale.
        self._sample_type = np.dtype(np.int16 if info.bit_depth is BitDepth.INT16 else np.float32)
        self._piece_frames = _SHARED.get(info.format, _PIECE_FRAMES)
        self._next_pieces = itertools.count()
        self._is_shared = is_shared
        # The length may be a guess: one thread reads on until there is no more.
        self._end = -(-info.frames // self._piece_frames) if is_shared else 1 << 62
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

    def run(
        self, sound: Sound, grown: Callable[[Peaks], None], grown_every_s: float, cancelled: Callable[[], bool]
    ) -> None:
        """Do all of it; see `build`."""
        with ExitStack() as stack:
            helper: Future[None] | None = None
            if self._is_shared:
                pool = stack.enter_context(ThreadPoolExecutor(1, "second half of peaks"))
                stack.callback(self._stop)  # before the pool waits for its thread
                helper = pool.submit(self._help)
            reader = _Reader(sound, self.builder, self._sample_type)
            told = time.monotonic()
            while self._do_piece(reader):
                if cancelled():
                    raise CancelledError
                self._collect()
                if time.monotonic() - told >= grown_every_s:
                    grown(self.builder.so_far())
                    told = time.monotonic()
            if helper is not None:
                helper.result()
            self._collect()

    def _do_piece(self, reader: _Reader) -> bool:
        """Reduce the next piece that nobody else does; False if there is none."""
        piece = next(self._next_pieces)  # one step of the interpreter: no two threads get the same
        if piece >= self._end:
            return False
        parts, is_whole = reader.read(piece * self._piece_frames, self._piece_frames)
        if not is_whole:
            self._end = min(self._end, piece + 1)
        self._done[piece] = parts
        return True

    def _help(self) -> None:
        with reading(self._path), open_sound(self._path) as sound:
            reader = _Reader(sound, self.builder, self._sample_type)
            while self._do_piece(reader):
                pass

    def _stop(self) -> None:
        self._end = 0

    def _collect(self) -> None:
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
