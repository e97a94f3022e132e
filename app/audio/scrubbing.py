"""The sound under the pointer while somebody drags the playhead: where it moves grains are cut out of the file."""

from __future__ import annotations

from collections import OrderedDict
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from app.audio.clip import Clip
from app.audio.files import reading
from app.audio.grains import Grain
from app.audio.readable import Readable
from app.audio.source import Source
from app.audio.track import CHANNELS, Plan

_GRAIN_S = 0.07
_PIECE_FRAMES = 32_768
_KEPT_PIECES = 32  # 20 s at 48 kHz, 8 MB in stereo: the pointer goes back and forth, and some decoders only forth
_PIECES_BACK = 7  # decoded in advance by who goes back: Vorbis finds a place only by decoding all that is before it

Floats = npt.NDArray[np.float32]


class Scrubber:
    """Cuts grains out of one clip, in the card's rate. Used by one thread; may block on the disk."""

    def __init__(self, clip: Clip, rate_hz: int) -> None:
        """Open the clip.

        Raises:
            BrokenAudio, StorageError: The file can't be read.
        """
        with reading(clip.path):
            sound = clip.open()
        self._sound: Readable = sound if sound.is_growing else KeptSound(sound)
        self._clip = clip
        self._rate_hz = rate_hz
        length = 2 * max(1, round(_GRAIN_S * rate_hz / 2))
        at = (np.arange(length) + 0.5) / length
        self._window: Floats = (np.sin(np.pi * at) ** 2).astype(np.float32)[:, None]  # two, half a grain apart, are 1
        self._frame: int | None = None
        self._cut: list[Grain] = []

    def grain_at(self, frame: int) -> Grain | None:
        """The sound around a frame; None where the pointer rests.

        Raises:
            BrokenAudio: The file can't be decoded there.
        """
        if frame == self._frame:
            return None
        self._frame = frame
        ratio = Fraction(self._clip.rate_hz, self._rate_hz)
        begin = Fraction(frame - int(len(self._window) // 2 * ratio))
        plan = Plan(begin, self._clip.end, None, ratio)
        source = Source(self._sound, plan, rate_hz=self._clip.rate_hz, out_rate_hz=self._rate_hz)
        samples = np.zeros((len(self._window), CHANNELS), np.float32)
        filled = 0
        while filled < len(samples) and not source.is_waiting and (block := source.read()) is not None:
            count = min(len(block), len(samples) - filled)
            samples[filled : filled + count] = block[:count]
            filled += count
        samples *= self._window * np.float32(self._clip.gain)
        grain = Grain(samples)
        self._cut = [*self._cut[-3:], grain]  # kept, so that the card's thread never is the one that frees it
        return grain

    def close(self) -> None:
        self._sound.close()


class KeptSound:
    """Keeps what was decoded lately, in pieces, so that going back and forth decodes nothing twice."""

    is_growing = False

    def __init__(self, sound: Readable) -> None:
        self._sound = sound
        self._pieces: OrderedDict[int, Floats] = OrderedDict()
        self._frame = 0
        self._decoded_to = 0

    @property
    def frames(self) -> int:
        return self._sound.frames

    @property
    def channels(self) -> int:
        return self._sound.channels

    def seek(self, frame: int) -> None:
        self._frame = frame

    def read(self, frames: int) -> Floats:
        """The next frames, up to the end of a piece; shape (n, channels), n is 0 at the end."""
        index, offset = divmod(self._frame, _PIECE_FRAMES)
        block = self._piece(index)[offset : offset + frames]
        self._frame += len(block)
        return block

    def close(self) -> None:
        self._sound.close()

    def _piece(self, index: int) -> Floats:
        if index * _PIECE_FRAMES >= self._sound.frames:
            return np.zeros((0, self.channels), np.float32)
        if index not in self._pieces:
            goes_back = index + 1 in self._pieces
            for each in range(max(0, index - _PIECES_BACK) if goes_back else index, index + 1):
                self._decode(each)
        self._pieces.move_to_end(index)
        return self._pieces[index]

    def _decode(self, index: int) -> None:
        start = index * _PIECE_FRAMES
        if self._decoded_to != start:
            self._sound.seek(start)
        piece = self._pieces[index] = self._sound.read(_PIECE_FRAMES)
        self._decoded_to = start + len(piece)
        if len(self._pieces) > _KEPT_PIECES:
            self._pieces.popitem(last=False)
