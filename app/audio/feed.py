"""Keeps a track filled from its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.files import reading
from app.audio.readable import Readable
from app.audio.source import Source
from app.audio.track import CHANNELS, Track


class Feed:
    """A track, and the open file that it is decoded from."""

    def __init__(self, path: Path, sound: Readable, track: Track, *, out_rate_hz: int) -> None:
        """Take over an open file, to close it. Its name is for messages.

        Raises:
            BrokenAudio: The file can't be decoded.
        """
        self.track = track
        self.out_rate_hz = out_rate_hz
        self._path = path
        try:
            self._source = Source(sound, track.plan, rate_hz=track.rate_hz, out_rate_hz=out_rate_hz)
        except BaseException:
            sound.close()
            raise
        self._rest: npt.NDArray[np.float32] = np.zeros((0, CHANNELS), np.float32)

    def fill(self, frames: int) -> None:
        """Decode until this many frames are ready, the ring is full, or there is no more sound, yet or for good.

        Raises:
            BrokenAudio, StorageError: The file can't be decoded or read any further.
        """
        with reading(self._path):
            self._fill(frames)

    def close(self) -> None:
        self._source.close()

    def _fill(self, frames: int) -> None:
        track = self.track
        while not track.is_complete and track.available < frames and track.free:
            if not len(self._rest):
                block = self._source.read()
                if block is None:
                    track.is_complete = True
                    self.close()
                    return
                track.is_waiting = self._source.is_waiting
                if track.is_waiting:
                    return
                self._rest = block
            count = min(len(self._rest), track.free)
            track.write(self._rest[:count])
            self._rest = self._rest[count:]
