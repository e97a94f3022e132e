"""The peaks of a WAV that is still being written, as far as it is there."""

from __future__ import annotations

from pathlib import Path

from app.audio.files import reading
from app.audio.growing import Growth
from app.audio.peaks import BASE_FRAMES, Peaks, PeaksBuilder

_READ_FRAMES = 64 * BASE_FRAMES


class GrowingPeaks:
    """Reads every frame once. Blocks on the disk: used off the GUI thread, by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            BrokenAudio: It can't be read before it is whole.
            StorageError: It isn't there or can't be read.
        """
        with reading(path):
            self._growth = Growth(path)
            self._sound = self._growth.open()
        self._builder = PeaksBuilder(self._sound.channels, self._sound.sample_rate_hz)
        self._frames = 0

    def more(self) -> Peaks | None:
        """The peaks of what is there now, but for the last few frames; None where nothing was added."""
        before = self._frames
        there = self._sound.frames // BASE_FRAMES * BASE_FRAMES
        while self._frames < there:
            block = self._sound.read(min(_READ_FRAMES, there - self._frames))
            self._builder.add(block)
            self._frames += len(block)
        return self._builder.so_far() if self._frames > before else None

    def close(self) -> None:
        self._sound.close()
        self._growth.close()
