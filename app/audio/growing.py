"""A WAV that is still being written: what is there of it can be read and heard already.

How much there is, is asked of the file itself, each time. That nothing more will come has to be told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.shared_reading import open_shared
from app.audio.wav_head import NotAWav, WavHead, read_wav_head
from app.domain.audio import AudioInfo
from app.domain.errors import BrokenAudio

_HEAD_BYTES = 65_544


class Growth:
    """A file on its way. It may be renamed, mended or removed meanwhile: it stays the one that was opened."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            BrokenAudio: It isn't known yet what it is, or it can't be read before it is whole.
            OSError: It isn't there or can't be read.
        """
        self.is_over = False
        """Set by whoever knows that nothing more will come, after the last byte was written."""
        self._file = open_shared(path)
        try:
            self._head = _head_of(self._file.read(_HEAD_BYTES))
        except BaseException:
            self._file.close()
            raise

    @property
    def info(self) -> AudioInfo:
        """What is there now."""
        return self._head.info(os.fstat(self._file.fileno()).st_size)

    def is_at(self, path: Path) -> bool:
        """Whether this is the file of that name now."""
        return path.exists() and os.path.samestat(os.fstat(self._file.fileno()), path.stat())

    def open(self) -> GrowingSound:
        """The sound from its start; it can be read on after this was closed."""
        return GrowingSound(self, os.dup(self._file.fileno()), self._head)

    def close(self) -> None:
        self._file.close()


class GrowingSound:
    """Reads as `decoding.Sound` does, up to what is there."""

    def __init__(self, growth: Growth, descriptor: int, head: WavHead) -> None:
        self.sample_rate_hz = head.sample_rate_hz
        self.channels = head.channels
        self.subtype = "FLOAT" if head.is_float else "PCM_U8" if head.bits == 8 else f"PCM_{head.bits}"
        """As libsndfile names it."""
        self._growth = growth
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._head = head
        self._frame = 0

    @property
    def frames(self) -> int:
        """How many are there now."""
        return self._head.frames_in(os.fstat(self._file.fileno()).st_size)

    @property
    def is_growing(self) -> bool:
        """Whether more may come after what can be read now. Ask before reading."""
        return not self._growth.is_over

    def read(self, frames: int) -> npt.NDArray[np.float32]:
        """The next frames, shape (n, channels); n is 0 where there are no more yet."""
        count = min(frames, self.frames - self._frame)
        size = self._head.frame_bytes
        self._file.seek(self._head.start + self._frame * size)  # the place in the file is shared with others
        data = self._file.read(max(0, count) * size)
        block = _decoded(data[: len(data) // size * size], self._head)
        self._frame += len(block)
        return block

    def seek(self, frame: int) -> None:
        """Go to a frame, exactly."""
        self._frame = frame

    def close(self) -> None:
        self._file.close()


@contextmanager
def open_growing(path: Path) -> Iterator[GrowingSound]:
    """Open a file for reading what is there of it, now and later.

    Raises:
        BrokenAudio: It isn't known yet what it is, or it can't be read before it is whole.
        OSError: It isn't there or can't be read.
    """
    with closing(Growth(path)) as growth, closing(growth.open()) as sound:
        yield sound


def _head_of(data: bytes) -> WavHead:
    try:
        head = read_wav_head(data)
    except NotAWav as exc:
        raise BrokenAudio(f"The file can’t be heard before it is whole: {exc}.") from exc
    if head is None:
        raise BrokenAudio("Too little of the file is there to be heard.")
    return head


def _decoded(data: bytes, head: WavHead) -> npt.NDArray[np.float32]:
    """Samples from -1.0 to 1.0, bit for bit as libsndfile reads them."""
    if head.is_float:
        # What isn't a number has no place at a loudspeaker; the finished file is refused for it.
        with np.errstate(over="ignore"):
            samples = np.frombuffer(data, f"<f{head.bits // 8}").astype(np.float32)
        samples = np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    elif head.bits == 8:
        samples = (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    elif head.bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        samples = wide.view("<i4")[:, 0].astype(np.float32) / np.float32(1 << 31)
    else:
        scale = np.float32(1 << (head.bits - 1))
        samples = np.frombuffer(data, f"<i{head.bits // 8}").astype(np.float32) / scale
    return samples.reshape(-1, head.channels)
