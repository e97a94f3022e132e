"""An open audio file that can be read straight through and positioned exactly."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from app.audio.channel_order import order_in_ogg

_LONGEST_SKIP_S = 600
_SKIPPED_FRAMES = 65_536
_RUN_UP_FRAMES = 65_536
_HEAD_OF_OPUS, _MAPPING_FAMILY, _LOUDSPEAKERS = 4_096, 18, 1  # RFC 7845, 5.1


class _StraightFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """Doesn't seek after each read.

    soundfile does, to keep a common place for reading and writing; Opus then decodes everything twice, and a
    FLAC without a length can't be read to its end.
    """

    def seekable(self) -> bool:
        return False

    def can_seek(self) -> bool:
        """Whether `seek` works; that of GSM in a WAV doesn't."""
        return bool(super().seekable())


class Sound:
    """A file being decoded, its channels in the order of WAV.

    Every method raises `soundfile.SoundFileError` if the file is broken.
    """

    is_growing = False

    def __init__(self, path: Path) -> None:
        """Open a file; its name plays no part.

        Raises:
            OSError: The file is missing or can't be read.
            soundfile.SoundFileError: Not audio.
        """
        path.stat()  # soundfile has no word of its own for a missing file
        self._path = path
        self._named: io.BufferedReader | None = None
        self._frame = 0
        self._open()
        self.sample_rate_hz: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.frames: int = self._file.frames
        """As the header says; may be an estimate, or absurd where there is none."""
        self.subtype: str = self._file.subtype
        self._can_seek: bool = self._file.can_seek()
        self._order = order_in_ogg(self.channels) if self._names_loudspeakers() else None

    def close(self) -> None:
        self._file.close()
        if self._named is not None:
            self._named.close()

    def read(self, frames: int) -> npt.NDArray[np.float32]:
        """The next frames, shape (n, channels); n is 0 at the end."""
        block: npt.NDArray[np.float32] = self._file.read(frames, dtype="float32", always_2d=True)
        self._frame += len(block)
        return block if self._order is None else block.take(self._order, axis=1)

    def read_into(self, out: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Fill an array of shape (n, channels), int16 or float32, and return the part that was filled."""
        block: npt.NDArray[Any] = self._file.read(out=out)
        self._frame += len(block)
        if self._order is not None:
            block[:] = block.take(self._order, axis=1)
        return block

    def seek(self, frame: int) -> None:
        """Go to a frame of the file, exactly."""
        if frame == self._frame:  # where it is already; a cut FLAC could find no other place
            return
        if self.subtype == "VORBIS":
            self._seek_vorbis(frame)
        elif self._can_seek:
            if self.subtype == "OPUS" and self._frame:
                self._reopen()  # a second seek in one open file may land elsewhere near its end
            self._file.seek(frame)
        else:
            self._skip_to(frame)
        self._frame = frame

    def _seek_vorbis(self, frame: int) -> None:
        """Skip by decoding: libsndfile's own seek is often wrong (libsndfile issue 885).

        Hours into a file that would take seconds; there its seek is used, off by a few milliseconds at most.
        """
        if frame < self._frame:
            self._reopen()
        if frame - self._frame > _LONGEST_SKIP_S * self.sample_rate_hz:
            self._reopen()  # a second seek in one open file goes wrong more often than the first
            self._frame = frame - _RUN_UP_FRAMES
            self._file.seek(self._frame)
        self._skip_to(frame)

    def _skip_to(self, frame: int) -> None:
        if frame < self._frame:
            self._reopen()
        while self._frame < frame:
            if not len(self.read(min(_SKIPPED_FRAMES, frame - self._frame))):
                return

    def _reopen(self) -> None:
        self.close()
        self._open()
        self._frame = 0

    def _names_loudspeakers(self) -> bool:
        """Whether the channels have places in the order of Ogg; those of an Opus file may be just numbered."""
        if self.subtype != "OPUS" or self.channels <= 2:
            return self.subtype == "VORBIS"
        with self._path.open("rb") as file:
            head = file.read(_HEAD_OF_OPUS)
        at = head.find(b"OpusHead") + _MAPPING_FAMILY
        return at < len(head) and head[at] == _LOUDSPEAKERS

    def _open(self) -> None:
        if self._path.suffix.lower() == ".raw":
            self._named = _named_neutrally(self._path)
        try:
            self._file: Any = _StraightFile(self._named or str(self._path))
        except BaseException:
            if self._named is not None:
                self._named.close()
            raise


def _named_neutrally(path: Path) -> io.BufferedReader:
    """soundfile takes a file named .raw for one without a header; all other names it ignores."""
    raw = io.FileIO(path)
    raw.name = "sound"
    return io.BufferedReader(raw)
