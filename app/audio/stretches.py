"""Single samples of one file, for a close zoom: decoded in stretches that are kept, so that scrolling decodes once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from app.audio.decoding import Sound
from app.audio.files import inspect, open_sound, reading
from app.audio.growing import GrowingSound, Growth, open_growing
from app.audio.pyramid import Floats
from app.domain.audio import AudioInfo

_STRETCH_FRAMES = 1 << 16
_LONG_STRETCH_FRAMES = 1 << 20  # getting to a place in a lossy file costs about as much as decoding this
_MOST_KEPT_BYTES = 64 << 20


class Stretches:
    """Reads the samples of a file around wherever somebody looks. Blocks; one thread at a time may use it.

    The file isn't kept open. If it changes, what was kept of it is forgotten.

    Args:
        is_growing: It is a WAV that is still being written.

    Attributes:
        decoded_frames: How many were decoded so far, without those on the way to a place.
    """

    def __init__(self, path: Path, *, is_growing: bool = False) -> None:
        self.decoded_frames = 0
        self._path = path
        self._is_growing = is_growing
        self._stamp: tuple[int, int] | None = None
        self._info: AudioInfo | None = None
        self._kept: OrderedDict[int, Floats] = OrderedDict()

    def read(self, start: int, frames: int) -> Floats:
        """Some samples.

        Args:
            start: The first frame, 0 or more.
            frames: How many.
        Returns:
            Shape (channels, n), finite; n is smaller than `frames` at the end of the file.
        Raises:
            BrokenAudio: The file can't be decoded.
            StorageError: The file is missing or can't be read.
        """
        info = self.info()
        size = _STRETCH_FRAMES if info.format.is_lossless else _LONG_STRETCH_FRAMES
        after = min(start + frames, info.frames)
        if after <= start:
            return np.zeros((info.channels, 0), np.float32)
        numbers = range(start // size, -(-after // size))
        self._decode([number for number in numbers if number not in self._kept], size)
        there = [self._kept[number] for number in numbers]
        for number in numbers:
            self._kept.move_to_end(number)
        self._forget_all_but(max(len(numbers), _MOST_KEPT_BYTES // (4 * size * info.channels)))
        if self._is_growing and there[-1].shape[1] < size:
            del self._kept[numbers[-1]]  # there will be more of it
        begin = start - numbers[0] * size
        return np.ascontiguousarray(np.concatenate(there, axis=1)[:, begin : begin + after - start])

    def info(self) -> AudioInfo:
        """What the file is now.

        Raises:
            BrokenAudio: It isn't audio any more.
            StorageError: The file is missing or can't be read.
        """
        with reading(self._path):
            if self._is_growing:
                with closing(Growth(self._path)) as growth:
                    return growth.info
            stat = self._path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
        if self._info is None or stamp != self._stamp:
            self._kept.clear()
            self._info, self._stamp = inspect(self._path), stamp
        return self._info

    def _decode(self, numbers: list[int], size: int) -> None:
        if not numbers:
            return
        with reading(self._path), self._open() as sound:
            place = 0
            for number in numbers:
                if number * size != place:
                    sound.seek(number * size)
                block = _finite(_filled(sound, size))
                self._kept[number] = np.ascontiguousarray(block.T)
                place = number * size + len(block)
                self.decoded_frames += len(block)

    @contextmanager
    def _open(self) -> Iterator[Sound | GrowingSound]:
        if self._is_growing:
            with open_growing(self._path) as growing:
                yield growing
        else:
            with open_sound(self._path) as sound:
                yield sound

    def _forget_all_but(self, most: int) -> None:
        while len(self._kept) > most:
            self._kept.popitem(last=False)


def _filled(sound: Sound | GrowingSound, frames: int) -> Floats:
    parts = [sound.read(frames)]
    while len(parts[-1]) and (left := frames - sum(map(len, parts))):
        parts.append(sound.read(left))
    return np.concatenate(parts)


def _finite(block: Floats) -> Floats:
    if np.isfinite(block).all():
        return block
    return np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
