"""A sound file that is open for listening: whole or still growing, as it is or with its trim and fades."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from app.audio.files import decoding_errors

if TYPE_CHECKING:
    from app.audio.growing import Growth
    from app.audio.player_events import PlayedShape


class Readable(Protocol):
    """A file that is being decoded."""

    @property
    def frames(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def is_growing(self) -> bool: ...

    def read(self, frames: int) -> npt.NDArray[np.float32]: ...

    def seek(self, frame: int) -> None: ...

    def close(self) -> None: ...


def open_readable(path: Path, growth: Growth | None, shape: PlayedShape | None) -> Readable:
    """Open a file for listening; whoever does closes it.

    Args:
        path: A whole file; plays no part where `growth` is given.
        growth: A file that is still being written.
        shape: Trim and fades, of a whole file.
    Raises:
        BrokenAudio: The file can't be decoded.
        OSError: The file can't be opened.
    """
    if growth is not None:
        return growth.open()
    from app.audio.decoding import Sound
    from app.audio.shaping import ShapedSound

    with decoding_errors():
        sound = Sound(path)
    return sound if shape is None else ShapedSound(sound, shape)
