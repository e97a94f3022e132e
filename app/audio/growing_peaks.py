"""The peaks of a WAV that is still being written, as far as it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.audio.clipped_runs import full_scale_of
from app.audio.files import reading
from app.audio.growing import GrowingSound, open_growing
from app.audio.peaks_builder import PeaksBuilder
from app.audio.pyramid import BASE_FRAMES, Peaks

_READ_FRAMES = 64 * BASE_FRAMES


class GrowingPeaks:
    """Reads every frame once. Used off the GUI thread, by one thread at a time; holds no file open meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._builder: PeaksBuilder | None = None
        self._frames = 0

    def more(self) -> Peaks | None:
        """The peaks of what is there now, but for the last few frames; None where nothing was added. Blocks.

        Raises:
            BrokenAudio: It can't be read before it is whole.
            StorageError: It isn't there any more, or can't be read.
        """
        with reading(self._path), open_growing(self._path) as sound:
            return self._more_of(sound)

    def _more_of(self, sound: GrowingSound) -> Peaks | None:
        if self._builder is None:
            scale = full_scale_of(sound.subtype, np.float32)
            self._builder = PeaksBuilder(sound.channels, sound.sample_rate_hz, full_scale=scale)
        before = self._frames
        there = sound.frames // BASE_FRAMES * BASE_FRAMES
        sound.seek(before)
        while self._frames < there:
            block = sound.read(min(_READ_FRAMES, there - self._frames))
            if not len(block):  # it was cut short under our hands
                break
            self._builder.add(block)
            self._frames += len(block)
        return self._builder.so_far() if self._frames > before else None
